#pragma once
// The facts that are rows of words, gathered in cards for the HTML page. The words are those of the report for a terminal.

#include <string_view>

#include "tlsgauge/value.hpp"

namespace tlsgauge::report {

/// The class of a row with bad news.
inline constexpr std::string_view kBadRow = "fact bad";

/// Blocks of rows about groups, for the card that lists those of TLS 1.3 already.
[[nodiscard]] Value key_exchange_blocks(Value const& facts);
/// The other cards; one without facts is not among them. `has_bad`: there is bad news among its rows.
[[nodiscard]] Value fact_cards(Value const& facts);

}  // namespace tlsgauge::report
