#pragma once
// The SSL Labs SSL Server Rating Guide, as far as the facts go.
//
// Sources: the guide, 2009e to 2009k (https://github.com/ssllabs/research), for categories, tables and the certificate; its later
// changes from https://blog.qualys.com: 2017-01-18 (64-bit blocks, no TLS 1.2), 2018-02-02 (forward secrecy, AEAD), 2018-11-19 (TLS 1.0
// and 1.1), and 2009r (no TLS 1.3). The text of 2009l to 2009r could not be had; where these sources leave a choice the stricter reading
// is taken.
//
// Categories: protocols 30 %, key exchange 30 %, cipher strength 40 %. A zero in one, or a certificate that nobody should trust, is a
// zero in all. Then what caps the grade; T and M override all others.
//
// Keys on curves count as the RSA key that is as strong (P-256: 3072 bits, 90 points), as in the reports of SSL Labs; 3DES counts as 112
// bits. What capable clients negotiate (forward secrecy, AEAD, 64-bit blocks) is reckoned, not simulated: with the suites that browsers
// have offered since 2018 (ECDHE and RSA with AES-GCM, AES-CBC, ChaCha20 and 3DES), by the server's order where it has one. For A+ the
// guide of 2009k demands TLS_FALLBACK_SCSV; that this was dropped later could not be confirmed, so it is demanded where more than one
// version is spoken.
//
// What is not known counts as the worst that it can be: in a category as its lowest value, for a cap as if it held; the reason of such a
// cap begins with "inconclusive". So the grade is never better than with the evidence. The faults that are not measured at all (see
// kSslLabsNotMeasured) are not counted, and are named in a part of their own.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "policy/model.hpp"
#include "wire/registry/registry.hpp"

namespace tlsgauge::policy {

/// What caps the grade, worst first; up to insecure_certificate it is a zero for the whole as well.
enum class SslLabsFault : std::uint8_t {
  untrusted,
  sha1,
  name_mismatch,
  insecure_certificate,
  ssl2,
  ssl3_best,
  insecure_renegotiation,
  tiny_key,
  anonymous,
  weak_cipher,
  only_rc4,
  no_tls12,
  crime,
  poodle,
  rc4_modern,
  block64,
  ssl3,
  old_tls,
  rc4,
  short_key,
  short_dh,
  incomplete_chain,
  no_forward_secrecy,
  no_aead,
  no_tls13,
  no_secure_renegotiation,
  no_hsts,
  no_fallback_scsv,
};
inline constexpr std::size_t kSslLabsFaults = static_cast<std::size_t>(SslLabsFault::no_fallback_scsv) + 1;

struct SslLabsCap {
  std::string_view grade;
  std::string_view when;  ///< in words
  std::string_view reference;
};

/// Every cap, in the order of SslLabsFault.
[[nodiscard]] std::span<SslLabsCap const> ssllabs_caps();

/// Faults that SSL Labs grades F and that no fact tells of.
inline constexpr std::string_view kSslLabsNotMeasured =
    "Heartbleed, CCS injection, Ticketbleed, ROBOT, CVE-2016-2107, POODLE against TLS and its kin (Zombie, GOLDENDOODLE, 0-length), keys "
    "of "
    "the Debian flaw, DROWN by way of other servers";

/// Points of a version: 0 to 100.
[[nodiscard]] double ssllabs_protocol_points(wire::ProtocolVersion version);
/// Points of a key of that many RSA bits.
[[nodiscard]] double ssllabs_key_points(int rsa_bits);
/// Points of a cipher of that many bits.
[[nodiscard]] double ssllabs_cipher_points(int bits);
/// "A" to "F" of 0 to 100 points.
[[nodiscard]] std::string_view ssllabs_letter(double points);

/// Fills model, score, grade, coverage, parts and caps; what score and grade can be at best once all is known. Pure.
Standing score_ssllabs(Endpoint const& endpoint, Assessment& assessment);

}  // namespace tlsgauge::policy
