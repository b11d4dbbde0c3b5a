// Judges an endpoint's facts by a profile's rules.

#include <fmt/format.h>

#include <algorithm>

#include "audit/shown_certificates.hpp"
#include "base/grade.hpp"
#include "policy/conclude.hpp"
#include "policy/model.hpp"
#include "policy/possible.hpp"
#include "policy/score.hpp"

namespace tlsgauge {
namespace policy {
namespace {

Verdict verdict_of(Truth truth) {
  switch (truth) {
    case Truth::yes:
      return Verdict::pass;
    case Truth::no:
      return Verdict::fail;
    case Truth::not_applicable:
      return Verdict::not_applicable;
    case Truth::unknown:
      break;
  }
  return Verdict::inconclusive;
}

Outcome judge_one(Rule const& rule, Subject const& subject) {
  if (rule.when) {
    Outcome const when = judge(*rule.when, subject);
    if (when.truth == Truth::unknown) return {.truth = Truth::unknown, .observed = "whether this applies is not known: " + when.observed};
    if (when.truth != Truth::yes) return {.truth = Truth::not_applicable, .observed = "does not apply: " + when.observed};
  }
  return judge(rule.expectation, subject);
}

std::string certificate_name(Value const& certificate) {
  std::string subject;
  if (!certificate["chain"].items().empty()) subject = bounded(certificate["chain"].items().front()["subject"].as_string(), 80);
  std::string const kind = bounded(certificate["shown_for"]["authentication"].as_string(), 20);
  if (subject.empty()) return kind.empty() ? "certificate" : kind + " certificate";
  return kind.empty() ? subject : fmt::format("{} ({})", subject, kind);
}

// Whose a cause is from run to run, whichever certificate is shown.
std::string shown_for(Value const& certificate) {
  Value const& shown = certificate["shown_for"];
  std::string const kind = shown["authentication"].is_string() ? bounded(shown["authentication"].as_string(), 20) : "any";
  return shown["sni"].is_string() ? fmt::format("{} for {}", kind, bounded(shown["sni"].as_string(), 253)) : kind;
}

// The worst certificate decides: failed, then inconclusive, then met, then not applicable.
Outcome judge_certificates(Rule const& rule, Endpoint const& endpoint) {
  auto const* const all = endpoint.facts.find("certificates");
  if (all && all->is_object() && all->find("inconclusive"))
    return {.truth = Truth::unknown, .observed = (*all)["inconclusive"].as_string()};
  if (!all || all->is_null()) {
    for (ErrorNote const& error : endpoint.errors) {
      if (error.where == "certificates") return {.truth = Truth::unknown, .observed = error.what};
    }
    return {.truth = Truth::unknown, .observed = "not asked"};
  }
  std::vector<Value const*> const certificates = audit::certificates_of(endpoint, *all);
  if (certificates.empty()) return {.truth = Truth::unknown, .observed = "no certificate was shown"};

  constexpr Truth kWorstFirst[] = {Truth::no, Truth::unknown, Truth::yes, Truth::not_applicable};
  std::vector<Outcome> outcomes;
  for (Value const* const certificate : certificates)
    outcomes.push_back(judge_one(rule, {.endpoint = &endpoint, .certificate = certificate}));
  for (Truth const truth : kWorstFirst) {
    auto const worst = std::ranges::find(outcomes, truth, &Outcome::truth);
    if (worst == outcomes.end()) continue;
    std::string const name = certificate_name(*certificates[static_cast<std::size_t>(worst - outcomes.begin())]);
    auto const alike = std::ranges::count(outcomes, truth, &Outcome::truth);
    std::string const others = alike > 1 ? fmt::format(" (and {} more)", alike - 1) : "";
    Outcome out{.truth = truth, .observed = fmt::format("{}: {}{}", name, bounded(worst->observed, 180), others)};
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
      Outcome& outcome = outcomes[i];
      for (Cause& cause : outcome.causes) {
        cause.subject = shown_for(*certificates[i]);
        out.causes.push_back(std::move(cause));
      }
      out.more_possible = out.more_possible || outcome.more_possible || outcome.truth == Truth::unknown;
    }
    return out;
  }
  return {.truth = Truth::unknown, .observed = "no certificate was shown"};
}

Outcome judge_rule(Rule const& rule, Endpoint const& endpoint) {
  if (endpoint.status == Status::unreachable) return {.truth = Truth::unknown, .observed = "the endpoint was not reached"};
  if (endpoint.status == Status::not_tls) return {.truth = Truth::unknown, .observed = "the service does not speak TLS"};
  if (rule.each == Scope::certificate) return judge_certificates(rule, endpoint);
  return judge_one(rule, {.endpoint = &endpoint, .certificate = nullptr});
}

Verdict overall(Assessment const& assessment, Severity fail_on, Verdict by_grade) {
  if (by_grade == Verdict::fail) return Verdict::fail;
  bool judged = false;
  bool missing = by_grade == Verdict::inconclusive;
  for (Requirement const& requirement : assessment.requirements) {
    bool const demanded = requirement.severity >= fail_on;
    if (demanded && requirement.verdict == Verdict::fail) return Verdict::fail;
    missing = missing || (demanded && requirement.verdict == Verdict::inconclusive);
    judged =
        judged || requirement.verdict == Verdict::pass || requirement.verdict == Verdict::fail || requirement.verdict == Verdict::waived;
  }
  return missing || !judged ? Verdict::inconclusive : Verdict::pass;
}

// The score adds to parts and caps.
void score_anew(Profile const& profile, Endpoint const& endpoint, Assessment& assessment) {
  assessment.parts.clear();
  assessment.caps.clear();
  score(profile.impl(), endpoint, assessment);
}

}  // namespace

void conclude(Profile const& profile, Endpoint const& endpoint, Assessment& assessment, Severity fail_on, std::optional<Verdict> by_grade) {
  score_anew(profile, endpoint, assessment);
  assessment.with_waivers.reset();
  if (std::ranges::find(assessment.requirements, Verdict::waived, &Requirement::verdict) != assessment.requirements.end())
    assessment.with_waivers = standing_if_met(profile, endpoint, assessment, {Verdict::waived});
  assessment.verdict = overall(assessment, fail_on, by_grade ? *by_grade : verdict_of_grade(profile, endpoint, assessment, fail_on));
}

std::optional<Standing> best_possible(Profile const& profile, Endpoint const& endpoint) {
  if (profile.impl().scoring.model == ScoreModel::requirements) return std::nullopt;
  Assessment scratch;
  return score(profile.impl(), endpoint, scratch);
}

Verdict verdict_of_grade(Profile const& profile, Endpoint const& endpoint, Assessment const& assessment, Severity fail_on) {
  std::optional<Standing> const possible = best_possible(profile, endpoint);
  if (!possible) return Verdict::pass;
  auto const too_low = [&](std::string const& grade) {
    auto const severity = severity_of_grade(grade);
    return severity && *severity >= fail_on && std::ranges::none_of(assessment.requirements, [&](Requirement const& requirement) {
             return requirement.verdict == Verdict::waived && requirement.severity >= *severity;
           });
  };
  if (too_low(possible->grade)) return Verdict::fail;
  return too_low(assessment.grade) ? Verdict::inconclusive : Verdict::pass;
}

}  // namespace policy

