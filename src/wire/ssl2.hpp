#pragma once
// SSL 2.0: the CLIENT-HELLO and the SERVER-HELLO (draft-hickman-netscape-ssl-00).

#include <cstdint>
#include <optional>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "wire/registry/registry.hpp"

namespace tlsgauge::wire {

struct Ssl2ClientHello {
  Ssl2ClientHello() = default;
  std::vector<Ssl2CipherKind> cipher_specs;
  Bytes challenge;  ///< 16 to 32 octets
  /// With the two-octet record header.
  [[nodiscard]] Bytes encode() const;
};

struct Ssl2ServerHello {
  Ssl2ServerHello() = default;
  bool session_id_hit = false;
  std::uint8_t certificate_type = 0;
  ProtocolVersion version{};
  Bytes certificate;  ///< DER
  std::vector<Ssl2CipherKind> cipher_specs;
  Bytes connection_id;
  /// From a record body that starts with the message type 4.
  static Result<Ssl2ServerHello> parse(ByteView body);
};

/// An SSLv2 record with a header of two or three octets; empty while octets are missing;
/// `malformed` when the first octets cannot begin an SSLv2 record holding a SERVER-HELLO (4) or an ERROR (0).
[[nodiscard]] Result<std::optional<Bytes>> read_ssl2_record(ByteView stream);

}  // namespace tlsgauge::wire
