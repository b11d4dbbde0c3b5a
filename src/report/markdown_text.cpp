#include "report/markdown_text.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "base/utf8.hpp"
#include "report/xml.hpp"

namespace tlsgauge::report {
namespace {

constexpr std::string_view kBreak = "&#8203;";           // ZERO WIDTH SPACE
constexpr std::string_view kWidthless = "\xE2\x80\x8B";  // the same, where entities mean nothing

bool is_alnum(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

/// The longest run of backticks.
std::size_t longest_run(std::string_view text) {
  std::size_t longest = 0;
  std::size_t run = 0;
  for (char const c : text) {
    run = c == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  return longest;
}

/// What a character is written as; empty: as itself.
std::string_view entity(char c) {
  switch (c) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '|':
      return "&#124;";
    case '@':
      return "&#64;";
    case '#':
      return "&#35;";
    case '$':
      return "&#36;";
    default:
      return {};
  }
}

/// Whether a site makes something of what ends at `at`: a mention, a reference, an emoji, an address, a formula.
bool refers(std::string_view line, std::size_t at) {
  std::string_view const rest = line.substr(at + 1);
  if (rest.empty() || rest.front() == ' ') return false;
  std::string const before = ascii_lower(line.substr(at < 6 ? 0 : at - 6, at < 6 ? at : 6));
  char const c = line[at];
  if (c == ':') {
    std::size_t const word =
        std::min(rest.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_+-"), rest.size());
    bool const emoji = word > 0 && word < rest.size() && rest[word] == ':';
    return emoji || rest.front() == '/' || before.ends_with("mailto") || before.ends_with("xmpp");
  }
  if (c == '.') return before.ends_with("www");
  if (c == '-') return before.ends_with("gh");
  return std::string_view{"@#$!%^~&"}.find(c) != std::string_view::npos;
}

/// An underscore inside a word marks nothing.
bool inside_word(std::string_view line, std::size_t at) {
  return at > 0 && at + 1 < line.size() && is_alnum(line[at - 1]) && is_alnum(line[at + 1]);
}

}  // namespace

std::string prose(std::string_view text, std::size_t octets) {
  std::string const kept = cut(printable(text), octets, "\xE2\x80\xA6");
  std::string_view const line = trim(kept);  // two blanks at the end of a line would break it
  std::string out;
  for (std::size_t i = 0; i < line.size(); ++i) {
    char const c = line[i];
    bool const breaks = refers(line, i);
    if (breaks && (c == '.' || c == '-')) out += kBreak;
    if (std::string_view const word = entity(c); !word.empty()) {
      out += word;
    } else {
      bool const marks = std::string_view{"\\`*_[]~^"}.find(c) != std::string_view::npos && !(c == '_' && inside_word(line, i));
      if (marks) out += '\\';
      out += c;
    }
    if (breaks && c != '.' && c != '-') out += kBreak;
  }
  return out;
}

std::string code_span(std::string_view text, bool in_table, std::size_t octets) {
  std::string const line = cut(printable(text), octets, "\xE2\x80\xA6");
  if (line.empty()) return line;
  std::string const fence(longest_run(line) + 1, '`');
  std::string inside;
  for (char const c : line) {  // a table takes bars out of code unless they are escaped, and two backslashes for one
    if (c == '|' && in_table) inside += inside.ends_with('\\') ? std::string{kWidthless} + "\\" : "\\";
    inside += c;
  }
  bool const padded = line.front() == '`' || line.back() == '`' || line.front() == ' ' || line.back() == ' ';
  bool const blank = line.find_first_not_of(' ') == std::string::npos;
  std::string const pad = padded && !blank ? " " : "";
  return fence + pad + inside + pad + fence;
}

std::string code_block(std::string_view text, std::string_view language, std::size_t octets) {
  std::string const lines = cut(xml_text(text), octets);
  std::string const fence(std::max<std::size_t>(longest_run(lines) + 1, 3), '`');
  bool const word = language.size() <= 20 && std::ranges::all_of(language, is_alnum);
  return fence + std::string{word ? language : ""} + "\n" + lines + (lines.ends_with('\n') ? "" : "\n") + fence + "\n";
}

}  // namespace tlsgauge::report
