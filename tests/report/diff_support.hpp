#pragma once
// Documents of one requirement, to be compared.

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tlsgauge/diff.hpp"

namespace tlsgauge::test {

inline constexpr Verdict pass = Verdict::pass;
inline constexpr Verdict fail = Verdict::fail;
inline constexpr Verdict open = Verdict::inconclusive;
inline constexpr Verdict waived = Verdict::waived;
inline constexpr Verdict na = Verdict::not_applicable;

inline Requirement demand(std::string id, Verdict verdict, Severity severity = Severity::high) {
  Requirement out;
  out.id = std::move(id);
  out.title = "Title of " + out.id;
  out.severity = severity;
  out.verdict = verdict;
  out.observed = std::string{name(verdict)};
  return out;
}

inline Endpoint endpoint(std::string host, std::vector<Requirement> requirements, Status status = Status::complete) {
  Endpoint out;
  out.target.input = host;
  out.target.host = host;
  out.target.server_name = host;
  out.target.address = "192.0.2.1";
  out.status = status;
  Assessment judged;
  judged.profile = {"house", "1", "built-in"};
  auto const any = [&](Verdict verdict) { return std::ranges::find(requirements, verdict, &Requirement::verdict) != requirements.end(); };
  judged.verdict = any(Verdict::fail) ? Verdict::fail : any(Verdict::inconclusive) ? Verdict::inconclusive : Verdict::pass;
  judged.requirements = std::move(requirements);
  out.assessments.push_back(std::move(judged));
  return out;
}

inline Document document(std::vector<Endpoint> endpoints) {
  Document out;
  out.endpoints = std::move(endpoints);
  return out;
}

inline Comparison compare_one(Requirement before, Requirement now) {
  return compare(document({endpoint("www.example.com", {std::move(before)})}), document({endpoint("www.example.com", {std::move(now)})}));
}

inline RequirementChange only_change(Comparison const& comparison) {
  for (EndpointChange const& each : comparison.endpoints) {
    for (AssessmentChange const& profile : each.profiles) {
      if (!profile.requirements.empty()) return profile.requirements.front();
    }
  }
  return {};
}

inline DiffResult result(Comparison const& comparison, std::optional<Severity> fail_on = Severity::low) {
  return outcome(comparison, fail_on).result;
}

inline Requirement failing_for(std::vector<Cause> causes) {
  Requirement out = demand("a", fail);
  for (Cause const& cause : causes) out.observed += " " + cause.label;
  out.causes = std::move(causes);
  return out;
}

inline Cause amount(double number, double off) {
  return {.key = std::to_string(number),
          .label = std::to_string(number),
          .kind = Cause::Kind::amount,
          .fact = "key.bits",
          .amount = number,
          .off = off};
}

inline Endpoint with_verdict(Endpoint out, Verdict verdict) {
  out.assessments.front().verdict = verdict;
  return out;
}

}  // namespace tlsgauge::test
