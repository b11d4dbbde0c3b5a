#include "policy/yaml_text.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace tlsgauge::policy {
namespace {

bool is_letter(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }
bool is_plain(char c) { return is_letter(c) || (c >= '0' && c <= '9') || std::string_view{" ._-/+()"}.find(c) != std::string_view::npos; }

/// Words that YAML 1.1 or 1.2 take for a boolean, for nothing or for a number.
bool has_meaning(std::string_view text) {
  static constexpr std::array kWords = {"true", "false", "yes", "no", "on", "off", "y", "n", "null", "nan", "inf"};
  return std::ranges::find(kWords, ascii_lower(text)) != kWords.end();
}

bool is_safe_plain(std::string_view text) {
  return !text.empty() && is_letter(text.front()) && text.back() != ' ' && std::ranges::all_of(text, is_plain) && !has_meaning(text);
}

}  // namespace

std::string yaml_text(std::string_view text) {
  if (is_safe_plain(text)) return std::string{text};
  std::string out = "\"";
  for (char const c : printable(text)) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

std::string yaml_list(std::vector<std::string> const& texts, std::size_t indent, std::size_t width) {
  std::string out = "[";
  std::size_t column = indent + 1;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    std::string const text = yaml_text(texts[i]) + (i + 1 < texts.size() ? "," : "]");
    bool const breaks = i > 0 && column + 1 + text.size() > width;
    if (breaks) {
      out += '\n' + std::string(indent, ' ');
      column = indent;
    } else if (i > 0) {
      out += ' ';
      ++column;
    }
    out += text;
    column += text.size();
  }
  return texts.empty() ? "[]" : out;
}

std::string yaml_comment(std::string_view text, std::size_t indent) {
  std::string out;
  for (std::string_view const line : split(text, '\n')) {
    out += std::string(indent, ' ') + '#';
    std::string const shown = printable(line);
    out += shown.empty() ? "\n" : ' ' + shown + '\n';
  }
  return out;
}

}  // namespace tlsgauge::policy
