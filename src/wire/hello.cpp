#include "wire/hello.hpp"

#include <sys/random.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>

namespace tlsgauge::wire {
namespace {

using enum ProtocolVersion;

// A handshake message of 256 to 511 octets makes some old middleboxes and servers hang (RFC 7685 section 1).
constexpr std::size_t kUnluckyFrom = 256;
constexpr std::size_t kUnluckyTo = 512;
constexpr std::size_t kRecordHeader = 5;
// With one SCSV more a list could come over the 128 suites that some servers read.
constexpr std::size_t kMostSuites = 128;

constexpr NamedGroup kPopularGroups[] = {NamedGroup::x25519, NamedGroup::secp256r1, NamedGroup::secp384r1, NamedGroup::secp521r1,
                                         NamedGroup::x448};

// Met most often first: what a hello offers in front is what an old server that reads only so many suites still sees.
constexpr CipherSuite kPopularSuites[] = {
    CipherSuite::TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
    CipherSuite::TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
    CipherSuite::TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
    CipherSuite::TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
    CipherSuite::TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
    CipherSuite::TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
    CipherSuite::TLS_DHE_RSA_WITH_AES_128_GCM_SHA256,
    CipherSuite::TLS_DHE_RSA_WITH_AES_256_GCM_SHA384,
    CipherSuite::TLS_DHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
    CipherSuite::TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256,
    CipherSuite::TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256,
    CipherSuite::TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA,
    CipherSuite::TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA,
    CipherSuite::TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384,
    CipherSuite::TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384,
    CipherSuite::TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA,
    CipherSuite::TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA,
    CipherSuite::TLS_DHE_RSA_WITH_AES_128_CBC_SHA256,
    CipherSuite::TLS_DHE_RSA_WITH_AES_256_CBC_SHA256,
    CipherSuite::TLS_DHE_RSA_WITH_AES_128_CBC_SHA,
    CipherSuite::TLS_DHE_RSA_WITH_AES_256_CBC_SHA,
    CipherSuite::TLS_RSA_WITH_AES_128_GCM_SHA256,
    CipherSuite::TLS_RSA_WITH_AES_256_GCM_SHA384,
    CipherSuite::TLS_RSA_WITH_AES_128_CBC_SHA256,
    CipherSuite::TLS_RSA_WITH_AES_256_CBC_SHA256,
    CipherSuite::TLS_RSA_WITH_AES_128_CBC_SHA,
    CipherSuite::TLS_RSA_WITH_AES_256_CBC_SHA,
    CipherSuite::TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA,
    CipherSuite::TLS_DHE_RSA_WITH_3DES_EDE_CBC_SHA,
    CipherSuite::TLS_RSA_WITH_3DES_EDE_CBC_SHA,
    CipherSuite::TLS_ECDHE_RSA_WITH_RC4_128_SHA,
    CipherSuite::TLS_RSA_WITH_RC4_128_SHA,
    CipherSuite::TLS_RSA_WITH_RC4_128_MD5,
};

bool known_to(NamedGroupInfo const& group, ProtocolVersion version, bool with_ffdhe) {
  if (group.status == "grease" || group.kind == "obsolete") return false;
  if (version == TLSv1_3) return group.usable_in_tls13;
  return group.kind == "ecdhe" || (with_ffdhe && group.kind == "ffdhe");
}

std::vector<NamedGroup> groups_for(ProtocolVersion version, bool with_ffdhe) {
  std::vector<NamedGroup> groups{std::begin(kPopularGroups), std::end(kPopularGroups)};
  for (NamedGroupInfo const& group : named_groups()) {
    if (known_to(group, version, with_ffdhe) && std::find(groups.begin(), groups.end(), group.code) == groups.end()) {
      groups.push_back(group.code);
    }
  }
  return groups;
}

std::vector<SignatureScheme> schemes_for(ProtocolVersion version) {
  // Strong ones in front: some servers are confused by what comes first (MD5, SHA-1), some read only so many.
  std::vector<SignatureScheme> strong{SignatureScheme::ecdsa_secp256r1_sha256,
                                      SignatureScheme::rsa_pss_rsae_sha256,
                                      SignatureScheme::rsa_pkcs1_sha256,
                                      SignatureScheme::ecdsa_secp384r1_sha384,
                                      SignatureScheme::rsa_pss_rsae_sha384,
                                      SignatureScheme::rsa_pkcs1_sha384,
                                      SignatureScheme::ecdsa_secp521r1_sha512,
                                      SignatureScheme::rsa_pss_rsae_sha512,
                                      SignatureScheme::rsa_pkcs1_sha512,
                                      SignatureScheme::ed25519,
                                      SignatureScheme::ed448};
  std::vector<SignatureScheme> weak;
  for (SignatureSchemeInfo const& scheme : signature_schemes()) {
    if (scheme.status == "grease" || std::find(strong.begin(), strong.end(), scheme.code) != strong.end()) continue;
    bool const usable =
        version == TLSv1_3 ? !scheme.tls13.starts_with("N") && !scheme.tls13.starts_with("client") : scheme.tls12.starts_with("Y");
    if (!usable) continue;
    bool const old = scheme.hash == "sha1" || scheme.hash == "md5" || scheme.hash == "sha224" || scheme.algorithm == "dsa";
    (old ? weak : strong).push_back(scheme.code);
  }
  strong.insert(strong.end(), weak.begin(), weak.end());
  return strong;
}

bool is_dns_name(std::string_view host) {
  return !host.empty() && host.find(':') == std::string_view::npos && host.find_first_not_of("0123456789.") != std::string_view::npos;
}

/// Seen in the wild: messages of 10 or 14 octets over a multiple of 256 are dropped too.
bool unlucky(std::size_t size) { return size % 256 == 10 || size % 256 == 14; }

/// Brings the message out of the lengths that get lost. An SSLv3 hello has no extension that could do it.
void pad(ClientHello& hello) {
  std::erase_if(hello.extensions, [](Extension const& each) { return each.type == ExtensionType::padding; });
  if (hello.extensions.empty()) return;
  constexpr std::size_t kExtensionHeader = 4;
  std::size_t const size = hello.encode().size();
  bool const middle = size >= kUnluckyFrom && size < kUnluckyTo;
  if (!middle && !(size >= kUnluckyTo && unlucky(size))) return;
  // Never empty: an empty extension at the end is a trap of its own.
  std::size_t octets = 1;
  if (middle && kUnluckyTo - size > kExtensionHeader) octets = kUnluckyTo - size - kExtensionHeader;
  auto const psk = std::find_if(hello.extensions.begin(), hello.extensions.end(),
                                [](Extension const& each) { return each.type == ExtensionType::pre_shared_key; });
  hello.extensions.insert(psk, padding(octets));  // RFC 8446 section 4.2.11: pre_shared_key must be the last
}

}  // namespace

void fill_random(std::span<std::uint8_t> out) {
  while (!out.empty()) {
    ssize_t const got = ::getrandom(out.data(), out.size(), 0);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) std::abort();  // a kernel without randomness is no place to go on
    out = out.subspan(static_cast<std::size_t>(got));
  }
}

