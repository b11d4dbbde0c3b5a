#include "report/cbom_algorithms.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.hpp"
#include "wire/registry/registry.hpp"

namespace tlsgauge::report {
namespace {

using Functions = std::vector<std::string_view>;
Functions const kCipher = {"encrypt", "decrypt"};
Functions const kAead = {"encrypt", "decrypt", "tag"};
Functions const kSignature = {"sign", "verify"};
Functions const kAgreement = {"keygen", "keyderive"};
Functions const kKem = {"keygen", "encapsulate", "decapsulate"};

bool any_of(std::string_view word, std::initializer_list<std::string_view> words) { return std::ranges::find(words, word) != words.end(); }

/// RFC names and OpenSSL names of curves, as ellipticCurvesEnum has them; empty for others.
std::string curve_name(std::string_view group) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 9> kOwn = {{{"secp192r1", "nist/P-192"},
                                                                                  {"secp224r1", "nist/P-224"},
                                                                                  {"secp256r1", "nist/P-256"},
                                                                                  {"secp384r1", "nist/P-384"},
                                                                                  {"secp521r1", "nist/P-521"},
                                                                                  {"x25519", "other/Curve25519"},
                                                                                  {"x448", "other/Curve448"},
                                                                                  {"ed25519", "other/Ed25519"},
                                                                                  {"ed448", "other/Ed448"}}};
  constexpr std::string_view kSecg[] = {"sect163k1", "sect163r1", "sect163r2", "sect193r1", "sect193r2", "sect233k1", "sect233r1",
                                        "sect239k1", "sect283k1", "sect283r1", "sect409k1", "sect409r1", "sect571k1", "sect571r1",
                                        "secp160k1", "secp160r1", "secp160r2", "secp192k1", "secp224k1", "secp256k1"};
  for (auto const& [name, curve] : kOwn) {
    if (group == name) return std::string{curve};
  }
  if (std::ranges::find(kSecg, group) != std::end(kSecg)) return fmt::format("secg/{}", group);
  if (group.starts_with("brainpoolP") && group.ends_with("tls13")) group.remove_suffix(std::string_view{"tls13"}.size());
  if (any_of(group, {"brainpoolP256r1", "brainpoolP384r1", "brainpoolP512r1"})) return fmt::format("brainpool/{}", group);
  return {};
}

/// SP 800-57 part 1, table 2, for the sizes that stand in it.
std::optional<int> modulus_strength(std::int64_t bits) {
  constexpr std::array<std::pair<int, int>, 5> kTable = {{{1024, 80}, {2048, 112}, {3072, 128}, {7680, 192}, {15360, 256}}};
  for (auto const& [size, strength] : kTable) {
    if (bits == size) return strength;
  }
  return {};
}

/// The categories are defined by key search on AES: what has fewer bits meets none; of other ciphers nothing is said.
std::optional<int> cipher_category(std::string_view encryption, std::int64_t bits) {
  if (bits < 128) return 0;
  if (encryption != "AES") return {};
  return bits == 128 ? 1 : bits == 192 ? 3 : 5;
}

Algorithm hash(std::string_view word) {
  Algorithm out{.name = std::string{word}, .primitive = "hash", .functions = {"digest"}};
  if (word == "MD5") {
    out.family = "MD5";
    out.quantum = 0;
  } else if (word == "SHA1") {
    out.name = "SHA-1";
    out.family = "SHA-1";
    out.quantum = 0;
  } else if (any_of(word, {"SHA224", "SHA256", "SHA384", "SHA512"})) {
    out.parameters = word.substr(3);
    out.name = "SHA-" + out.parameters;
    out.family = "SHA-2";
    // Categories 2 and 4 are defined by collision search on these two.
    if (word == "SHA256") out.quantum = 2;
    if (word == "SHA384") out.quantum = 4;
  } else if (word == "SM3") {
    out.family = "SM3";
  }
  return out;
}

std::optional<Algorithm> key_exchange(std::string_view word) {
  if (any_of(word, {"ECDHE", "ECDH"})) {
    return Algorithm{.name = std::string{word}, .primitive = "key-agree", .family = "ECDH", .functions = kAgreement, .quantum = 0};
  }
  if (any_of(word, {"DHE", "DH"})) {
    return Algorithm{.name = std::string{word}, .primitive = "key-agree", .family = "FFDH", .functions = kAgreement, .quantum = 0};
  }
  if (word == "RSA") {  // RFC 5246 section 7.4.7.1
    return Algorithm{
        .name = "RSAES-PKCS1-v1_5", .primitive = "pke", .family = "RSAES-PKCS1", .padding = "pkcs1v15", .functions = kCipher, .quantum = 0};
  }
  return {};
}

std::optional<Algorithm> authentication(std::string_view word) {
  if (word == "RSA") return Algorithm{.name = "RSA", .primitive = "signature", .functions = kSignature, .quantum = 0};
  if (word == "ECDSA")
    return Algorithm{.name = "ECDSA", .primitive = "signature", .family = "ECDSA", .functions = kSignature, .quantum = 0};
  if (word == "DSS") return Algorithm{.name = "DSA", .primitive = "signature", .family = "DSA", .functions = kSignature, .quantum = 0};
  return {};
}

std::string_view cipher_family(std::string_view encryption) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 13> kFamilies = {{{"AES", "AES"},
                                                                                        {"CAMELLIA", "CAMELLIA"},
                                                                                        {"ARIA", "ARIA"},
                                                                                        {"3DES", "3DES"},
                                                                                        {"DES", "DES"},
                                                                                        {"DES40", "DES"},
                                                                                        {"RC2", "RC2"},
                                                                                        {"RC4", "RC4"},
                                                                                        {"SEED", "SEED"},
                                                                                        {"IDEA", "IDEA"},
                                                                                        {"CAST5", "CAST5"},
                                                                                        {"CHACHA20", "ChaCha20"},
                                                                                        {"SM4", "SM4"}}};
  for (auto const& [word, family] : kFamilies) {
    if (encryption == word) return family;
  }
  return {};
}

