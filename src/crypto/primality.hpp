#pragma once
// Whether the modulus of a Diffie-Hellman group is prime, and whether half of it is.

#include <optional>

#include "base/bytes.hpp"

namespace tlsgauge::crypto {

struct Primality {
  bool prime = false;
  bool safe_prime = false;  ///< (p - 1) / 2 is prime too
};

constexpr int kMaxTestedBits = 4096;  // an eighth of a second; nothing else of a scan goes on meanwhile

/// Empty when the number is too long to be tested, or the test could not be made.
[[nodiscard]] std::optional<Primality> primality(ByteView number);

}  // namespace tlsgauge::crypto