ClientHello hello_for(ProtocolVersion version, std::vector<CipherSuite> suites, std::string_view host, bool with_ffdhe) {
  ClientHello hello;
  hello.cipher_suites = std::move(suites);
  hello.legacy_version = version == TLSv1_3 ? TLSv1_2 : version;
  fill_random(hello.random);
  if (version <= SSLv3) {
    hello.record_version = SSLv3;
    if (hello.cipher_suites.size() < kMostSuites) hello.cipher_suites.push_back(CipherSuite::TLS_EMPTY_RENEGOTIATION_INFO_SCSV);
    return hello;
  }
  auto& extensions = hello.extensions;
  if (is_dns_name(host)) extensions.push_back(server_name(host));
  extensions.push_back(supported_groups(groups_for(version, with_ffdhe)));
  if (version == TLSv1_3) {
    hello.legacy_session_id.resize(32);  // RFC 8446 appendix D.4, middlebox compatibility
    fill_random(hello.legacy_session_id);
    constexpr ProtocolVersion kOnly[] = {TLSv1_3};
    extensions.push_back(supported_versions(kOnly));
    extensions.push_back(key_share({}));
    extensions.push_back(psk_key_exchange_modes());
  } else {
    extensions.push_back(ec_point_formats());
    extensions.push_back(renegotiation_info());
    extensions.push_back(extended_master_secret());
    extensions.push_back(encrypt_then_mac());
    extensions.push_back(session_ticket());
  }
  if (version >= TLSv1_2) extensions.push_back(signature_algorithms(schemes_for(version)));
  extensions.push_back(status_request());
  std::array<std::string, 2> const protocols{"h2", "http/1.1"};
  extensions.push_back(application_layer_protocol_negotiation(protocols));
  pad(hello);
  return hello;
}

