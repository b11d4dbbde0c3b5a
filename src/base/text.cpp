#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <numeric>
#include <utility>

namespace tlsgauge {
namespace {

struct Decoded {
  char32_t point = 0;
  std::size_t length = 0;  ///< 0: the octet begins no well-formed sequence
};

// Unicode 15 table 3-7: overlong forms, surrogates and values over U+10FFFF are not well-formed.
Decoded decode(std::string_view text) {
  auto const at = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  std::uint8_t const lead = at(0);
  if (lead < 0x80) return {lead, 1};
  std::size_t const length = lead >= 0xC2 && lead <= 0xDF ? 2 : lead >= 0xE0 && lead <= 0xEF ? 3 : lead >= 0xF0 && lead <= 0xF4 ? 4 : 0;
  if (length == 0 || text.size() < length) return {};
  std::uint8_t const low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
  std::uint8_t const high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
  if (at(1) < low || at(1) > high) return {};
  char32_t point = lead & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if ((at(i) & 0xC0U) != 0x80) return {};
    point = point << 6U | (at(i) & 0x3FU);
  }
  return {point, length};
}

void append_escape(std::string& out, std::uint8_t octet) {
  constexpr char kDigits[] = "0123456789ABCDEF";
  out += "\\x";
  out.push_back(kDigits[octet >> 4U]);
  out.push_back(kDigits[octet & 0x0FU]);
}

bool is_bidi_control(char32_t point) {
  return point == 0x200E || point == 0x200F || point == 0x061C || (point >= 0x202A && point <= 0x202E) ||
         (point >= 0x2066 && point <= 0x2069);
}

bool is_control(char32_t point) { return point < 0x20 || (point >= 0x7F && point <= 0x9F); }

void append_point_escape(std::string& out, char32_t point) {
  constexpr char kDigits[] = "0123456789ABCDEF";
  out += "\\u{";
  for (unsigned shift = 16; shift > 0;) {
    shift -= 4;
    out.push_back(kDigits[(point >> shift) & 0x0FU]);
  }
  out.push_back('}');
}

template <class F>
void for_each(std::string_view text, F&& visit) {
  while (!text.empty()) {
    Decoded const decoded = decode(text);
    std::size_t const length = std::max<std::size_t>(decoded.length, 1);
    visit(decoded, text.substr(0, length));
    text.remove_prefix(length);
  }
}

struct Range {
  char32_t first, last;
};

// Enough of Unicode's East Asian Width (W, F) and of its combining marks for names and subjects.
constexpr std::array<Range, 13> kWide{{{0x1100, 0x115F},
                                       {0x2E80, 0x303E},
                                       {0x3041, 0x33FF},
                                       {0x3400, 0x4DBF},
                                       {0x4E00, 0x9FFF},
                                       {0xA000, 0xA4CF},
                                       {0xAC00, 0xD7A3},
                                       {0xF900, 0xFAFF},
                                       {0xFE30, 0xFE6F},
                                       {0xFF00, 0xFF60},
                                       {0xFFE0, 0xFFE6},
                                       {0x1F300, 0x1FAFF},
                                       {0x20000, 0x3FFFD}}};
constexpr std::array<Range, 8> kCombining{{{0x0300, 0x036F},
                                           {0x0483, 0x0489},
                                           {0x0591, 0x05BD},
                                           {0x064B, 0x065F},
                                           {0x1AB0, 0x1AFF},
                                           {0x200B, 0x200D},
                                           {0x20D0, 0x20FF},
                                           {0xFE00, 0xFE0F}}};

template <std::size_t N>
bool within(std::array<Range, N> const& ranges, char32_t point) {
  return std::any_of(ranges.begin(), ranges.end(), [point](Range const& each) { return point >= each.first && point <= each.last; });
}

}  // namespace

std::string to_utf8(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size());
  for_each(bytes, [&out](Decoded const& decoded, std::string_view octets) {
    if (decoded.length == 0) {
      append_escape(out, static_cast<std::uint8_t>(octets[0]));
    } else {
      out += octets;
    }
  });
  return out;
}

std::string printable(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size());
  for_each(bytes, [&out](Decoded const& decoded, std::string_view octets) {
    if (decoded.length == 0 || is_control(decoded.point)) {
      append_escape(out, decoded.length == 0 ? static_cast<std::uint8_t>(octets[0]) : static_cast<std::uint8_t>(decoded.point));
    } else if (is_bidi_control(decoded.point)) {
      append_point_escape(out, decoded.point);
    } else {
      out += octets;
    }
  });
  return out;
}

std::size_t display_width(std::string_view utf8) {
  std::size_t width = 0;
  for_each(utf8, [&width](Decoded const& decoded, std::string_view) {
    if (within(kCombining, decoded.point)) return;
    width += within(kWide, decoded.point) ? 2U : 1U;
  });
  return width;
}

std::string ascii_lower(std::string_view text) {
  std::string lower{text};
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    auto const at = text.find(separator);
    parts.push_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

std::string_view trim(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\n";
  auto const first = text.find_first_not_of(kBlank);
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
  constexpr std::size_t kLongest = 80;  // the table is quadratic
  if (word.size() > kLongest) return {};
  std::string_view best;
  std::size_t best_distance = std::max<std::size_t>(1, word.size() / 3) + 1;
  for (std::string_view const candidate : known) {
    if (candidate.size() > kLongest) continue;
    std::vector<std::size_t> row(candidate.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < word.size(); ++i) {
      std::size_t diagonal = std::exchange(row[0], i + 1);
      for (std::size_t j = 0; j < candidate.size(); ++j) {
        std::size_t const substituted = diagonal + (word[i] == candidate[j] ? 0U : 1U);
        diagonal = row[j + 1];
        row[j + 1] = std::min({row[j] + 1, row[j + 1] + 1, substituted});
      }
    }
    if (row.back() < best_distance) {
      best_distance = row.back();
      best = candidate;
    }
  }
  return best;
}

}  // namespace tlsgauge
