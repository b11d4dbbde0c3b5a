#pragma once
// The Online Certificate Status Protocol, RFC 6960 and RFC 5019: one certificate, no nonce.

#include "crypto/revocation.hpp"

namespace tlsgauge::crypto {

/// DER of a request about `certificate` with a CertID of SHA-1, which is the one that responders look up.
[[nodiscard]] Result<Bytes> ocsp_request(ByteView certificate, ByteView issuer);

/// What a response says of `certificate`. It must be signed by `issuer` itself, or by a certificate that comes with it, is valid `at` that
/// moment, and was issued by `issuer` for OCSPSigning (section 4.2.2.2; whether such a responder is revoked in turn is not asked, be
/// id-pkix-ocsp-nocheck there or not). Of several statements on the certificate one that it is revoked counts, else the newest. Never
/// throws.
[[nodiscard]] RevocationAnswer read_ocsp_response(ByteView response, ByteView certificate, ByteView issuer, Moment at);

}  // namespace tlsgauge::crypto
