// The numbers and the caps of the guide.

#include <algorithm>
#include <array>

#include "policy/score_ssllabs.hpp"

namespace tlsgauge::policy {
namespace {

using wire::ProtocolVersion;

constexpr std::string_view kGuide = "SSL Labs SSL Server Rating Guide https://github.com/ssllabs/research/wiki/SSL-Server-Rating-Guide";
constexpr std::string_view kBlocks =
    "SSL Labs grading changes of January 2017 https://blog.qualys.com/product-tech/2017/01/18/ssl-labs-grading-changes-january-2017";
constexpr std::string_view kModern =
    "SSL Labs grading update of February 2018 "
    "https://blog.qualys.com/product-tech/2018/02/02/forward-secrecy-authenticated-encryption-and-robot-grading-update";
constexpr std::string_view kOldTls =
    "SSL Labs grade change for TLS 1.0 and TLS 1.1 "
    "https://blog.qualys.com/ssllabs/2018/11/19/grade-change-for-tls-1-0-and-tls-1-1-protocols";

// In the order of SslLabsFault.
constexpr std::array<SslLabsCap, kSslLabsFaults> kCaps = {{
    {"T", "the certificate is not trusted: self-signed, out of date, revoked, or led by no trusted root", kGuide},
    {"T", "the certificate or an intermediate one is signed with SHA-1", kGuide},
    {"M", "the certificate is not for that name", kGuide},
    {"F", "a certificate is signed with MD2, MD4 or MD5, or its key can be broken", kGuide},
    {"F", "SSL 2.0 is accepted", kGuide},
    {"F", "SSL 3.0 is the best version", kGuide},
    {"F", "insecure renegotiation is accepted", kGuide},
    {"F", "the key or the key exchange is weaker than 1024 bits of RSA", kGuide},
    {"F", "a suite without authentication is accepted", kGuide},
    {"F", "a suite below 112 bits is accepted, or one of export grade", kGuide},
    {"F", "nothing but RC4 is accepted", kGuide},
    {"C", "neither TLS 1.2 nor TLS 1.3 is accepted", kBlocks},
    {"C", "TLS compression is accepted (CRIME)", kGuide},
    {"C", "a CBC suite is accepted in SSL 3.0 (POODLE)", kGuide},
    {"C", "RC4 is accepted in TLS 1.1 or newer", kGuide},
    {"C", "capable clients are given a 64-bit block cipher in TLS 1.1 or TLS 1.2 (SWEET32)", kBlocks},
    {"B", "SSL 3.0 is accepted", kGuide},
    {"B", "TLS 1.0 or TLS 1.1 is accepted", kOldTls},
    {"B", "RC4 is accepted", kGuide},
    {"B", "the certificate's key is weaker than 2048 bits of RSA", kGuide},
    {"B", "Diffie-Hellman is weaker than 2048 bits", kGuide},
    {"B", "the chain is incomplete, and trusted once it is completed", kGuide},
    {"B", "capable clients get no forward secrecy", kModern},
    {"B", "capable clients get no authenticated encryption (AEAD)", kModern},
    {"A-", "TLS 1.3 is not accepted", kGuide},
    {"A-", "secure renegotiation (RFC 5746) is not known to the server", kGuide},
    {"A", "HTTP Strict Transport Security is absent or shorter than 15768000 seconds", kGuide},
    {"A", "TLS_FALLBACK_SCSV (RFC 7507) is not honoured", kGuide},
}};

}  // namespace

std::span<SslLabsCap const> ssllabs_caps() { return kCaps; }

double ssllabs_protocol_points(ProtocolVersion version) {
  switch (version) {
    case ProtocolVersion::SSLv3:
      return 80;
    case ProtocolVersion::TLSv1_0:
      return 90;
    case ProtocolVersion::TLSv1_1:
      return 95;
    case ProtocolVersion::TLSv1_2:
    case ProtocolVersion::TLSv1_3:
      return 100;
    default:
      return 0;
  }
}

double ssllabs_key_points(int rsa_bits) {
  if (rsa_bits <= 0) return 0;
  if (rsa_bits < 512) return 20;
  if (rsa_bits < 1024) return 40;
  if (rsa_bits < 2048) return 80;
  return rsa_bits < 4096 ? 90 : 100;
}

double ssllabs_cipher_points(int bits) {
  if (bits <= 0) return 0;
  if (bits < 128) return 20;
  return bits < 256 ? 80 : 100;
}

std::string_view ssllabs_letter(double points) {
  constexpr std::pair<double, std::string_view> kLetters[] = {{80, "A"}, {65, "B"}, {50, "C"}, {35, "D"}, {20, "E"}};
  for (auto const& [least, letter] : kLetters) {
    if (points >= least - 1e-9) return letter;
  }
  return "F";
}

}  // namespace tlsgauge::policy
