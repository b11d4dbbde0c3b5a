#include "cli/terminal.hpp"

#include <langinfo.h>
#include <locale.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <string>

#include "base/text.hpp"

namespace tlsgauge::cli {
namespace {

constexpr unsigned kUsual = 80;
constexpr unsigned kNarrowest = 40;
constexpr unsigned kWidest = 200;  // longer lines are hard to read

bool is_set(char const* variable) { return variable != nullptr && *variable != '\0'; }

/// The locale of characters by the rules of POSIX (XBD 8.2).
std::string locale_name() {
  for (char const* const name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    if (char const* const value = std::getenv(name); is_set(value)) return value;
  }
  return "C";
}

}  // namespace

bool colour_wanted(std::string_view when, ColourSigns const& signs) {
  if (when != "auto") return when == "always";
  if (is_set(signs.no_color)) return false;
  if (is_set(signs.force) && std::string_view{signs.force} != "0") return true;
  bool const dumb = signs.term != nullptr && std::string_view{signs.term} == "dumb";
  return signs.terminal && !dumb;
}

bool colour_wanted(std::string_view when) {
  return colour_wanted(when, {std::getenv("NO_COLOR"), std::getenv("CLICOLOR_FORCE"), std::getenv("TERM"), ::isatty(STDOUT_FILENO) == 1});
}

bool is_utf8(std::string_view codeset, std::string_view locale) {
  std::string const known = ascii_lower(codeset);
  if (!known.empty()) return known == "utf-8" || known == "utf8";
  auto const dot = locale.find('.');
  if (dot == std::string_view::npos) return false;
  std::string const named = ascii_lower(locale.substr(dot + 1, locale.find('@') - dot - 1));
  return named == "utf-8" || named == "utf8";
}

bool utf8_wanted() {
  locale_t const locale = ::newlocale(LC_CTYPE_MASK, "", nullptr);  // the process itself stays in C
  std::string const codeset = locale == nullptr ? "" : ::nl_langinfo_l(CODESET, locale);
  if (locale != nullptr) ::freelocale(locale);
  return is_utf8(codeset, locale_name());
}

unsigned columns_of(int descriptor) {
  struct winsize size {};
  unsigned width = 0;
  if (::ioctl(descriptor, TIOCGWINSZ, &size) == 0) width = size.ws_col;
  if (char const* const columns = std::getenv("COLUMNS"); width == 0 && columns != nullptr) {
    std::string_view const text{columns};
    std::from_chars(text.data(), text.data() + text.size(), width);
  }
  return width;
}

unsigned terminal_width(int descriptor) {
  unsigned const width = columns_of(descriptor);
  return width == 0 ? kUsual : std::clamp(width, kNarrowest, kWidest);
}

unsigned output_width() {
  unsigned const width = columns_of(STDOUT_FILENO);
  return width == 0 ? 0 : std::clamp(width, kNarrowest, kWidest);
}

}  // namespace tlsgauge::cli
