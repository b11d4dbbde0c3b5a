#pragma once
// Text from strangers, made safe to keep and to show.

#include <string>
#include <string_view>
#include <vector>

namespace tlsgauge {

/// Well-formed UTF-8 from anything: every octet that is not part of a well-formed sequence becomes `\xNN`.
[[nodiscard]] std::string to_utf8(std::string_view bytes);

/// One line that cannot steer a terminal: to_utf8, with C0, DEL and C1 controls as `\xNN` and bidirectional
/// controls (U+200E/F, U+202A-E, U+2066-9) as `\u{202E}`.
[[nodiscard]] std::string printable(std::string_view bytes);

/// Columns that well-formed UTF-8 takes in a terminal; East Asian wide characters count two, combining marks none.
[[nodiscard]] std::size_t display_width(std::string_view utf8);

[[nodiscard]] std::string ascii_lower(std::string_view text);
[[nodiscard]] std::vector<std::string_view> split(std::string_view text, char separator);
[[nodiscard]] std::string_view trim(std::string_view text);
[[nodiscard]] std::string join(std::vector<std::string> const& parts, std::string_view separator);

/// The word of `known` with the smallest edit distance to `word`, or empty if none is near (distance over a third of its length).
[[nodiscard]] std::string_view nearest(std::string_view word, std::vector<std::string_view> const& known);

}  // namespace tlsgauge
