#pragma once
// Lines for a terminal: indented, wrapped, in columns, with colour if wanted. Makes everything that it is given printable.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "report/fact_sheet.hpp"

namespace tlsgauge::report {

class TextPage final : public FactSheet {
 public:
  TextPage(unsigned width, bool colour) : width_(width < 40 ? 40 : width), colour_(colour) {}

  [[nodiscard]] std::size_t width() const { return width_; }
  void blank();
  void heading(std::string_view text) override;
  /// One line, not wrapped.
  void line(std::vector<Cell> const& cells, std::size_t indent = 0);
  /// `label` at `indent`, then `text` wrapped in what is left of the width after `column`; lines of `text` stay lines.
  void labelled(std::size_t indent, Cell const& label, std::size_t column, Cell const& text) override;
  /// Lines kept as they are, for configuration to copy.
  void verbatim(std::size_t indent, std::string_view text);
  /// Rows of cells, aligned in columns two blanks apart.
  void table(std::size_t indent, std::vector<std::vector<Cell>> const& rows);

  [[nodiscard]] std::string take() { return std::move(out_); }

 private:
  [[nodiscard]] std::string paint(Tone tone, std::string const& text) const;

  std::size_t width_;
  bool colour_;
  std::string out_;
};

}  // namespace tlsgauge::report
