#pragma once
// Code points of the TLS registries, each written down once: in data/*.csv. See tools/gen_registry.py.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/bytes.hpp"

namespace tlsgauge::wire {

/// As on the wire; SSLv2 as its CLIENT-HELLO writes it. Ordered from oldest to newest.
enum class ProtocolVersion : std::uint16_t {
  none = 0,
  SSLv2 = 0x0002,
  SSLv3 = 0x0300,
  TLSv1_0 = 0x0301,
  TLSv1_1 = 0x0302,
  TLSv1_2 = 0x0303,
  TLSv1_3 = 0x0304,
};

inline constexpr ProtocolVersion kAllVersions[] = {ProtocolVersion::SSLv2,   ProtocolVersion::SSLv3,   ProtocolVersion::TLSv1_0,
                                                   ProtocolVersion::TLSv1_1, ProtocolVersion::TLSv1_2, ProtocolVersion::TLSv1_3};

// Every wire value is a value of the enumeration: unknown code points survive reading, comparing and printing.
#define X(identifier, code, ...) identifier = code,
#define Y(...)
enum class CipherSuite : std::uint16_t {
#include "wire/registry/cipher_suites.inc"
};
enum class Ssl2CipherKind : std::uint32_t {
#include "wire/registry/ssl2_cipher_kinds.inc"
};
enum class NamedGroup : std::uint16_t {
#include "wire/registry/groups.inc"
};
enum class SignatureScheme : std::uint16_t {
#include "wire/registry/signature_schemes.inc"
};
enum class ExtensionType : std::uint16_t {
#include "wire/registry/extensions.inc"
};
enum class AlertDescription : std::uint8_t {
#include "wire/registry/alerts.inc"
};
#undef X
#undef Y

/// What the registries and RFCs say of a suite; no opinions.
struct CipherSuiteInfo {
  std::uint32_t code;  ///< 16 bits, for SSLv2 kinds 24
  std::string_view name;
  std::string_view openssl_name;  ///< empty where OpenSSL never had one
  std::string_view status;        ///< iana, draft, private, national, ssl3, sslv2, scsv, grease
  std::string_view key_exchange;  ///< "ECDHE", "DHE", "RSA", "any" (TLS 1.3)...
  std::string_view authentication;
  std::string_view encryption;
  int key_bits;    ///< effective strength: 3DES 112, export 40 or 56
  int block_bits;  ///< 0 for stream and unknown; 64 is what SWEET32 (CVE-2016-2183) needs
  std::string_view mode;
  std::string_view mac;  ///< "AEAD" where there is none of its own
  std::string_view prf_hash;
  bool forward_secrecy;
  bool export_grade;
  ProtocolVersion min_version;  ///< the lowest version an implementation is known to use it at
  ProtocolVersion max_version;
  std::string_view iana_recommended;  ///< Y, N, D or empty
  std::string_view rfc;

  [[nodiscard]] bool aead() const { return mac == "AEAD"; }
};

struct NamedGroupInfo {
  NamedGroup code;
  std::string_view name;
  std::string_view kind;  ///< ecdhe, ffdhe, pqc, pqc-hybrid, obsolete-pqc-hybrid, obsolete, grease
  std::string_view status;
  int security_bits;
  int client_share_octets;  ///< 0 where unknown
  int server_share_octets;
  bool usable_in_tls13;
  std::string_view rfc;

  [[nodiscard]] bool post_quantum() const { return kind.find("pqc") != std::string_view::npos; }
};

struct SignatureSchemeInfo {
  SignatureScheme code;
  std::string_view name;
  std::string_view algorithm;  ///< rsa_pkcs1, rsa_pss, ecdsa, eddsa, dsa, ml-dsa...
  std::string_view hash;
  std::string_view tls12;  ///< "Y", "N" or a restriction in words
  std::string_view tls13;
  std::string_view status;
  std::string_view rfc;
};

/// A Diffie-Hellman prime that is known by name.
struct DhPrimeInfo {
  std::string_view name;
  int bits;
  std::string_view hex;  ///< lower case, without leading zeros
  bool prime;
  bool safe_prime;
  bool weak;
  std::string_view named_group;  ///< of RFC 7919, or empty
};

[[nodiscard]] std::span<CipherSuiteInfo const> cipher_suites();
[[nodiscard]] std::span<CipherSuiteInfo const> ssl2_cipher_kinds();
[[nodiscard]] std::span<NamedGroupInfo const> named_groups();
[[nodiscard]] std::span<SignatureSchemeInfo const> signature_schemes();
[[nodiscard]] std::span<DhPrimeInfo const> dh_primes();

[[nodiscard]] CipherSuiteInfo const* find(CipherSuite code);
[[nodiscard]] CipherSuiteInfo const* find(Ssl2CipherKind code);
[[nodiscard]] NamedGroupInfo const* find(NamedGroup code);
[[nodiscard]] SignatureSchemeInfo const* find(SignatureScheme code);
/// By IANA name (any case) or OpenSSL name; SSLv2 kinds are not among them.
[[nodiscard]] CipherSuiteInfo const* find_cipher_suite(std::string_view name);
[[nodiscard]] NamedGroupInfo const* find_named_group(std::string_view name);
/// By its value, leading zeros ignored.
[[nodiscard]] DhPrimeInfo const* find_dh_prime(ByteView prime);

/// The registry's name; "0x1A1A (GREASE)" or "0x1234" where it has none.
[[nodiscard]] std::string name(CipherSuite code);
[[nodiscard]] std::string name(Ssl2CipherKind code);
[[nodiscard]] std::string name(NamedGroup code);
[[nodiscard]] std::string name(SignatureScheme code);
[[nodiscard]] std::string name(ExtensionType code);
[[nodiscard]] std::string name(AlertDescription code);
/// "SSLv2", "SSLv3", "TLSv1.0" ... "TLSv1.3"; "0x7F1C" for others.
[[nodiscard]] std::string name(ProtocolVersion version);
[[nodiscard]] std::optional<ProtocolVersion> version_from(std::string_view name);

/// "0xC02F".
[[nodiscard]] std::string code_text(CipherSuite code);
[[nodiscard]] std::string code_text(NamedGroup code);
[[nodiscard]] std::string code_text(SignatureScheme code);

}  // namespace tlsgauge::wire
