#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>

namespace tlsgauge {
namespace {

struct Decoded {
  char32_t point = 0;
  std::size_t length = 0;  ///< 0: the octet begins no well-formed sequence
};

/// Unicode 15 section 3.9, table 3-7: no overlong forms, no surrogates, nothing over U+10FFFF.
Decoded decode(std::string_view text) {
  auto const octet = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  std::uint8_t const first = octet(0);
  if (first < 0x80) return {first, 1};
  std::size_t const length = first >= 0xC2 && first <= 0xDF ? 2 : (first & 0xF0U) == 0xE0 ? 3 : first >= 0xF0 && first <= 0xF4 ? 4 : 0;
  if (length == 0 || text.size() < length) return {};
  char32_t point = first & (0x7FU >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if ((octet(i) & 0xC0U) != 0x80) return {};
    point = point << 6U | (octet(i) & 0x3FU);
  }
  bool const overlong = (length == 3 && point < 0x800) || (length == 4 && point < 0x10000);
  bool const surrogate = point >= 0xD800 && point <= 0xDFFF;
  if (overlong || surrogate || point > 0x10FFFF) return {};
  return {point, length};
}

void append_octet(std::string& out, unsigned octet) {
  constexpr char kDigits[] = "0123456789ABCDEF";
  out += "\\x";
  out.push_back(kDigits[octet >> 4U & 0xFU]);
  out.push_back(kDigits[octet & 0xFU]);
}

bool is_control(char32_t c) { return c < 0x20 || (c >= 0x7F && c <= 0x9F); }

/// What changes the direction of the text around it, or ends the line, though it is no control character.
bool steers_line(char32_t c) {
  return c == 0x061C || c == 0x200E || c == 0x200F || (c >= 0x2028 && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

struct Range {
  char32_t first, last;
};

template <std::size_t N>
bool within(std::array<Range, N> const& ranges, char32_t c) {
  auto const at = std::upper_bound(ranges.begin(), ranges.end(), c, [](char32_t p, Range const& r) { return p < r.first; });
  return at != ranges.begin() && c <= std::prev(at)->last;
}

// Blocks of combining marks and of characters without a shape of their own (Unicode 15, categories Mn, Me and Cf, by block).
constexpr std::array<Range, 48> kNoColumns{{
    {0x00AD, 0x00AD}, {0x0300, 0x036F}, {0x0483, 0x0489}, {0x0591, 0x05BD},   {0x05BF, 0x05BF},   {0x05C1, 0x05C2},   {0x05C4, 0x05C5},
    {0x05C7, 0x05C7}, {0x0600, 0x0605}, {0x0610, 0x061C}, {0x064B, 0x065F},   {0x0670, 0x0670},   {0x06D6, 0x06DD},   {0x06DF, 0x06E4},
    {0x06E7, 0x06E8}, {0x06EA, 0x06ED}, {0x070F, 0x070F}, {0x0711, 0x0711},   {0x0730, 0x074A},   {0x07A6, 0x07B0},   {0x07EB, 0x07F3},
    {0x0816, 0x0819}, {0x0900, 0x0902}, {0x093A, 0x093A}, {0x093C, 0x093C},   {0x0941, 0x0948},   {0x094D, 0x094D},   {0x0951, 0x0957},
    {0x0E31, 0x0E31}, {0x0E34, 0x0E3A}, {0x0E47, 0x0E4E}, {0x1160, 0x11FF},   {0x1AB0, 0x1ACE},   {0x1DC0, 0x1DFF},   {0x200B, 0x200F},
    {0x2028, 0x202E}, {0x2060, 0x206F}, {0x20D0, 0x20F0}, {0x302A, 0x302D},   {0x3099, 0x309A},   {0xFB1E, 0xFB1E},   {0xFE00, 0xFE0F},
    {0xFE20, 0xFE2F}, {0xFEFF, 0xFEFF}, {0xFFF9, 0xFFFB}, {0x1D167, 0x1D169}, {0xE0001, 0xE007F}, {0xE0100, 0xE01EF},
}};

// East Asian Wide and Fullwidth (Unicode 15, EastAsianWidth.txt), neighbouring ranges joined.
constexpr std::array<Range, 40> kTwoColumns{{
    {0x1100, 0x115F}, {0x231A, 0x231B}, {0x2329, 0x232A}, {0x23E9, 0x23EC}, {0x23F0, 0x23F0},   {0x23F3, 0x23F3}, {0x25FD, 0x25FE},
    {0x2614, 0x2615}, {0x2648, 0x2653}, {0x267F, 0x267F}, {0x2693, 0x2693}, {0x26A1, 0x26A1},   {0x26AA, 0x26AB}, {0x26BD, 0x26BE},
    {0x26C4, 0x26C5}, {0x26CE, 0x26CE}, {0x26D4, 0x26D4}, {0x26EA, 0x26EA}, {0x26F2, 0x26F3},   {0x26F5, 0x26F5}, {0x26FA, 0x26FA},
    {0x26FD, 0x26FD}, {0x2705, 0x2705}, {0x270A, 0x270B}, {0x2728, 0x2728}, {0x274C, 0x274C},   {0x274E, 0x274E}, {0x2753, 0x2755},
    {0x2757, 0x2757}, {0x2795, 0x2797}, {0x2E80, 0x303E}, {0x3041, 0x4DBF}, {0x4E00, 0xA4CF},   {0xA960, 0xA97F}, {0xAC00, 0xD7A3},
    {0xF900, 0xFAFF}, {0xFE10, 0xFE6F}, {0xFF01, 0xFF60}, {0xFFE0, 0xFFE6}, {0x1F300, 0x1F64F},
}};
constexpr std::array<Range, 6> kTwoColumnsBeyond{{
    {0x16FE0, 0x18D08},
    {0x1B000, 0x1B2FB},
    {0x1F004, 0x1F004},
    {0x1F680, 0x1F6FC},
    {0x1F90C, 0x1FAFF},
    {0x20000, 0x3FFFD},
}};

std::size_t columns(char32_t c) {
  if (c < 0x7F) return c < 0x20 ? 0 : 1;
  if (is_control(c) || within(kNoColumns, c)) return 0;
  return within(kTwoColumns, c) || within(kTwoColumnsBeyond, c) ? 2 : 1;
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      std::size_t const above = row[j];
      row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0U : 1U)});
      diagonal = above;
    }
  }
  return row[b.size()];
}

}  // namespace

