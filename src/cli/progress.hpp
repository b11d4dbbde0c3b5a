#pragma once
// The line on standard error that shows that something is happening.

#include <chrono>
#include <string>

#include "tlsgauge/scan.hpp"

namespace tlsgauge::cli {

class ProgressLine {
 public:
  /// `when`: auto (standard error is a terminal), always, never.
  explicit ProgressLine(std::string const& when);
  ~ProgressLine();  ///< clears the line
  ProgressLine(ProgressLine const&) = delete;
  ProgressLine& operator=(ProgressLine const&) = delete;
  void show(Progress const& progress);

 private:
  bool active_ = false;
  bool terminal_ = false;
  bool shown_ = false;
  std::chrono::steady_clock::time_point started_;
};

}  // namespace tlsgauge::cli
