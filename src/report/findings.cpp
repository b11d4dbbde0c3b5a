#include "report/findings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "base/grade.hpp"
#include "base/text.hpp"
#include "crypto/digest.hpp"
#include "report/finding_text.hpp"
#include "report/instances.hpp"
#include "report/wording.hpp"

namespace tlsgauge::report {
namespace {

constexpr std::size_t kDigits = 32;

/// One part of a path from anything.
std::string path_part(std::string_view text) {
  std::string out;
  for (char const c : text) {
    bool const plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
    out += plain ? c : '_';
    if (out.size() == 255) break;
  }
  return out;
}

/// The path relative to `base`; empty where it does not lie under it.
std::string beneath(std::string const& path, std::string const& base) {
  std::filesystem::path at = std::filesystem::path{path}.lexically_normal();
  if (at.is_absolute()) {
    if (base.empty()) return {};
    at = at.lexically_relative(base);
  }
  std::string const relative = at.generic_string();
  if (relative.empty() || relative == "." || relative == ".." || relative.starts_with("../") || relative.starts_with('/')) return {};
  return relative;
}

std::string fingerprint(std::string const& who, std::string const& profile, Requirement const& requirement) {
  std::string const text = fmt::format("{}\n{}\n{}", who, profile, requirement.id);
  return crypto::sha256_hex({reinterpret_cast<unsigned char const*>(text.data()), text.size()}).substr(0, kDigits);
}

bool shows_failure(Assessment const& assessment, std::optional<Severity> fail_on) {
  auto const by_grade = assessment.model == "requirements" ? std::nullopt : severity_of_grade(assessment.grade);
  Severity const least = by_grade ? std::min(fail_on.value_or(Severity::info), *by_grade) : Severity::info;
  return std::ranges::any_of(assessment.requirements,
                             [&](Requirement const& each) { return each.verdict == Verdict::fail && each.severity >= least; });
}

/// An id that no requirement has.
std::string free_id(Assessment const& assessment, std::string id) {
  while (std::ranges::find(assessment.requirements, id, &Requirement::id) != assessment.requirements.end()) id += '_';
  return id;
}

bool shows_doubt(Assessment const& assessment) {
  return std::ranges::find(assessment.requirements, Verdict::inconclusive, &Requirement::verdict) != assessment.requirements.end();
}

std::optional<Requirement> unexplained(Endpoint const& endpoint, Assessment const& assessment, std::optional<Severity> fail_on) {
  bool const fails = assessment.verdict == Verdict::fail;
  if (assessment.verdict == Verdict::pass || (!fails && !measured(endpoint))) return {};  // what was not measured is a gap
  if (fails ? shows_failure(assessment, fail_on) : shows_doubt(assessment)) return {};
  Requirement out;
  out.id = free_id(assessment, "verdict");
  out.title = "The endpoint meets the profile";
  out.severity = severity_of_grade(assessment.grade).value_or(Severity::medium);
  out.verdict = fails ? Verdict::fail : Verdict::inconclusive;
  out.expected = "the verdict pass";
  out.observed = fmt::format("grade {}, score {}, {} % of it could be judged", assessment.grade, assessment.score, assessment.coverage);
  for (GradeCap const& cap : assessment.caps) out.observed += fmt::format("; {}: {}", cap_phrase(cap), cap.reason);
  return out;
}

}  // namespace

std::optional<Requirement> unexplained_verdict(Endpoint const& endpoint, std::size_t nth, std::optional<Severity> fail_on,
                                               GateWord const& gate) {
  Assessment const& assessment = endpoint.assessments.at(nth);
  GateRuling const ruling = gate ? gate(endpoint, nth) : GateRuling{};
  if (!ruling.beside_baseline) return unexplained(endpoint, assessment, fail_on);
  std::optional<Requirement> out = unexplained(endpoint, *ruling.beside_baseline, fail_on);
  Baseline which = Baseline::added;
  if (!out && ruling.beside_baseline->verdict == Verdict::pass) {
    out = unexplained(endpoint, assessment, fail_on);
    which = Baseline::known;
  }
  if (out && out->verdict == Verdict::fail) out->baseline = which;
  return out;
}

std::optional<Requirement> gate_shortfall(Endpoint const& endpoint, std::size_t nth, GateWord const& gate) {
  GateRuling const ruling = gate ? gate(endpoint, nth) : GateRuling{};
  if (!ruling.lacks) return {};
  Requirement out;
  out.id = free_id(endpoint.assessments.at(nth), "gate");
  out.title = "Score and grade are what the gate asks for";
  out.severity = ruling.lacks->severity;
  out.verdict = ruling.lacks->verdict;
  out.expected = ruling.lacks->expected;
  out.observed = ruling.lacks->observed;
  if (ruling.beside_baseline && out.verdict == Verdict::fail) out.baseline = Baseline::added;
  return out;
}

std::vector<Finding> findings(Document const& document, std::initializer_list<Verdict> verdicts, std::optional<Severity> fail_on,
                              GateWord const& gate) {
  std::vector<Finding> out;
  std::vector<std::string> const who = identities(document);
  for (std::size_t i = 0; i < document.endpoints.size(); ++i) {
    Endpoint const& endpoint = document.endpoints[i];
    std::vector<std::string> const profiles = profile_names(endpoint);
    for (std::size_t j = 0; j < profiles.size(); ++j) {
      Assessment const& assessment = endpoint.assessments[j];
      auto const add_made = [&](std::optional<Requirement> shown, bool decides) {
        if (!shown || std::ranges::find(verdicts, shown->verdict) == verdicts.end()) return;
        auto made = std::make_shared<Requirement const>(std::move(*shown));
        Requirement const* const requirement = made.get();
        out.push_back({&endpoint, &assessment, requirement, fingerprint(who[i], profiles[j], *requirement), std::move(made), decides});
      };
      add_made(gate_shortfall(endpoint, j, gate), true);
      add_made(unexplained_verdict(endpoint, j, fail_on, gate), false);
      std::vector<Requirement const*> chosen;
      for (Requirement const& each : assessment.requirements) {
        if (std::ranges::find(verdicts, each.verdict) != verdicts.end()) chosen.push_back(&each);
      }
      std::ranges::stable_sort(chosen, [](Requirement const* a, Requirement const* b) { return a->severity > b->severity; });
      for (Requirement const* const each : chosen) out.push_back({&endpoint, &assessment, each, fingerprint(who[i], profiles[j], *each)});
    }
  }
  return out;
}

SourcePlace source_place(Target const& target, std::string const& base) {
  if (!target.list_file.empty() && target.list_line > 0) {
    if (std::string path = beneath(target.list_file, base); !path.empty()) return {std::move(path), target.list_line};
  }
  return {fmt::format("tls/{}_{}", path_part(target.host), target.port), 1};
}

std::string finding_title(Requirement const& requirement) {
  std::string_view const how = requirement.verdict == Verdict::fail           ? "not met: "
                               : requirement.verdict == Verdict::inconclusive ? "could not be judged: "
                               : requirement.verdict == Verdict::waived       ? "waived: "
                                                                              : "";
  return fmt::format("{}{}", how, requirement.title);
}

std::string message(Finding const& finding) {
  Requirement const& r = *finding.requirement;
  std::string text = fmt::format("{}: {}", place(finding.endpoint->target), finding_title(r));
  if (!r.observed.empty()) text += fmt::format(": {}", r.observed);
  if (!r.expected.empty()) text += fmt::format(" (expected: {})", r.expected);
  return text;
}

}  // namespace tlsgauge::report
