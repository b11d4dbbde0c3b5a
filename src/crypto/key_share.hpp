#pragma once
// Ephemeral keys for the groups that the local libcrypto can do, and the TLS 1.3 key schedule (RFC 8446 section 7).

#include <memory>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "wire/extension.hpp"
#include "wire/flight.hpp"

namespace tlsgauge::crypto {

/// Groups for which a share can be made with this libcrypto: x25519, secp256r1, secp384r1, secp521r1, x448, ffdhe2048...,
/// brainpool*tls13, and with OpenSSL 3.5 the ML-KEM groups; asked at run time.
[[nodiscard]] std::vector<wire::NamedGroup> usable_groups();
[[nodiscard]] bool can_share(wire::NamedGroup group);

/// A fresh private key with its share, which is also what opens the flight that answers it.
struct OfferedShare {
  wire::KeyShareEntry entry;
  std::shared_ptr<wire::FlightKeys> keys;
};

/// `unsupported` when libcrypto cannot do the group.
[[nodiscard]] Result<OfferedShare> offer_share(wire::NamedGroup group);

/// OpenSSL's version at run time, such as "OpenSSL 3.0.19 27 Jan 2026".
[[nodiscard]] std::string openssl_version();

}  // namespace tlsgauge::crypto
