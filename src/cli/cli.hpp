#pragma once
// The command line: options in, exit code out.

namespace tlsgauge::cli {

/// Runs one command. Never throws; the code is one of exit_code.hpp.
[[nodiscard]] int run(int count, char** arguments);

}  // namespace tlsgauge::cli
