#pragma once
// What the terminal at the other end can show, and what its user wants.

#include <string_view>

namespace tlsgauge::cli {

/// What speaks for and against colour, as the environment has it; null: not set.
struct ColourSigns {
  char const* no_color = nullptr;  ///< NO_COLOR (no-color.org): set and not empty is no
  char const* force = nullptr;     ///< CLICOLOR_FORCE (bixense.com/clicolors): set and neither empty nor "0" is yes
  char const* term = nullptr;      ///< TERM: "dumb" is no
  bool terminal = false;           ///< standard output is one
};

/// `when` (auto, always, never) wins over NO_COLOR, that over CLICOLOR_FORCE, that over the terminal.
[[nodiscard]] bool colour_wanted(std::string_view when, ColourSigns const& signs);
[[nodiscard]] bool colour_wanted(std::string_view when);

/// Whether text of this locale is UTF-8. `codeset`: what nl_langinfo says; empty: there is no such locale here, so that its name decides.
[[nodiscard]] bool is_utf8(std::string_view codeset, std::string_view locale);
/// ... of the user's locale: LC_ALL, LC_CTYPE, LANG.
[[nodiscard]] bool utf8_wanted();

/// Columns of the terminal behind the descriptor, or of COLUMNS; 0: neither is known.
[[nodiscard]] unsigned columns_of(int descriptor);
/// The same, 40 to 200; 80 when it is none.
[[nodiscard]] unsigned terminal_width(int descriptor);
/// For reports on standard output: 40 to 200, or 0 when it is no terminal.
[[nodiscard]] unsigned output_width();

}  // namespace tlsgauge::cli
