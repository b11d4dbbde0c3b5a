#pragma once
// The grammar of the command line.

#include <functional>
#include <string>
#include <vector>

namespace tlsgauge::cli {

/// A command that is ready to run, or a text to print (help, version).
struct Parsed {
  std::function<int()> command;  ///< empty: print `text` to standard output, exit 0
  std::string text;
};

/// Throws UsageError.
[[nodiscard]] Parsed parse_command_line(std::vector<std::string> const& arguments);

}  // namespace tlsgauge::cli
