#include "cli/judging.hpp"

#include <fmt/format.h>

#include "base/text.hpp"

namespace tlsgauge::cli {
namespace {

std::string first_of(std::string const& option, std::string const& of_profile, std::string const& otherwise) {
  return !option.empty() ? option : !of_profile.empty() ? of_profile : otherwise;
}

// The command line's word, else the profile's.
Gate gate_for(Profile const& profile, JudgeOptions const& options) {
  GateDefaults const& own = profile.gate();
  Gate gate = parse_gate(first_of(options.fail_on, own.fail_on, "medium"));
  gate.min_score = options.min_score ? options.min_score : own.min_score;
  gate.min_grade = first_of(options.min_grade, own.min_grade, "");
  gate.tolerant = first_of(options.on_inconclusive, own.on_inconclusive, "fail") == "warn";
  if (!gate.min_grade.empty() && !grade_rank(profile, gate.min_grade)) {
    throw UsageError(fmt::format("--min-grade: '{}' is no grade of {}; its grades are {}", printable(gate.min_grade),
                                 profile.identity().name, printable(join(grades(profile), ", "))));
  }
  return gate;
}

}  // namespace

Moment moment_of(std::string const& at) {
  if (at.empty()) return now();
  auto const moment = parse_rfc3339(at);
  if (!moment) throw UsageError(fmt::format("--at: '{}' is no RFC 3339 time such as 2027-01-31T00:00:00Z", printable(at)));
  return *moment;
}

Judges::Judges(JudgeOptions const& options) : waivers_(load_waivers(options.waivers)), now_(moment_of(options.at)) {
  std::vector<std::string> const names = options.profiles.empty() ? std::vector<std::string>{"nginx-recommended"} : options.profiles;
  for (std::string const& name : names) {
    Profile profile = load_profile(name);
    Gate gate = gate_for(profile, options);
    bars_.push_back({std::move(profile), std::move(gate)});
  }
}

void Judges::assess(Endpoint& endpoint) const {
  endpoint.assessments.clear();
  for (Bar const& bar : bars_) {
    Assessment assessment = evaluate(bar.profile, endpoint, bar.gate.fail_on);
    apply(waivers_, bar.profile, endpoint, assessment, bar.gate.fail_on, now_);
    endpoint.assessments.push_back(std::move(assessment));
  }
}

void Judges::assess(Document& document) const {
  for (Endpoint& endpoint : document.endpoints) assess(endpoint);
  document.run.warnings = waiver_warnings(waivers_, document.endpoints, now_);
}

int Judges::code_for(Document const& document) const {
  Outcome const outcome = judge(document, bars_);
  say_warnings(document.run.warnings);
  say_warnings(outcome.warnings);
  if (outcome.code != kMeets) say_why(outcome.reason);
  return outcome.code;
}

}  // namespace tlsgauge::cli