ClientHello canary_hello(std::string_view host) {
  constexpr CipherSuite kSuites[] = {CipherSuite::TLS_AES_128_GCM_SHA256,
                                     CipherSuite::TLS_AES_256_GCM_SHA384,
                                     CipherSuite::TLS_CHACHA20_POLY1305_SHA256,
                                     CipherSuite::TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
                                     CipherSuite::TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
                                     CipherSuite::TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
                                     CipherSuite::TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
                                     CipherSuite::TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
                                     CipherSuite::TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA,
                                     CipherSuite::TLS_DHE_RSA_WITH_AES_128_CBC_SHA,
                                     CipherSuite::TLS_RSA_WITH_AES_128_CBC_SHA,
                                     CipherSuite::TLS_RSA_WITH_3DES_EDE_CBC_SHA};
  constexpr NamedGroup kGroups[] = {NamedGroup::x25519, NamedGroup::secp256r1, NamedGroup::secp384r1, NamedGroup::secp521r1};
  constexpr SignatureScheme kSchemes[] = {SignatureScheme::ecdsa_secp256r1_sha256, SignatureScheme::rsa_pss_rsae_sha256,
                                          SignatureScheme::rsa_pkcs1_sha256,       SignatureScheme::ecdsa_secp384r1_sha384,
                                          SignatureScheme::rsa_pss_rsae_sha384,    SignatureScheme::rsa_pkcs1_sha384,
                                          SignatureScheme::rsa_pkcs1_sha1};
  constexpr ProtocolVersion kVersions[] = {TLSv1_3, TLSv1_2};
  ClientHello hello;
  fill_random(hello.random);
  hello.legacy_session_id.resize(32);
  fill_random(hello.legacy_session_id);
  hello.cipher_suites.assign(std::begin(kSuites), std::end(kSuites));
  auto& extensions = hello.extensions;
  if (is_dns_name(host)) extensions.push_back(server_name(host));
  extensions.push_back(renegotiation_info());
  extensions.push_back(extended_master_secret());  // some refuse TLS 1.2 without it
  extensions.push_back(supported_groups(kGroups));
  extensions.push_back(ec_point_formats());
  extensions.push_back(signature_algorithms(kSchemes));
  extensions.push_back(supported_versions(kVersions));
  extensions.push_back(key_share({}));
  extensions.push_back(psk_key_exchange_modes());
  // A long host name must not cost the small size: middlebox compatibility (RFC 8446 appendix D.4) gives way to it.
  if (hello.encode().size() + kRecordHeader >= kUnluckyFrom) hello.legacy_session_id.clear();
  pad(hello);
  return hello;
}

std::vector<CipherSuite> offerable_suites(ProtocolVersion version) {
  std::vector<CipherSuite> suites;
  if (version == TLSv1_3) {
    for (CipherSuiteInfo const& suite : cipher_suites()) {
      if (suite.min_version == TLSv1_3) suites.push_back(static_cast<CipherSuite>(suite.code));
    }
    std::stable_partition(suites.begin(), suites.end(), [](CipherSuite suite) { return static_cast<std::uint16_t>(suite) >> 8U == 0x13; });
    return suites;
  }
  suites.assign(std::begin(kPopularSuites), std::end(kPopularSuites));
  for (CipherSuiteInfo const& suite : cipher_suites()) {
    auto const code = static_cast<CipherSuite>(suite.code);
    if (suite.min_version == TLSv1_3 || suite.status == "scsv" || suite.status == "grease" || suite.code == 0) continue;
    if (std::find(std::begin(kPopularSuites), std::end(kPopularSuites), code) == std::end(kPopularSuites)) suites.push_back(code);
  }
  suites.push_back(CipherSuite::TLS_NULL_WITH_NULL_NULL);
  return suites;
}

void put(ClientHello& hello, Extension extension) {
  ExtensionType const type = extension.type;
  auto const found =
      std::find_if(hello.extensions.begin(), hello.extensions.end(), [type](Extension const& each) { return each.type == type; });
  if (found != hello.extensions.end()) {
    *found = std::move(extension);
  } else {
    hello.extensions.push_back(std::move(extension));
  }
  if (type != ExtensionType::padding) pad(hello);
}

void drop(ClientHello& hello, ExtensionType type) {
  std::erase_if(hello.extensions, [type](Extension const& each) { return each.type == type; });
  if (type != ExtensionType::padding) pad(hello);
}

}  // namespace tlsgauge::wire
