// Endpoints of two results, matched and compared.

#include "tlsgauge/diff.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <compare>
#include <utility>

#include "base/clock.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"
#include "report/diff_facts.hpp"
#include "report/diff_requirements.hpp"
#include "report/endpoint_index.hpp"
#include "report/finding_text.hpp"
#include "report/findings.hpp"
#include "report/pairing.hpp"
#include "report/wording.hpp"
#include "tlsgauge/version.hpp"

namespace tlsgauge {
namespace report {
namespace {

constexpr std::size_t kMaxReason = 200;  // octets of a name or fault in the line on standard error

bool was_judged(Endpoint const& endpoint) { return measured(endpoint) && !endpoint.assessments.empty(); }

std::string why_not_judged(Endpoint const& endpoint) {
  if (was_judged(endpoint)) return {};
  if (measured(endpoint)) return "not judged";
  std::string out = status_phrase(endpoint.status);
  if (!endpoint.errors.empty()) out += ": " + endpoint.errors.front().what;
  return out;
}

/// `identities` of those endpoints that count.
std::vector<std::string> names(Document const& document, EndpointIndex const& index) {
  std::vector<Target const*> targets;
  for (std::size_t const number : index.numbers()) targets.push_back(&document.endpoints[number].target);
  return identities(targets);
}

// A profile may be there twice under one name: two versions, files of two places.
void compare_profiles(Endpoint const* before, Endpoint const* now, EndpointChange& out, ChangeCounts& counts) {
  static std::vector<Assessment> const none;
  std::vector<Assessment> const& olds = before != nullptr ? before->assessments : none;
  std::vector<Assessment> const& news = now != nullptr ? now->assessments : none;
  visit_pairs(olds, news, same_profiles(olds, news),
              [&](Assessment const* was, Assessment const* is) { out.profiles.push_back(compare_assessments(was, is, counts)); });
}

EndpointChange compare_endpoints(Endpoint const* before, Endpoint const* now, std::string who, bool interrupted, ChangeCounts& counts) {
  EndpointChange out;
  out.identity = std::move(who);
  out.target = (now != nullptr ? now : before)->target;
  if (before != nullptr) out.before = before->status;
  if (now != nullptr) out.now = now->status;
  if (now == nullptr && interrupted) {
    out.change = Change::unknown;  // its turn had not come
    out.note = "not scanned: the run was interrupted";
    return out;
  }
  compare_profiles(before, now, out, counts);
  if (now != nullptr) out.note = why_not_judged(*now);
  if (before != nullptr && now != nullptr) {
    if (was_judged(*before) && was_judged(*now)) out.facts = fact_changes(*before, *now);
    if (!out.facts.empty() || before->status != now->status) out.change = Change::changed;
    // A profile that came or went changes an endpoint that stays.
    for (AssessmentChange const& each : out.profiles) {
      bool const whole = each.change == Change::added || each.change == Change::gone;
      out.change = gravest(out.change, whole ? Change::changed : each.change);
    }
  } else {
    out.change = now != nullptr ? Change::added : Change::gone;
    if (std::ranges::any_of(out.profiles, [](AssessmentChange const& each) { return each.change == Change::worse; }))
      out.change = Change::worse;
  }
  if (!out.note.empty() && out.change != Change::worse) out.change = Change::unknown;
  return out;
}

/// Equal where one of them is not said.
std::strong_ordering compare_times(std::string const& a, std::string const& b) {
  auto const first = parse_rfc3339(a);
  auto const second = parse_rfc3339(b);
  return first && second ? *first <=> *second : std::strong_ordering::equal;
}

// Swapped arguments make better of worse. Runs may overlap: newer is what neither began nor ended earlier.
std::string swapped(Run const& before, Run const& now) {
  auto const started = compare_times(before.started_at, now.started_at);
  auto const finished = compare_times(before.finished_at, now.finished_at);
  if (started < 0 || finished < 0 || (started == 0 && finished == 0)) return {};
  return finished > 0 ? fmt::format("OLD ended at {}, after NEW ({}): are the two swapped?", before.finished_at, now.finished_at)
                      : fmt::format("OLD began at {}, after NEW ({}): are the two swapped?", before.started_at, now.started_at);
}

bool lacks_evidence(RequirementChange const& change) {
  return change.change == Change::unknown || (change.change == Change::added && change.verdict == Verdict::inconclusive);
}

Document heading(Document const& document) {
  Document out;
  out.schema = document.schema;
  out.tool = document.tool;
  out.run = document.run;
  return out;
}

}  // namespace
}  // namespace report

std::string_view name(Change change) {
  constexpr std::array<std::string_view, kChanges> kNames{"worse", "unknown", "new", "better", "changed", "gone", "same"};
  return kNames.at(static_cast<std::size_t>(change));
}

std::string_view name(DiffResult result) {
  constexpr std::array<std::string_view, 3> kNames{"not_worse", "worse", "unknown"};
  return kNames.at(static_cast<std::size_t>(result));
}

Comparison compare(Document const& before, Document const& now) {
  using namespace report;
  Comparison out;
  out.tool = {std::string{kName}, std::string{kVersion}, ""};
  out.before = heading(before);
  out.now = heading(now);
  EndpointIndex const olds{before};
  EndpointIndex const news{now};
  out.endpoints_before = olds.numbers().size();
  out.endpoints_now = news.numbers().size();
  if (std::string warning = swapped(before.run, now.run); !warning.empty()) out.warnings.push_back(std::move(warning));
  for (auto const& [index, which] : {std::pair{&olds, "OLD"}, std::pair{&news, "NEW"}}) {
    if (std::string warning = index->repetition(which); !warning.empty()) out.warnings.push_back(std::move(warning));
  }
  std::vector<std::string> const old_names = names(before, olds);
  std::vector<std::string> const new_names = names(now, news);
  std::vector<bool> matched(before.endpoints.size(), false);
  for (std::size_t i = 0; i < new_names.size(); ++i) {
    Endpoint const& each = now.endpoints[news.numbers()[i]];
    std::optional<std::size_t> const found = olds.find(each.target, news.is_alone(each.target));
    if (found) matched[*found] = true;
    Endpoint const* const old = found ? &before.endpoints[*found] : nullptr;
    out.endpoints.push_back(compare_endpoints(old, &each, new_names[i], false, out.requirements));
  }
  std::vector<Target const*> otherwise_named;
  for (std::size_t const number : news.numbers()) {
    Target const& target = now.endpoints[number].target;
    if (olds.find(target, news.is_alone(target))) continue;
    std::optional<std::size_t> const other = olds.find_by_other_sni(target, news.is_alone(target));
    if (other && !matched[*other]) otherwise_named.push_back(&target);
  }
  if (!otherwise_named.empty()) out.warnings.push_back(other_sni_warning(otherwise_named.size(), *otherwise_named.front()));
  for (std::size_t i = 0; i < old_names.size(); ++i) {
    Endpoint const& each = before.endpoints[olds.numbers()[i]];
    if (matched[olds.numbers()[i]]) continue;
    out.endpoints.push_back(compare_endpoints(&each, nullptr, old_names[i], now.run.interrupted, out.requirements));
  }
  for (EndpointChange const& each : out.endpoints) ++out.endpoint_counts.at(static_cast<std::size_t>(each.change));
  return out;
}

DiffOutcome outcome(Comparison const& comparison, std::optional<Severity> fail_on) {
  std::size_t worse = 0;
  std::size_t unknown = 0;
  std::string first_worse;
  std::string first_unknown;
  auto const where = [](EndpointChange const& endpoint) { return cut(report::place(endpoint.target), report::kMaxReason); };
  auto const add_worse = [&](EndpointChange const& endpoint, std::optional<Severity> severity, std::string const& what) {
    if (!fail_on || !severity || *severity < *fail_on) return;
    if (worse++ == 0) first_worse = fmt::format("{}: {} ({})", where(endpoint), cut(what, report::kMaxReason), name(*severity));
  };
  auto const add_unknown = [&](EndpointChange const& endpoint, std::string const& what) {
    if (unknown++ == 0) first_unknown = fmt::format("{}: {}", where(endpoint), cut(what, report::kMaxReason));
  };
  Severity const least = fail_on.value_or(Severity::low);
  auto const judge_profile = [&](EndpointChange const& endpoint, AssessmentChange const& each) {
    if (!each.now) {
      if (endpoint.now) add_unknown(endpoint, fmt::format("{} judges it no more", each.profile));
      return;
    }
    Verdict const is = each.now->verdict;
    if (!each.before) {
      if (is == Verdict::inconclusive) add_unknown(endpoint, fmt::format("new by {}, and a required answer is inconclusive", each.profile));
      return;
    }
    bool const stays = is == each.before->verdict;
    if (is == Verdict::pass || (stays && is == Verdict::fail)) return;
    // What is left of a failure may have been open behind it; what was open before is so for a reason that is there still.
    auto const explains = [&](RequirementChange const& r) {
      return is == Verdict::fail ? r.worsening : report::lacks_evidence(r) || (!stays && r.change == Change::better);
    };
    if (each.grade_fell || std::ranges::any_of(each.requirements, explains)) return;
    if (stays) {
      add_unknown(endpoint, fmt::format("the verdict by {} is inconclusive, as before", each.profile));
      return;
    }
    add_unknown(endpoint, fmt::format("the verdict by {} is {}, was {}, and no requirement tells why", each.profile, name(is),
                                      name(each.before->verdict)));
  };
  for (EndpointChange const& endpoint : comparison.endpoints) {
    if (!endpoint.note.empty()) add_unknown(endpoint, endpoint.note);
    for (AssessmentChange const& each : endpoint.profiles) {
      if (each.grade_fell) add_worse(endpoint, each.grade_fell, fmt::format("grade {} of {}", each.now->grade, each.profile));
      if (each.grade_open >= least && endpoint.note.empty()) add_unknown(endpoint, fmt::format("{}: {}", each.profile, each.notes.back()));
      if (endpoint.note.empty()) judge_profile(endpoint, each);
      for (RequirementChange const& requirement : each.requirements) {
        // One that was lowered hides nothing.
        auto const severity = std::max(requirement.severity_before, requirement.severity);
        if (requirement.worsening) add_worse(endpoint, severity, requirement.id);
        if (report::lacks_evidence(requirement) && endpoint.note.empty() && severity >= least)
          add_unknown(endpoint, requirement.id + (requirement.note.empty() ? " is inconclusive now" : ": " + requirement.note));
      }
    }
  }
  if (worse > 0) return {DiffResult::worse, fmt::format("{} got worse: {}{}", worse, first_worse, worse > 1 ? ", ..." : "")};
  if (unknown > 0) {
    return {DiffResult::unknown,
            fmt::format("{} cannot be compared, evidence is missing: {}{}", unknown, first_unknown, unknown > 1 ? ", ..." : "")};
  }
  if (comparison.now.run.interrupted) return {DiffResult::unknown, "the newer run was interrupted: endpoints may be missing"};
  if (comparison.endpoints_now == 0) return {DiffResult::unknown, "the newer result has no endpoint"};
  return {};
}

}  // namespace tlsgauge
