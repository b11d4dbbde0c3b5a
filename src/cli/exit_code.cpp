#include "cli/exit_code.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "policy/possible.hpp"
#include "report/wording.hpp"

namespace tlsgauge::cli {
namespace {

std::string place(Endpoint const& endpoint) { return printable(report::place(endpoint.target)); }

// What the gate makes of one assessment.
struct Ruling {
  enum class Kind { passed, unmet, open } kind = Kind::passed;
  std::string reason;
};

bool is_demanded(Requirement const& requirement, Gate const& gate) {
  return requirement.severity >= gate.fail_on && requirement.verdict == Verdict::inconclusive;
}

std::string open_requirements(Assessment const& assessment, Gate const& gate) {
  constexpr std::size_t kMost = 3;
  std::vector<std::string> ids;
  for (Requirement const& requirement : assessment.requirements) {
    if (is_demanded(requirement, gate)) ids.push_back(requirement.id);
  }
  if (ids.empty()) return {};
  std::size_t const more = ids.size() > kMost ? ids.size() - kMost : 0;
  ids.resize(ids.size() - more);
  return fmt::format(" ({}{})", printable(join(ids, ", ")), more > 0 ? fmt::format(" and {} more", more) : "");
}

// In what the standing falls short of the bar; empty: in nothing.
std::string lack(Standing const& standing, Bar const& bar) {
  if (bar.gate.min_score && standing.score < *bar.gate.min_score)
    return fmt::format("score {} is below {}", standing.score, *bar.gate.min_score);
  if (bar.gate.min_grade.empty()) return {};
  auto const reached = grade_rank(bar.profile, standing.grade);
  auto const wanted = grade_rank(bar.profile, bar.gate.min_grade);
  bool const enough = reached && wanted && *reached <= *wanted;
  return enough ? std::string{} : fmt::format("grade {} is below {}", printable(standing.grade), printable(bar.gate.min_grade));
}

// Whether score or grade may be high enough once what is inconclusive is known.
bool may_suffice(Endpoint const& endpoint, Assessment const& assessment, Bar const& bar) {
  if (assessment.model != Assessment{}.model) {
    auto const possible = policy::best_possible(bar.profile, endpoint);
    return possible && lack(*possible, bar).empty();
  }
  return lack(standing_if_met(bar.profile, endpoint, assessment, {Verdict::waived, Verdict::inconclusive}), bar).empty();
}

// What is waived counts as met.
Standing counted_standing(Assessment const& assessment) {
  return assessment.with_waivers.value_or(Standing{assessment.score, assessment.grade});
}

Ruling rule(Endpoint const& endpoint, Assessment const& assessment, Bar const& bar) {
  std::string const profile = printable(assessment.profile.name);
  if (assessment.verdict == Verdict::fail && !bar.gate.never) return {Ruling::Kind::unmet, "does not meet " + profile};
  Standing const counted = counted_standing(assessment);
  if (std::string const short_of = lack(counted, bar); !short_of.empty()) {
    std::string const said = fmt::format("does not meet {}: {}", profile, short_of);
    if (!may_suffice(endpoint, assessment, bar)) return {Ruling::Kind::unmet, said};
    return {Ruling::Kind::open, said + ", but may when what is inconclusive is known"};
  }
  // A gate that never fails sees only that something is not met; that more is not known counts all the same.
  auto const open = [&](Requirement const& requirement) { return is_demanded(requirement, bar.gate); };
  bool const hidden = bar.gate.never && assessment.verdict == Verdict::fail &&
                      (std::ranges::any_of(assessment.requirements, open) ||
                       (assessment.model != Assessment{}.model &&
                        policy::verdict_of_grade(bar.profile, endpoint, assessment, bar.gate.fail_on) == Verdict::inconclusive));
  if (assessment.verdict != Verdict::inconclusive && !hidden) return {};
  return {Ruling::Kind::open, "a required answer is inconclusive" + open_requirements(assessment, bar.gate)};
}

bool anything_judged(Assessment const& assessment) {
  return std::ranges::any_of(assessment.requirements, [](Requirement const& requirement) {
    return requirement.verdict != Verdict::inconclusive && requirement.verdict != Verdict::not_applicable;
  });
}

// Why there can be no verdict on the endpoint whatever the gate; empty: there can.
std::string without_evidence(Endpoint const& endpoint) {
  if (endpoint.status == Status::unreachable) return fmt::format("{} is unreachable", place(endpoint));
  if (endpoint.status == Status::not_tls) return fmt::format("{} is not a TLS endpoint", place(endpoint));
  if (endpoint.assessments.empty()) return fmt::format("{} was not judged", place(endpoint));
  return {};
}

// How many endpoints, and the words about the first.
struct Tally {
  std::size_t count = 0;
  std::string first;
  void add(std::string reason) {
    if (count++ == 0) first = std::move(reason);
  }
};

}  // namespace

std::optional<Shortfall> shortfall(Endpoint const& endpoint, Assessment const& assessment, Bar const& bar) {
  Standing const counted = counted_standing(assessment);
  if (!without_evidence(endpoint).empty() || lack(counted, bar).empty()) return {};
  Shortfall out;
  if (bar.gate.min_score) out.expected = fmt::format("score {} or more", *bar.gate.min_score);
  if (!bar.gate.min_grade.empty())
    out.expected += fmt::format("{}grade {} or better", out.expected.empty() ? "" : ", ", printable(bar.gate.min_grade));
  out.observed = fmt::format("score {}, grade {}", counted.score, printable(counted.grade));
  if (assessment.with_waivers) out.observed += " with what is waived or known as met";
  bool const open = may_suffice(endpoint, assessment, bar);
  if (open) out.observed += ", but may be enough when what is inconclusive is known";
  out.verdict = open ? Verdict::inconclusive : Verdict::fail;
  out.severity = error_level(bar.gate).value_or(Severity::medium);
  return out;
}

Outcome judge(Document const& document, std::vector<Bar> const& bars) {
  Tally failed;
  Tally missing;
  Tally tolerated;
  for (Endpoint const& endpoint : document.endpoints) {
    std::string unmet;
    std::string open = without_evidence(endpoint);
    std::string passed;
    bool const evidence = open.empty();
    for (std::size_t i = 0; evidence && i < endpoint.assessments.size(); ++i) {
      Assessment const& assessment = endpoint.assessments[i];
      Bar const& bar = bars.at(i);
      Ruling const ruling = rule(endpoint, assessment, bar);
      if (ruling.kind == Ruling::Kind::passed) continue;
      bool const is_unmet = ruling.kind == Ruling::Kind::unmet;
      std::string& into = is_unmet ? unmet : bar.gate.tolerant && anything_judged(assessment) ? passed : open;
      if (into.empty()) into = fmt::format("{}{} {}", place(endpoint), is_unmet ? "" : ":", ruling.reason);
    }
    if (!unmet.empty()) failed.add(unmet);
    if (!open.empty()) missing.add(open);
    if (!passed.empty()) tolerated.add(passed);
  }
  Outcome out;
  std::size_t const total = document.endpoints.size();
  if (tolerated.count > 0)
    out.warnings.push_back(
        fmt::format("{} of {} endpoints: {}; --on-inconclusive warn lets it pass", tolerated.count, total, tolerated.first));
  if (failed.count > 0) {
    out.code = kUnmet;
    out.reason = fmt::format("{} of {} endpoints: {}", failed.count, total, failed.first);
  } else if (missing.count > 0) {
    out.code = kMissing;
    out.reason = fmt::format("{} of {} endpoints without a verdict: {}", missing.count, total, missing.first);
  } else if (document.run.interrupted) {
    out.code = kMissing;
    out.reason = "the run was interrupted: endpoints may be missing";
  } else if (total == 0) {
    out.code = kMissing;
    out.reason = "no endpoint was assessed";
  }
  return out;
}

Gate parse_gate(std::string const& text) {
  Gate gate;
  gate.never = text == "never";
  if (gate.never) return gate;
  auto const severity = severity_from(text);
  if (!severity || *severity == Severity::info) {
    throw UsageError(fmt::format("--fail-on: '{}' is none of critical, high, medium, low, never", printable(text)));
  }
  gate.fail_on = *severity;
  return gate;
}

std::optional<Severity> error_level(Gate const& gate) { return gate.never ? std::nullopt : std::optional{gate.fail_on}; }

}  // namespace tlsgauge::cli
