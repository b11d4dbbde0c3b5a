// Algorithms of a CBOM: what the names of the registries say for certain, and nothing beyond.

#include <gtest/gtest.h>
#include <openssl/objects.h>

#include <array>
#include <utility>

#include "report/cbom_algorithms.hpp"
#include "report/cbom_facts.hpp"
#include "report/cbom_oids.hpp"
#include "report/samples.hpp"
#include "wire/registry/registry.hpp"

namespace tlsgauge::test {
namespace {

using report::Algorithm;

std::vector<std::string> names(std::vector<Algorithm> const& all) {
  std::vector<std::string> out;
  for (Algorithm const& each : all) out.push_back(each.name);
  return out;
}

Value suite(char const* name) {
  wire::CipherSuiteInfo const& info = *wire::find_cipher_suite(name);
  return Value::object()
      .set("name", info.name)
      .set("key_exchange", info.key_exchange)
      .set("authentication", info.authentication)
      .set("encryption", info.encryption)
      .set("key_bits", info.key_bits)
      .set("block_bits", info.block_bits)
      .set("mode", info.mode)
      .set("mac", info.mac)
      .set("aead", info.aead());
}

using Names = std::vector<std::string>;

Value facts_of(char const* result) {
  std::string const path = TLSGAUGE_SOURCE_DIR "/tests/data/results/" + std::string{result} + ".json";
  return read_document(file_content(path), path).endpoints.at(0).facts;
}

Names open_in(Value const& facts) {
  Names out;
  for (report::OpenFact const& each : report::open_facts(facts)) out.push_back(each.where + ": " + each.what);
  return out;
}

Value without(Value const& facts, std::string_view key) {
  Value out = Value::object();
  for (auto const& [name, value] : facts.members()) {
    if (name != key) out.set(name, value);
  }
  return out;
}

Value with(Value facts, std::string_view key, Value value) { return facts.set(key, std::move(value)); }

TEST(CbomOids, AreOfWhatTheNameSays) {
  EXPECT_EQ(report::algorithm_oid(report::signature_algorithm("ecdsa-with-SHA256").name), "1.2.840.10045.4.3.2");
  EXPECT_EQ(report::algorithm_oid(report::signature_algorithm("sha256WithRSAEncryption").name), "1.2.840.113549.1.1.11");
  EXPECT_EQ(report::algorithm_oid(report::scheme_algorithm("rsa_pkcs1_sha384").name), "1.2.840.113549.1.1.12");
  EXPECT_EQ(report::algorithm_oid(report::scheme_algorithm("ed25519").name), "1.3.101.112");
  EXPECT_EQ(report::algorithm_oid(report::key_algorithm(Value::object().set("type", "rsa").set("bits", 2048)).name),
            "1.2.840.113549.1.1.1");
  EXPECT_EQ(report::algorithm_oid(report::key_algorithm(Value::object().set("type", "ecdsa").set("curve", "secp384r1")).name),
            "1.2.840.10045.2.1");
  EXPECT_EQ(report::algorithm_oid("secp256r1"), "1.2.840.10045.3.1.7");
  EXPECT_EQ(report::algorithm_oid("ML-KEM-768"), "2.16.840.1.101.3.4.4.2");
  for (char const* const name : {"", "X25519MLKEM768", "ECDSA", "RSA", "RSA-", "RSA-x", "ECDSA-", "ECDSA-SHA-999", "ECDSA-x", "AES-128",
                                 "AES-128-CCM-8", "RC4", "RSASSA-PSS-SHA-256", "RSASSA-PSS-", "DHE", "DHE-2048", "DES40-40-CBC"})
    EXPECT_EQ(report::algorithm_oid(name), "") << name;
}

TEST(CbomOids, AreOpenSslsOfCiphersAndKeyedHashes) {
  constexpr std::pair<char const*, char const*> kCalled[] = {{"AES-128-CBC", "AES-128-CBC"},
                                                             {"AES-128-GCM", "id-aes128-GCM"},
                                                             {"AES-128-CCM", "id-aes128-CCM"},
                                                             {"AES-256-CBC", "AES-256-CBC"},
                                                             {"AES-256-GCM", "id-aes256-GCM"},
                                                             {"AES-256-CCM", "id-aes256-CCM"},
                                                             {"3DES-CBC", "DES-EDE3-CBC"},
                                                             {"DES-56-CBC", "DES-CBC"},
                                                             {"RC4-128", "RC4"},
                                                             {"RC4-40", "RC4"},
                                                             {"CAMELLIA-128-CBC", "CAMELLIA-128-CBC"},
                                                             {"CAMELLIA-256-CBC", "CAMELLIA-256-CBC"},
                                                             {"CAMELLIA-128-GCM", "CAMELLIA-128-GCM"},
                                                             {"CAMELLIA-256-GCM", "CAMELLIA-256-GCM"},
                                                             {"ARIA-128-CBC", "ARIA-128-CBC"},
                                                             {"ARIA-256-CBC", "ARIA-256-CBC"},
                                                             {"ARIA-128-GCM", "ARIA-128-GCM"},
                                                             {"ARIA-256-GCM", "ARIA-256-GCM"},
                                                             {"SEED-128-CBC", "SEED-CBC"},
                                                             {"HMAC-MD5", "HMAC-MD5"},
                                                             {"HMAC-SHA-1", "hmacWithSHA1"},
                                                             {"HMAC-SHA-256", "hmacWithSHA256"},
                                                             {"HMAC-SHA-384", "hmacWithSHA384"},
                                                             {"HMAC-SHA-512", "hmacWithSHA512"},
                                                             {"RSAES-PKCS1-v1_5", "rsaEncryption"},
                                                             {"RSASSA-PSS", "rsassaPss"},
                                                             {"RSASSA-PSS-2048", "rsassaPss"}};
  for (auto const& [name, called] : kCalled) {
    int const number = OBJ_txt2nid(called);
    ASSERT_NE(number, NID_undef) << called;
    std::array<char, 80> dotted{};
    OBJ_obj2txt(dotted.data(), static_cast<int>(dotted.size()), OBJ_nid2obj(number), 1);
    EXPECT_EQ(report::algorithm_oid(name), dotted.data()) << name;
  }
  EXPECT_EQ(report::algorithm_oid("ChaCha20-Poly1305"), "1.2.840.113549.1.9.16.3.18") << "RFC 8103; OpenSSL has none for it";
}

TEST(CbomOids, AreOfTheNamesThatSuitesAndKeysMake) {
  for (auto const& [name, oids] :
       {std::pair<char const*, std::vector<std::string>>{"TLS_RSA_WITH_3DES_EDE_CBC_SHA",
                                                         {"1.2.840.113549.1.1.1", "1.2.840.113549.3.7", "1.2.840.113549.2.7"}},
        {"TLS_RSA_WITH_RC4_128_MD5", {"1.2.840.113549.1.1.1", "1.2.840.113549.3.4", "1.3.6.1.5.5.8.1.1"}},
        {"TLS_AES_128_GCM_SHA256", {"2.16.840.1.101.3.4.1.6", "2.16.840.1.101.3.4.2.1"}},
        {"TLS_CHACHA20_POLY1305_SHA256", {"1.2.840.113549.1.9.16.3.18", "2.16.840.1.101.3.4.2.1"}}}) {
    std::vector<std::string> found;
    for (Algorithm const& each : report::suite_algorithms(suite(name))) found.emplace_back(report::algorithm_oid(each.name));
    EXPECT_EQ(found, oids) << name;
  }
  EXPECT_EQ(report::algorithm_oid(report::key_algorithm(Value::object().set("type", "rsa-pss").set("bits", 3072)).name),
            "1.2.840.113549.1.1.10");
}

TEST(CbomOpenFacts, NoneWhereAllIsKnown) {
  for (char const* const each : {"nginx-recommended", "openssl35", "nss-ssl3", "java", "gnutls-legacy", "anonymous-null", "expired-dhe1024",
                                 "ed25519", "weak-key", "nginx-old"})
    EXPECT_EQ(open_in(facts_of(each)), Names{}) << each;
}

TEST(CbomOpenFacts, WhatIsMissingOrEmptyIsNotKnown) {
  Value const facts = facts_of("nginx-recommended");
  for (char const* const key : {"protocols", "cipher_suites", "cipher_order", "groups", "group_order", "signature_schemes", "certificates",
                                "curves", "dh_parameters"}) {
    EXPECT_NE(open_in(without(facts, key)), Names{}) << key << " is not there";
    EXPECT_EQ(open_in(with(facts, key, Value::object().set("inconclusive", "timed out"))),
              Names{key + std::string{": inconclusive: timed out"}});
  }
  for (char const* const key : {"protocols", "cipher_suites", "cipher_order", "groups", "signature_schemes", "certificates"})
    EXPECT_NE(open_in(with(facts, key, Value::array())), Names{}) << key << " is empty";
  EXPECT_EQ(open_in(without(facts, "protocols")), Names{"protocols: not measured"});
  EXPECT_EQ(open_in(with(facts, "groups", Value::array())), Names{"groups: not measured"});
  EXPECT_EQ(open_in(without(facts, "cipher_order")), (Names{"cipher_suites:TLSv1.2: not measured", "cipher_suites:TLSv1.3: not measured"}));
}

TEST(CbomOpenFacts, AListMustSayThatItEnded) {
  Value const facts = facts_of("nginx-recommended");
  Value orders = Value::array();
  for (Value const& each : facts["cipher_order"].items()) orders.push_back(Value{each}.set("complete", Value{}));
  EXPECT_EQ(open_in(with(facts, "cipher_order", orders)),
            (Names{"cipher_suites:TLSv1.2: inconclusive", "cipher_suites:TLSv1.3: inconclusive"}));
  Value const order = Value{facts["group_order"]}.set("complete", false).set("reason", "cut off");
  EXPECT_EQ(open_in(with(facts, "group_order", order)), Names{"groups: inconclusive: cut off"});
}

TEST(CbomAlgorithms, OfSuites) {
  EXPECT_EQ(names(report::suite_algorithms(suite("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"))),
            (Names{"ECDHE", "RSA", "AES-128-GCM", "SHA-256"}));
  EXPECT_EQ(names(report::suite_algorithms(suite("TLS_RSA_WITH_3DES_EDE_CBC_SHA"))), (Names{"RSAES-PKCS1-v1_5", "3DES-CBC", "HMAC-SHA-1"}));
  EXPECT_EQ(names(report::suite_algorithms(suite("TLS_CHACHA20_POLY1305_SHA256"))), (Names{"ChaCha20-Poly1305", "SHA-256"}));
  EXPECT_EQ(names(report::suite_algorithms(suite("TLS_DH_anon_WITH_RC4_128_MD5"))), (Names{"DHE", "RC4-128", "HMAC-MD5"}));
  EXPECT_EQ(names(report::suite_algorithms(Value::object().set("name", "0xFEFE"))), Names{});
}

TEST(CbomAlgorithms, QuantumLevelOnlyWhereItIsDefined) {
  EXPECT_EQ(report::suite_algorithms(suite("TLS_AES_256_GCM_SHA384"))[0].quantum, 5);
  EXPECT_EQ(report::suite_algorithms(suite("TLS_AES_128_CCM_8_SHA256"))[0].quantum, 1);
  EXPECT_EQ(report::suite_algorithms(suite("TLS_RSA_WITH_3DES_EDE_CBC_SHA"))[1].quantum, 0);
  EXPECT_EQ(report::suite_algorithms(suite("TLS_RSA_WITH_CAMELLIA_256_CBC_SHA"))[1].quantum, std::nullopt);
  EXPECT_EQ(report::suite_algorithms(suite("TLS_RSA_WITH_NULL_SHA"))[1].quantum, 0);
}

TEST(CbomAlgorithms, HybridsArePartsAndACombiner) {
  auto const all = report::group_algorithms("X25519MLKEM768");
  EXPECT_EQ(names(all), (Names{"x25519", "ML-KEM-768", "X25519MLKEM768"}));
  EXPECT_EQ(all.back().primitive, "combiner");
  EXPECT_EQ(all.back().parts, (Names{"x25519", "ML-KEM-768"}));
  EXPECT_EQ(all.back().quantum, 3);
  EXPECT_EQ(names(report::group_algorithms("SecP384r1MLKEM1024")), (Names{"secp384r1", "ML-KEM-1024", "SecP384r1MLKEM1024"}));
  EXPECT_EQ(names(report::group_algorithms("MLKEM512X25519")), (Names{"x25519", "ML-KEM-512", "MLKEM512X25519"}));
  EXPECT_EQ(report::group_algorithms("MLKEM1024").back().quantum, 5);
  // Kyber of the drafts is not ML-KEM.
  EXPECT_EQ(report::group_algorithms("X25519Kyber768Draft00").back().quantum, std::nullopt);
  EXPECT_EQ(report::group_algorithms("X25519Kyber768Draft00").size(), 1U);
}

TEST(CbomAlgorithms, UnknownGroupsHaveAName) {
  auto const all = report::group_algorithms("0xFEFD");
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].name, "0xFEFD");
  EXPECT_TRUE(all[0].primitive.empty());
}

