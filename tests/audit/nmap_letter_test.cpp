// What nmap's ssl-enum-ciphers says of a suite, beside its letter (tests/policy/score_nmap_test.cpp): names, key exchange, warnings.
// Expected values are those that nmap 7.93 printed for such servers, or read in ssl-enum-ciphers.nse.

#include "audit/nmap_letter.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tlsgauge::audit {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using wire::ProtocolVersion;

SuiteEvidence suite(std::string const& name, std::string group = {}, int dh_bits = 0, ProtocolVersion version = ProtocolVersion::TLSv1_2) {
  return {.version = version, .name = name, .info = wire::find_cipher_suite(name), .group = std::move(group), .dh_bits = dh_bits};
}

KeyEvidence key(std::string type, int bits, std::string curve = {}, std::string signature = "sha256WithRSAEncryption") {
  return {.type = type,
          .bits = bits,
          .rsa_bits = rsa_bits_of_key(type, bits),
          .signature_algorithm = std::move(signature),
          .exponent_one = false,
          .curve = std::move(curve)};
}

TEST(NmapLetter, NamesSuitesAsNmapDoes) {
  EXPECT_EQ(nmap_name(suite("TLS_AES_128_GCM_SHA256")), "TLS_AKE_WITH_AES_128_GCM_SHA256");
  EXPECT_EQ(nmap_name(suite("TLS_CHACHA20_POLY1305_SHA256")), "TLS_AKE_WITH_CHACHA20_POLY1305_SHA256");
  EXPECT_EQ(nmap_name(suite("TLS_RSA_WITH_AES_128_CBC_SHA")), "TLS_RSA_WITH_AES_128_CBC_SHA");
  EXPECT_EQ(nmap_name(suite("TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256_DRAFT00")), "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256-draft");
  EXPECT_EQ(nmap_name(suite("TLS_RSA_WITH_AES_128_CBC_RMD")), "TLS_RSA_WITH_AES_128_CBC_RMD-draft");
  EXPECT_EQ(nmap_name({.version = ProtocolVersion::TLSv1_2, .name = "0x1234", .info = nullptr, .group = {}, .dh_bits = 0}), "0x1234");
}

TEST(NmapLetter, TellsTheKeyExchange) {
  std::vector<KeyEvidence> const keys{key("rsa", 2048), key("ecdsa", 256, "secp256r1")};
  EXPECT_EQ(nmap_exchange(suite("TLS_RSA_WITH_AES_128_CBC_SHA"), keys), "rsa 2048");
  EXPECT_EQ(nmap_exchange(suite("TLS_DHE_RSA_WITH_AES_128_CBC_SHA", "ffdhe2048", 2048), keys), "dh 2048");
  EXPECT_EQ(nmap_exchange(suite("TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA", "x25519"), keys), "ecdh_x25519");
  EXPECT_EQ(nmap_exchange(suite("TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA", "secp384r1"), keys), "secp384r1");
  EXPECT_EQ(nmap_exchange(suite("TLS_AES_128_GCM_SHA256", "ffdhe2048"), keys), "ffdhe2048");
  EXPECT_EQ(nmap_exchange(suite("TLS_ECDH_ECDSA_WITH_AES_128_CBC_SHA"), keys), "secp256r1");
  EXPECT_EQ(nmap_exchange(suite("TLS_DH_anon_WITH_AES_128_CBC_SHA", {}, 1024), {}), "dh 1024");
}

TEST(NmapLetter, SaysNothingOfAKeyExchangeThatIsNotKnown) {
  EXPECT_EQ(nmap_exchange(suite("TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA"), {key("rsa", 2048)}), "");
  EXPECT_EQ(nmap_exchange(suite("TLS_DHE_RSA_WITH_AES_128_CBC_SHA"), {key("rsa", 2048)}), "");
  EXPECT_EQ(nmap_exchange(suite("TLS_RSA_WITH_AES_128_CBC_SHA"), {key("ecdsa", 256, "secp256r1")}), "");
  EXPECT_EQ(nmap_exchange(suite("TLS_PSK_WITH_AES_128_CBC_SHA"), {key("rsa", 2048)}), "");
  EXPECT_EQ(nmap_exchange(suite("TLS_RSA_EXPORT_WITH_RC4_40_MD5"), {key("rsa", 2048)}), "") << "the temporary key was not measured";
}

