#pragma once
// Lines for a terminal: indented, wrapped, in columns, with colour if wanted. Makes everything that it is given printable.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "report/fact_sheet.hpp"

namespace tlsgauge::report {

/// Signs of the report's own, with words of ASCII for terminals that have no others.
enum class Glyph { pass, fail, open, waived, rule, more };

class TextPage final : public FactSheet {
 public:
  /// `width` in columns, 40 or more; 0: 80, and tables are not cut. `ascii`: all else as \u{E9}.
  TextPage(unsigned width, bool colour, bool ascii = false)
      : width_(width == 0   ? 80
               : width < 40 ? 40
                            : width),
        cuts_(width != 0),
        colour_(colour),
        ascii_(ascii) {}

  [[nodiscard]] std::size_t width() const { return width_; }
  [[nodiscard]] bool cuts() const { return cuts_; }
  [[nodiscard]] std::string glyph(Glyph glyph) const;
  /// One line that steers no terminal and that it can show.
  [[nodiscard]] std::string safe(std::string_view text) const;
  /// An empty page like this one, of another width.
  [[nodiscard]] TextPage like(std::size_t width) const { return {static_cast<unsigned>(width), colour_, ascii_}; }
  /// Lines of such a page.
  void append(std::string_view lines) { out_ += lines; }
  void blank();
  void heading(std::string_view text) override;
  /// One line, not wrapped.
  void line(std::vector<Cell> const& cells, std::size_t indent = 0);
  /// `label` at `indent`, then `text` wrapped in what is left of the width after `column`; lines of `text` stay lines.
  void labelled(std::size_t indent, Cell const& label, std::size_t column, Cell const& text) override;
  /// Lines kept as they are, for configuration to copy.
  void verbatim(std::size_t indent, std::string_view text);
  /// Rows of cells, aligned in columns two blanks apart. `fit`: the last column is cut to the width, unless there is no terminal.
  void table(std::size_t indent, std::vector<std::vector<Cell>> const& rows, bool fit = false);

  [[nodiscard]] std::string take() { return std::move(out_); }

 private:
  [[nodiscard]] std::vector<std::string> wrap(std::string_view text, std::size_t width) const;
  [[nodiscard]] std::string paint(Tone tone, std::string const& text) const;

  std::size_t width_;
  bool cuts_;
  bool colour_;
  bool ascii_;
  std::string out_;
};

}  // namespace tlsgauge::report
