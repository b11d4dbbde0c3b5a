#pragma once
// What a certificate says, read from DER. RFC 5280.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"

namespace tlsgauge::crypto {

/// All texts are well-formed UTF-8 (base/text.hpp to_utf8), otherwise as the certificate has them.
struct Certificate {
  Certificate() = default;
  Bytes der;
  std::string subject;  ///< RFC 4514 string form
  std::string issuer;
  std::string serial;  ///< upper-case hexadecimal without leading zeros
  Moment not_before{};
  Moment not_after{};
  std::string key_type;  ///< "rsa", "rsa-pss", "ecdsa", "ed25519", "ed448", "dsa", "ml-dsa-65", or the OID
  int key_bits = 0;
  std::string key_curve;                       ///< IANA group name (secp256r1) for elliptic curves, else empty
  std::string signature_algorithm;             ///< "sha256WithRSAEncryption", "ecdsa-with-SHA256", or the OID
  std::vector<std::string> dns_names;          ///< dNSName of subjectAltName, as sent
  std::vector<Bytes> ip_addresses;             ///< iPAddress of subjectAltName: 4 or 16 octets
  std::vector<std::string> subject_alt_names;  ///< all, printable: "DNS:example.com", "IP:192.0.2.1", "URI:..."
  std::size_t subject_alt_names_total = 0;     ///< how many there are: the texts are the first 1000
  std::string sha256;                          ///< of the DER, lower-case hexadecimal
  std::string spki_sha256;                     ///< of SubjectPublicKeyInfo
  bool is_ca = false;
  bool self_issued = false;  ///< subject equals issuer
  std::vector<std::string> ocsp_urls;
  std::size_t serial_octets = 0;                ///< of the number's content, a leading zero octet included
  std::vector<std::string> key_usage;           ///< "digitalSignature"; empty where there is no such extension
  std::vector<std::string> extended_key_usage;  ///< "serverAuth", or the OID; at most 32

  [[nodiscard]] std::string pem() const;
};

/// `malformed` when OpenSSL cannot parse it; the caller keeps the DER all the same.
[[nodiscard]] Result<Certificate> read_certificate(ByteView der);
[[nodiscard]] std::string pem(ByteView der, std::string_view label = "CERTIFICATE");
/// The content of the first PEM block, whatever its label; empty when there is none.
[[nodiscard]] Bytes from_pem(std::string_view text);

struct HostnameMatch {
  bool matches = false;
  std::string reason;                   ///< the SAN that matched, or why none did, in words
  std::vector<std::string> covered_by;  ///< every SAN that matches, "DNS:*.example.com", at most 16
};

/// RFC 9525: subjectAltName only; a wildcard is the whole left-most label and covers exactly one label, of a name of at least three
/// that is not directly under a public suffix ("*.co.uk"); IP addresses match iPAddress octet by octet and never a dNSName.
/// `reference` in A-labels or U-labels, or an address literal.
[[nodiscard]] HostnameMatch match_hostname(Certificate const& certificate, std::string_view reference);

/// A DER name as text (RFC 4514), bounded, as a CertificateRequest holds them; empty when it is none.
[[nodiscard]] std::string distinguished_name(ByteView der);

}  // namespace tlsgauge::crypto
