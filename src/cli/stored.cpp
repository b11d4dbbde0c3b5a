// evaluate, report and diff: work on results that were measured earlier, and open no connection.

#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/judging.hpp"
#include "cli/output.hpp"
#include "tlsgauge/diff.hpp"

namespace tlsgauge::cli {

int evaluate_command(EvaluateCommand const& command) {
  if (command.document == "-" && command.judge.baseline == "-")
    throw UsageError("evaluate: only one of RESULT and --baseline can be standard input");
  Judges judges{command.judge};
  Document document = read_result(command.document);
  judges.expect(document);
  Outputs outputs{command.output, judges.error_level()};
  outputs.heed(judges.gate_word());
  judges.assess(document);
  for (Endpoint const& endpoint : document.endpoints) outputs.stream(endpoint, document.tool, document.run);
  outputs.finish(document);
  return judges.code_for(std::move(document));
}

int report_command(ReportCommand const& command) {
  std::optional<Severity> const fail_on = error_level(parse_gate(command.fail_on));
  Document const document = read_result(command.document);
  Outputs outputs{command.output, fail_on};
  for (Endpoint const& endpoint : document.endpoints) outputs.stream(endpoint, document.tool, document.run);
  outputs.finish(document);
  return kMeets;
}

int diff_command(DiffCommand const& command) {
  std::optional<Severity> const fail_on = error_level(parse_gate(command.fail_on));
  if (command.before == "-" && command.now == "-") throw UsageError("diff: only one of the two can be standard input");
  std::vector<std::string_view> formats;
  for (DiffFormat const& each : diff_formats()) formats.push_back(each.name);
  Outputs outputs{command.output, fail_on, formats};
  Document const before = read_result(command.before);
  Comparison const comparison = compare(before, read_result(command.now));
  outputs.finish([&](std::string_view format, ReportOptions const& report) { return find_diff_format(format)->write(comparison, report); });
  say_warnings(comparison.warnings);
  DiffOutcome const end = outcome(comparison, fail_on);
  if (end.result == DiffResult::not_worse) return kMeets;
  say_why(end.reason);
  return end.result == DiffResult::worse ? kUnmet : kMissing;
}

}  // namespace tlsgauge::cli
