#include "base/bytes.hpp"

namespace tlsgauge {

std::string hex(ByteView bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  text.reserve(bytes.size() * 2);
  for (std::uint8_t const byte : bytes) {
    text.push_back(kDigits[byte >> 4U]);
    text.push_back(kDigits[byte & 0x0FU]);
  }
  return text;
}

std::optional<Bytes> from_hex(std::string_view text) {
  Bytes bytes;
  bool half = false;
  std::uint8_t high = 0;
  for (char const c : text) {
    if (c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == ':') continue;
    int digit = -1;
    if (c >= '0' && c <= '9') digit = c - '0';
    if (c >= 'a' && c <= 'f') digit = c - 'a' + 10;
    if (c >= 'A' && c <= 'F') digit = c - 'A' + 10;
    if (digit < 0) return std::nullopt;
    if (half) bytes.push_back(static_cast<std::uint8_t>(static_cast<unsigned>(high) << 4U | static_cast<unsigned>(digit)));
    high = static_cast<std::uint8_t>(digit);
    half = !half;
  }
  if (half) return std::nullopt;
  return bytes;
}

}  // namespace tlsgauge
