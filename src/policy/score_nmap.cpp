#include "policy/score_nmap.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "policy/score_model.hpp"

namespace tlsgauge::policy {
namespace {

using wire::ProtocolVersion;

constexpr std::string_view kScript = "nmap ssl-enum-ciphers https://nmap.org/nsedoc/scripts/ssl-enum-ciphers.html";
constexpr std::size_t kMaxParts = 2000;

/// What nmap makes of the cipher: the effective strength, RC4 at most 80 bits (RFC 7465).
int cipher_bits(wire::CipherSuiteInfo const& suite) { return suite.encryption == "RC4" ? std::min(suite.key_bits, 80) : suite.key_bits; }

/// The authentication whose certificate's key the key exchange rests on; empty: on none that nmap measures. A certificate for static ECDH
/// has a key on a curve, whoever signed it.
std::string_view authentication_of(wire::CipherSuiteInfo const& suite) {
  if (suite.key_exchange == "ECDH") return "ECDSA";
  bool const measured = suite.authentication.starts_with("RSA") || suite.authentication == "ECDSA" || suite.authentication == "DSS";
  return measured && suite.key_exchange != "DH" ? suite.authentication : std::string_view{};
}

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
  if (info.authentication == "anon" || info.authentication == "NULL") return lettered(0, "no authentication");
  if (cipher <= 0) return lettered(0, "no encryption");

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
      if (!hash.empty()) return lettered(0, fmt::format("the certificate is signed with {}", hash));
      if (key.exponent_one) return lettered(0, "the exponent of the certificate's key is 1");
      if (key.rsa_bits == 0) {
        miss("the certificate's key was not measured");
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
    if (bits > 0) weigh(bits, suite.dh_bits > 0 ? fmt::format("DH {}", suite.dh_bits) : fmt::format("{} (as RSA {})", suite.group, bits));
  }
  constexpr int kStrongest = 15360;
  if (!missing.empty()) return unknown(missing, nmap_points(weakest > 0 ? weakest : kStrongest, cipher));
  if (weakest == 0) return unknown(fmt::format("nmap has no measure for {}", info.key_exchange));
  return lettered(nmap_points(weakest, cipher), fmt::format("{}, {}", basis, encryption));
}

namespace {

void cap(Assessment& out, std::string reason) {
  out.caps.push_back({.grade = "F", .reason = bounded(reason, kMaxObserved), .reference = std::string{kScript}});
}

std::vector<KeyEvidence> keys_of(ChainEvidence const& chains) {
  std::vector<KeyEvidence> out;
  for (Value const* const chain : chains.shown) {
    if (std::optional<KeyEvidence> key = key_of(*chain)) out.push_back(std::move(*key));
  }
  return out;
}

}  // namespace

Standing score_nmap(Endpoint const& endpoint, Assessment& out) {
  out.model = spec_of(ScoreModel::nmap).name;
  std::vector<KeyEvidence> const keys = keys_of(chain_evidence(endpoint));
  double least = 100;
  double possible = 100;
  double covered = 0;
  double versions = 0;
  bool any = false;
  std::vector<std::string> weakest;
  for (VersionEvidence const& version : version_evidence(endpoint)) {
    if (version.version == ProtocolVersion::SSLv2) {
      if (version.accepted == Truth::yes) cap(out, "SSLv2 is accepted, which ssl-enum-ciphers does not look at");
      if (version.accepted == Truth::unknown) cap(out, "inconclusive: " + could_not_tell(version.version, version.reason));
      if (version.accepted != Truth::no) least = 0;
      if (version.accepted == Truth::yes) possible = 0;
      continue;
    }
    ++versions;
    bool const open = version.accepted == Truth::unknown || !version.missing.empty();
    if (open) cap(out, "inconclusive: " + (version.missing.empty() ? could_not_tell(version.version, version.reason) : version.missing));
    if (open) least = 0;
    double judged = 0;
    for (SuiteEvidence const& suite : version.suites) {
      NmapLetter const letter = rate_suite(suite, keys);
      any = true;
      if (letter.missing.empty()) ++judged;
      if (!letter.missing.empty() && out.caps.size() < kMaxParts)
        cap(out, fmt::format("inconclusive: {} {} counts as F, {}", wire::name(version.version), suite.name, letter.missing));
      if (letter.points < least) weakest.clear();
      if (letter.points <= least && letter.points < 100) weakest.push_back(suite.name);
      least = std::min(least, letter.points);
      possible = std::min(possible, letter.possible);
      if (out.parts.size() < kMaxParts)
        out.parts.push_back({.name = fmt::format("{} {}", wire::name(version.version), suite.name),
                             .weight = 0,
                             .score = letter.points,
                             .basis = letter.basis,
                             .grade = letter.letter});
    }
    if (!open) covered += version.suites.empty() ? 1 : judged / static_cast<double>(version.suites.size());
  }
  if (!any) {
    least = 0;
    if (out.caps.empty()) cap(out, "inconclusive: no cipher suite is known");
  }
  out.score = static_cast<int>(least + 1e-9);  // rounded down, so that 80 is an A
  out.grade = nmap_letter(least);
  out.coverage = any ? static_cast<int>(100 * covered / versions + 1e-9) : 0;
  std::ranges::sort(weakest);
  weakest.erase(std::ranges::unique(weakest).begin(), weakest.end());
  if (out.caps.empty() && out.grade != "A")
    out.caps.push_back({.grade = out.grade, .reason = "least strength: " + enumerate(weakest), .reference = std::string{kScript}});
  return {static_cast<int>(possible + 1e-9), std::string{nmap_letter(possible)}};
}

}  // namespace tlsgauge::policy
