#include "policy/server_config/openssl_suites.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <string>

#include "base/text.hpp"

namespace tlsgauge::policy {
namespace {

using wire::CipherSuiteInfo;
using enum wire::ProtocolVersion;

constexpr std::uint32_t bit(unsigned position) { return 1U << position; }

namespace kx {
constexpr std::uint32_t rsa = bit(0), dhe = bit(1), ecdhe = bit(2), psk = bit(3), rsa_psk = bit(4), dhe_psk = bit(5), ecdhe_psk = bit(6),
                        srp = bit(7), ecdh_rsa = bit(8), ecdh_ecdsa = bit(9), dh_rsa = bit(10), dh_dss = bit(11), gost = bit(12);
constexpr std::uint32_t any_psk = psk | rsa_psk | dhe_psk | ecdhe_psk;
}  // namespace kx

namespace au {
constexpr std::uint32_t rsa = bit(0), ecdsa = bit(1), dss = bit(2), psk = bit(3), srp = bit(4), null = bit(5), ecdh = bit(6), dh = bit(7),
                        gost = bit(8);
constexpr std::uint32_t all = bit(9) - 1;
}  // namespace au

namespace enc {
constexpr std::uint32_t null = bit(0), aes128 = bit(1), aes256 = bit(2), aes128_gcm = bit(3), aes256_gcm = bit(4), aes128_ccm = bit(5),
                        aes256_ccm = bit(6), aes128_ccm8 = bit(7), aes256_ccm8 = bit(8), camellia128 = bit(9), camellia256 = bit(10),
                        aria128_gcm = bit(11), aria256_gcm = bit(12), chacha20 = bit(13), triple_des = bit(14), rc4 = bit(15),
                        seed = bit(16), idea = bit(17), des = bit(18), rc2 = bit(19), gost = bit(20);
constexpr std::uint32_t all = bit(21) - 1;
constexpr std::uint32_t any_gcm = aes128_gcm | aes256_gcm, any_ccm8 = aes128_ccm8 | aes256_ccm8;
constexpr std::uint32_t any_ccm = aes128_ccm | aes256_ccm | any_ccm8;
constexpr std::uint32_t any_aes = aes128 | aes256 | any_gcm | any_ccm;
constexpr std::uint32_t any_cbc = aes128 | aes256 | camellia128 | camellia256 | triple_des | seed | idea | des | rc2;
}  // namespace enc

namespace mac {
constexpr std::uint32_t md5 = bit(0), sha1 = bit(1), sha256 = bit(2), sha384 = bit(3), aead = traits::kAead, gost = bit(5);
}  // namespace mac

namespace strength {
constexpr std::uint32_t none = bit(0), low = bit(1), medium = bit(2), high = bit(3), fips = bit(4), export40 = bit(5), export56 = bit(6);
}  // namespace strength

constexpr std::uint32_t kNotDefault = 1;

// Keywords come and go with versions.
enum Since : std::uint8_t { ever, since_1_1, since_3_0, until_1_0 };

struct Keyword {
  std::string_view name;
  SuiteTraits traits;
  Since since = ever;
};

constexpr SuiteTraits exchange(std::uint32_t set, std::uint32_t authentication = 0) {
  return {.key_exchange = set, .authentication = authentication};
}
constexpr SuiteTraits auth(std::uint32_t set) { return {.authentication = set}; }
constexpr SuiteTraits cipher(std::uint32_t set) { return {.encryption = set}; }
constexpr SuiteTraits hash(std::uint32_t set) { return {.mac = set}; }
constexpr SuiteTraits minimum(wire::ProtocolVersion version) { return {.version = version}; }
constexpr SuiteTraits grade(std::uint32_t set) { return {.strength = set}; }

constexpr std::uint32_t kNamed = au::all & ~au::null;

constexpr Keyword kKeywords[] = {
    {"ALL", cipher(enc::all & ~enc::null)},
    {"COMPLEMENTOFALL", cipher(enc::null)},
    {"COMPLEMENTOFDEFAULT", {.standing = kNotDefault}, since_1_1},
    {"COMPLEMENTOFDEFAULT", {.authentication = au::null, .encryption = enc::all & ~enc::null}, until_1_0},
    {"kRSA", exchange(kx::rsa)},
    {"kEDH", exchange(kx::dhe)},
    {"kDHE", exchange(kx::dhe)},
    {"DH", exchange(kx::dhe), since_1_1},
    {"DH", exchange(kx::dhe | kx::dh_rsa | kx::dh_dss), until_1_0},
    {"kDHr", exchange(kx::dh_rsa), until_1_0},
    {"kDHd", exchange(kx::dh_dss), until_1_0},
    {"kDH", exchange(kx::dh_rsa | kx::dh_dss), until_1_0},
    {"kEECDH", exchange(kx::ecdhe)},
    {"kECDHE", exchange(kx::ecdhe)},
    {"ECDH", exchange(kx::ecdhe), since_1_1},
    {"ECDH", exchange(kx::ecdhe | kx::ecdh_rsa | kx::ecdh_ecdsa), until_1_0},
    {"kECDHr", exchange(kx::ecdh_rsa), until_1_0},
    {"kECDHe", exchange(kx::ecdh_ecdsa), until_1_0},
    {"kECDH", exchange(kx::ecdh_rsa | kx::ecdh_ecdsa), until_1_0},
    {"kPSK", exchange(kx::psk)},
    {"kRSAPSK", exchange(kx::rsa_psk), since_1_1},
    {"kECDHEPSK", exchange(kx::ecdhe_psk), since_1_1},
    {"kDHEPSK", exchange(kx::dhe_psk), since_1_1},
    {"kSRP", exchange(kx::srp)},
    {"kGOST", exchange(kx::gost)},
    {"kGOST18", exchange(kx::gost), since_3_0},
    {"aRSA", auth(au::rsa)},
    {"aDSS", auth(au::dss)},
    {"DSS", auth(au::dss)},
    {"aNULL", auth(au::null)},
    {"aECDSA", auth(au::ecdsa)},
    {"ECDSA", auth(au::ecdsa)},
    {"aDH", auth(au::dh), until_1_0},
    {"aECDH", auth(au::ecdh), until_1_0},
    {"aPSK", auth(au::psk)},
    {"aGOST01", auth(au::gost)},
    {"aGOST12", auth(au::gost), since_1_1},
    {"aGOST", auth(au::gost)},
    {"aSRP", auth(au::srp)},
    {"EDH", exchange(kx::dhe, kNamed)},
    {"DHE", exchange(kx::dhe, kNamed)},
    {"EECDH", exchange(kx::ecdhe, kNamed)},
    {"ECDHE", exchange(kx::ecdhe, kNamed)},
    {"NULL", cipher(enc::null)},
    {"RSA", exchange(kx::rsa, au::rsa)},
    {"ADH", exchange(kx::dhe, au::null)},
    {"AECDH", exchange(kx::ecdhe, au::null)},
    {"PSK", exchange(kx::any_psk)},
    {"SRP", exchange(kx::srp)},
    {"DES", cipher(enc::des), until_1_0},
    {"3DES", cipher(enc::triple_des)},
    {"RC4", cipher(enc::rc4)},
    {"RC2", cipher(enc::rc2)},
    {"IDEA", cipher(enc::idea)},
    {"SEED", cipher(enc::seed)},
    {"eNULL", cipher(enc::null)},
    {"GOST", cipher(enc::gost)},
    {"AES128", cipher(enc::aes128 | enc::aes128_gcm | enc::aes128_ccm | enc::aes128_ccm8)},
    {"AES256", cipher(enc::aes256 | enc::aes256_gcm | enc::aes256_ccm | enc::aes256_ccm8)},
    {"AES", cipher(enc::any_aes)},
    {"AESGCM", cipher(enc::any_gcm)},
    {"AESCCM", cipher(enc::any_ccm), since_1_1},
    {"AESCCM8", cipher(enc::any_ccm8), since_1_1},
    {"CAMELLIA128", cipher(enc::camellia128)},
    {"CAMELLIA256", cipher(enc::camellia256)},
    {"CAMELLIA", cipher(enc::camellia128 | enc::camellia256)},
    {"CHACHA20", cipher(enc::chacha20), since_1_1},
    {"ARIA", cipher(enc::aria128_gcm | enc::aria256_gcm), since_1_1},
    {"ARIAGCM", cipher(enc::aria128_gcm | enc::aria256_gcm), since_1_1},
    {"ARIA128", cipher(enc::aria128_gcm), since_1_1},
    {"ARIA256", cipher(enc::aria256_gcm), since_1_1},
    {"CBC", cipher(enc::any_cbc), since_3_0},
    {"MD5", hash(mac::md5)},
    {"SHA1", hash(mac::sha1)},
    {"SHA", hash(mac::sha1)},
    {"SHA256", hash(mac::sha256)},
    {"SHA384", hash(mac::sha384)},
    {"GOST94", hash(mac::gost)},
    {"GOST89MAC", hash(mac::gost)},
    {"GOST12", hash(mac::gost), since_1_1},
    {"SSLv3", minimum(SSLv3)},
    {"TLSv1", minimum(TLSv1_0)},
    {"TLSv1.0", minimum(TLSv1_0), since_1_1},
    {"TLSv1.2", minimum(TLSv1_2)},
    {"EXP", grade(strength::export40 | strength::export56), until_1_0},
    {"EXPORT", grade(strength::export40 | strength::export56), until_1_0},
    {"EXPORT40", grade(strength::export40), until_1_0},
    {"EXPORT56", grade(strength::export56), until_1_0},
    {"LOW", grade(strength::low)},
    {"MEDIUM", grade(strength::medium)},
    {"HIGH", grade(strength::high)},
    {"FIPS", {.encryption = enc::all & ~enc::null, .strength = strength::fips}},
    // Old names of suites; in OpenSSL they are aliases too.
    {"EDH-DSS-DES-CBC3-SHA", {kx::dhe, au::dss, enc::triple_des, mac::sha1, strength::high | strength::fips}},
    {"EDH-RSA-DES-CBC3-SHA", {kx::dhe, au::rsa, enc::triple_des, mac::sha1, strength::high | strength::fips}},
};

// Words of patched and special builds, of SSLv2, and prefixes that replace the whole string.
constexpr std::string_view kOtherWords[] = {"DEFAULT",        "SSLv2", "SUITEB128", "SUITEB128ONLY", "SUITEB128C2",       "SUITEB192",
                                            "PROFILE=SYSTEM", "KRB5",  "kKRB5",     "aKRB5",         "KRB5-DES-CBC3-SHA", "EXPORT1024"};

bool is_at_least(OpensslBuild const& build, int major, int minor) {
  return build.major != major ? build.major > major : build.minor >= minor;
}
bool is_1_0(OpensslBuild const& build) { return !is_at_least(build, 1, 1); }

bool knows(OpensslBuild const& build, Since since) {
  switch (since) {
    case ever:
      return true;
    case since_1_1:
      return !is_1_0(build);
    case since_3_0:
      return is_at_least(build, 3, 0);
    case until_1_0:
      return is_1_0(build);
  }
  return false;
}

template <std::size_t N>
std::uint32_t find_bits(std::pair<std::string_view, std::uint32_t> const (&table)[N], std::string_view name) {
  auto const at = std::ranges::find(table, name, [](auto const& entry) { return entry.first; });
  return at == std::end(table) ? 0 : at->second;
}

std::uint32_t key_exchange_bits(CipherSuiteInfo const& suite) {
  constexpr std::pair<std::string_view, std::uint32_t> kTable[] = {
      {"RSA", kx::rsa},         {"DHE", kx::dhe},         {"ECDHE", kx::ecdhe},         {"PSK", kx::psk},
      {"RSA_PSK", kx::rsa_psk}, {"DHE_PSK", kx::dhe_psk}, {"ECDHE_PSK", kx::ecdhe_psk}, {"SRP", kx::srp}};
  if (suite.key_exchange == "ECDH") return suite.authentication == "RSA" ? kx::ecdh_rsa : kx::ecdh_ecdsa;
  if (suite.key_exchange == "DH") return suite.authentication == "RSA" ? kx::dh_rsa : kx::dh_dss;
  return find_bits(kTable, suite.key_exchange);
}

std::uint32_t authentication_bits(CipherSuiteInfo const& suite) {
  constexpr std::pair<std::string_view, std::uint32_t> kTable[] = {{"RSA", au::rsa}, {"ECDSA", au::ecdsa}, {"DSS", au::dss},
                                                                   {"PSK", au::psk}, {"RSA+PSK", au::rsa}, {"anon", au::null},
                                                                   {"SRP", au::srp}};
  if (suite.key_exchange == "ECDH") return au::ecdh;
  if (suite.key_exchange == "DH") return au::dh;
  return find_bits(kTable, suite.authentication);
}

std::uint32_t encryption_bits(CipherSuiteInfo const& suite) {
  bool const strong = suite.key_bits == 256;
  auto const of = [&](std::uint32_t with_128, std::uint32_t with_256) { return strong ? with_256 : with_128; };
  if (suite.encryption == "AES") {
    if (suite.mode == "CBC") return of(enc::aes128, enc::aes256);
    if (suite.mode == "GCM") return of(enc::aes128_gcm, enc::aes256_gcm);
    if (suite.mode == "CCM") return of(enc::aes128_ccm, enc::aes256_ccm);
    if (suite.mode == "CCM_8") return of(enc::aes128_ccm8, enc::aes256_ccm8);
    return 0;
  }
  if (suite.encryption == "CAMELLIA") return suite.mode == "CBC" ? of(enc::camellia128, enc::camellia256) : 0;
  if (suite.encryption == "ARIA") return suite.mode == "GCM" ? of(enc::aria128_gcm, enc::aria256_gcm) : 0;
  constexpr std::pair<std::string_view, std::uint32_t> kTable[] = {
      {"NULL", enc::null}, {"CHACHA20", enc::chacha20}, {"3DES", enc::triple_des}, {"RC4", enc::rc4}, {"SEED", enc::seed},
      {"IDEA", enc::idea}, {"DES", enc::des},           {"DES40", enc::des},       {"RC2", enc::rc2}};
  return find_bits(kTable, suite.encryption);
}

std::uint32_t mac_bits(CipherSuiteInfo const& suite) {
  constexpr std::pair<std::string_view, std::uint32_t> kTable[] = {
      {"MD5", mac::md5}, {"SHA1", mac::sha1}, {"SHA256", mac::sha256}, {"SHA384", mac::sha384}, {"AEAD", mac::aead}};
  return find_bits(kTable, suite.mac);
}

/// OpenSSL 1.0.2 has fixed Diffie-Hellman, single DES and export suites still, and no CCM, ARIA, ChaCha20 yet.
bool has_1_0(SuiteTraits const& t, CipherSuiteInfo const& suite, bool weak) {
  if ((t.encryption & (enc::any_ccm | enc::aria128_gcm | enc::aria256_gcm | enc::chacha20)) != 0) return false;
  if ((t.encryption & (enc::camellia128 | enc::camellia256)) != 0 && t.mac != mac::sha1) return false;
  if ((t.key_exchange & (kx::rsa_psk | kx::dhe_psk | kx::ecdhe_psk)) != 0) return false;
  if (t.key_exchange == kx::psk && (t.mac != mac::sha1 || t.encryption == enc::null)) return false;
  if (t.encryption == enc::rc2 || t.encryption == enc::des || suite.export_grade) {
    return weak && suite.code < 0x001E && (t.key_exchange & (kx::dh_rsa | kx::dh_dss)) == 0;
  }
  // Of DSS with RC4 there was a draft only, and a suite of it in OpenSSL.
  return true;
}

bool has_1_1(SuiteTraits const& t, CipherSuiteInfo const& suite, OpensslBuild const& build) {
  constexpr std::uint32_t kModern = kx::rsa | kx::dhe | kx::ecdhe | kx::any_psk | kx::srp;
  bool const anonymous = t.authentication == au::null;
  if ((t.key_exchange & kModern) == 0 || suite.export_grade) return false;
  if ((t.encryption & (enc::des | enc::rc2)) != 0) return false;
  if ((t.encryption & (enc::triple_des | enc::rc4)) != 0 && !build.weak_ciphers) return false;
  // Since 3.0 they are in the legacy provider, which nobody loads unless told to. IDEA was left out by distributions before.
  if (t.encryption == enc::idea && !build.weak_ciphers) return false;
  if (t.encryption == enc::seed && is_at_least(build, 3, 0) && !build.weak_ciphers) return false;
  if (t.encryption == enc::rc4 && t.authentication == au::dss) return false;
  if (((t.encryption & (enc::any_ccm | enc::any_gcm)) != 0) && t.key_exchange == kx::ecdhe_psk) return false;
  if ((t.encryption & (enc::aria128_gcm | enc::aria256_gcm)) != 0) {
    return !anonymous && (is_at_least(build, 3, 0) || build.major > 1 || build.patch >= 1);
  }
  return true;
}

std::uint32_t strength_of(SuiteTraits const& t, CipherSuiteInfo const& suite, bool short_tag_counts) {
  if (suite.export_grade) return suite.key_bits == 40 ? strength::export40 : strength::export56;
  std::uint32_t grade = strength::high;
  if (t.encryption == enc::null) grade = strength::none;
  if ((t.encryption & (enc::triple_des | enc::rc4 | enc::seed | enc::idea)) != 0) grade = strength::medium;
  if (t.encryption == enc::des) grade = strength::low;
  if (short_tag_counts) grade = strength::medium;
  constexpr std::uint32_t kApproved = enc::aes128 | enc::aes256 | enc::any_gcm | enc::triple_des | enc::null;
  bool const approved = (t.encryption & kApproved) != 0 && t.key_exchange != kx::srp && t.mac != mac::md5;
  return grade | (approved ? strength::fips : 0);
}

/// Of 1.1.0 and later; before, DEFAULT was a string.
bool is_not_default(SuiteTraits const& t) {
  constexpr std::uint32_t kSpecial = enc::any_ccm | enc::camellia128 | enc::camellia256 | enc::aria128_gcm | enc::aria256_gcm |
                                     enc::triple_des | enc::rc4 | enc::seed | enc::idea;
  if (t.encryption == enc::null) return false;
  return (t.authentication & (au::null | au::dss)) != 0 || (t.encryption & kSpecial) != 0;
}

wire::ProtocolVersion minimum_of(SuiteTraits const& t, CipherSuiteInfo const& suite, OpensslBuild const& build) {
  bool const any_psk = (t.key_exchange & kx::any_psk) != 0;
  if (t.mac == mac::aead) return TLSv1_2;
  if ((t.mac & (mac::sha256 | mac::sha384)) != 0) return any_psk ? TLSv1_0 : TLSv1_2;
  if (is_1_0(build)) return suite.code < 0x002C ? SSLv3 : TLSv1_0;
  return (t.key_exchange & (kx::ecdhe | kx::ecdhe_psk)) != 0 ? TLSv1_0 : SSLv3;
}

std::optional<OpensslSuite> suite_of(CipherSuiteInfo const& suite, OpensslBuild const& build) {
  bool const standard = suite.status == "iana" || (suite.status == "draft" && suite.code < 0x0100);
  if (!standard || suite.openssl_name.empty() || suite.code > 0xFFFF) return std::nullopt;
  OpensslSuite out;
  out.info = &suite;
  SuiteTraits& t = out.traits;
  t.key_exchange = key_exchange_bits(suite);
  t.authentication = authentication_bits(suite);
  t.encryption = encryption_bits(suite);
  t.mac = mac_bits(suite);
  if (t.key_exchange == 0 || t.authentication == 0 || t.encryption == 0 || t.mac == 0) return std::nullopt;
  if (!(is_1_0(build) ? has_1_0(t, suite, build.weak_ciphers) : has_1_1(t, suite, build))) return std::nullopt;
  // Eight octets of tag count since 3.2.
  bool const short_tag_counts = (t.encryption & enc::any_ccm8) != 0 && is_at_least(build, 3, 2);
  t.strength = strength_of(t, suite, short_tag_counts);
  t.standing = is_not_default(t) ? kNotDefault : 0;
  t.version = minimum_of(t, suite, build);
  out.bits = short_tag_counts ? 64 : suite.key_bits;
  return out;
}

bool overlaps(std::uint32_t wanted, std::uint32_t has) { return wanted == 0 || (wanted & has) != 0; }

}  // namespace

std::vector<OpensslSuite> openssl_suites(OpensslBuild const& build) {
  std::vector<OpensslSuite> all;
  for (CipherSuiteInfo const& suite : wire::cipher_suites()) {
    if (auto known = suite_of(suite, build)) all.push_back(std::move(*known));
  }
  std::ranges::stable_sort(all, [](OpensslSuite const& a, OpensslSuite const& b) { return a.info->code > b.info->code; });
  return all;
}

std::optional<SuiteTraits> openssl_keyword(std::string_view word, OpensslBuild const& build) {
  // Since 4.0 case does not matter.
  bool const any_case = build.major >= 4;
  std::string const lower = any_case ? ascii_lower(word) : std::string{};
  for (Keyword const& keyword : kKeywords) {
    if (!knows(build, keyword.since)) continue;
    if (any_case ? ascii_lower(keyword.name) == lower : keyword.name == word) return keyword.traits;
  }
  return std::nullopt;
}

bool known_to_any_openssl(std::string_view word) {
  if (std::ranges::any_of(kKeywords, [&](Keyword const& keyword) { return keyword.name == word; })) return true;
  if (std::ranges::find(kOtherWords, word) != std::end(kOtherWords)) return true;
  CipherSuiteInfo const* const suite = wire::find_cipher_suite(word);
  return suite != nullptr && (suite->openssl_name == word || suite->name == word);
}

bool has_traits(OpensslSuite const& suite, SuiteTraits const& wanted) {
  SuiteTraits const& has = suite.traits;
  return overlaps(wanted.key_exchange, has.key_exchange) && overlaps(wanted.authentication, has.authentication) &&
         overlaps(wanted.encryption, has.encryption) && overlaps(wanted.mac, has.mac) && overlaps(wanted.strength, has.strength) &&
         overlaps(wanted.standing, has.standing) && (wanted.version == none || wanted.version == has.version);
}

bool within_security_level(OpensslSuite const& suite, int level) {
  if (level <= 0) return true;
  constexpr std::array kBits = {0, 80, 112, 128, 192, 256};
  int const least = kBits[static_cast<std::size_t>(std::min(level, 5))];
  SuiteTraits const& t = suite.traits;
  if (suite.bits < least || t.authentication == au::null || t.mac == mac::md5) return false;
  if (least > 160 && t.mac == mac::sha1) return false;
  return level < 3 || (t.key_exchange & (kx::dhe | kx::ecdhe | kx::dhe_psk | kx::ecdhe_psk)) != 0;
}

SuiteTraits traits::keyword(std::string_view word) { return openssl_keyword(word, {}).value_or(SuiteTraits{}); }

}  // namespace tlsgauge::policy
