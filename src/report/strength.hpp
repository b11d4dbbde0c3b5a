#pragma once
// How strong a cipher suite is, for the eye. A guide to reading the list, not a verdict: those come from profiles.

#include <string>
#include <string_view>
#include <vector>

#include "tlsgauge/value.hpp"

namespace tlsgauge::report {

enum class Strength {
  strong,   ///< forward secrecy and AEAD
  fair,     ///< forward secrecy with CBC and HMAC
  weak,     ///< no forward secrecy, 64-bit blocks, Diffie-Hellman under 2048 bits
  unknown,  ///< no registry knows the suite: it may be anything
  broken,   ///< no encryption or authentication, export, RC4, keys under 112 bits, MD5, Diffie-Hellman under 1024 bits, SSLv2
};

struct Rating {
  Strength strength = Strength::strong;
  std::vector<std::string> reasons;  ///< what weakens it; empty when strong
};

/// Whether it is known what the suite is made of, which of one that no registry knows it is not. `suite`: an item of facts.cipher_suites.
[[nodiscard]] bool is_described(Value const& suite);
[[nodiscard]] Rating rate(Value const& suite);
[[nodiscard]] std::string_view name(Strength strength);

/// "x25519", "DH 1024 bits", "RSA": what the key exchange rests on, as far as it is known.
[[nodiscard]] std::string key_exchange_of(Value const& suite);
/// "AES-256-GCM", "RC4-128, SHA1"; empty when nothing is known.
[[nodiscard]] std::string encryption_of(Value const& suite);

}  // namespace tlsgauge::report
