#pragma once
// The list of extensions at the end of a hello and in EncryptedExtensions (RFC 8446 section 4.2).

#include <vector>

#include "wire/extension.hpp"
#include "wire/reader.hpp"
#include "wire/writer.hpp"

namespace tlsgauge::wire {

/// More than any message of an honest peer has; a list over it fails the reader.
inline constexpr std::size_t kMaxExtensions = 512;

/// With its length of 16 bits.
void read_extensions(Reader& r, std::vector<Extension>& into);
void write_extensions(Writer& w, std::vector<Extension> const& list);

/// Code points that travel as a list with a length of 16 bits.
template <class E>
std::vector<E> read_codes(Reader& r) {
  std::vector<E> codes;
  r.vector16([&](Reader& list) {
    codes.reserve(list.remaining() / sizeof(E));
    while (list.more()) codes.push_back(list.code<E>());
  });
  return codes;
}

}  // namespace tlsgauge::wire
