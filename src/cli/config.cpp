// config check: what is wrong in the configuration file of a server.

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <memory>

#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/output.hpp"
#include "cli/terminal.hpp"
#include "policy/server_config/check.hpp"
#include "policy/server_config/files.hpp"
#include "policy/server_config/read.hpp"

namespace tlsgauge::cli {
namespace {

using policy::ConfigFinding;

constexpr unsigned kMaxWidth = 120;

std::string place(policy::Place const& place) {
  return place.line == 0 ? printable(place.file) : fmt::format("{}:{}", printable(place.file), place.line);
}

/// Words of a text in lines of the terminal's width, each behind `indent`.
std::string wrapped(std::string_view text, std::string_view indent, std::size_t width) {
  std::string out;
  std::string line;
  std::string const shown = printable(text);
  for (std::string_view const word : split(shown, ' ')) {
    if (!line.empty() && display_width(line) + 1 + display_width(word) + indent.size() > width) {
      out += fmt::format("{}{}\n", indent, line);
      line.clear();
    }
    line += fmt::format("{}{}", line.empty() ? "" : " ", word);
  }
  return out + fmt::format("{}{}\n", indent, line);
}

std::string summary(std::vector<ConfigFinding> const& findings) {
  std::array<std::size_t, 5> counts{};
  for (ConfigFinding const& finding : findings) ++counts.at(static_cast<std::size_t>(finding.severity));
  std::vector<std::string> parts;
  for (Severity const severity : {Severity::critical, Severity::high, Severity::medium, Severity::low, Severity::info}) {
    std::size_t const count = counts.at(static_cast<std::size_t>(severity));
    if (count > 0) parts.push_back(fmt::format("{} {}", count, name(severity)));
  }
  return fmt::format("{} {} ({})", findings.size(), findings.size() == 1 ? "finding" : "findings", join(parts, ", "));
}

std::string as_text(std::string const& file, std::vector<ConfigFinding> const& findings) {
  std::size_t const width = std::min(terminal_width(STDOUT_FILENO), kMaxWidth);
  std::string out;
  for (ConfigFinding const& finding : findings) {
    out += fmt::format("{}: {}: {}\n", place(finding.place), name(finding.severity), printable(finding.title));
    out += wrapped(finding.why, "    ", width);
    if (!finding.fix.empty()) out += finding.edits.empty() ? "    write:\n" : "    write (--fix does so):\n";
    for (std::string_view const line : split(finding.fix, '\n')) {
      if (!line.empty()) out += fmt::format("        {}\n", printable(line));
    }
    if (!finding.reference.empty()) out += fmt::format("    see {}\n", printable(finding.reference));
    out += fmt::format("    [{}]\n\n", finding.id);
  }
  out += findings.empty() ? fmt::format("{}: nothing is wrong\n", printable(file))
                          : fmt::format("{}: {}\n", printable(file), summary(findings));
  return out;
}

std::string as_json(std::vector<ConfigFinding> const& findings) {
  Value all = Value::array();
  for (ConfigFinding const& finding : findings) {
    all.push_back(Value::object()
                      .set("id", finding.id)
                      .set("severity", name(finding.severity))
                      .set("file", to_utf8(finding.place.file))
                      .set("line", finding.place.line)
                      .set("title", to_utf8(finding.title))
                      .set("why", to_utf8(finding.why))
                      .set("fix", to_utf8(finding.fix))
                      .set("fixable", !finding.edits.empty())
                      .set("reference", to_utf8(finding.reference)));
  }
  return json_line(all);
}

std::string fixed(std::string const& file, std::vector<ConfigFinding> const& findings) {
  policy::FileText const text = policy::read_config_file(file, policy::kMaxServerFileOctets, false);
  if (!text.text) throw UsageError(fmt::format("{}: {}", printable(file), text.problem));
  return policy::apply_edits(*text.text, file, findings);
}

struct Output {
  std::string format;
  std::unique_ptr<AsideFile> file;  ///< null: standard output
};

std::vector<Output> outputs_of(ConfigCheckCommand const& command) {
  std::vector<std::string> words = command.outputs;
  if (words.empty()) words.emplace_back("text");
  std::vector<Output> out;
  for (std::string const& word : words) {
    auto const equals = word.find('=');
    std::string const format = word.substr(0, equals);
    if (format != "text" && format != "json" && format != "fixed") {
      throw UsageError(fmt::format("--output: '{}' is none of text, json, fixed", printable(format)));
    }
    if (equals == std::string::npos) {
      auto const at_stdout = [](Output const& each) { return each.file == nullptr; };
      if (std::ranges::any_of(out, at_stdout)) throw UsageError("--output: only one format can go to standard output");
      out.push_back({.format = format, .file = nullptr});
      continue;
    }
    if (equals + 1 == word.size()) throw UsageError(fmt::format("--output: '{}' names no file", printable(word)));
    out.push_back({.format = format, .file = std::make_unique<AsideFile>(word.substr(equals + 1))});
  }
  return out;
}

/// Fixes in included files are left to the user: they may be shared.
void say_what_is_left(std::string const& file, std::vector<ConfigFinding> const& findings) {
  auto const elsewhere = [&](ConfigFinding const& finding) {
    return std::ranges::any_of(finding.edits, [&](policy::Edit const& edit) { return edit.file != file; });
  };
  auto const count = std::ranges::count_if(findings, elsewhere);
  if (count > 0) say_why(fmt::format("{} of the fixes belong into included files, which are left as they are", count));
}

}  // namespace

int config_check_command(ConfigCheckCommand const& command) {
  Gate const gate = parse_gate(command.fail_on);
  std::string const& file = command.config.file;
  std::vector<Output> outputs = outputs_of(command);
  ServerFile loaded = read_server_file(command.config);
  bool const writes = command.fix || std::ranges::any_of(outputs, [](Output const& each) { return each.format == "fixed"; });
  if (writes) say_what_is_left(file, loaded.config.findings);
  if (command.fix) {
    std::string const text = fixed(file, loaded.config.findings);
    require_replaceable(file);
    AsideFile target(file);
    target.write(text);
    target.commit();
    loaded = read_server_file(command.config);
  }
  std::vector<ConfigFinding> const& findings = loaded.config.findings;
  for (Output& output : outputs) {
    std::string const text = output.format == "json"    ? as_json(findings)
                             : output.format == "fixed" ? fixed(file, findings)
                                                        : as_text(file, findings);
    if (output.file == nullptr) {
      write_stdout(text);
    } else {
      output.file->write(text);
    }
  }
  for (Output& output : outputs) {
    if (output.file != nullptr) output.file->commit();
  }
  auto const counts = [&](ConfigFinding const& finding) { return finding.severity >= gate.fail_on; };
  auto const first = std::ranges::find_if(findings, counts);
  if (gate.never || first == findings.end()) return kMeets;
  say_why(fmt::format("{} at or above {}: {}: {}", std::ranges::count_if(findings, counts), name(gate.fail_on), place(first->place),
                      first->title));
  return kUnmet;
}

}  // namespace tlsgauge::cli
