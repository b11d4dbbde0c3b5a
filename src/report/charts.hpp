#pragma once
// Charts over many endpoints as SVG, with classes and attributes only. They hold constant text and numbers, nothing that a server chose;
// each has its numbers in its <title> too.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tlsgauge::report {

/// Endpoints by how they fare.
struct Split {
  std::size_t good = 0;
  std::size_t bad = 0;
  std::size_t fair = 0;  ///< not established
  std::size_t off = 0;
  [[nodiscard]] std::size_t sum() const { return good + bad + fair + off; }
};

struct ChartBar {
  std::string_view label;  ///< constant text
  Split split;
  std::string note;  ///< behind the bar; numbers and constant text
};

/// One bar a line, all to the scale of `whole` endpoints.
[[nodiscard]] std::string draw_bars(std::string_view title, std::vector<ChartBar> const& bars, std::size_t whole);

/// When certificates end: `days_left` of each that is known, in columns of a week, with one for what has expired and one for what comes
/// after half a year.
[[nodiscard]] std::string draw_expiry(std::string_view title, std::vector<std::int64_t> const& days_left);

}  // namespace tlsgauge::report