TEST(CbomAlgorithms, SchemesAndCertificatesShareThem) {
  EXPECT_EQ(report::scheme_algorithm("rsa_pkcs1_sha256").name, report::signature_algorithm("sha256WithRSAEncryption").name);
  EXPECT_EQ(report::scheme_algorithm("ecdsa_secp384r1_sha384").name, report::signature_algorithm("ecdsa-with-SHA384").name);
  EXPECT_EQ(report::scheme_algorithm("rsa_pss_rsae_sha512").name, "RSASSA-PSS-SHA-512");
  EXPECT_EQ(report::signature_algorithm("ML-DSA-65").quantum, 3);
  EXPECT_EQ(report::scheme_algorithm("mldsa87").quantum, 5);
  EXPECT_EQ(report::signature_algorithm("1.2.3").name, "1.2.3");
  EXPECT_TRUE(report::signature_algorithm("evilWithRSAEncryption").family.empty());
}

TEST(CbomAlgorithms, Keys) {
  auto const key = [](char const* type, int bits, char const* curve) {
    return report::key_algorithm(Value::object().set("type", type).set("bits", bits).set("curve", curve));
  };
  EXPECT_EQ(key("rsa", 2048, "").name, "RSA-2048");
  EXPECT_EQ(key("rsa", 2048, "").classical, 112);
  EXPECT_EQ(key("rsa", 4096, "").classical, std::nullopt);
  EXPECT_EQ(key("ecdsa", 256, "secp256r1").curve, "nist/P-256");
  EXPECT_EQ(key("ed25519", 256, "").curve, "other/Ed25519");
  EXPECT_EQ(key("ml-dsa-44", 0, "").quantum, 2);
  EXPECT_EQ(key("1.2.3", 0, "").name, "1.2.3");
}

}  // namespace
}  // namespace tlsgauge::test
