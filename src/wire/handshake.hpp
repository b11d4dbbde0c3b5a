#pragma once
// Handshake messages of SSL 3.0 to TLS 1.3, as a client meets them.

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "wire/extension.hpp"
#include "wire/registry/registry.hpp"

namespace tlsgauge::wire {

enum class HandshakeType : std::uint8_t {
  hello_request = 0,
  client_hello = 1,
  server_hello = 2,
  new_session_ticket = 4,
  end_of_early_data = 5,
  encrypted_extensions = 8,
  certificate = 11,
  server_key_exchange = 12,
  certificate_request = 13,
  server_hello_done = 14,
  certificate_verify = 15,
  client_key_exchange = 16,
  finished = 20,
  certificate_status = 22,
  key_update = 24,
  compressed_certificate = 25,
  message_hash = 254,
};

using Random = std::array<std::uint8_t, 32>;

/// RFC 8446 section 4.1.2, RFC 5246 section 7.4.1.2. Without extensions it is an SSL 3.0 hello (RFC 6101).
struct ClientHello {
  ClientHello() = default;
  ProtocolVersion record_version = ProtocolVersion::TLSv1_0;  ///< of the record around it
  ProtocolVersion legacy_version = ProtocolVersion::TLSv1_2;
  Random random{};
  Bytes legacy_session_id;
  std::vector<CipherSuite> cipher_suites;
  Bytes legacy_compression_methods{0};
  std::vector<Extension> extensions;

  /// The handshake message with its four-octet header.
  [[nodiscard]] Bytes encode() const;
  /// encode() in records of record_version.
  [[nodiscard]] Bytes encode_in_records() const;
  /// The same with at most `most` octets of the message in each record.
  [[nodiscard]] Bytes encode_in_records(std::size_t most) const;
  /// From a handshake message with its header; `record_version` stays at its default.
  static Result<ClientHello> parse(ByteView message);
};

/// Where the random is in a hello with its header.
[[nodiscard]] std::span<std::uint8_t> random_of(Bytes& hello);

/// RFC 8446 section 4.1.3, RFC 5246 section 7.4.1.3.
struct ServerHello {
  ServerHello() = default;
  ProtocolVersion legacy_version{};
  Random random{};
  Bytes legacy_session_id_echo;
  CipherSuite cipher_suite{};
  std::uint8_t legacy_compression_method = 0;
  std::vector<Extension> extensions;

  /// From the body of the message.
  static Result<ServerHello> parse(ByteView body);

  /// RFC 8446 section 4.1.3: the random is SHA-256 of "HelloRetryRequest".
  [[nodiscard]] bool is_hello_retry_request() const;
  /// supported_versions where present, else legacy_version.
  [[nodiscard]] ProtocolVersion version() const;
  /// The group of key_share (RFC 8446 section 4.2.8), both forms.
  [[nodiscard]] std::optional<NamedGroup> key_share_group() const;
  /// The server's share; empty in a HelloRetryRequest.
  [[nodiscard]] Bytes key_share() const;
  /// The last eight octets of random (RFC 8446 section 4.1.3): the newest version the server was kept from, as it says.
  [[nodiscard]] std::optional<ProtocolVersion> downgrade_sentinel() const;
};

/// DER certificates, the end entity's first. At most 64, RFC 8446 section 4.4.2 and RFC 5246 section 7.4.2.
struct CertificateMessage {
  CertificateMessage() = default;
  std::vector<Bytes> certificates;
  Bytes ocsp_response;                 ///< TLS 1.3: status_request of the first entry
  std::vector<Bytes> ocsp_of_issuers;  ///< ... and of those behind it, in their order up to the last that has one
  bool cut = false;                    ///< there are more certificates than these
  static Result<CertificateMessage> parse(ByteView body, ProtocolVersion version);
  /// From the beginning of a body of `octets`: the certificates that are whole there, and the first 64 where there are more.
  static Result<CertificateMessage> parse_beginning(ByteView beginning, ProtocolVersion version, std::size_t octets);
};

/// RFC 6066 section 8: the DER OCSPResponse of a CertificateStatus message.
[[nodiscard]] Result<Bytes> parse_certificate_status(ByteView body);
/// RFC 6961 section 2.2: as many as there are, the end entity's first; those that are missing are empty.
[[nodiscard]] Result<std::vector<Bytes>> parse_certificate_statuses(ByteView body);

/// RFC 5246 section 7.4.3, RFC 8422 section 5.4, RFC 4279, RFC 5054.
struct ServerKeyExchange {
  ServerKeyExchange() = default;
  std::optional<NamedGroup> group;  ///< ECDHE with a named curve
  Bytes dh_p, dh_g, dh_ys;          ///< finite-field DHE, without leading zeros
  Bytes ec_point;
  Bytes rsa_modulus, rsa_exponent;        ///< the temporary key of an export suite, without leading zeros
  std::optional<SignatureScheme> scheme;  ///< TLS 1.2, where the parameters are signed
  /// `suite` decides the grammar. `unsupported` where the suite's key exchange is not one of ours (GOST, KRB5...).
  static Result<ServerKeyExchange> parse(ByteView body, CipherSuite suite, ProtocolVersion version);
  [[nodiscard]] int dh_bits() const;   ///< of p; 0 when none
  [[nodiscard]] int rsa_bits() const;  ///< of rsa_modulus; 0 when none
};

/// RFC 8446 section 4.3.2, RFC 5246 section 7.4.4.
struct CertificateRequest {
  CertificateRequest() = default;
  std::vector<std::uint8_t> certificate_types;  ///< empty in TLS 1.3
  std::vector<SignatureScheme> signature_algorithms;
  std::vector<Bytes> certificate_authorities;  ///< DER names
  static Result<CertificateRequest> parse(ByteView body, ProtocolVersion version);
};

/// A handshake message, with its header in `whole`.
struct HandshakeMessage {
  HandshakeMessage() = default;
  HandshakeType type{};
  Bytes whole;
  std::size_t left_out = 0;  ///< octets at its end that are not in `whole`
  [[nodiscard]] ByteView body() const { return ByteView{whole}.subspan(4); }
};

/// Puts handshake messages together from fragments, however they were cut or coalesced. Bounded by `limit` octets a message. Of a
/// Certificate over it the first `kept` octets are kept and the rest is passed over; with 0 it is refused like any other.
class HandshakeAssembler {
 public:
  static constexpr std::size_t kLimit = 256 * 1024;

  explicit HandshakeAssembler(std::size_t limit = kLimit, std::size_t kept = 0) : limit_(limit), kept_(kept) {}
  void feed(ByteView fragment);
  /// The next whole message; empty when more is needed; `too_large` when a header announces more than the limit.
  Result<std::optional<HandshakeMessage>> next();
  [[nodiscard]] bool idle() const { return at_ == buffer_.size() && !large_; }
  /// What a Certificate over the limit that is under way has announced; 0: there is none.
  [[nodiscard]] std::size_t large() const { return large_ ? large_octets_ : 0; }

 private:
  std::optional<HandshakeMessage> go_on_with_large();

  std::size_t limit_;
  std::size_t kept_;
  std::optional<HandshakeMessage> large_;
  std::size_t large_octets_ = 0;
  std::size_t large_missing_ = 0;
  Bytes buffer_;
  std::size_t at_ = 0;
};

}  // namespace tlsgauge::wire
