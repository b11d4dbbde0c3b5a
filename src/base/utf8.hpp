#pragma once
// Well-formed UTF-8 (to_utf8, printable make it), changed for readers that cannot take all of it.

#include <cstddef>
#include <string>
#include <string_view>

namespace tlsgauge {

/// At most `octets` of it (as many as `mark` has, or more), cut between characters; what was cut ends in `mark`.
[[nodiscard]] std::string cut(std::string utf8, std::size_t octets, std::string_view mark = " [cut]");

/// `cut(printable(anything), octets)`, without a look at what is cut away.
[[nodiscard]] std::string cut_printable(std::string_view anything, std::size_t octets);

/// At most `columns` (display_width) of it; what was cut ends in `mark`.
[[nodiscard]] std::string cut_to_width(std::string_view utf8, std::size_t columns, std::string_view mark);

/// Pure ASCII: other characters as `\u{E9}`.
[[nodiscard]] std::string to_ascii(std::string_view utf8);

}  // namespace tlsgauge
