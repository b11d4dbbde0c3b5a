#include "audit/nmap_letter.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace tlsgauge::audit {
namespace {

using wire::ProtocolVersion;

/// What nmap makes of the cipher: the effective strength, RC4 at most 80 bits (RFC 7465).
int cipher_bits(wire::CipherSuiteInfo const& suite) { return suite.encryption == "RC4" ? std::min(suite.key_bits, 80) : suite.key_bits; }

/// The authentication whose certificate's key the key exchange rests on; empty: on none that nmap measures. A certificate for static ECDH
/// has a key on a curve, whoever signed it.
std::string_view authentication_of(wire::CipherSuiteInfo const& suite) {
  if (suite.key_exchange == "ECDH") return "ECDSA";
  bool const measured = suite.authentication.starts_with("RSA") || suite.authentication == "ECDSA" || suite.authentication == "DSS";
  return measured && suite.key_exchange != "DH" ? suite.authentication : std::string_view{};
}

/// nmap's name of a group.
std::string group_name(std::string const& group) { return group == "x25519" || group == "x448" ? "ecdh_" + group : group; }

NmapLetter unknown(std::string why, double possible = 100) {
  return {.letter = std::string{kNmapUnknown}, .points = 0, .basis = "not known: " + why, .missing = std::move(why), .possible = possible};
}

NmapLetter lettered(double points, std::string basis) {
  return {.letter = std::string{nmap_letter(points)}, .points = points, .basis = std::move(basis), .missing = {}, .possible = points};
}

}  // namespace

double nmap_points(int rsa_bits, int cipher_bits) {
  if (rsa_bits <= 0 || cipher_bits <= 0) return 0;
  double exchange = 100;
  if (rsa_bits < 512) {
    exchange = 20;
  } else if (rsa_bits < 1024) {
    exchange = 40;
  } else if (rsa_bits < 2048) {
    exchange = 80;
  } else if (rsa_bits < 4096) {
    exchange = 90;
  }
  double cipher = 100;
  if (cipher_bits < 128) {
    cipher = 20;
  } else if (cipher_bits < 256) {
    cipher = 80;
  }
  return 0.43 * exchange + 0.57 * cipher;
}

std::string_view nmap_letter(double points) {
  constexpr std::pair<double, std::string_view> kLetters[] = {{80, "A"}, {65, "B"}, {50, "C"}, {35, "D"}, {20, "E"}};
  for (auto const& [least, letter] : kLetters) {
    if (points >= least - 1e-9) return letter;
  }
  return "F";
}

NmapLetter rate_suite(SuiteEvidence const& suite, std::vector<KeyEvidence> const& keys) {
  if (suite.info == nullptr) return unknown("the suite is not in the registry");
  wire::CipherSuiteInfo const& info = *suite.info;
  int const cipher = cipher_bits(info);
  std::string const encryption = fmt::format("{}-bit {}", cipher, info.encryption);
  std::vector<std::string> warnings;
  auto const with_warnings = [&](NmapLetter letter) {
    letter.warnings = std::move(warnings);
    return letter;
  };
  if (info.export_grade) warnings.emplace_back("Export key exchange");
  if (info.authentication == "anon" || info.authentication == "NULL") {
    warnings.emplace_back("Anonymous key exchange, score capped at F");
    return with_warnings(lettered(0, "no authentication"));
  }

  int weakest = 0;
  std::string basis;
  std::string missing;  // the first; what else is known bounds the letter all the same
  auto const miss = [&](std::string why) {
    if (missing.empty()) missing = std::move(why);
  };
  auto const weigh = [&](int bits, std::string const& words) {
    if (weakest != 0 && bits >= weakest) return;
    weakest = bits;
    basis = words;
  };
  if (info.export_grade) {
    bool const longer = info.name.find("EXPORT1024") != std::string_view::npos;
    weigh(longer ? 1024 : 512, longer ? "export key exchange, 1024 bits" : "export key exchange, 512 bits");
  }
  if (std::string_view const authentication = authentication_of(info); !authentication.empty()) {
    bool any = false;
    for (KeyEvidence const& key : keys) {
      if (!key_serves(key, authentication)) continue;
      any = true;
      std::string_view const hash = broken_hash(key.signature_algorithm);
      if (!hash.empty()) {
        warnings.push_back(fmt::format("Insecure certificate signature ({}), score capped at F", hash));
        return with_warnings(lettered(0, fmt::format("the certificate is signed with {}", hash)));
      }
      if (key.exponent_one) {
        warnings.emplace_back("Certificate RSA exponent is 1, score capped at F");
        return with_warnings(lettered(0, "the exponent of the certificate's key is 1"));
      }
      if (key.rsa_bits == 0) {
        miss(key.bits == 0 ? fmt::format("an {} certificate was not read", authentication) : "the certificate's key was not measured");
        continue;
      }
      weigh(key.rsa_bits,
            fmt::format("{} {}{}", key.type, key.bits, key.rsa_bits == key.bits ? "" : fmt::format(" (as RSA {})", key.rsa_bits)));
    }
    if (!any) miss(fmt::format("the {} certificate was not read", authentication));
  }
  if (ephemeral_of(info) != Ephemeral::none) {
    int const bits = ephemeral_bits(suite);
    if (bits == 0) miss("the group of its key exchange was not read");
    if (bits > 0 && bits < weakest)
      warnings.push_back(fmt::format("Key exchange ({}) of lower strength than certificate key", nmap_exchange(suite, keys)));
    if (bits > 0) weigh(bits, suite.dh_bits > 0 ? fmt::format("DH {}", suite.dh_bits) : fmt::format("{} (as RSA {})", suite.group, bits));
  }
  if (cipher <= 0) return with_warnings(lettered(0, "no encryption"));
  constexpr int kStrongest = 15360;
  if (!missing.empty()) return with_warnings(unknown(missing, nmap_points(weakest > 0 ? weakest : kStrongest, cipher)));
  if (weakest == 0) return with_warnings(unknown(fmt::format("nmap has no measure for {}", info.key_exchange)));
  return with_warnings(lettered(nmap_points(weakest, cipher), fmt::format("{}, {}", basis, encryption)));
}

