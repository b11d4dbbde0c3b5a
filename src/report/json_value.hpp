#pragma once
// JSON text to values, within bounds, with the line of whatever is wrong.

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "tlsgauge/value.hpp"

namespace tlsgauge::report {

inline constexpr std::size_t kMaxDocumentDepth = 64;
/// Numbers, strings and containers in one text: keeps `[0,0,0...` from becoming gigabytes.
inline constexpr std::size_t kMaxDocumentValues = std::size_t{16} << 20;

/// What is wrong and where; becomes a DocumentError once the file's name is known.
struct Fault {
  std::size_t line = 0;  ///< 1 for the first; 0: not known yet, `field` tells
  std::string field;     ///< "endpoints[0].target.port"; empty: the document itself
  std::string what;
  bool cut = false;  ///< the text ends in the middle: more of it may mend that
};

struct JsonText {
  Value value;
  std::size_t line = 1;  ///< of the value's first character
  std::string_view text;
};

/// Hands on the JSON values that stand one after another in `text` (one for a document, one a line for JSON lines), each before the next
/// is parsed, so that no more than one is held. Objects with a member given twice are refused. Throws Fault, and what `take` throws.
void parse_json(std::string_view text, std::function<void(JsonText&&)> const& take, std::size_t most_values = kMaxDocumentValues);
[[nodiscard]] std::vector<JsonText> parse_json(std::string_view text);

/// The line, counted from 1 within `text`, on which the member `field` of the value in `text` begins; that of its nearest
/// parent when there is no such member.
[[nodiscard]] std::size_t line_of(std::string_view text, std::string_view field);

/// Any value as an indented document.
[[nodiscard]] std::string json_document(Value const& value);

}  // namespace tlsgauge::report
