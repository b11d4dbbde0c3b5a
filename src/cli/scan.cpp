#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

#include "base/clock.hpp"
#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/ct_logs.hpp"
#include "cli/interrupt.hpp"
#include "cli/judging.hpp"
#include "cli/output.hpp"
#include "cli/progress.hpp"
#include "cli/run_record.hpp"
#include "cli/target_list.hpp"

namespace tlsgauge::cli {
namespace {

/// ADDRESS, ADDRESS:PORT, [V6]:PORT
void parse_connect(std::string const& text, ScanOptions& scan) {
  if (text.find('/') != std::string::npos) {
    throw UsageError(fmt::format("--connect: '{}' is no address; give ADDRESS, ADDRESS:PORT or [V6]:PORT", printable(text)));
  }
  std::vector<Target> parsed;
  try {
    parsed = parse_target(text);
  } catch (TargetError const& error) {
    throw UsageError(fmt::format("--connect: '{}': {}", printable(text), error.reason));
  }
  if (parsed.size() != 1) throw UsageError(fmt::format("--connect: '{}' is not one address", printable(text)));
  scan.connect_host = parsed.front().host;
  bool const port_given = text.ends_with(fmt::format(":{}", parsed.front().port)) && text != parsed.front().host;
  scan.connect_port = port_given ? parsed.front().port : std::uint16_t{0};
}

ScanOptions options_of(ScanCommand const& command) {
  ScanOptions scan = command.scan;
  if (!(command.timeout_s >= 0.1 && command.timeout_s <= 600)) throw UsageError("--timeout: give 0.1 to 600 seconds");
  scan.timeout = std::chrono::milliseconds{std::llround(command.timeout_s * 1000)};
  if (command.v4) scan.family = AddressFamily::v4;
  if (command.v6) scan.family = AddressFamily::v6;
  if (!command.connect.empty()) parse_connect(command.connect, scan);
  if (!command.ct_logs.empty()) scan.ct_logs = read_ct_logs(command.ct_logs);
  if (!command.judge.at.empty()) scan.at = moment_of(command.judge.at);
  return scan;
}

/// One line for each exchange.
std::string evidence_lines(Endpoint const& endpoint, std::vector<Exchange> const& exchanges) {
  std::string lines;
  for (Exchange const& exchange : exchanges) {
    Value line = Value::object();
    line.set("target", endpoint.target.input)
        .set("address", endpoint.target.address)
        .set("port", endpoint.target.port)
        .set("server_name", endpoint.target.server_name)
        .set("purpose", exchange.purpose)
        .set("outcome", exchange.outcome)
        .set("detail", exchange.detail)
        .set("connection", exchange.connection)
        .set("attempts", exchange.attempts)
        .set("connect_ms", exchange.connect_ms)
        .set("first_byte_ms", exchange.first_byte_ms)
        .set("sent", exchange.sent)
        .set("received", exchange.received);
    lines += json_line(line);
  }
  return lines;
}

}  // namespace

int scan_command(ScanCommand command) {
  if (command.judge.baseline == "-" && std::ranges::find(command.target_files, "-") != command.target_files.end())
    throw UsageError("scan: only one of --input and --baseline can be standard input");
  ScanOptions const scan_options = options_of(command);
  Judges judges{command.judge};
  if (scan_options.all_addresses) judges.expect_several_addresses();
  std::vector<std::string> left_out;
  std::vector<Target> const targets = collect_targets(command.targets, command.target_files, &left_out);
  say_warnings(left_out);
  Outputs outputs{command.output, judges.error_level()};
  outputs.heed(judges.gate_word());
  outputs.keep_journal();
  if (!command.evidence.empty()) outputs.keep_evidence(command.evidence);

  Document document = new_document(command.arguments);
  document.run.targets = targets.size();
  Interrupt interrupt;
  {
    ProgressLine line{command.progress};
    ScanEvents events;
    events.finished = [&](Endpoint const& endpoint) {
      Endpoint judged = endpoint;
      judges.assess(judged);
      line.clear();
      Run run = judges.run_of(judged, document.run);
      run.finished_at = rfc3339(now());
      outputs.stream(judged, document.tool, run);
    };
    if (!command.evidence.empty()) {
      events.exchanges = [&](Endpoint const& endpoint, std::vector<Exchange> const& exchanges) {
        outputs.evidence(evidence_lines(endpoint, exchanges));
      };
    }
    events.progress = [&](Progress const& progress) {
      document.run.targets = std::max<std::uint64_t>(document.run.targets, progress.total);
      line.show(progress);
    };
    try {
      document.endpoints = scan(targets, scan_options, events, interrupt.token());
    } catch (std::invalid_argument const& error) {
      throw UsageError(error.what());
    }
  }
  judges.assess(document);
  document.run.finished_at = rfc3339(now());
  document.run.targets = std::max<std::uint64_t>(document.run.targets, document.endpoints.size());
  document.run.interrupted = interrupt.exit_code() != 0;
  outputs.finish(document);

  if (int const code = interrupt.exit_code(); code != 0) {
    say_why(fmt::format("interrupted; {} of {} endpoints are in the report", document.endpoints.size(), targets.size()));
    return code;
  }
  return judges.code_for(std::move(document));
}

int list_probes_command() {
  std::string text;
  for (ProbeSummary const& probe : list_probes()) {
    text += fmt::format("{}{}\n    {}\n    usual connections: {}; {}\n", probe.id, probe.on_request ? " (on request: --also)" : "",
                        probe.question, probe.connections, probe.references);
  }
  write_stdout(text);
  return kMeets;
}

}  // namespace tlsgauge::cli
