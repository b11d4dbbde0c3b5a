#include "report/cbom_oids.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace tlsgauge::report {
namespace {

using Entry = std::pair<std::string_view, std::string_view>;

constexpr auto kOids = std::to_array<Entry>({
    // RFC 8017 appendix C, RFC 1321
    {"MD5", "1.2.840.113549.2.5"},
    {"SHA-1", "1.3.14.3.2.26"},
    {"SHA-224", "2.16.840.1.101.3.4.2.4"},
    {"SHA-256", "2.16.840.1.101.3.4.2.1"},
    {"SHA-384", "2.16.840.1.101.3.4.2.2"},
    {"SHA-512", "2.16.840.1.101.3.4.2.3"},
    {"RSASSA-PKCS1-v1_5-MD5", "1.2.840.113549.1.1.4"},
    {"RSASSA-PKCS1-v1_5-SHA-1", "1.2.840.113549.1.1.5"},
    {"RSASSA-PKCS1-v1_5-SHA-224", "1.2.840.113549.1.1.14"},
    {"RSASSA-PKCS1-v1_5-SHA-256", "1.2.840.113549.1.1.11"},
    {"RSASSA-PKCS1-v1_5-SHA-384", "1.2.840.113549.1.1.12"},
    {"RSASSA-PKCS1-v1_5-SHA-512", "1.2.840.113549.1.1.13"},
    {"RSASSA-PSS", "1.2.840.113549.1.1.10"},
    {"RSAES-PKCS1-v1_5", "1.2.840.113549.1.1.1"},
    // RFC 8018; with MD5: IANA's for IPsec
    {"HMAC-MD5", "1.3.6.1.5.5.8.1.1"},
    {"HMAC-SHA-1", "1.2.840.113549.2.7"},
    {"HMAC-SHA-256", "1.2.840.113549.2.9"},
    {"HMAC-SHA-384", "1.2.840.113549.2.10"},
    {"HMAC-SHA-512", "1.2.840.113549.2.11"},
    // NIST's register, RFC 5084. CCM with a short tag has none of its own.
    {"AES-128-CBC", "2.16.840.1.101.3.4.1.2"},
    {"AES-128-GCM", "2.16.840.1.101.3.4.1.6"},
    {"AES-128-CCM", "2.16.840.1.101.3.4.1.7"},
    {"AES-256-CBC", "2.16.840.1.101.3.4.1.42"},
    {"AES-256-GCM", "2.16.840.1.101.3.4.1.46"},
    {"AES-256-CCM", "2.16.840.1.101.3.4.1.47"},
    // RFC 8103, RFC 8018
    {"ChaCha20-Poly1305", "1.2.840.113549.1.9.16.3.18"},
    {"3DES-CBC", "1.2.840.113549.3.7"},
    {"DES-56-CBC", "1.3.14.3.2.7"},
    // RFC 3657 and NTT's register, RFC 5794, RFC 4010
    {"CAMELLIA-128-CBC", "1.2.392.200011.61.1.1.1.2"},
    {"CAMELLIA-256-CBC", "1.2.392.200011.61.1.1.1.4"},
    {"CAMELLIA-128-GCM", "0.3.4401.5.3.1.9.6"},
    {"CAMELLIA-256-GCM", "0.3.4401.5.3.1.9.46"},
    {"ARIA-128-CBC", "1.2.410.200046.1.1.2"},
    {"ARIA-256-CBC", "1.2.410.200046.1.1.12"},
    {"ARIA-128-GCM", "1.2.410.200046.1.1.34"},
    {"ARIA-256-GCM", "1.2.410.200046.1.1.36"},
    {"SEED-128-CBC", "1.2.410.200004.1.4"},
    // RFC 5758, RFC 3279
    {"ECDSA-SHA-1", "1.2.840.10045.4.1"},
    {"ECDSA-SHA-224", "1.2.840.10045.4.3.1"},
    {"ECDSA-SHA-256", "1.2.840.10045.4.3.2"},
    {"ECDSA-SHA-384", "1.2.840.10045.4.3.3"},
    {"ECDSA-SHA-512", "1.2.840.10045.4.3.4"},
    {"DSA-SHA-1", "1.2.840.10040.4.3"},
    {"DSA-SHA-224", "2.16.840.1.101.3.4.3.1"},
    {"DSA-SHA-256", "2.16.840.1.101.3.4.3.2"},
    // RFC 8410
    {"x25519", "1.3.101.110"},
    {"x448", "1.3.101.111"},
    {"Ed25519", "1.3.101.112"},
    {"Ed448", "1.3.101.113"},
    // RFC 9881, RFC 9935
    {"ML-DSA-44", "2.16.840.1.101.3.4.3.17"},
    {"ML-DSA-65", "2.16.840.1.101.3.4.3.18"},
    {"ML-DSA-87", "2.16.840.1.101.3.4.3.19"},
    {"ML-KEM-512", "2.16.840.1.101.3.4.4.1"},
    {"ML-KEM-768", "2.16.840.1.101.3.4.4.2"},
    {"ML-KEM-1024", "2.16.840.1.101.3.4.4.3"},
    // RFC 5480, SEC 2, RFC 5639
    {"secp160k1", "1.3.132.0.9"},
    {"secp160r1", "1.3.132.0.8"},
    {"secp160r2", "1.3.132.0.30"},
    {"secp192k1", "1.3.132.0.31"},
    {"secp192r1", "1.2.840.10045.3.1.1"},
    {"secp224k1", "1.3.132.0.32"},
    {"secp224r1", "1.3.132.0.33"},
    {"secp256k1", "1.3.132.0.10"},
    {"secp256r1", "1.2.840.10045.3.1.7"},
    {"secp384r1", "1.3.132.0.34"},
    {"secp521r1", "1.3.132.0.35"},
    {"brainpoolP256r1", "1.3.36.3.3.2.8.1.1.7"},
    {"brainpoolP384r1", "1.3.36.3.3.2.8.1.1.11"},
    {"brainpoolP512r1", "1.3.36.3.3.2.8.1.1.13"},
});

/// "RSA-2048": the prefix, then digits only.
bool is_sized(std::string_view name, std::string_view prefix) {
  return name.starts_with(prefix) && name.size() > prefix.size() &&
         name.find_first_not_of("0123456789", prefix.size()) == std::string_view::npos;
}

std::string_view find(std::string_view name) {
  auto const found = std::ranges::find(kOids, name, &Entry::first);
  return found == kOids.end() ? std::string_view{} : found->second;
}

}  // namespace

std::string_view algorithm_oid(std::string_view name) {
  if (std::string_view const oid = find(name); !oid.empty()) return oid;
  // Of keys: RFC 3279, RFC 4055, RFC 5480.
  constexpr std::string_view kEcdsa = "ECDSA-";
  if (is_sized(name, "RSA-")) return "1.2.840.113549.1.1.1";
  if (is_sized(name, "RSASSA-PSS-")) return find("RSASSA-PSS");
  if (is_sized(name, "RC4-")) return "1.2.840.113549.3.4";  // with a key of any length
  if (is_sized(name, "DSA-")) return "1.2.840.10040.4.1";
  if (name.starts_with(kEcdsa) && !find(name.substr(kEcdsa.size())).empty() && !name.substr(kEcdsa.size()).starts_with("SHA-"))
    return "1.2.840.10045.2.1";
  return {};
}

}  // namespace tlsgauge::report