std::string to_utf8(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size());
  while (!bytes.empty()) {
    Decoded const next = decode(bytes);
    if (next.length == 0) {
      append_octet(out, static_cast<std::uint8_t>(bytes.front()));
      bytes.remove_prefix(1);
    } else {
      out += bytes.substr(0, next.length);
      bytes.remove_prefix(next.length);
    }
  }
  return out;
}

std::string printable(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size());
  while (!bytes.empty()) {
    Decoded const next = decode(bytes);
    std::size_t const length = std::max<std::size_t>(next.length, 1);
    if (next.length == 0) {
      append_octet(out, static_cast<std::uint8_t>(bytes.front()));
    } else if (is_control(next.point)) {
      append_octet(out, static_cast<unsigned>(next.point));
    } else if (steers_line(next.point)) {
      std::array<char, 16> text{};
      std::snprintf(text.data(), text.size(), "\\u{%04X}", static_cast<unsigned>(next.point));
      out += text.data();
    } else {
      out += bytes.substr(0, length);
    }
    bytes.remove_prefix(length);
  }
  return out;
}

std::size_t display_width(std::string_view utf8) {
  std::size_t width = 0;
  while (!utf8.empty()) {
    Decoded const next = decode(utf8);
    width += next.length == 0 ? 1 : columns(next.point);  // a terminal shows a replacement character
    utf8.remove_prefix(std::max<std::size_t>(next.length, 1));
  }
  return width;
}

std::string ascii_lower(std::string_view text) {
  std::string out{text};
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    std::size_t const at = text.find(separator);
    parts.push_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

std::string_view trim(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\n\v\f";
  std::size_t const first = text.find_first_not_of(kBlank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

std::string join(std::vector<std::string> const& parts, std::string_view separator) {
  std::string out;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) out += separator;
    out += parts[i];
  }
  return out;
}

std::string_view nearest(std::string_view word, std::vector<std::string_view> const& known) {
  constexpr std::size_t kLongest = 256;  // a typing error is not looked for in more than this
  std::string_view best;
  if (word.size() > kLongest) return best;
  std::size_t least = word.size() / 3 + 1;
  for (std::string_view const candidate : known) {
    if (candidate.size() > kLongest) continue;
    std::size_t const distance = edit_distance(ascii_lower(word), ascii_lower(candidate));
    if (distance < least) {
      least = distance;
      best = candidate;
    }
  }
  return best;
}

}  // namespace tlsgauge
