#include "cli/progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>

#include "cli/terminal.hpp"

namespace tlsgauge::cli {
namespace {

constexpr double kFade = 10;          // seconds in which what was seen comes to count for 1/e
constexpr double kPlainInterval = 5;  // seconds between lines where there is no terminal
constexpr std::size_t kLeastBar = 10;
constexpr std::size_t kLongestBar = 40;

/// "0:07", "12:30", "3:02:00"; more than four days are not told.
std::string clock_text(double seconds) {
  auto const whole = static_cast<std::uint64_t>(std::ceil(std::clamp(seconds, 0.0, 359'999.0)));
  if (whole >= 3600) return fmt::format("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60);
  return fmt::format("{}:{:02}", whole / 60, whole % 60);
}

std::string rate_text(double rate) { return rate >= 100 ? fmt::format("{:.0f}/s", rate) : fmt::format("{:.1f}/s", rate); }

std::string plural(std::uint64_t count, std::string_view noun) { return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s"); }

std::string bar(double share, std::size_t columns) {
  std::size_t const inside = columns - 2;
  auto const full = std::min(inside, static_cast<std::size_t>(share * static_cast<double>(inside)));
  return "[" + std::string(full, '#') + std::string(inside - full, '-') + "]";
}

}  // namespace

void Rate::add(std::size_t finished, double seconds) {
  double const step = std::max(seconds - last_, 0.0);
  double const keep = std::exp(-step / kFade);
  weight_ = weight_ * keep + step;
  endpoints_ = endpoints_ * keep + static_cast<double>(finished - std::min(finished, finished_));
  last_ = std::max(last_, seconds);
  finished_ = std::max(finished_, finished);
}

std::optional<double> Rate::per_second() const {
  if (finished_ == 0 || weight_ <= 0) return std::nullopt;
  return endpoints_ / weight_;
}

std::string progress_text(Progress const& progress, double seconds, std::optional<double> rate, std::size_t columns) {
  std::string const connections = plural(progress.connections, "connection");
  std::string const elapsed = fmt::format("{:.1f} s", seconds);
  if (progress.total <= 1) {
    std::string text = connections + ", " + elapsed;
    return text.substr(0, columns);
  }
  std::string text = fmt::format("{}/{}", progress.finished, progress.total);
  auto const add = [&](std::string const& more) {
    if (text.size() + more.size() <= columns) text += more;
  };
  add(" endpoints");
  if (rate) add(", " + rate_text(*rate));
  // A rate that has faded to nothing would promise a time without end.
  if (rate && *rate > 1e-3)
    add(", " + clock_text(static_cast<double>(progress.total - std::min(progress.finished, progress.total)) / *rate) + " left");
  double const share = std::clamp(static_cast<double>(progress.finished) / static_cast<double>(progress.total), 0.0, 1.0);
  std::string const percent = fmt::format(" {:3.0f} %  ", std::floor(share * 100));
  std::size_t const used = text.size() + percent.size() + connections.size() + 2;
  add(", " + connections);
  if (used + kLeastBar <= columns) text = bar(share, std::min(columns - used, kLongestBar)) + percent + text;
  return text.substr(0, columns);
}

bool progress_wanted(std::string const& when, bool terminal, char const* ci) {
  bool const pipeline = ci != nullptr && *ci != '\0';
  return when == "always" || (when == "auto" && terminal && !pipeline);
}

ProgressLine::ProgressLine(std::string const& when) : terminal_(::isatty(STDERR_FILENO) == 1), started_(Clock::now()) {
  active_ = progress_wanted(when, terminal_, std::getenv("CI"));
}

ProgressLine::~ProgressLine() {
  clear();
  if (active_ && !terminal_ && latest_.total > 0) {
    std::fputs((progress_text(latest_, seconds(), rate_.per_second(), 200) + "\n").c_str(), stderr);
  }
}

double ProgressLine::seconds() const { return std::chrono::duration<double>(Clock::now() - started_).count(); }

void ProgressLine::clear() {
  if (!shown_) return;
  std::fputs("\r\x1b[K", stderr);
  shown_ = false;
}

void ProgressLine::show(Progress const& progress) {
  if (!active_) return;
  double const now = seconds();
  rate_.add(progress.finished, now);
  latest_ = progress;
  if (terminal_) {
    unsigned const known = columns_of(STDERR_FILENO);
    std::size_t const columns = known == 0 ? 80 : std::max(known, 2U);
    // The last column stays free: a character there makes some terminals begin a line.
    std::fputs(("\r\x1b[K" + progress_text(progress, now, rate_.per_second(), columns - 1)).c_str(), stderr);
    shown_ = true;
  } else if (now - written_ >= kPlainInterval) {
    std::fputs((progress_text(progress, now, rate_.per_second(), 200) + "\n").c_str(), stderr);
    written_ = now;
  }
}

}  // namespace tlsgauge::cli