Standing standing_if_met(Profile const& profile, Endpoint const& endpoint, Assessment const& assessment, std::vector<Verdict> const& met) {
  Assessment better = assessment;
  for (Requirement& requirement : better.requirements) {
    if (std::ranges::find(met, requirement.verdict) != met.end()) requirement.verdict = Verdict::pass;
  }
  policy::score_anew(profile, endpoint, better);
  return {better.score, better.grade};
}

Assessment evaluate(Profile const& profile, Endpoint const& endpoint, Severity fail_on) {
  using namespace policy;
  Assessment out;
  out.profile = profile.identity();
  for (Rule const& rule : profile.impl().rules) {
    Outcome outcome = judge_rule(rule, endpoint);
    Requirement requirement;
    requirement.id = rule.id;
    requirement.title = rule.title;
    requirement.severity = rule.severity;
    requirement.verdict = verdict_of(outcome.truth);
    requirement.expected = rule.expected;
    requirement.observed = bounded(outcome.observed.empty() ? "nothing" : outcome.observed, kMaxObserved);
    requirement.why = rule.why;
    requirement.fix = rule.fix;
    requirement.references = rule.references;
    requirement.causes = std::move(outcome.causes);
    requirement.more_possible = outcome.more_possible;
    out.requirements.push_back(std::move(requirement));
  }
  conclude(profile, endpoint, out, fail_on);
  return out;
}

}  // namespace tlsgauge
