#pragma once
// The part of the TLS 1.3 key schedule that opens a server's first flight: RFC 8446 sections 5.2, 5.3, 7.1 and 7.3.

#include <cstdint>
#include <functional>
#include <memory>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "crypto/key_share.hpp"
#include "wire/flight.hpp"

namespace tlsgauge::crypto {

/// A suite whose records can be opened: RFC 8446 appendix B.4.
struct Tls13Suite {
  wire::CipherSuite code;
  char const* digest;
  char const* cipher;
  std::size_t hash_octets;
  std::size_t key_octets;
  std::size_t tag_octets;
  bool ccm;
};

/// nullptr for suites that libcrypto cannot do or that are not TLS 1.3's.
[[nodiscard]] Tls13Suite const* find_tls13_suite(wire::CipherSuite code);

/// Empty when libcrypto fails.
[[nodiscard]] Bytes transcript_hash(Tls13Suite const& suite, ByteView client_hello, ByteView server_hello);
[[nodiscard]] Bytes hkdf_extract(Tls13Suite const& suite, ByteView salt, ByteView input_key);
[[nodiscard]] Bytes hkdf_expand_label(Tls13Suite const& suite, ByteView secret, std::string_view label, ByteView context,
                                      std::size_t length);

/// server_handshake_traffic_secret of a handshake without PSK; empty when libcrypto fails.
[[nodiscard]] Bytes server_handshake_traffic_secret(Tls13Suite const& suite, ByteView shared_secret, ByteView transcript_hash);

/// Opens records in the order in which they were sent.
class RecordOpener {
 public:
  RecordOpener(Tls13Suite const& suite, ByteView traffic_secret);

  /// The whole TLSCiphertext with its header. `malformed` when it is no such record or its tag is wrong.
  Result<wire::OpenedRecord> open(ByteView record);

  [[nodiscard]] Bytes const& key() const { return key_; }
  [[nodiscard]] Bytes const& iv() const { return iv_; }

 private:
  [[nodiscard]] Result<Bytes> decrypt(ByteView header, ByteView sealed) const;

  Tls13Suite const* suite_;
  Bytes key_;
  Bytes iv_;
  std::uint64_t sequence_ = 0;
};

/// The shared secret from the server's share.
using Agreement = std::function<Result<Bytes>(ByteView server_share)>;

[[nodiscard]] std::shared_ptr<wire::FlightKeys> flight_keys(wire::NamedGroup group, Agreement agree);

/// A share of a known private key, so that recorded handshakes can be replayed in tests.
[[nodiscard]] Result<OfferedShare> x25519_share(ByteView private_key);

}  // namespace tlsgauge::crypto
