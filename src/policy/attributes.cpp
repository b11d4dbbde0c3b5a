// The sets that profiles write as @name: what the registries say of suites, groups and signature schemes.

#include <algorithm>

#include "policy/vocabulary.hpp"

namespace tlsgauge::policy {
namespace {

using Suite = wire::CipherSuiteInfo;
using Group = wire::NamedGroupInfo;
using Scheme = wire::SignatureSchemeInfo;

constexpr Attribute suites(std::string_view name, std::string_view words, bool (*holds)(Suite const&)) {
  return {.name = name, .type = Type::suites, .words = words, .suite = holds, .group = nullptr};
}
constexpr Attribute groups(std::string_view name, std::string_view words, bool (*holds)(Group const&)) {
  return {.name = name, .type = Type::groups, .words = words, .suite = nullptr, .group = holds};
}
constexpr Attribute schemes(std::string_view name, std::string_view words, bool (*holds)(Scheme const&)) {
  return {.name = name, .type = Type::signatures, .words = words, .suite = nullptr, .group = nullptr, .signature = holds};
}

bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }
bool anonymous(Suite const& s) { return s.authentication == "anon" || s.authentication == "NULL"; }
bool quantum_safe(Scheme const& s) { return s.algorithm == "ml-dsa" || s.algorithm == "slh-dsa"; }
/// The strength of a curve that the server makes up is unknown, that of an early hybrid is at least that of its classical part.
bool below(Group const& g, int bits) {
  return g.security_bits < bits && g.kind != "grease" && (g.security_bits > 0 || g.kind != "obsolete-pqc-hybrid");
}

constexpr Attribute kAttributes[] = {
    suites("aead", "AEAD suites", [](Suite const& s) { return s.aead(); }),
    suites("forward_secrecy", "suites with forward secrecy", [](Suite const& s) { return s.forward_secrecy; }),
    suites("export", "export-grade suites", [](Suite const& s) { return s.export_grade; }),
    suites("anon", "suites without authentication", anonymous),
    suites("null", "suites without encryption", [](Suite const& s) { return s.encryption == "NULL"; }),
    suites("cbc", "CBC suites", [](Suite const& s) { return s.mode == "CBC"; }),
    suites("gcm", "GCM suites", [](Suite const& s) { return s.mode == "GCM"; }),
    suites("ccm", "CCM suites", [](Suite const& s) { return s.mode == "CCM" || s.mode == "CCM_8"; }),
    suites("ccm8", "CCM suites with a short tag", [](Suite const& s) { return s.mode == "CCM_8"; }),
    suites("block64", "suites with 64-bit blocks", [](Suite const& s) { return s.block_bits == 64; }),
    suites("aes128", "suites with AES-128", [](Suite const& s) { return s.encryption == "AES" && s.key_bits == 128; }),
    suites("aes256", "suites with AES-256", [](Suite const& s) { return s.encryption == "AES" && s.key_bits == 256; }),
    suites("chacha20", "suites with ChaCha20", [](Suite const& s) { return s.encryption == "CHACHA20"; }),
    suites("camellia", "suites with Camellia", [](Suite const& s) { return s.encryption == "CAMELLIA"; }),
    suites("aria", "suites with ARIA", [](Suite const& s) { return s.encryption == "ARIA"; }),
    suites("rc4", "suites with RC4", [](Suite const& s) { return s.encryption == "RC4"; }),
    suites("des", "suites with single DES", [](Suite const& s) { return s.encryption == "DES" || s.encryption == "DES40"; }),
    suites("3des", "suites with 3DES", [](Suite const& s) { return s.encryption == "3DES"; }),
    suites("bits_below_112", "suites with less than 112 bits", [](Suite const& s) { return s.key_bits < 112; }),
    suites("bits_below_128", "suites with less than 128 bits", [](Suite const& s) { return s.key_bits < 128; }),
    suites("md5_mac", "suites with MD5 as MAC", [](Suite const& s) { return s.mac == "MD5"; }),
    suites("sha1_mac", "suites with SHA-1 as MAC", [](Suite const& s) { return s.mac == "SHA1"; }),
    suites("ecdhe", "suites with ephemeral ECDH", [](Suite const& s) { return s.key_exchange.starts_with("ECDHE"); }),
    suites("dhe", "suites with ephemeral finite-field DH", [](Suite const& s) { return s.key_exchange.starts_with("DHE"); }),
    suites("static_ecdh", "suites with static ECDH", [](Suite const& s) { return s.key_exchange == "ECDH"; }),
    suites("static_dh", "suites with static finite-field DH", [](Suite const& s) { return s.key_exchange == "DH"; }),
    suites("rsa_key_exchange", "suites with RSA key transport",
           [](Suite const& s) { return s.key_exchange == "RSA" || s.key_exchange == "RSA_PSK"; }),
    suites("psk", "suites with pre-shared keys", [](Suite const& s) { return contains(s.key_exchange, "PSK"); }),
    suites("srp", "suites with SRP", [](Suite const& s) { return s.key_exchange == "SRP"; }),
    suites("krb5", "suites with Kerberos", [](Suite const& s) { return s.key_exchange == "KRB5"; }),
    suites("rsa", "suites with RSA certificates", [](Suite const& s) { return contains(s.authentication, "RSA"); }),
    suites("ecdsa", "suites with ECDSA certificates", [](Suite const& s) { return s.authentication == "ECDSA"; }),
    suites("dss", "suites with DSA certificates", [](Suite const& s) { return s.authentication == "DSS"; }),
    suites("iana_recommended", "suites that IANA marks as recommended", [](Suite const& s) { return s.iana_recommended == "Y"; }),
    suites("iana_discouraged", "suites that IANA marks as discouraged", [](Suite const& s) { return s.iana_recommended == "D"; }),

    groups("post_quantum", "post-quantum groups", [](Group const& g) { return g.post_quantum(); }),
    groups("hybrid", "hybrid post-quantum groups", [](Group const& g) { return contains(g.kind, "pqc-hybrid"); }),
    groups("pure_post_quantum", "post-quantum groups without a classical part", [](Group const& g) { return g.kind == "pqc"; }),
    groups("ffdhe", "finite-field groups", [](Group const& g) { return g.kind == "ffdhe"; }),
    groups("elliptic", "elliptic curves", [](Group const& g) { return g.kind == "ecdhe"; }),
    groups("binary", "curves over binary fields", [](Group const& g) { return g.name.starts_with("sect"); }),
    groups("brainpool", "Brainpool curves", [](Group const& g) { return g.name.starts_with("brainpool"); }),
    groups("obsolete", "groups that were given up", [](Group const& g) { return g.kind.starts_with("obsolete"); }),
    groups("bits_below_112", "groups with less than 112 bits or of unknown strength", [](Group const& g) { return below(g, 112); }),
    groups("bits_below_128", "groups with less than 128 bits or of unknown strength", [](Group const& g) { return below(g, 128); }),

    schemes("md5", "schemes with MD5", [](Scheme const& s) { return contains(s.hash, "md5"); }),
    schemes("sha1", "schemes with SHA-1", [](Scheme const& s) { return contains(s.hash, "sha1"); }),
    schemes("sha224", "schemes with SHA-224", [](Scheme const& s) { return s.hash == "sha224"; }),
    schemes("sha256", "schemes with SHA-256", [](Scheme const& s) { return s.hash == "sha256"; }),
    schemes("sha384", "schemes with SHA-384", [](Scheme const& s) { return s.hash == "sha384"; }),
    schemes("sha512", "schemes with SHA-512", [](Scheme const& s) { return s.hash == "sha512"; }),
    schemes("rsa_pkcs1", "schemes with RSA PKCS #1 v1.5", [](Scheme const& s) { return s.algorithm == "rsa_pkcs1"; }),
    schemes("rsa_pss", "schemes with RSA-PSS", [](Scheme const& s) { return s.algorithm == "rsa_pss"; }),
    schemes("ecdsa", "schemes with ECDSA", [](Scheme const& s) { return s.algorithm == "ecdsa"; }),
    schemes("eddsa", "schemes with EdDSA", [](Scheme const& s) { return s.algorithm == "eddsa"; }),
    schemes("dsa", "schemes with DSA", [](Scheme const& s) { return s.algorithm == "dsa"; }),
    schemes("ml_dsa", "schemes with ML-DSA", [](Scheme const& s) { return s.algorithm == "ml-dsa"; }),
    schemes("slh_dsa", "schemes with SLH-DSA", [](Scheme const& s) { return s.algorithm == "slh-dsa"; }),
    schemes("post_quantum", "post-quantum schemes", quantum_safe),
};

}  // namespace

