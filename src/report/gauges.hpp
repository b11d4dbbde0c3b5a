#pragma once
// Small drawings of numbers as SVG, with classes and attributes only. They hold constant text and numbers, nothing that a server chose.

#include <cstdint>
#include <optional>
#include <string>

#include "base/clock.hpp"

namespace tlsgauge::report {

/// A ring that is filled as far as the score of 0-100; "-" in an empty one where there is none.
[[nodiscard]] std::string draw_ring(std::optional<int> score);
/// A bar from `begin` to `end` with what has passed at `at` filled; `at` may lie outside.
[[nodiscard]] std::string draw_validity(Moment begin, Moment end, Moment at);
/// A bar of the part that `value` is of `largest`; the first `first` of it is drawn apart.
[[nodiscard]] std::string draw_bar(double value, double largest, std::optional<double> first = std::nullopt);

}  // namespace tlsgauge::report
