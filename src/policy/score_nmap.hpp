#pragma once
// The letters of nmap's ssl-enum-ciphers, https://nmap.org/nsedoc/scripts/ssl-enum-ciphers.html, computed from facts.
//
// A suite has 0.43 of its points from the key exchange and 0.57 from the cipher; 80 points are an A, 65 a B, 50 a C, 35 a D, 20 an E. The
// key exchange is the weaker of the certificate's key and the ephemeral one, as RSA bits; in TLS 1.3 nmap does not see the certificate.
// Strength 0 and an F: no authentication, no encryption, a certificate signed with MD2, MD4, MD5 or SHA-1, RSA with exponent 1. RC4 counts
// as 80 bits, 3DES as 112. Versions do not count. The grade is the worst letter ("least strength").
//
// Where nmap prints "unknown" (PSK, SRP and other key exchanges without a measure), the part's grade is "unknown" and the whole an F, as
// for what is not known here. SSL 2.0 is beyond that script; accepted, it makes an F here, so that nobody takes a server for good because
// the other suites are. A group is the one that the scan saw: nmap offers fewer, so its letter may rest on another one.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policy/score_evidence.hpp"

namespace tlsgauge::policy {

inline constexpr std::string_view kNmapUnknown = "unknown";

struct NmapLetter {
  std::string letter;   ///< "A" to "F", or kNmapUnknown
  double points = 0;    ///< 0 to 100
  std::string basis;    ///< in words
  std::string missing;  ///< why it is unknown
  double possible = 0;  ///< the most that `points` can be once it is known
};

/// 0 to 100 points of a key exchange of that many RSA bits and a cipher of that many bits.
[[nodiscard]] double nmap_points(int rsa_bits, int cipher_bits);
[[nodiscard]] std::string_view nmap_letter(double points);
/// The letter of one suite; `keys`: of the certificates that were shown.
[[nodiscard]] NmapLetter rate_suite(SuiteEvidence const& suite, std::vector<KeyEvidence> const& keys);

/// Fills model, score, grade, coverage, parts (one a version and suite, named "VERSION SUITE") and caps; what score and
/// grade can be at best once all is known. Pure.
Standing score_nmap(Endpoint const& endpoint, Assessment& assessment);

}  // namespace tlsgauge::policy