std::optional<Algorithm> cipher(Value const& suite) {
  std::string const& encryption = suite["encryption"].as_string();
  std::string_view const mode = suite["mode"].as_string();
  std::int64_t const bits = suite["key_bits"].as_int();
  if (encryption.empty()) return {};
  if (encryption == "NULL") {
    return Algorithm{.name = "NULL", .primitive = "other", .functions = kCipher, .classical = 0, .quantum = 0};
  }
  Algorithm out{.name = encryption, .family = cipher_family(encryption), .functions = suite["aead"].as_bool() ? kAead : kCipher};
  if (suite["key_bits"].is_int()) {
    out.classical = static_cast<int>(std::clamp<std::int64_t>(bits, 0, 1 << 20));
    out.quantum = cipher_category(encryption, bits);
    if (encryption != "3DES") {  // the strength of 112 is not the length of its key
      out.parameters = fmt::format("{}", bits);
      out.name += "-" + out.parameters;
    }
  }
  if (suite["aead"].as_bool()) {
    out.primitive = "ae";
  } else if (mode == "stream") {
    out.primitive = "stream-cipher";
  } else if (suite["block_bits"].as_int() > 0) {
    out.primitive = "block-cipher";
  }
  if (mode == "CBC") out.mode = "cbc";
  if (mode == "GCM") out.mode = "gcm";
  if (mode == "CCM" || mode == "CCM_8") out.mode = "ccm";
  if (mode == "CFB") out.mode = "cfb";
  if (mode == "CTR") out.mode = "ctr";
  if (encryption == "CHACHA20" && mode == "POLY1305") {
    out.name = "ChaCha20-Poly1305";
  } else if (any_of(mode, {"CBC", "GCM", "CCM", "CCM_8", "CFB", "CTR", "CNT", "MGM", "POLY1305"})) {
    out.name += fmt::format("-{}", mode == "CCM_8" ? "CCM-8" : mode);
  }
  return out;
}

void add(std::vector<Algorithm>& all, std::optional<Algorithm> each) {
  if (each) all.push_back(std::move(*each));
}

Algorithm signature(std::string name, std::string_view family, std::optional<int> quantum) {
  return {.name = std::move(name), .primitive = "signature", .family = family, .functions = kSignature, .quantum = quantum};
}

Algorithm ml_dsa(std::string_view set) {
  Algorithm out = signature(fmt::format("ML-DSA-{}", set), "ML-DSA", {});
  out.parameters = set;
  if (set == "44") out.quantum = 2;  // FIPS 204, table 1
  if (set == "65") out.quantum = 3;
  if (set == "87") out.quantum = 5;
  return out;
}

Algorithm edwards(std::string_view curve) {
  Algorithm out = signature(curve == "ed25519" ? "Ed25519" : "Ed448", "EdDSA", 0);
  out.curve = curve_name(curve);
  out.classical = curve == "ed25519" ? 128 : 224;
  return out;
}

