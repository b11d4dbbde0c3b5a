// The letters of nmap's ssl-enum-ciphers: the arithmetic, one suite, and the whole.

#include "policy/score_nmap.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "audit/nmap_letter.hpp"
#include "policy/score_facts.hpp"

namespace tlsgauge::policy {
namespace {

using audit::kNmapUnknown;
using audit::nmap_letter;
using audit::nmap_points;
using audit::NmapLetter;
using audit::rate_suite;
using test::ScoreFacts;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using wire::ProtocolVersion;

Assessment grade(ScoreFacts const& facts) {
  Assessment out;
  score_nmap(facts.endpoint(), out);
  return out;
}

SuiteEvidence suite(std::string const& name, std::string group = {}, int dh_bits = 0) {
  return {.version = ProtocolVersion::TLSv1_2,
          .name = name,
          .info = wire::find_cipher_suite(name),
          .group = std::move(group),
          .dh_bits = dh_bits};
}

KeyEvidence key(std::string type, int bits, std::string signature = "sha256WithRSAEncryption") {
  return {.type = type,
          .bits = bits,
          .rsa_bits = rsa_bits_of_key(type, bits),
          .signature_algorithm = std::move(signature),
          .exponent_one = false};
}

TEST(Nmap, PointsAreWeightedAsInTheScript) {
  // 0.43 of the key exchange, 0.57 of the cipher; worked out by hand.
  struct Row {
    int rsa_bits;
    int cipher_bits;
    double points;
    std::string letter;
  };
  for (Row const& row : std::vector<Row>{{511, 40, 20, "E"},
                                         {511, 128, 54.2, "C"},
                                         {511, 256, 65.6, "B"},
                                         {512, 112, 28.6, "E"},
                                         {1023, 128, 62.8, "C"},
                                         {1023, 256, 74.2, "B"},
                                         {1024, 127, 45.8, "D"},
                                         {1024, 128, 80, "A"},
                                         {2047, 256, 91.4, "A"},
                                         {2048, 112, 50.1, "C"},
                                         {2048, 128, 84.3, "A"},
                                         {4095, 255, 84.3, "A"},
                                         {4095, 256, 95.7, "A"},
                                         {4096, 112, 54.4, "C"},
                                         {4096, 128, 88.6, "A"},
                                         {4096, 256, 100, "A"},
                                         {0, 256, 0, "F"},
                                         {2048, 0, 0, "F"}}) {
    double const points = nmap_points(row.rsa_bits, row.cipher_bits);
    EXPECT_NEAR(points, row.points, 1e-9) << row.rsa_bits << " " << row.cipher_bits;
    EXPECT_EQ(nmap_letter(points), row.letter) << row.rsa_bits << " " << row.cipher_bits;
  }
  EXPECT_EQ(nmap_letter(79.9), "B");
  EXPECT_EQ(nmap_letter(64.9), "C");
  EXPECT_EQ(nmap_letter(49.9), "D");
  EXPECT_EQ(nmap_letter(34.9), "E");
  EXPECT_EQ(nmap_letter(19.9), "F");
}

TEST(Nmap, ASuiteIsAsStrongAsTheWeakerOfKeyAndGroup) {
  struct Row {
    SuiteEvidence suite;
    KeyEvidence key;
    std::string letter;
    std::string basis;
  };
  std::vector<Row> const rows = {
      {suite("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "x25519"), key("rsa", 2048), "A", "rsa 2048, 128-bit AES"},
      {suite("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "secp256r1"), key("rsa", 4096), "A", "secp256r1 (as RSA 3072), 128-bit AES"},
      {suite("TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", "secp384r1"), key("ecdsa", 256), "A", "ecdsa 256 (as RSA 3072), 256-bit AES"},
      {suite("TLS_RSA_WITH_3DES_EDE_CBC_SHA"), key("rsa", 2048), "C", "rsa 2048, 112-bit 3DES"},
      {suite("TLS_RSA_WITH_RC4_128_SHA"), key("rsa", 2048), "C", "rsa 2048, 80-bit RC4"},
      {suite("TLS_RSA_WITH_3DES_EDE_CBC_SHA"), key("rsa", 1024), "D", "rsa 1024, 112-bit 3DES"},
      {suite("TLS_DHE_RSA_WITH_AES_128_CBC_SHA", "", 1024), key("rsa", 2048), "A", "DH 1024, 128-bit AES"},
      {suite("TLS_DHE_RSA_WITH_AES_128_CBC_SHA", "", 512), key("rsa", 2048), "C", "DH 512, 128-bit AES"},
      {suite("TLS_RSA_EXPORT_WITH_RC4_40_MD5"), key("rsa", 2048), "E", "export key exchange, 512 bits, 40-bit RC4"},
      {suite("TLS_RSA_EXPORT1024_WITH_DES_CBC_SHA"), key("rsa", 2048), "D", "export key exchange, 1024 bits, 56-bit DES"},
      {suite("TLS_RSA_WITH_NULL_SHA256"), key("rsa", 2048), "F", "no encryption"},
      {suite("TLS_DH_anon_WITH_AES_256_GCM_SHA384", "", 2048), key("rsa", 2048), "F", "no authentication"},
      {suite("TLS_RSA_WITH_AES_128_CBC_SHA"), key("rsa", 2048, "sha1WithRSAEncryption"), "F", "the certificate is signed with SHA1"},
      {suite("TLS_RSA_WITH_AES_128_CBC_SHA"), key("rsa", 2048, "md5WithRSAEncryption"), "F", "the certificate is signed with MD5"},
      {suite("TLS_AES_128_GCM_SHA256", "x25519"), key("rsa", 1024), "A", "x25519 (as RSA 3072), 128-bit AES"},
      {suite("TLS_AES_128_GCM_SHA256", "ffdhe2048"), key("rsa", 1024, "sha1WithRSAEncryption"), "A",
       "ffdhe2048 (as RSA 2048), 128-bit AES"},
  };
  for (Row const& row : rows) {
    ASSERT_NE(row.suite.info, nullptr) << row.suite.name;
    NmapLetter const got = rate_suite(row.suite, {row.key});
    EXPECT_EQ(got.letter, row.letter) << row.suite.name << " " << row.basis;
    EXPECT_EQ(got.basis, row.basis) << row.suite.name;
    EXPECT_EQ(got.missing, "") << row.suite.name;
  }
  KeyEvidence one = key("rsa", 2048);
  one.exponent_one = true;
  EXPECT_EQ(rate_suite(suite("TLS_RSA_WITH_AES_128_CBC_SHA"), {one}).letter, "F");
}

TEST(Nmap, TheKeyIsThatOfTheCertificateWhichTheSuiteShows) {
  std::vector<KeyEvidence> const both = {key("rsa", 1024), key("ecdsa", 384)};
  EXPECT_EQ(rate_suite(suite("TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA", "x25519"), both).basis, "x25519 (as RSA 3072), 128-bit AES");
  EXPECT_EQ(rate_suite(suite("TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA", "x25519"), both).basis, "rsa 1024, 128-bit AES");
  EXPECT_EQ(rate_suite(suite("TLS_ECDH_RSA_WITH_AES_128_CBC_SHA"), both).basis, "ecdsa 384 (as RSA 7680), 128-bit AES");
  EXPECT_EQ(rate_suite(suite("TLS_DH_RSA_WITH_AES_128_CBC_SHA"), both).letter, kNmapUnknown);
}

TEST(Nmap, WhatItCannotMeasureIsUnknown) {
  std::vector<KeyEvidence> const keys = {key("rsa", 2048)};
  EXPECT_EQ(rate_suite(suite("TLS_PSK_WITH_AES_128_CBC_SHA"), keys).letter, kNmapUnknown);
  EXPECT_EQ(rate_suite(suite("TLS_PSK_WITH_AES_128_CBC_SHA"), keys).missing, "nmap has no measure for PSK");
  EXPECT_EQ(rate_suite(suite("TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA"), keys).missing, "the group of its key exchange was not read");
  EXPECT_EQ(rate_suite(suite("TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA", "x25519"), keys).missing, "the ECDSA certificate was not read");
  EXPECT_EQ(rate_suite(suite("TLS_NO_SUCH_SUITE"), keys).missing, "the suite is not in the registry");
  EXPECT_EQ(rate_suite(suite("TLS_AES_128_GCM_SHA256", "nonsense"), keys).letter, kNmapUnknown);
}

TEST(Nmap, TheGradeIsTheWorstLetter) {
  Assessment const good = grade(ScoreFacts{});
  EXPECT_EQ(good.model, "nmap");
  EXPECT_EQ(good.grade, "A");
  EXPECT_EQ(good.score, 95);  // .43 * 90 + .57 * 100 = 95.7
  EXPECT_EQ(good.coverage, 100);
  EXPECT_THAT(good.caps, IsEmpty());
  ASSERT_EQ(good.parts.size(), 4U);
  EXPECT_EQ(good.parts[0].name, "TLSv1.2 TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384");
  EXPECT_EQ(good.parts[0].grade, "A");
  EXPECT_NEAR(good.parts[0].score, 95.7, 1e-9);

  ScoreFacts facts;
  facts.accepts("TLSv1.0", {"TLS_RSA_WITH_3DES_EDE_CBC_SHA", "TLS_RSA_WITH_AES_128_CBC_SHA", "TLS_RSA_WITH_RC4_128_SHA"});
  Assessment const got = grade(facts);
  EXPECT_EQ(got.grade, "C");
  EXPECT_EQ(got.score, 50);
  ASSERT_EQ(got.caps.size(), 1U);
  EXPECT_EQ(got.caps.front().reason, "least strength: TLS_RSA_WITH_3DES_EDE_CBC_SHA and TLS_RSA_WITH_RC4_128_SHA");
  EXPECT_EQ(got.caps.front().grade, "C");
}

TEST(Nmap, WhatIsNotKnownMakesAnF) {
  struct Gap {
    std::string what;
    std::function<void(ScoreFacts&)> leave_out;
    int coverage;
    std::string reason;
  };
  for (Gap const& gap : std::vector<Gap>{
           {"suites", [](ScoreFacts& f) { f.without("cipher_suites"); }, 0, "inconclusive: "},
           {"everything", [](ScoreFacts& f) { f.without("protocols").without("cipher_suites"); }, 0, "inconclusive: "},
           {"more suites",
            [](ScoreFacts& f) {
              f.orders["TLSv1.2"] = {"server", false, "reset"};
            },
            80, "inconclusive: there may be more TLSv1.2 suites: reset"},
           {"a version", [](ScoreFacts& f) { f.leaves_open("TLSv1.0", "timed out"); }, 80,
            "whether TLSv1.0 is accepted is not known: timed out"},
           {"SSLv2", [](ScoreFacts& f) { f.leaves_open("SSLv2", "timed out"); }, 100, "whether SSLv2 is accepted is not known: timed out"},
           {"certificates", [](ScoreFacts& f) { f.without("certificates"); }, 80, "counts as F, the RSA certificate was not read"},
           {"a group", [](ScoreFacts& f) { f.accepts("TLSv1.2", {"TLS_DHE_RSA_WITH_AES_128_CBC_SHA"}); }, 93,
            "the group of its key exchange was not read"}}) {
    ScoreFacts facts;
    gap.leave_out(facts);
    Assessment const got = grade(facts);
    EXPECT_EQ(got.grade, "F") << gap.what;
    EXPECT_EQ(got.score, 0) << gap.what;
    EXPECT_EQ(got.coverage, gap.coverage) << gap.what;
    EXPECT_THAT(got.caps, Contains(::testing::Field(&GradeCap::reason, HasSubstr(gap.reason)))) << gap.what;
  }
}

TEST(Nmap, Ssl2WhichTheScriptDoesNotSeeIsNoBetterThanF) {
  ScoreFacts facts;
  facts.accepts("SSLv2", {"SSL_CK_DES_192_EDE3_CBC_WITH_MD5"});
  Assessment const got = grade(facts);
  EXPECT_EQ(got.grade, "F");
  ASSERT_FALSE(got.caps.empty());
  EXPECT_EQ(got.caps.front().reason, "SSLv2 is accepted, which ssl-enum-ciphers does not look at");
  EXPECT_EQ(got.parts.size(), 4U);
}

}  // namespace
}  // namespace tlsgauge::policy
