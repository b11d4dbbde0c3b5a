#pragma once
// Reads big-endian wire formats from a span, strictly: a read past the end yields zero, empties the reader
// and is remembered; finish() is the only way out and fails on truncation and on octets left over.

#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace tlsgauge::wire {

class Reader {
 public:
  explicit Reader(ByteView bytes) : rest_(bytes) {}

  [[nodiscard]] bool more() const { return !rest_.empty(); }
  [[nodiscard]] bool failed() const { return failed_; }
  [[nodiscard]] std::size_t remaining() const { return rest_.size(); }

  std::uint8_t u8() { return static_cast<std::uint8_t>(number(1)); }
  std::uint16_t u16() { return static_cast<std::uint16_t>(number(2)); }
  std::uint32_t u24() { return static_cast<std::uint32_t>(number(3)); }
  std::uint32_t u32() { return static_cast<std::uint32_t>(number(4)); }

  /// A code point of an enumeration whose underlying type is as wide as its field.
  template <class E>
  E code() {
    return static_cast<E>(number(sizeof(std::underlying_type_t<E>)));
  }

  ByteView bytes(std::size_t count);
  ByteView rest() { return bytes(rest_.size()); }

  /// A vector with a length of 8, 16 or 24 bits: `read` gets a reader over its content and must use it up.
  template <class F>
  void vector8(F&& read) {
    nested(u8(), std::forward<F>(read));
  }
  template <class F>
  void vector16(F&& read) {
    nested(u16(), std::forward<F>(read));
  }
  template <class F>
  void vector24(F&& read) {
    nested(u24(), std::forward<F>(read));
  }

  /// For a rule of the grammar that lengths alone do not express.
  void fail() {
    failed_ = true;
    rest_ = {};
  }

  /// The value, or `malformed` naming `what` when anything was missing or left over.
  template <class T>
  Result<T> finish(std::string_view what, T value) const {
    if (failed_) return Error{ErrorKind::malformed, std::string{what} + " is truncated or inconsistent"};
    if (more()) return Error{ErrorKind::malformed, std::string{what} + " is followed by " + std::to_string(rest_.size()) + " stray octets"};
    return value;
  }

 private:
  std::uint64_t number(std::size_t width);

  template <class F>
  void nested(std::size_t length, F&& read) {
    Reader inner{bytes(length)};
    if (failed_) return;
    std::forward<F>(read)(inner);
    if (inner.failed_ || inner.more()) fail();
  }

  ByteView rest_;
  bool failed_ = false;
};

}  // namespace tlsgauge::wire