TEST(NmapLetter, WarnsOfTheCipher) {
  EXPECT_THAT(nmap_cipher_warnings(suite("TLS_RSA_WITH_3DES_EDE_CBC_SHA")),
              ElementsAre("64-bit block cipher 3DES vulnerable to SWEET32 attack"));
  EXPECT_THAT(nmap_cipher_warnings(suite("TLS_RSA_EXPORT_WITH_DES40_CBC_SHA")),
              ElementsAre("64-bit block cipher DES40 vulnerable to SWEET32 attack"));
  EXPECT_THAT(nmap_cipher_warnings(suite("TLS_RSA_WITH_RC4_128_MD5")),
              ElementsAre("Ciphersuite uses MD5 for message integrity", "Broken cipher RC4 is deprecated by RFC 7465"));
  EXPECT_THAT(nmap_cipher_warnings(suite("TLS_RSA_WITH_AES_128_CBC_SHA", {}, 0, ProtocolVersion::SSLv3)),
              ElementsAre("CBC-mode cipher in SSLv3 (CVE-2014-3566)"));
  EXPECT_THAT(nmap_cipher_warnings(suite("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256")), IsEmpty());
  EXPECT_THAT(nmap_cipher_warnings(suite("TLS_RSA_WITH_AES_128_CBC_SHA")), IsEmpty()) << "blocks of 128 bits, not in SSLv3";
}

TEST(NmapLetter, SeesForwardSecrecyAsNmapDoes) {
  EXPECT_TRUE(nmap_forward_secrecy(suite("TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA")));
  EXPECT_TRUE(nmap_forward_secrecy(suite("TLS_AES_128_GCM_SHA256")));
  EXPECT_FALSE(nmap_forward_secrecy(suite("TLS_RSA_WITH_AES_128_CBC_SHA")));
  EXPECT_FALSE(nmap_forward_secrecy(suite("TLS_DH_anon_WITH_AES_128_CBC_SHA")));
}

TEST(NmapLetter, WarnsOfTheKeyExchange) {
  std::vector<KeyEvidence> const good{key("rsa", 2048)};
  EXPECT_THAT(rate_suite(suite("TLS_DHE_RSA_WITH_AES_128_CBC_SHA", {}, 1024), good).warnings,
              ElementsAre("Key exchange (dh 1024) of lower strength than certificate key"));
  EXPECT_THAT(rate_suite(suite("TLS_DHE_RSA_WITH_AES_128_CBC_SHA", {}, 2048), good).warnings, IsEmpty());
  EXPECT_THAT(rate_suite(suite("TLS_RSA_EXPORT_WITH_RC4_40_MD5"), good).warnings, ElementsAre("Export key exchange"));
  EXPECT_THAT(rate_suite(suite("TLS_DH_anon_WITH_AES_128_CBC_SHA", {}, 1024), {}).warnings,
              ElementsAre("Anonymous key exchange, score capped at F"));
  EXPECT_THAT(rate_suite(suite("TLS_RSA_WITH_AES_128_CBC_SHA"), {key("rsa", 2048, {}, "sha1WithRSAEncryption")}).warnings,
              ElementsAre("Insecure certificate signature (SHA1), score capped at F"));
}

TEST(NmapLetter, ACertificateThatWasNotReadMayHaveAnyKey) {
  auto const chain = [](std::string protocol, Value authentication, bool read) {
    Value shown = Value::object().set("protocol", std::move(protocol)).set("authentication", std::move(authentication));
    Value out = Value::object().set("shown_for", std::move(shown));
    if (!read) return out.set("inconclusive", "timed out");
    Value key = Value::object().set("type", "rsa").set("bits", 2048);
    return out.set("chain", Value::array().push_back(Value::object().set("key", std::move(key))));
  };
  SuiteEvidence const rsa = suite("TLS_RSA_WITH_AES_128_GCM_SHA256");
  SuiteEvidence const ecdsa = suite("TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "x25519");
  Value const good = chain("TLSv1.2", "rsa", true);
  Value const open = chain("TLSv1.2", "rsa", false);
  Value const any = chain("TLSv1.2", {}, false);
  Value const newest = chain("TLSv1.3", {}, false);
  EXPECT_EQ(rate_suite(rsa, keys_of({&good})).letter, "A");
  EXPECT_EQ(rate_suite(rsa, keys_of({&good, &open})).letter, "unknown");
  EXPECT_EQ(rate_suite(rsa, keys_of({&good, &open})).missing, "an RSA certificate was not read");
  EXPECT_EQ(rate_suite(rsa, keys_of({&open, &good})).letter, "unknown");
  EXPECT_EQ(rate_suite(rsa, keys_of({&good, &any})).letter, "unknown");
  EXPECT_EQ(rate_suite(ecdsa, keys_of({&any})).missing, "an ECDSA certificate was not read");
  EXPECT_EQ(rate_suite(rsa, keys_of({&good, &newest})).letter, "A") << "the suites of TLS 1.3 do not name the key";
}

}  // namespace
}  // namespace tlsgauge::audit
