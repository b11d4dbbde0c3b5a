#pragma once
// Signed certificate timestamps. RFC 6962 section 3.

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace tlsgauge::wire {

/// What a log returned when a certificate was handed in (section 3.2).
struct SignedCertificateTimestamp {
  SignedCertificateTimestamp() = default;
  std::uint8_t version = 0;               ///< 0 is v1, the only one whose other fields are read
  std::array<std::uint8_t, 32> log_id{};  ///< SHA-256 of the log's SubjectPublicKeyInfo
  std::uint64_t timestamp = 0;            ///< milliseconds since the epoch
  Bytes extensions;
  std::uint8_t hash = 0;       ///< RFC 5246 section 7.4.1.4.1: 4 is SHA-256
  std::uint8_t algorithm = 0;  ///< 1 is RSA, 3 is ECDSA
  Bytes signature;

  /// One SerializedSCT. `unsupported`: of another version.
  static Result<SignedCertificateTimestamp> parse(ByteView octets);
};

/// The members of a SignedCertificateTimestampList (section 3.3), at most 64, each still to be parsed.
[[nodiscard]] Result<std::vector<Bytes>> split_sct_list(ByteView list);

/// The list beside the end entity's certificate in the body of a TLS 1.3 Certificate message (RFC 8446 section 4.4.2.1), split or not; none
/// where the extension is not there or the message cannot be read.
[[nodiscard]] std::optional<Bytes> sct_list_of_certificate(ByteView body);

}  // namespace tlsgauge::wire