/// "sha256" or "SHA256" as "SHA-256".
std::string hash_text(std::string_view word) {
  std::string upper;
  for (char const c : word) upper += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return hash(upper).name;
}

Algorithm rsa_pkcs1(std::string_view digest) {
  Algorithm out = signature(fmt::format("RSASSA-PKCS1-v1_5-{}", hash_text(digest)), "RSASSA-PKCS1", 0);
  out.padding = "pkcs1v15";
  return out;
}

/// FIPS 203, table 2.
Algorithm ml_kem(std::string_view set) {
  Algorithm out{
      .name = fmt::format("ML-KEM-{}", set), .primitive = "kem", .family = "ML-KEM", .parameters = std::string{set}, .functions = kKem};
  if (set == "512") out.quantum = 1;
  if (set == "768") out.quantum = 3;
  if (set == "1024") out.quantum = 5;
  return out;
}

/// "X25519MLKEM768", "MLKEM512X25519": the two parts, empty where they are not understood.
std::vector<Algorithm> hybrid_parts(std::string_view name) {
  std::size_t const at = name.find("MLKEM");
  if (at == std::string_view::npos) return {};
  std::string_view rest = name.substr(at + 5);
  std::string_view set;
  for (std::string_view const each : {"1024", "768", "512"}) {
    if (rest.starts_with(each)) set = each;
  }
  if (set.empty()) return {};
  rest.remove_prefix(set.size());
  std::string const other = ascii_lower(at == 0 ? rest : name.substr(0, at));
  if ((at == 0) == rest.empty()) return {};
  for (wire::NamedGroupInfo const& group : wire::named_groups()) {
    if (group.kind == "ecdhe" && ascii_lower(group.name) == other) {
      std::vector<Algorithm> parts = group_algorithms(group.name);
      parts.push_back(ml_kem(set));
      return parts;
    }
  }
  return {};
}

}  // namespace

std::vector<Algorithm> suite_algorithms(Value const& suite) {
  std::vector<Algorithm> out;
  std::string const& exchange = suite["key_exchange"].as_string();
  std::string const& proof = suite["authentication"].as_string();
  add(out, key_exchange(exchange));
  if (exchange != "RSA" || proof != "RSA") add(out, authentication(proof));  // with RSA key exchange, decryption is the proof
  add(out, cipher(suite));
  std::string const& mac = suite["mac"].as_string();
  if (any_of(mac, {"MD5", "SHA1", "SHA256", "SHA384"})) {
    out.push_back({.name = "HMAC-" + hash(mac).name, .primitive = "mac", .family = "HMAC", .functions = {"tag"}});
  }
  // The hash of the key schedule, where the suite names it: TLS 1.3, and 1.2 beside AEAD.
  wire::CipherSuiteInfo const* const info = wire::find_cipher_suite(suite["name"].as_string());
  if (info != nullptr && info->aead() && any_of(info->prf_hash, {"SHA256", "SHA384", "SM3"})) out.push_back(hash(info->prf_hash));
  return out;
}

std::vector<Algorithm> group_algorithms(std::string_view name) {
  wire::NamedGroupInfo const* const info = wire::find_named_group(name);
  Algorithm out{.name = std::string{name}};
  if (info == nullptr) return {std::move(out)};
  if (info->security_bits > 0) out.classical = info->security_bits;
  if (info->kind == "ecdhe") {
    out.primitive = "key-agree";
    out.family = "ECDH";
    out.curve = curve_name(name);
    out.functions = kAgreement;
    out.quantum = 0;
  } else if (info->kind == "ffdhe") {
    out.primitive = "key-agree";
    out.family = "FFDH";
    out.parameters = name.substr(std::string_view{"ffdhe"}.size());
    out.functions = kAgreement;
    out.quantum = 0;
  } else if (info->kind == "pqc" && name.starts_with("MLKEM")) {
    out = ml_kem(name.substr(5));
  } else if (info->post_quantum()) {
    out.primitive = "combiner";
    out.functions = kKem;
    std::vector<Algorithm> all = hybrid_parts(name);
    for (Algorithm const& part : all) {
      out.parts.push_back(part.name);
      // Breaking it takes breaking its ML-KEM.
      if (part.family == "ML-KEM") out.quantum = part.quantum;
    }
    all.push_back(std::move(out));
    return all;
  }
  return {std::move(out)};
}

