#include "base/address.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/text.hpp"

namespace tlsgauge {
namespace {

/// A whole number without sign, of at most `digits` digits.
std::optional<unsigned> number(std::string_view text, int base, std::size_t digits) {
  unsigned value = 0;
  char const* const end = text.data() + text.size();
  if (text.empty() || text.size() > digits || std::from_chars(text.data(), end, value, base).ptr != end) return std::nullopt;
  return value;
}

/// Four decimal numbers without leading zeros: 010 is eight to some and ten to others.
std::optional<Bytes> parse_v4(std::string_view literal) {
  Bytes octets;
  for (std::string_view const part : split(literal, '.')) {
    std::optional<unsigned> const value = number(part, 10, 3);
    if (!value || *value > 255 || (part.size() > 1 && part.front() == '0')) return std::nullopt;
    octets.push_back(static_cast<std::uint8_t>(*value));
  }
  return octets.size() == 4 ? std::optional{octets} : std::nullopt;
}

/// Groups of 16 bits between colons; the last may be a dotted quad. Empty text is no group.
std::optional<Bytes> parse_groups(std::string_view text) {
  Bytes octets;
  if (text.empty()) return octets;
  std::vector<std::string_view> const parts = split(text, ':');
  for (std::string_view const& part : parts) {
    if (&part == &parts.back() && part.find('.') != std::string_view::npos) {
      std::optional<Bytes> const quad = parse_v4(part);
      if (!quad) return std::nullopt;
      octets.insert(octets.end(), quad->begin(), quad->end());
      continue;
    }
    std::optional<unsigned> const value = number(part, 16, 4);
    if (!value) return std::nullopt;
    octets.push_back(static_cast<std::uint8_t>(*value >> 8U));
    octets.push_back(static_cast<std::uint8_t>(*value));
  }
  return octets;
}

/// RFC 4291 section 2.2.
std::optional<Bytes> parse_v6(std::string_view literal) {
  std::size_t const gap = literal.find("::");
  if (gap == std::string_view::npos) {
    std::optional<Bytes> const whole = parse_groups(literal);
    return whole && whole->size() == 16 ? whole : std::nullopt;
  }
  std::string_view const before = literal.substr(0, gap);
  std::optional<Bytes> const head = parse_groups(before);
  std::optional<Bytes> const tail = parse_groups(literal.substr(gap + 2));
  if (!head || !tail || before.find('.') != std::string_view::npos || head->size() + tail->size() > 14) return std::nullopt;
  Bytes octets(16);
  std::ranges::copy(*head, octets.begin());
  std::ranges::copy_backward(*tail, octets.end());
  return octets;
}

/// RFC 5952 section 4: lower case, no leading zeros, the longest run of two or more zero groups (the first of equals) as "::".
std::string v6_text(ByteView octets) {
  std::array<unsigned, 8> groups{};
  for (std::size_t i = 0; i < groups.size(); ++i) groups[i] = static_cast<unsigned>(octets[2 * i]) << 8U | octets[2 * i + 1];
  std::size_t gap = groups.size();
  std::size_t length = 1;
  for (std::size_t from = 0; from < groups.size(); ++from) {
    std::size_t to = from;
    while (to < groups.size() && groups[to] == 0) ++to;
    if (to - from <= length) continue;
    gap = from;
    length = to - from;
  }
  std::string out;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    if (i == gap) {
      out += "::";
      i += length - 1;
      continue;
    }
    if (!out.empty() && out.back() != ':') out += ':';
    std::array<char, 4> digits{};
    out.append(digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), groups[i], 16).ptr);
  }
  return out;
}

}  // namespace

std::optional<Bytes> parse_address(std::string_view literal) {
  if (literal.size() > 2 && literal.front() == '[' && literal.back() == ']') literal = literal.substr(1, literal.size() - 2);
  if (literal.find(':') == std::string_view::npos) return parse_v4(literal);
  return parse_v6(literal.substr(0, literal.find('%')));
}

std::string address_text(ByteView octets) {
  if (octets.size() == 16) return v6_text(octets);
  if (octets.size() != 4) return hex(octets);
  std::string out;
  for (std::uint8_t const octet : octets) out += (out.empty() ? "" : ".") + std::to_string(octet);
  return out;
}

}  // namespace tlsgauge
