#include "report/text_page.hpp"

#include <algorithm>
#include <utility>

#include "base/text.hpp"

namespace tlsgauge::report {
namespace {

std::string_view code(Tone tone) {
  switch (tone) {
    case Tone::plain:
      return "";
    case Tone::bold:
      return "\x1b[1m";
    case Tone::dim:
      return "\x1b[2m";
    case Tone::good:
      return "\x1b[32m";
    case Tone::fair:
      return "\x1b[33m";
    case Tone::bad:
      return "\x1b[31m";
  }
  return "";
}

/// Lines of at most `width` columns, broken at blanks; a word that is wider stands alone.
std::vector<std::string> wrap(std::string_view text, std::size_t width) {
  std::vector<std::string> lines;
  for (std::string_view const raw : split(text, '\n')) {
    std::string line;
    std::size_t used = 0;
    std::string const safe = printable(raw);
    for (std::string_view const word : split(safe, ' ')) {
      std::size_t const size = display_width(word);
      if (!line.empty() && used + 1 + size > width) {
        lines.push_back(std::move(line));
        line.clear();
        used = 0;
      }
      if (!line.empty()) {
        line += ' ';
        ++used;
      }
      line += word;
      used += size;
    }
    lines.push_back(std::move(line));
  }
  return lines;
}

}  // namespace

std::string TextPage::paint(Tone tone, std::string const& text) const {
  if (!colour_ || tone == Tone::plain || text.empty()) return text;
  return std::string{code(tone)} + text + "\x1b[0m";
}

void TextPage::blank() { out_ += '\n'; }

void TextPage::heading(std::string_view text) {
  blank();
  line({{std::string{text}, Tone::bold}});
}

void TextPage::line(std::vector<Cell> const& cells, std::size_t indent) {
  out_.append(indent, ' ');
  bool first = true;
  for (Cell const& cell : cells) {
    if (cell.text.empty()) continue;
    if (!std::exchange(first, false)) out_ += "  ";
    out_ += paint(cell.tone, printable(cell.text));
  }
  out_ += '\n';
}

void TextPage::labelled(std::size_t indent, Cell const& label, std::size_t column, Cell const& text) {
  std::string const head = printable(label.text);
  std::size_t const head_end = indent + display_width(head);
  out_.append(indent, ' ');
  out_ += paint(label.tone, head);
  bool first = true;
  for (std::string const& part : wrap(text.text, width_ > column + 20 ? width_ - column : 20)) {
    if (!first) out_ += '\n';
    if (!part.empty()) {
      out_.append(!first ? column : column > head_end ? column - head_end : head.empty() ? 0 : 1, ' ');
      out_ += paint(text.tone, part);
    }
    first = false;
  }
  out_ += '\n';
}

void TextPage::verbatim(std::size_t indent, std::string_view text) {
  for (std::string_view const part : split(text, '\n')) {
    out_.append(indent, ' ');
    out_ += printable(part);
    out_ += '\n';
  }
}

void TextPage::table(std::size_t indent, std::vector<std::vector<Cell>> const& rows) {
  std::vector<std::size_t> widths;
  for (auto const& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], display_width(printable(row[i].text)));
  }
  for (auto const& row : rows) {
    std::size_t last = row.size();
    while (last > 0 && row[last - 1].text.empty()) --last;
    out_.append(indent, ' ');
    bool first = true;
    for (std::size_t i = 0; i < last; ++i) {
      if (widths[i] == 0) continue;
      if (!std::exchange(first, false)) out_ += "  ";
      std::string const text = printable(row[i].text);
      std::size_t const gap = widths[i] - display_width(text);
      if (row[i].right) out_.append(gap, ' ');
      out_ += paint(row[i].tone, text);
      if (!row[i].right && i + 1 < last) out_.append(gap, ' ');
    }
    out_ += '\n';
  }
}

}  // namespace tlsgauge::report
