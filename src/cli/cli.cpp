#include "cli/cli.hpp"

#include <signal.h>

#include <cstdio>
#include <exception>
#include <string>

#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/options.hpp"
#include "cli/output.hpp"
#include "tlsgauge/profile.hpp"
#include "tlsgauge/report.hpp"
#include "tlsgauge/version.hpp"

namespace tlsgauge::cli {
namespace {

void complain(std::string const& text) {
  std::string const line = std::string{kName} + ": error: " + printable(text) + "\n";
  std::fputs(line.c_str(), stderr);
}

int run_guarded(std::vector<std::string> const& arguments) {
  try {
    Parsed const parsed = parse_command_line(arguments);
    if (parsed.command) return parsed.command();
    write_stdout(parsed.text);
    return kMeets;
  } catch (UsageError const& error) {
    complain(error.what());
    return kUsage;
  } catch (ProfileError const& error) {
    complain(error.what());
    return kUsage;
  } catch (DocumentError const& error) {
    complain(error.what());
    return kUsage;
  } catch (std::exception const& error) {
    complain(error.what());
    return kFault;
  }
}

}  // namespace

void say_why(std::string const& reason) {
  std::string const line = std::string{kName} + ": " + printable(reason) + "\n";
  std::fputs(line.c_str(), stderr);
}

void say_warnings(std::vector<std::string> const& warnings) {
  for (std::string const& warning : warnings) say_why("warning: " + warning);
}

int run(int count, char** arguments) {
  signal(SIGPIPE, SIG_IGN);  // a peer or a pager that goes away is an error value, not the end of the process
  try {
    return run_guarded({arguments + 1, arguments + count});
  } catch (...) {
    std::fputs("tlsgauge: error: out of memory\n", stderr);
    return kFault;
  }
}

}  // namespace tlsgauge::cli
