#pragma once
// Text from strangers in GitHub's and GitLab's Markdown: it stays text.

#include <cstddef>
#include <string>
#include <string_view>

namespace tlsgauge::report {

/// One line of prose for the middle of a line or a table's cell: no markup, HTML, link, mention, reference to an issue, emoji or formula
/// comes of it. A character without width stands where a site would make a link of plain text. At most `octets` of the text, before
/// escapes.
[[nodiscard]] std::string prose(std::string_view text, std::size_t octets = 300);

/// The same as a code span, which is copied as it is. Empty where the text is.
[[nodiscard]] std::string code_span(std::string_view text, bool in_table = false, std::size_t octets = 200);

/// Lines in a fence that they cannot end, each at the left margin. `language` counts only if it is a plain word.
[[nodiscard]] std::string code_block(std::string_view text, std::string_view language, std::size_t octets = 4000);

}  // namespace tlsgauge::report
