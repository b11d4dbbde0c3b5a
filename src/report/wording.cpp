#include "report/wording.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "base/text.hpp"

namespace tlsgauge::report {
namespace {

using Phrase = std::pair<std::string_view, std::string_view>;

constexpr std::array<Phrase, 17> kTrust{{
    {"self_signed", "is self-signed"},
    {"self_signed_in_chain", "ends in a self-signed certificate that is no anchor"},
    {"untrusted_root", "leads to a root that is not trusted"},
    {"incomplete_chain", "is incomplete: an intermediate is missing"},
    {"expired", "has expired"},
    {"not_yet_valid", "is not valid yet"},
    {"bad_signature", "has a signature that does not verify"},
    {"invalid_ca", "has an issuer that may not issue"},
    {"path_length", "has more issuers than one of them permits"},
    {"key_usage", "has an issuer whose key may not sign certificates"},
    {"critical_extension", "has a critical extension that is not understood"},
    {"name_constraints", "breaks its issuer's name constraints"},
    {"weak_key", "has a key that is too weak"},
    {"weak_signature", "has a signature algorithm that is too weak"},
    {"wrong_purpose", "is not meant for a TLS server"},
    {"unparsable", "cannot be parsed"},
    {"other", "does not verify"},
}};

constexpr std::array<Phrase, 4> kChoosers{{
    {"server", "the server chooses"},
    {"client", "the client chooses"},
    {"indifferent", "order does not matter"},
    {"inconclusive", "who chooses is inconclusive"},
}};

template <class Table>
std::string phrase(Table const& table, std::string_view word) {
  for (auto const& [known, text] : table) {
    if (known == word) return std::string{text};
  }
  return std::string{word};
}

}  // namespace

std::string place(Target const& target) {
  bool const v6 = target.host.find(':') != std::string::npos;
  return v6 ? fmt::format("[{}]:{}", target.host, target.port) : fmt::format("{}:{}", target.host, target.port);
}

std::string manner(Target const& target) {
  std::vector<std::string> parts;
  if (std::string const sent = sent_name(target); !sent.empty()) parts.push_back("as " + sent);
  if (!target.address.empty() && target.address != target.host) parts.push_back("at " + target.address);
  if (target.transport != "tcp" && !target.transport.empty()) parts.push_back("over " + target.transport);
  if (!target.starttls.empty()) parts.push_back(fmt::format("after STARTTLS ({})", target.starttls));
  return join(parts, ", ");
}

std::string sent_name(Target const& target) {
  return target.server_name.empty() || target.server_name == target.host ? "" : target.server_name;
}

std::string profile_name(ProfileIdentity const& profile) { return profile.name + " " + profile.version; }

std::string octets(std::int64_t count) {
  auto const number = static_cast<double>(count);
  if (count < 1000) return fmt::format("{} B", count);
  if (count < 1'000'000) return fmt::format("{:.1f} kB", number / 1e3);
  return fmt::format("{:.1f} MB", number / 1e6);
}

std::optional<double> known_ms(Value const& stored) {
  constexpr double kDay = 86'400'000;
  if (!stored.is_number()) return {};
  double const ms = stored.as_double();
  return ms >= 0 && ms <= kDay ? std::optional{ms} : std::nullopt;
}

std::string milliseconds(double ms) {
  if (ms < 10) return fmt::format("{:.2f} ms", ms);
  if (ms < 100) return fmt::format("{:.1f} ms", ms);
  if (ms < 1000) return fmt::format("{:.0f} ms", ms);
  return fmt::format("{:.2f} s", ms / 1000);
}

namespace {

// Rounded towards the present on either side of it: -13 is 12 days and some hours ago.
std::uint64_t days_ago(std::int64_t left) { return static_cast<std::uint64_t>(-(left + 1)); }

}  // namespace

std::string days(std::int64_t left) {
  if (left == -1) return "expired less than a day ago";
  if (left < 0) return fmt::format("expired {} ago", counted(days_ago(left), "day"));
  if (left == 0) return "expires within a day";
  return fmt::format("{} left", counted(static_cast<std::uint64_t>(left), "day"));
}

std::string days_short(std::int64_t left) { return left < 0 ? fmt::format("{} d ago", days_ago(left)) : fmt::format("{} d", left); }

std::string counted(std::uint64_t count, std::string_view noun) { return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s"); }

std::string trust_phrase(std::string_view word) { return phrase(kTrust, word); }
std::string chooser_phrase(std::string_view word) { return phrase(kChoosers, word); }

std::string order_phrase(Value const& order) {
  std::string text = chooser_phrase(order["chooser"].as_string());
  if (order["prioritizes_chacha"].as_bool()) text += ", ChaCha20 first for clients that put it first";
  if (!order["complete"].as_bool(true)) text += "; there may be more than listed";
  if (std::string const& reason = order["reason"].as_string(); !reason.empty()) text += " (" + reason + ")";
  return text;
}

std::string status_phrase(Status status) {
  switch (status) {
    case Status::complete:
      return "complete";
    case Status::partial:
      return "partly measured";
    case Status::unreachable:
      return "unreachable";
    case Status::not_tls:
      return "does not speak TLS";
  }
  return "";
}

std::vector<Requirement const*> of_verdict(Assessment const& assessment, Verdict verdict) {
  std::vector<Requirement const*> out;
  for (Requirement const& requirement : assessment.requirements) {
    if (requirement.verdict == verdict) out.push_back(&requirement);
  }
  std::stable_sort(out.begin(), out.end(), [](Requirement const* a, Requirement const* b) {
    return std::pair{a->severity, a->points_lost} > std::pair{b->severity, b->points_lost};
  });
  return out;
}

std::string waiver_phrase(Requirement const& requirement) {
  if (!requirement.waived_by) return requirement.waiver.value_or("");
  WaiverNote const& waiver = *requirement.waived_by;
  return fmt::format("{}{} {}: {} (approved by {}{}{})", waiver.id, waiver.expired ? " expired on" : ", expires", waiver.expires,
                     waiver.reason, waiver.approved_by, waiver.ticket.empty() ? "" : ", ", waiver.ticket);
}

std::string score_text(Assessment const& assessment) { return assessment.coverage > 0 ? std::to_string(assessment.score) : "-"; }
std::string grade_text(Assessment const& assessment) { return assessment.coverage > 0 ? assessment.grade : "-"; }

std::string waivers_phrase(Assessment const& assessment) {
  std::uint64_t waived = 0;
  std::uint64_t expired = 0;
  for (Requirement const& requirement : assessment.requirements) {
    waived += requirement.verdict == Verdict::waived ? 1U : 0U;
    expired += requirement.waived_by && requirement.waived_by->expired ? 1U : 0U;
  }
  std::string out;
  if (waived > 0) out = fmt::format("{} waived", waived);
  if (waived > 0 && assessment.with_waivers)
    out += fmt::format(" ({} {} with waivers)", assessment.with_waivers->score, assessment.with_waivers->grade);
  if (expired > 0) out += (out.empty() ? "" : ", ") + counted(expired, "waiver") + " expired";
  return out;
}

std::string baseline_phrase(Assessment const& assessment) {
  auto const known = std::ranges::count(assessment.requirements, Baseline::known, &Requirement::baseline);
  auto const added = std::ranges::count(assessment.requirements, Baseline::added, &Requirement::baseline);
  if (known + added == 0) return {};
  auto const open = std::ranges::count_if(assessment.requirements,
                                          [](Requirement const& each) { return each.baseline == Baseline::known && each.more_possible; });
  std::string const doubt = open == 0 ? "" : fmt::format(" ({} may fail for more now)", open);
  return fmt::format("{} known from the baseline{}, {} new", known, doubt, added);
}

bool is_web_address(std::string_view text) {
  std::string const lower = ascii_lower(text.substr(0, 8));
  std::size_t const scheme = lower.starts_with("https://") ? 8 : lower.starts_with("http://") ? 7 : 0;
  if (scheme == 0 || text.size() == scheme || text.size() > 2048) return false;
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return c > ' ' && c < 0x7f && std::string_view{"\"'<>\\^`{|}"}.find(c) == std::string_view::npos; });
}

