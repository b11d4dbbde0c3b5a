#pragma once
// Certificate Transparency: where timestamps lie in certificates and OCSP responses, and whether a log signed them. RFC 6962.

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "wire/sct.hpp"

namespace tlsgauge::crypto {

/// What a log signs (RFC 6962 section 3.2).
enum class LogEntry {
  x509,            ///< the certificate as it is: timestamps that come by TLS or OCSP
  precertificate,  ///< its TBSCertificate without the timestamps, and its issuer's key: embedded ones
};

/// The SignedCertificateTimestampList of extension 1.3.6.1.4.1.11129.2.4.2; empty when there is none or it cannot be read.
[[nodiscard]] Bytes embedded_sct_list(ByteView certificate);

/// That of the first SingleResponse with extension 1.3.6.1.4.1.11129.2.4.5 in an OCSPResponse; empty when there is none.
[[nodiscard]] Bytes stapled_sct_list(ByteView ocsp_response);

/// Is the timestamp for `certificate` signed by the log whose SubjectPublicKeyInfo is `log_key`? `issuer` (DER) is needed for
/// precertificates. Errors: `unsupported` for a signature that RFC 6962 does not know, `malformed` where a certificate or key cannot be
/// read.
[[nodiscard]] Result<bool> signed_by_log(wire::SignedCertificateTimestamp const& timestamp, LogEntry entry, ByteView certificate,
                                         ByteView issuer, ByteView log_key);

/// SHA-256 of a SubjectPublicKeyInfo: the log's identifier.
[[nodiscard]] std::array<std::uint8_t, 32> log_id(ByteView log_key);

}  // namespace tlsgauge::crypto
