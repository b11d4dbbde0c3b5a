#pragma once
// Whether words about what was observed are all of them.

#include <string_view>

namespace tlsgauge {

/// Whether something may have been left out of the text: "A, B and 17 more", "A...".
[[nodiscard]] inline bool is_cut_text(std::string_view text) {
  if (text.find("...") != std::string_view::npos) return true;
  for (std::size_t at = text.find(" more"); at != std::string_view::npos; at = text.find(" more", at + 1)) {
    if (at > 0 && text[at - 1] >= '0' && text[at - 1] <= '9') return true;
  }
  return false;
}

}  // namespace tlsgauge
