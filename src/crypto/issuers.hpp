#pragma once
// Where a certificate says that its issuer's can be had (RFC 5280 section 4.2.2.1), and what comes from there.

#include <string>
#include <vector>

#include "base/bytes.hpp"

namespace tlsgauge::crypto {

/// http and https URLs of id-ad-caIssuers, in order, at most 4; none when the certificate cannot be parsed.
[[nodiscard]] std::vector<std::string> issuer_urls(ByteView der);

/// The certificates in a document, as DER: one in DER, any number in PEM or in a PKCS #7 "certs-only" message; at most 16.
[[nodiscard]] std::vector<Bytes> read_certificates(ByteView document);

/// By names and key identifiers, the signature unchecked.
[[nodiscard]] bool names_as_issuer(ByteView subject, ByteView issuer);

}  // namespace tlsgauge::crypto
