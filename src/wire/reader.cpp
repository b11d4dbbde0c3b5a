#include "wire/reader.hpp"

namespace tlsgauge::wire {

ByteView Reader::bytes(std::size_t count) {
  if (count > rest_.size()) {
    fail();
    return {};
  }
  ByteView const taken = rest_.first(count);
  rest_ = rest_.subspan(count);
  return taken;
}

std::uint64_t Reader::number(std::size_t width) {
  std::uint64_t value = 0;
  for (std::uint8_t const byte : bytes(width)) value = value << 8U | byte;
  return value;
}

}  // namespace tlsgauge::wire
