#pragma once
// What nmap's ssl-enum-ciphers says of a suite, https://nmap.org/nsedoc/scripts/ssl-enum-ciphers.html, computed from facts: its letter,
// its key exchange and its warnings in the script's words.
//
// A suite has 0.43 of its points from the key exchange and 0.57 from the cipher; 80 points are an A, 65 a B, 50 a C, 35 a D, 20 an E. The
// key exchange is the weaker of the certificate's key and the ephemeral one, as RSA bits; in TLS 1.3 nmap does not see the certificate.
// Strength 0 and an F: no authentication, no encryption, a certificate signed with MD2, MD4, MD5 or SHA-1, RSA with exponent 1. RC4 counts
// as 80 bits, 3DES as 112. Versions do not count.
//
// nmap prints "unknown" for PSK, SRP and other key exchanges without a measure. Where the group is the one that the scan saw, the
// letter may rest on another one: nmap offers fewer.

#include <string>
#include <string_view>
#include <vector>

#include "audit/suite_evidence.hpp"

namespace tlsgauge::audit {

inline constexpr std::string_view kNmapUnknown = "unknown";

struct NmapLetter {
  std::string letter;                      ///< "A" to "F", or kNmapUnknown
  double points = 0;                       ///< 0 to 100
  std::string basis;                       ///< in words
  std::string missing;                     ///< why it is unknown
  double possible = 0;                     ///< the most that `points` can be once it is known
  std::vector<std::string> warnings = {};  ///< of the key exchange: "Export key exchange"
};

/// 0 to 100 points of a key exchange of that many RSA bits and a cipher of that many bits.
[[nodiscard]] double nmap_points(int rsa_bits, int cipher_bits);
[[nodiscard]] std::string_view nmap_letter(double points);
/// The letter of one suite; `keys`: of the certificates that were shown.
[[nodiscard]] NmapLetter rate_suite(SuiteEvidence const& suite, std::vector<KeyEvidence> const& keys);

/// What stands in brackets behind the suite: "rsa 2048", "dh 1024", "secp256r1", "ecdh_x25519"; empty where nmap has nothing or nothing
/// is known.
[[nodiscard]] std::string nmap_exchange(SuiteEvidence const& suite, std::vector<KeyEvidence> const& keys);
/// nmap's name of the suite: that of the registry, but for TLS 1.3 ("TLS_AKE_WITH_AES_128_GCM_SHA256") and drafts.
[[nodiscard]] std::string nmap_name(SuiteEvidence const& suite);
/// Whether nmap counts the suite as one with forward secrecy, which those without authentication are not; yes for an unknown suite.
[[nodiscard]] bool nmap_forward_secrecy(SuiteEvidence const& suite);
/// Warnings about cipher and MAC at the suite's version: "64-bit block cipher 3DES vulnerable to SWEET32 attack".
[[nodiscard]] std::vector<std::string> nmap_cipher_warnings(SuiteEvidence const& suite);

}  // namespace tlsgauge::audit
