#pragma once
// Writes big-endian wire formats; vectors get their length when their content is known.

#include <cassert>
#include <cstdint>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/bytes.hpp"

namespace tlsgauge::wire {

class Writer {
 public:
  void u8(std::uint8_t v) { number(v, 1); }
  void u16(std::uint16_t v) { number(v, 2); }
  void u24(std::uint32_t v) { number(v, 3); }
  void u32(std::uint32_t v) { number(v, 4); }
  template <class E>
  void code(E v) {
    number(static_cast<std::uint64_t>(v), sizeof(std::underlying_type_t<E>));
  }
  void bytes(ByteView v);
  /// Hellos have hundreds of them, written thousands of times: not one by one.
  template <class E>
  void codes(std::vector<E> const& list) {
    static_assert(sizeof(E) == 2);
    std::size_t at = out_.size();
    out_.resize(at + 2 * list.size());
    for (E const each : list) {
      auto const v = static_cast<std::uint16_t>(each);
      out_[at++] = static_cast<std::uint8_t>(v >> 8U);
      out_[at++] = static_cast<std::uint8_t>(v & 0xffU);
    }
  }
  void reserve(std::size_t octets) { out_.reserve(octets); }

  template <class F>
  void vector8(F&& write) {
    nested(1, std::forward<F>(write));
  }
  template <class F>
  void vector16(F&& write) {
    nested(2, std::forward<F>(write));
  }
  template <class F>
  void vector24(F&& write) {
    nested(3, std::forward<F>(write));
  }

  [[nodiscard]] std::size_t size() const { return out_.size(); }
  [[nodiscard]] Bytes take() { return std::exchange(out_, {}); }

 private:
  void number(std::uint64_t v, std::size_t width) {
    for (std::size_t i = width; i-- > 0;) out_.push_back(static_cast<std::uint8_t>(v >> (8U * i)));
  }
  template <class F>
  void nested(std::size_t width, F&& write) {
    std::size_t const at = out_.size();
    number(0, width);
    std::forward<F>(write)(*this);
    std::size_t const length = out_.size() - at - width;
    assert(length >> (8U * width) == 0);
    for (std::size_t i = 0; i < width; ++i) out_[at + i] = static_cast<std::uint8_t>(length >> (8U * (width - 1 - i)));
  }

  Bytes out_;
};

}  // namespace tlsgauge::wire