std::span<Attribute const> attributes() { return kAttributes; }

Attribute const* find_attribute(std::string_view name) {
  auto const* const at = std::ranges::find(kAttributes, name, &Attribute::name);
  return at == std::end(kAttributes) ? nullptr : at;
}

Attribute const* find_attribute(std::string_view name, Type type) {
  auto const* const at = std::ranges::find_if(kAttributes, [&](Attribute const& a) { return a.name == name && a.type == type; });
  return at == std::end(kAttributes) ? nullptr : at;
}

std::vector<std::string_view> attribute_names(Type type) {
  std::vector<std::string_view> out;
  for (Attribute const& attribute : kAttributes) {
    if (attribute.type == type) out.push_back(attribute.name);
  }
  return out;
}

bool holds(Attribute const& attribute, Element const& element, bool& known) {
  known = false;
  if (attribute.type == Type::suites) {
    Suite const* const info = suite_info(element);
    known = info != nullptr;
    return known && attribute.suite(*info);
  }
  if (attribute.type == Type::groups) {
    Group const* const info = group_info(element);
    known = info != nullptr;
    return known && attribute.group(*info);
  }
  Scheme const* const info = signature_info(element);
  known = info != nullptr;
  return known && attribute.signature(*info);
}

wire::CipherSuiteInfo const* suite_info(Element const& suite) {
  // SSLv2 kinds are written with six digits, and there is a kind whose number a suite has too.
  if (suite.key.size() > 6) return wire::find(static_cast<wire::Ssl2CipherKind>(suite.code));
  return wire::find(static_cast<wire::CipherSuite>(suite.code));
}

wire::NamedGroupInfo const* group_info(Element const& group) {
  return group.code > 0xFFFF ? nullptr : wire::find(static_cast<wire::NamedGroup>(group.code));
}

wire::SignatureSchemeInfo const* signature_info(Element const& scheme) {
  return scheme.code > 0xFFFF ? nullptr : wire::find(static_cast<wire::SignatureScheme>(scheme.code));
}

}  // namespace tlsgauge::policy
