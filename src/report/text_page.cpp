#include "report/text_page.hpp"

#include <algorithm>
#include <utility>

#include "base/text.hpp"
#include "base/utf8.hpp"

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

constexpr std::size_t kWidest = 120;  // columns of a table; a longer text stands out, so that one cannot widen all rows
constexpr std::size_t kLeast = 16;    // columns that a cut cell keeps, come what may

struct Sign {
  std::string_view utf8;
  std::string_view ascii;
};

Sign sign(Glyph glyph) {
  switch (glyph) {
    case Glyph::pass:
      return {"\xE2\x9C\x93", "+"};  // CHECK MARK
    case Glyph::fail:
      return {"\xE2\x9C\x97", "x"};  // BALLOT X
    case Glyph::open:
      return {"?", "?"};
    case Glyph::waived:
      return {"~", "~"};
    case Glyph::rule:
      return {"\xE2\x94\x80", "-"};  // BOX DRAWINGS LIGHT HORIZONTAL
    case Glyph::more:
      return {"\xE2\x80\xA6", "..."};  // HORIZONTAL ELLIPSIS
  }
  return {};
}

}  // namespace

std::string TextPage::glyph(Glyph glyph) const { return std::string{ascii_ ? sign(glyph).ascii : sign(glyph).utf8}; }

std::string TextPage::safe(std::string_view text) const { return ascii_ ? to_ascii(printable(text)) : printable(text); }

/// Lines of at most `width` columns, broken at blanks; a word that is wider stands alone.
std::vector<std::string> TextPage::wrap(std::string_view text, std::size_t width) const {
  std::vector<std::string> lines;
  for (std::string_view const raw : split(text, '\n')) {
    std::string line;
    std::size_t used = 0;
    std::string const clean = safe(raw);
    for (std::string_view const word : split(clean, ' ')) {
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
    out_ += paint(cell.tone, safe(cell.text));
  }
  out_ += '\n';
}

void TextPage::labelled(std::size_t indent, Cell const& label, std::size_t column, Cell const& text) {
  std::string const head = safe(label.text);
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
    out_ += safe(part);
    out_ += '\n';
  }
}

void TextPage::table(std::size_t indent, std::vector<std::vector<Cell>> const& rows, bool fit) {
  std::vector<std::size_t> widths;
  for (auto const& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], std::min(display_width(safe(row[i].text)), kWidest));
  }
  for (auto const& row : rows) {
    std::size_t last = row.size();
    while (last > 0 && row[last - 1].text.empty()) --last;
    out_.append(indent, ' ');
    std::size_t used = indent;
    for (std::size_t i = 0; i < last; ++i) {
      if (widths[i] == 0) continue;
      if (used > indent) {
        out_ += "  ";
        used += 2;
      }
      std::string text = safe(row[i].text);
      if (fit && cuts_ && i + 1 == widths.size())
        text = cut_to_width(text, width_ > used + kLeast ? width_ - used : kLeast, glyph(Glyph::more));
      std::size_t const gap = widths[i] - std::min(widths[i], display_width(text));
      if (row[i].right) out_.append(gap, ' ');
      out_ += paint(row[i].tone, text);
      if (!row[i].right && i + 1 < last) out_.append(gap, ' ');
      used += std::max(widths[i], display_width(text));
    }
    out_ += '\n';
  }
}

}  // namespace tlsgauge::report
