// evaluate and report: work on results that were measured earlier, and open no connection.

#include <fmt/format.h>

#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/judging.hpp"
#include "cli/output.hpp"

namespace tlsgauge::cli {
namespace {

Document read(std::string const& path) {
  std::string const text = read_input(path);
  return read_document(text, path == "-" ? "standard input" : printable(path));
}

}  // namespace

int evaluate_command(EvaluateCommand const& command) {
  Judges const judges{command.judge};
  Document document = read(command.document);
  Outputs outputs{command.output, judges.error_level()};
  judges.assess(document);
  for (Endpoint const& endpoint : document.endpoints) outputs.stream(endpoint, document.tool, document.run);
  outputs.finish(document);
  return judges.code_for(document);
}

int report_command(ReportCommand const& command) {
  std::optional<Severity> const fail_on = error_level(parse_gate(command.fail_on));
  Document const document = read(command.document);
  Outputs outputs{command.output, fail_on};
  for (Endpoint const& endpoint : document.endpoints) outputs.stream(endpoint, document.tool, document.run);
  outputs.finish(document);
  return kMeets;
}

}  // namespace tlsgauge::cli
