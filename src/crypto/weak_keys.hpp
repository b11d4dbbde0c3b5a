#pragma once
// Public keys that can be broken although they look long enough.

#include <string>
#include <vector>

#include "base/bytes.hpp"

namespace tlsgauge::crypto {

struct KeyFacts {
  KeyFacts() = default;
  std::string exponent;             ///< of an RSA key, decimal; hexadecimal with 0x when long; empty for other keys
  std::vector<std::string> faults;  ///< exponent_one, exponent_even, exponent_small, roca, close_primes, small_factor, small_modulus
};

/// Bounded: numbers beyond 16384 bits are not looked into.
[[nodiscard]] KeyFacts key_facts(ByteView certificate);

}  // namespace tlsgauge::crypto
