#include "cli/exit_code.hpp"

#include <fmt/format.h>

#include "base/text.hpp"

namespace tlsgauge::cli {
namespace {

std::string place(Endpoint const& endpoint) {
  bool const v6 = endpoint.target.host.find(':') != std::string::npos;
  return printable(fmt::format("{}{}{}:{}", v6 ? "[" : "", endpoint.target.host, v6 ? "]" : "", endpoint.target.port));
}

}  // namespace

Outcome judge(Document const& document, Gate const& gate) {
  std::size_t failed = 0;
  std::size_t missing = 0;
  std::string first_failed;
  std::string first_missing;
  for (Endpoint const& endpoint : document.endpoints) {
    bool unmet = false;
    bool open = endpoint.status == Status::unreachable || endpoint.status == Status::not_tls || endpoint.assessments.empty();
    for (Assessment const& assessment : endpoint.assessments) {
      if (assessment.verdict == Verdict::fail && !gate.never) {
        if (first_failed.empty()) first_failed = fmt::format("{} does not meet {}", place(endpoint), printable(assessment.profile.name));
        unmet = true;
      }
      if (assessment.verdict == Verdict::inconclusive) open = true;
    }
    if (open && first_missing.empty()) {
      first_missing =
          endpoint.status == Status::complete || endpoint.status == Status::partial
              ? fmt::format("{}: a required answer is inconclusive", place(endpoint))
              : fmt::format("{} is {}", place(endpoint), endpoint.status == Status::unreachable ? "unreachable" : "not a TLS endpoint");
    }
    failed += unmet ? 1 : 0;
    missing += open ? 1 : 0;
  }
  std::size_t const total = document.endpoints.size();
  if (failed > 0) return {kUnmet, fmt::format("{} of {} endpoints: {}", failed, total, first_failed)};
  if (missing > 0) return {kMissing, fmt::format("{} of {} endpoints without a verdict: {}", missing, total, first_missing)};
  if (document.run.interrupted) return {kMissing, "the run was interrupted: endpoints may be missing"};
  if (total == 0) return {kMissing, "no endpoint was assessed"};
  return {};
}

Gate parse_gate(std::string const& text) {
  if (text == "never") return {Severity::medium, true};
  auto const severity = severity_from(text);
  if (!severity || *severity == Severity::info) {
    throw UsageError(fmt::format("--fail-on: '{}' is none of critical, high, medium, low, never", printable(text)));
  }
  return {*severity, false};
}

}  // namespace tlsgauge::cli
