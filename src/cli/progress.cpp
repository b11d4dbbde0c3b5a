#include "cli/progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

namespace tlsgauge::cli {

ProgressLine::ProgressLine(std::string const& when) : terminal_(::isatty(STDERR_FILENO) == 1), started_(std::chrono::steady_clock::now()) {
  bool const pipeline = std::getenv("CI") != nullptr;
  active_ = when == "always" || (when == "auto" && terminal_ && !pipeline);
}

ProgressLine::~ProgressLine() {
  if (shown_ && terminal_) std::fputs("\r\x1b[K", stderr);
}

void ProgressLine::show(Progress const& progress) {
  if (!active_) return;
  double const seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started_).count();
  std::string const text =
      fmt::format("{}/{} endpoints, {} connections, {:.1f} s", progress.finished, progress.total, progress.connections, seconds);
  std::fputs(terminal_ ? fmt::format("\r\x1b[K{}", text).c_str() : fmt::format("{}\n", text).c_str(), stderr);
  shown_ = true;
}

}  // namespace tlsgauge::cli