std::string parts_phrase(Assessment const& assessment) {
  std::vector<std::string> weighed;
  std::map<std::string, std::uint64_t> letters;
  for (ScorePart const& part : assessment.parts) {
    if (part.weight > 0) weighed.push_back(fmt::format("{} {:.0f} ({:.0f} %)", part.name, part.score, part.weight));
    if (part.weight <= 0 && !part.grade.empty()) ++letters[part.grade];
  }
  std::vector<std::string> counts;
  for (auto const& [letter, count] : letters) counts.push_back(fmt::format("{} {}", count, letter));
  if (!counts.empty()) weighed.push_back("suites: " + join(counts, ", "));
  return join(weighed, ", ");
}

std::vector<ScorePart const*> notes_of(Assessment const& assessment) {
  std::vector<ScorePart const*> out;
  for (ScorePart const& part : assessment.parts) {
    if (part.weight <= 0 && part.grade.empty()) out.push_back(&part);
  }
  return out;
}

std::string cap_phrase(GradeCap const& cap) {
  bool const overrides = cap.grade == "T" || cap.grade == "M";
  return overrides ? cap.grade : "at most " + cap.grade;
}

Reference take_apart(std::string_view reference) {
  auto const blank = reference.rfind(' ');
  std::string_view const last = blank == std::string_view::npos ? reference : reference.substr(blank + 1);
  if (!is_web_address(last)) return {std::string{reference}, ""};
  std::string_view const words = blank == std::string_view::npos ? last : trim(reference.substr(0, blank));
  return {std::string{words.empty() ? last : words}, std::string{last}};
}

}  // namespace tlsgauge::report
