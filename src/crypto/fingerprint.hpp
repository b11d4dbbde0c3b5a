#pragma once
// Fingerprints of what a server answers: JARM (salesforce/jarm) and JA3S (salesforce/ja3).

#include <span>
#include <string>

#include "wire/handshake.hpp"
#include "wire/jarm.hpp"

namespace tlsgauge::crypto {

/// 62 characters: three of each answer, then the first half of SHA-256 over protocols and extensions. Zeros when all answers are empty.
[[nodiscard]] std::string jarm(std::span<wire::JarmAnswer const> answers);

struct Fingerprint {
  Fingerprint() = default;
  std::string text;  ///< what is hashed
  std::string md5;   ///< empty where this libcrypto has no MD5
};

/// "version,suites,extensions,groups,point formats" in decimal, GREASE left out: names the hello that a JA3S answers to.
[[nodiscard]] Fingerprint ja3(wire::ClientHello const& hello);
/// "version,suite,extensions" in decimal, in the server's order. It depends on the hello.
[[nodiscard]] Fingerprint ja3s(wire::ServerHello const& hello);

}  // namespace tlsgauge::crypto
