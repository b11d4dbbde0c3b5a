#pragma once
// The line on standard error that shows how far a scan is.

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

#include "tlsgauge/scan.hpp"

namespace tlsgauge::cli {

/// Endpoints a second, smoothed: what happened half a minute ago counts for little. Times are seconds since the start, never going back.
class Rate {
 public:
  void add(std::size_t finished, double seconds);
  /// Empty until an endpoint has ended.
  [[nodiscard]] std::optional<double> per_second() const;

 private:
  double last_ = 0;
  std::size_t finished_ = 0;
  double weight_ = 0;     ///< seconds, faded
  double endpoints_ = 0;  ///< faded alike
};

/// One line of ASCII of at most `columns` for a scan that has run for `seconds`: how many of how many, then what there is room for of the
/// rate, the time left, a bar and the connections: "[####------]  40 %  400/1000 endpoints, 12.5/s, 0:48 left, 18211 connections".
[[nodiscard]] std::string progress_text(Progress const& progress, double seconds, std::optional<double> rate, std::size_t columns);

/// Whether to show it: `when` is auto, always or never; `terminal`: standard error is one; `ci`: the variable CI, or null.
[[nodiscard]] bool progress_wanted(std::string const& when, bool terminal, char const* ci);

class ProgressLine {
 public:
  using Clock = std::chrono::steady_clock;

  /// `when`: auto (standard error is a terminal, and no pipeline's), always (else a line every few seconds, and a last one), never.
  explicit ProgressLine(std::string const& when);
  ~ProgressLine();  ///< clears the line; where it is no terminal, writes the last one
  ProgressLine(ProgressLine const&) = delete;
  ProgressLine& operator=(ProgressLine const&) = delete;
  void show(Progress const& progress);
  /// Takes the line away before other text comes; the next show() brings it back.
  void clear();

 private:
  [[nodiscard]] double seconds() const;

  bool active_ = false;
  bool terminal_ = false;
  bool shown_ = false;
  Clock::time_point started_;
  Rate rate_;
  Progress latest_;
  double written_ = 0;  ///< when the last plain line was, in seconds from the start
};

}  // namespace tlsgauge::cli
