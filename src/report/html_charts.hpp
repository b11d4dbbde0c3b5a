#pragma once
// What the charts over many endpoints are drawn from.

#include <string_view>

#include "tlsgauge/result.hpp"

namespace tlsgauge::report {

/// The place of a grade among all that are known, the best first: "A+" is 0; those that are not known come behind them.
[[nodiscard]] int grade_rank(std::string_view grade);

/// Adds svg_grades, svg_expiry, svg_protocols and a line of words for each.
void add_charts(Value& page, Document const& document);

}  // namespace tlsgauge::report