std::string nmap_exchange(SuiteEvidence const& suite, std::vector<KeyEvidence> const& keys) {
  if (suite.info == nullptr) return {};
  Ephemeral const ephemeral = ephemeral_of(*suite.info);
  // Ephemeral Diffie-Hellman up to TLS 1.2 is told by its size even where the group has a name.
  if (ephemeral == Ephemeral::finite_field) return suite.dh_bits > 0 ? fmt::format("dh {}", suite.dh_bits) : std::string{};
  if (ephemeral != Ephemeral::none) return ephemeral_bits(suite) > 0 ? group_name(suite.group) : std::string{};
  std::string_view const authentication = authentication_of(*suite.info);
  // Export suites bring a key of their own, which is not measured.
  if (authentication.empty() || suite.info->export_grade) return {};
  KeyEvidence const* weakest = nullptr;
  for (KeyEvidence const& key : keys) {
    bool const measured = key_serves(key, authentication) && key.rsa_bits > 0;
    if (measured && (weakest == nullptr || key.rsa_bits < weakest->rsa_bits)) weakest = &key;
  }
  if (weakest == nullptr) return {};
  if (!weakest->curve.empty()) return group_name(weakest->curve);
  return fmt::format("{} {}", weakest->type == "rsa-pss" ? "rsa" : weakest->type, weakest->bits);
}

std::string nmap_name(SuiteEvidence const& suite) {
  if (suite.info == nullptr) return suite.name;
  std::string name{suite.info->name};
  if (suite.info->key_exchange == "any") return name.starts_with("TLS_") ? "TLS_AKE_WITH_" + name.substr(4) : name;
  if (suite.info->status != "draft") return name;
  if (std::size_t const at = name.find("_DRAFT"); at != std::string::npos) name.resize(at);
  return name + "-draft";
}

bool nmap_forward_secrecy(SuiteEvidence const& suite) {
  return suite.info == nullptr || (suite.info->forward_secrecy && suite.info->authentication != "anon");
}

std::vector<std::string> nmap_cipher_warnings(SuiteEvidence const& suite) {
  std::vector<std::string> out;
  if (suite.info == nullptr) return out;
  wire::CipherSuiteInfo const& info = *suite.info;
  bool const cbc = info.mode == "CBC";
  if (info.mac == "MD5") out.emplace_back("Ciphersuite uses MD5 for message integrity");
  if (cbc && info.block_bits == 64) {
    constexpr std::string_view kWith = "_WITH_";
    std::size_t const at = info.name.find(kWith);
    std::string_view const cipher = at == std::string_view::npos ? info.encryption : info.name.substr(at + kWith.size());
    out.push_back(fmt::format("64-bit block cipher {} vulnerable to SWEET32 attack", cipher.substr(0, cipher.find('_'))));
  }
  if (suite.version == ProtocolVersion::SSLv3 && cbc) out.emplace_back("CBC-mode cipher in SSLv3 (CVE-2014-3566)");
  if (info.encryption == "RC4") out.emplace_back("Broken cipher RC4 is deprecated by RFC 7465");
  if (suite.version == ProtocolVersion::TLSv1_3 && info.key_exchange != "any")
    out.emplace_back("Non-TLSv1.3 ciphersuite chosen for TLSv1.3");
  return out;
}

}  // namespace tlsgauge::audit