Algorithm dh_algorithm(std::int64_t bits) {
  return {.name = fmt::format("DHE-{}", bits),
          .primitive = "key-agree",
          .family = "FFDH",
          .parameters = fmt::format("{}", bits),
          .functions = kAgreement,
          .classical = modulus_strength(bits),
          .quantum = 0};
}

Algorithm scheme_algorithm(std::string_view name) {
  auto const schemes = wire::signature_schemes();
  auto const info = std::ranges::find(schemes, name, &wire::SignatureSchemeInfo::name);
  if (info == schemes.end()) return {.name = std::string{name}};
  if (info->algorithm == "rsa_pkcs1") return rsa_pkcs1(info->hash);
  if (info->algorithm == "rsa_pss") return signature(fmt::format("RSASSA-PSS-{}", hash_text(info->hash)), "RSASSA-PSS", 0);
  if (info->algorithm == "ecdsa") return signature(fmt::format("ECDSA-{}", hash_text(info->hash)), "ECDSA", 0);
  if (info->algorithm == "dsa") return signature(fmt::format("DSA-{}", hash_text(info->hash)), "DSA", 0);
  if (info->algorithm == "eddsa") return edwards(name);
  if (info->algorithm == "ml-dsa") return ml_dsa(name.substr(std::string_view{"mldsa"}.size()));
  if (info->algorithm == "slh-dsa") return signature(std::string{name}, "SLH-DSA", {});
  if (info->algorithm == "sm2") return signature(std::string{name}, "SM2", 0);
  return signature(std::string{name}, {}, {});
}

Algorithm key_algorithm(Value const& key) {
  std::string const& type = key["type"].as_string();
  std::int64_t const bits = key["bits"].as_int();
  if (any_of(type, {"rsa", "rsa-pss", "dsa"})) {
    Algorithm out{.name = fmt::format("{}-{}",
                                      type == "rsa"   ? "RSA"
                                      : type == "dsa" ? "DSA"
                                                      : "RSASSA-PSS",
                                      bits),
                  .primitive = type == "rsa" ? "pke" : "signature",
                  .parameters = fmt::format("{}", bits),
                  .classical = modulus_strength(bits),
                  .quantum = 0};
    if (type == "dsa") out.family = "DSA";
    if (type == "rsa-pss") out.family = "RSASSA-PSS";
    return out;
  }
  if (type == "ecdsa") {
    std::string const& curve = key["curve"].as_string();
    Algorithm out = signature(fmt::format("ECDSA-{}", curve.empty() ? fmt::format("{}", bits) : curve), "ECDSA", 0);
    out.curve = curve_name(curve);
    if (wire::NamedGroupInfo const* const info = wire::find_named_group(curve); info != nullptr) out.classical = info->security_bits;
    return out;
  }
  if (type == "ed25519" || type == "ed448") return edwards(type);
  if (any_of(type, {"ml-dsa-44", "ml-dsa-65", "ml-dsa-87"})) return ml_dsa(type.substr(std::string_view{"ml-dsa-"}.size()));
  return {.name = type};
}

Algorithm signature_algorithm(std::string_view name) {
  constexpr std::string_view kRsa = "WithRSAEncryption";
  constexpr std::string_view kEcdsa = "ecdsa-with-";
  constexpr std::string_view kDsa = "dsa_with_";
  if (name.ends_with(kRsa)) {
    std::string_view const digest = name.substr(0, name.size() - kRsa.size());
    if (any_of(digest, {"md5", "sha1", "sha224", "sha256", "sha384", "sha512"})) return rsa_pkcs1(digest);
  }
  if (name.starts_with(kEcdsa)) {
    std::string_view const digest = name.substr(kEcdsa.size());
    if (any_of(digest, {"SHA1", "SHA224", "SHA256", "SHA384", "SHA512"})) {
      return signature(fmt::format("ECDSA-{}", hash_text(digest)), "ECDSA", 0);
    }
  }
  if (name.starts_with(kDsa)) return signature(fmt::format("DSA-{}", hash_text(name.substr(kDsa.size()))), "DSA", 0);
  if (name == "rsassaPss") return signature("RSASSA-PSS", "RSASSA-PSS", 0);
  std::string const lower = ascii_lower(name);
  if (lower == "ed25519" || lower == "ed448") return edwards(lower);
  if (any_of(lower, {"ml-dsa-44", "ml-dsa-65", "ml-dsa-87"})) return ml_dsa(lower.substr(std::string_view{"ml-dsa-"}.size()));
  return {.name = std::string{name}};
}

}  // namespace tlsgauge::report
