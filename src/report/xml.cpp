#include "report/xml.hpp"

#include <pugixml.hpp>
#include <sstream>

#include "base/text.hpp"

namespace tlsgauge::report {
namespace {

constexpr std::string_view kNonCharacters[] = {"\xEF\xBF\xBE", "\xEF\xBF\xBF"};

std::string without_non_characters(std::string text) {
  for (std::string_view const each : kNonCharacters) {
    std::string const word = each.back() == '\xBE' ? "\\u{FFFE}" : "\\u{FFFF}";
    for (std::size_t at = text.find(each); at != std::string::npos; at = text.find(each, at)) text.replace(at, each.size(), word);
  }
  return text;
}

}  // namespace

std::string xml_text(std::string_view bytes) {
  std::string out;
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= bytes.size(); ++i) {
    if (i < bytes.size() && bytes[i] != '\n' && bytes[i] != '\t') continue;
    out += printable(bytes.substr(begin, i - begin));
    if (i < bytes.size()) out += bytes[i];
    begin = i + 1;
  }
  return without_non_characters(std::move(out));
}

std::string to_string(pugi::xml_document const& document) {
  std::ostringstream out;
  document.save(out, "  ", pugi::format_default, pugi::encoding_utf8);
  return std::move(out).str();
}

}  // namespace tlsgauge::report
