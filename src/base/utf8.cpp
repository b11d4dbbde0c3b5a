#include "base/utf8.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>

namespace tlsgauge {
namespace {

bool continues(char c) { return (static_cast<std::uint8_t>(c) & 0xC0U) == 0x80; }

}  // namespace

std::string cut(std::string utf8, std::size_t octets, std::string_view mark) {
  if (utf8.size() <= octets) return utf8;
  std::size_t end = octets - std::min(octets, mark.size());
  while (end > 0 && continues(utf8[end])) --end;
  utf8.resize(end);
  utf8 += mark;
  return utf8;
}

std::string to_ascii(std::string_view utf8) {
  std::string out;
  out.reserve(utf8.size());
  for (std::size_t i = 0; i < utf8.size();) {
    auto const first = static_cast<std::uint8_t>(utf8[i]);
    std::size_t length = 1;
    while (i + length < utf8.size() && continues(utf8[i + length])) ++length;
    if (first < 0x80 && length == 1) {
      out += utf8[i++];
      continue;
    }
    unsigned point = first & (length == 1 ? 0xFFU : 0x7FU >> length);
    for (std::size_t j = 1; j < length; ++j) point = point << 6U | (static_cast<std::uint8_t>(utf8[i + j]) & 0x3FU);
    std::array<char, 16> text{};
    std::snprintf(text.data(), text.size(), "\\u{%02X}", point);
    out += text.data();
    i += length;
  }
  return out;
}

}  // namespace tlsgauge
