#include "base/utf8.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>

#include "base/text.hpp"

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

std::string cut_printable(std::string_view anything, std::size_t octets) {
  // printable() makes nothing shorter: a character that this breaks ends up beyond what is kept.
  return cut(printable(anything.substr(0, octets + 8)), octets);
}

std::string cut_to_width(std::string_view utf8, std::size_t columns, std::string_view mark) {
  if (display_width(utf8) <= columns) return std::string{utf8};
  std::size_t const room = columns - std::min(columns, display_width(mark));
  std::size_t used = 0;
  std::size_t end = 0;
  while (end < utf8.size()) {
    std::size_t next = end + 1;
    while (next < utf8.size() && continues(utf8[next])) ++next;
    std::size_t const width = display_width(utf8.substr(end, next - end));
    if (used + width > room) break;
    used += width;
    end = next;
  }
  return std::string{utf8.substr(0, end)} + std::string{mark};
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
