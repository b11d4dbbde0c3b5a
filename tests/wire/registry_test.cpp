#include "wire/registry/registry.hpp"

#include <gtest/gtest.h>

#include <set>

#include "base/text.hpp"
#include "wire/vectors.hpp"

namespace tlsgauge::wire {
namespace {

TEST(Registry, EveryEntryIsFoundByItsCode) {
  for (CipherSuiteInfo const& suite : cipher_suites()) EXPECT_EQ(find(static_cast<CipherSuite>(suite.code))->code, suite.code);
  for (CipherSuiteInfo const& kind : ssl2_cipher_kinds()) EXPECT_EQ(find(static_cast<Ssl2CipherKind>(kind.code)), &kind);
  for (NamedGroupInfo const& group : named_groups()) EXPECT_EQ(find(group.code), &group) << group.name;
  for (SignatureSchemeInfo const& scheme : signature_schemes()) EXPECT_EQ(find(scheme.code), &scheme) << scheme.name;
}

TEST(Registry, CodesAreUnique) {
  std::set<std::uint32_t> suites;
  for (CipherSuiteInfo const& suite : cipher_suites()) EXPECT_TRUE(suites.insert(suite.code).second) << suite.name;
}

TEST(Registry, WhatIsUnknownIsNotFound) {
  EXPECT_EQ(find(CipherSuite{0xDEAD}), nullptr);
  EXPECT_EQ(find(Ssl2CipherKind{0x123456}), nullptr);
  EXPECT_EQ(find(NamedGroup{0xDEAD}), nullptr);
  EXPECT_EQ(find(SignatureScheme{0xDEAD}), nullptr);
  EXPECT_EQ(find_cipher_suite("TLS_NO_SUCH"), nullptr);
  EXPECT_EQ(find_cipher_suite(""), nullptr);
  EXPECT_EQ(find_named_group("secp999"), nullptr);
}

TEST(Registry, FactsOfWellKnownEntries) {
  CipherSuiteInfo const* const suite = find(CipherSuite::TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256);
  ASSERT_NE(suite, nullptr);
  EXPECT_EQ(suite->openssl_name, "ECDHE-RSA-AES128-GCM-SHA256");
  EXPECT_EQ(suite->key_exchange, "ECDHE");
  EXPECT_EQ(suite->authentication, "RSA");
  EXPECT_EQ(suite->key_bits, 128);
  EXPECT_TRUE(suite->aead());
  EXPECT_TRUE(suite->forward_secrecy);
  EXPECT_EQ(suite->min_version, ProtocolVersion::TLSv1_2);
  EXPECT_TRUE(find(CipherSuite::TLS_RSA_EXPORT_WITH_RC4_40_MD5)->export_grade);
  EXPECT_EQ(find(CipherSuite::TLS_RSA_WITH_3DES_EDE_CBC_SHA)->key_bits, 112);
  EXPECT_EQ(find(CipherSuite::TLS_RSA_WITH_3DES_EDE_CBC_SHA)->block_bits, 64);
  EXPECT_EQ(find(Ssl2CipherKind::SSL_CK_RC4_128_WITH_MD5)->code, 0x010080U);
  EXPECT_TRUE(find(NamedGroup::X25519MLKEM768)->post_quantum());
  EXPECT_FALSE(find(NamedGroup::x25519)->post_quantum());
  EXPECT_EQ(find(NamedGroup::X25519MLKEM768)->client_share_octets, 1216);
}

TEST(Registry, SuitesAreFoundByEitherNameInAnyCase) {
  CipherSuiteInfo const* const suite = find(CipherSuite::TLS_DHE_RSA_WITH_AES_256_GCM_SHA384);
  EXPECT_EQ(find_cipher_suite("TLS_DHE_RSA_WITH_AES_256_GCM_SHA384"), suite);
  EXPECT_EQ(find_cipher_suite("tls_dhe_rsa_with_aes_256_gcm_sha384"), suite);
  EXPECT_EQ(find_cipher_suite("DHE-RSA-AES256-GCM-SHA384"), suite);
  EXPECT_EQ(find_named_group("X25519")->code, NamedGroup::x25519);
  for (CipherSuiteInfo const& each : cipher_suites()) {
    CipherSuiteInfo const* const found = find_cipher_suite(each.name);
    ASSERT_NE(found, nullptr) << each.name;
    EXPECT_EQ(ascii_lower(found->name), ascii_lower(each.name));
  }
}

TEST(Registry, NamesFallBackToTheCode) {
  EXPECT_EQ(name(CipherSuite::TLS_AES_128_GCM_SHA256), "TLS_AES_128_GCM_SHA256");
  EXPECT_EQ(name(CipherSuite{0x1A1A}), "0x1A1A (GREASE)");
  EXPECT_EQ(name(CipherSuite{0xDEAD}), "0xDEAD");
  EXPECT_EQ(name(NamedGroup{0xFAFA}), "0xFAFA (GREASE)");
  EXPECT_EQ(name(NamedGroup{0x0099}), "0x0099");
  EXPECT_EQ(name(SignatureScheme{0x2A2A}), "0x2A2A (GREASE)");
  EXPECT_EQ(name(ExtensionType{0x0A0A}), "0x0A0A (GREASE)");
  EXPECT_EQ(name(ExtensionType::renegotiation_info), "renegotiation_info");
  EXPECT_EQ(name(ExtensionType{0xABCD}), "0xABCD");
  EXPECT_EQ(name(Ssl2CipherKind{0x123456}), "0x123456");
  EXPECT_EQ(name(AlertDescription::unrecognized_name), "unrecognized_name");
  EXPECT_EQ(name(AlertDescription{200}), "0xC8");
  EXPECT_EQ(code_text(CipherSuite::TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256), "0xC02F");
  EXPECT_EQ(code_text(NamedGroup::x25519), "0x001D");
  EXPECT_EQ(code_text(SignatureScheme::ed25519), "0x0807");
}

TEST(Registry, VersionsHaveNamesThatAreReadBack) {
  std::vector<std::string> names;
  for (ProtocolVersion const version : kAllVersions) {
    names.push_back(name(version));
    EXPECT_EQ(version_from(name(version)), version);
  }
  EXPECT_EQ(names, (std::vector<std::string>{"SSLv2", "SSLv3", "TLSv1.0", "TLSv1.1", "TLSv1.2", "TLSv1.3"}));
  EXPECT_EQ(name(ProtocolVersion{0x7F1C}), "0x7F1C");
  EXPECT_EQ(version_from("TLSv1.4"), std::nullopt);
  EXPECT_EQ(version_from(""), std::nullopt);
}

TEST(Registry, PrimesAreFoundWhateverZerosLead) {
  int named = 0;
  for (DhPrimeInfo const& known : dh_primes()) {
    std::string const digits = std::string(known.hex.size() % 2, '0') + std::string{known.hex};
    Bytes const value = from_hex(digits).value();
    DhPrimeInfo const* const found = find_dh_prime(test::Exact{value});
    ASSERT_NE(found, nullptr) << known.name;
    EXPECT_EQ(found->hex, known.hex);
    EXPECT_EQ(find_dh_prime(test::operator+(Bytes(3, 0), value)), found);
    if (!known.named_group.empty()) ++named;
  }
  EXPECT_EQ(named, 5);  // RFC 7919 has five
  EXPECT_EQ(find_dh_prime({}), nullptr);
  EXPECT_EQ(find_dh_prime(Bytes(16, 0)), nullptr);
  EXPECT_EQ(find_dh_prime(Bytes(1U << 20U, 0xFF)), nullptr);
}

}  // namespace
}  // namespace tlsgauge::wire
