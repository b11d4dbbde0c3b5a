// The SSL Labs guide on endpoints made by hand: every category's boundaries, every cap, and what is not known.

#include "policy/score_ssllabs.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "policy/score_evidence.hpp"
#include "policy/score_facts.hpp"
#include "policy/score_model.hpp"

namespace tlsgauge::policy {
namespace {

using test::FactsBuilder;
using test::ScoreFacts;
using test::ShownCertificate;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;
using wire::ProtocolVersion;

std::string const kAead = "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384";
std::string const kCbc = "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA";

Assessment grade(Endpoint const& endpoint) {
  Assessment out;
  score_ssllabs(endpoint, out);
  return out;
}
Assessment grade(ScoreFacts const& facts) { return grade(facts.endpoint()); }

std::vector<std::string> reasons(Assessment const& assessment) {
  std::vector<std::string> out;
  for (GradeCap const& cap : assessment.caps) out.push_back(cap.grade + " " + cap.reason);
  return out;
}

TEST(SslLabs, GivesTheBestGradeWhereNothingIsAgainstIt) {
  Assessment const got = grade(ScoreFacts{});
  EXPECT_EQ(got.model, "ssllabs");
  EXPECT_EQ(got.grade, "A+") << ::testing::PrintToString(reasons(got));
  EXPECT_THAT(got.caps, IsEmpty());
  EXPECT_EQ(got.coverage, 100);
  // Protocols (100 + 100) / 2, RSA 2048 and x25519 90, ciphers (100 + 100) / 2: 30 + 27 + 40.
  EXPECT_EQ(got.score, 97);
  ASSERT_EQ(got.parts.size(), 4U);
  EXPECT_EQ(got.parts[0].name, "Protocol support");
  EXPECT_EQ(got.parts[0].weight, 30);
  EXPECT_EQ(got.parts[0].score, 100);
  EXPECT_EQ(got.parts[0].basis, "TLSv1.2 and TLSv1.3: best 100, worst 100");
  EXPECT_EQ(got.parts[1].score, 90);
  EXPECT_EQ(got.parts[2].weight, 40);
  EXPECT_EQ(got.parts[2].score, 100);
  EXPECT_EQ(got.parts[2].basis, "strongest 256 bits, weakest 256 bits");
  EXPECT_EQ(got.parts[3].name, "Not measured");
  EXPECT_EQ(got.parts[3].weight, 0);
  EXPECT_THAT(got.parts[3].basis, HasSubstr("Heartbleed"));
  EXPECT_THAT(got.parts[3].basis, HasSubstr("ROBOT"));
}

TEST(SslLabs, TablesAreThoseOfTheGuide) {
  EXPECT_EQ(ssllabs_protocol_points(ProtocolVersion::SSLv2), 0);
  EXPECT_EQ(ssllabs_protocol_points(ProtocolVersion::SSLv3), 80);
  EXPECT_EQ(ssllabs_protocol_points(ProtocolVersion::TLSv1_0), 90);
  EXPECT_EQ(ssllabs_protocol_points(ProtocolVersion::TLSv1_1), 95);
  EXPECT_EQ(ssllabs_protocol_points(ProtocolVersion::TLSv1_2), 100);
  EXPECT_EQ(ssllabs_protocol_points(ProtocolVersion::TLSv1_3), 100);

  for (auto const& [bits, points] : std::vector<std::pair<int, double>>{
           {0, 0}, {1, 20}, {511, 20}, {512, 40}, {1023, 40}, {1024, 80}, {2047, 80}, {2048, 90}, {4095, 90}, {4096, 100}, {16384, 100}}) {
    EXPECT_EQ(ssllabs_key_points(bits), points) << bits;
  }
  for (auto const& [bits, points] :
       std::vector<std::pair<int, double>>{{0, 0}, {40, 20}, {112, 20}, {127, 20}, {128, 80}, {255, 80}, {256, 100}}) {
    EXPECT_EQ(ssllabs_cipher_points(bits), points) << bits;
  }
  for (auto const& [points, letter] : std::vector<std::pair<double, std::string>>{{100, "A"},
                                                                                  {80, "A"},
                                                                                  {79.99, "B"},
                                                                                  {65, "B"},
                                                                                  {64.99, "C"},
                                                                                  {50, "C"},
                                                                                  {49.99, "D"},
                                                                                  {35, "D"},
                                                                                  {34.99, "E"},
                                                                                  {20, "E"},
                                                                                  {19.99, "F"},
                                                                                  {0, "F"}}) {
    EXPECT_EQ(ssllabs_letter(points), letter) << points;
  }
}

TEST(SslLabs, KeysOnCurvesCountAsTheRsaKeyThatIsAsStrong) {
  for (auto const& [bits, rsa] : std::vector<std::pair<int, int>>{{159, 512},
                                                                  {160, 1024},
                                                                  {223, 1024},
                                                                  {224, 2048},
                                                                  {255, 2048},
                                                                  {256, 3072},
                                                                  {383, 3072},
                                                                  {384, 7680},
                                                                  {511, 7680},
                                                                  {512, 15360},
                                                                  {521, 15360}}) {
    EXPECT_EQ(rsa_bits_of_curve(bits), rsa) << bits;
  }
  EXPECT_EQ(rsa_bits_of_group("x25519"), 3072);
  EXPECT_EQ(rsa_bits_of_group("secp256r1"), 3072);
  EXPECT_EQ(rsa_bits_of_group("secp384r1"), 7680);
  EXPECT_EQ(rsa_bits_of_group("secp521r1"), 15360);
  EXPECT_EQ(rsa_bits_of_group("x448"), 7680);
  EXPECT_EQ(rsa_bits_of_group("secp224r1"), 2048);
  EXPECT_EQ(rsa_bits_of_group("sect163k1"), 1024);
  EXPECT_EQ(rsa_bits_of_group("ffdhe2048"), 2048);
  EXPECT_EQ(rsa_bits_of_group("ffdhe8192"), 8192);
  EXPECT_EQ(rsa_bits_of_group("X25519MLKEM768"), 3072) << "a hybrid counts as its classical part";
  EXPECT_EQ(rsa_bits_of_group("SecP384r1MLKEM1024"), 7680);
  EXPECT_EQ(rsa_bits_of_group("nonsense"), 0);
  EXPECT_EQ(rsa_bits_of_key("rsa", 2048), 2048);
  EXPECT_EQ(rsa_bits_of_key("ecdsa", 256), 3072);
  EXPECT_EQ(rsa_bits_of_key("ed25519", 253), 2048);
  EXPECT_EQ(rsa_bits_of_key("1.2.3", 2048), 0);
}

TEST(SslLabs, KeyExchangeIsTheWeakerOfKeyAndGroup) {
  ScoreFacts strong;
  strong.certificates.front().key_bits = 4096;
  EXPECT_EQ(grade(strong).parts[1].score, 90) << "x25519 is as strong as RSA 3072";
  strong.group = "secp384r1";
  Assessment const best = grade(strong);
  EXPECT_EQ(best.parts[1].score, 100);
  EXPECT_EQ(best.score, 100);

  ScoreFacts weak_key;
  weak_key.group = "secp384r1";
  EXPECT_EQ(grade(weak_key).parts[1].score, 90);
  EXPECT_EQ(grade(weak_key).parts[1].basis, "the weakest is the certificate's key, rsa 2048");
}

TEST(SslLabs, ProtocolsAreTheMeanOfBestAndWorst) {
  ScoreFacts facts;
  facts.accepts("TLSv1.0", {kCbc});
  Assessment const got = grade(facts);
  EXPECT_EQ(got.parts[0].score, 95);
  EXPECT_EQ(got.score, 95);  // 28.5 + 27 + 40 = 95.5, rounded down
}

struct Case {
  std::string what;
  std::function<void(ScoreFacts&)> spoil;
  std::string grade;
  std::string reason;  ///< of the cap that decides
};

std::vector<Case> const& cases() {
  static std::vector<Case> const all = {
      {"self-signed", [](ScoreFacts& f) { f.certificates.front().trusted = false, f.certificates.front().errors = {"self_signed"}; }, "T",
       "self_signed"},
      {"unknown root", [](ScoreFacts& f) { f.certificates.front().trusted = false, f.certificates.front().errors = {"untrusted_root"}; },
       "T", "untrusted_root"},
      {"distrust without a word", [](ScoreFacts& f) { f.certificates.front().trusted = false; }, "T", "other"},
      {"expired",
       [](ScoreFacts& f) {
         f.certificates.front().trusted = false;
         f.certificates.front().errors = {"expired"};
         f.certificates.front().days_left = -3;
       },
       "T", "expired"},
      {"revoked",
       [](ScoreFacts& f) {
         f.revocation = Value::array().push_back(Value::object()
                                                     .set("sha256", "5ea1")
                                                     .set("leaf", true)
                                                     .set("status", "revoked")
                                                     .set("why", "")
                                                     .set("sources", Value::array()));
       },
       "T", "revoked"},
      {"SHA-1", [](ScoreFacts& f) { f.certificates.front().signature_algorithm = "sha1WithRSAEncryption"; }, "T",
       "signed with sha1WithRSAEncryption"},
      {"SHA-1 of an intermediate", [](ScoreFacts& f) { f.certificates.front().issuer_signature_algorithm = "ecdsa-with-SHA1"; }, "T",
       "signed with ecdsa-with-SHA1"},
      {"another name",
       [](ScoreFacts& f) { f.certificates.front().hostname_matches = false, f.certificates.front().hostname_reason = "no name matches"; },
       "M", "no name matches"},
      {"MD5", [](ScoreFacts& f) { f.certificates.front().signature_algorithm = "md5WithRSAEncryption"; }, "F",
       "signed with md5WithRSAEncryption"},
      {"RSA 512", [](ScoreFacts& f) { f.certificates.front().key_bits = 512; }, "F", "the certificate's key is rsa 512"},
      {"RSA 1024", [](ScoreFacts& f) { f.certificates.front().key_bits = 1024; }, "B", "the certificate's key is rsa 1024"},
      {"RSA 2047", [](ScoreFacts& f) { f.certificates.front().key_bits = 2047; }, "B", "the certificate's key is rsa 2047"},
      {"SSLv2", [](ScoreFacts& f) { f.accepts("SSLv2", {"SSL_CK_RC4_128_WITH_MD5"}); }, "F", "SSLv2 is accepted"},
      {"SSLv3 and nothing newer",
       [](ScoreFacts& f) { f.refuses("TLSv1.2").refuses("TLSv1.3").accepts("SSLv3", {"TLS_RSA_WITH_AES_128_CBC_SHA"}); }, "F",
       "no version newer than SSLv3 is known to be accepted"},
      {"SSLv3 with CBC", [](ScoreFacts& f) { f.accepts("SSLv3", {"TLS_RSA_WITH_AES_128_CBC_SHA"}); }, "C",
       "CBC in SSLv3: TLS_RSA_WITH_AES_128_CBC_SHA"},
      {"SSLv3 without CBC", [](ScoreFacts& f) { f.accepts("SSLv3", {"TLS_RSA_WITH_RC4_128_SHA"}); }, "B", "SSLv3 is accepted"},
      {"insecure renegotiation",
       [](ScoreFacts& f) {
         f.extensions.set("secure_renegotiation", "no");
         f.renegotiation.set("secure", false).set("client_initiated", "yes");
       },
       "F", "the client may renegotiate without RFC 5746"},
      {"no secure renegotiation",
       [](ScoreFacts& f) {
         f.extensions.set("secure_renegotiation", "no");
         f.renegotiation.set("secure", false);
       },
       "A-", "the server does not know RFC 5746"},
      {"anonymous", [](ScoreFacts& f) { f.accepts("TLSv1.2", {"TLS_DH_anon_WITH_AES_256_GCM_SHA384"}), f.dh(2048); }, "F",
       "without authentication: TLS_DH_anon_WITH_AES_256_GCM_SHA384"},
      {"NULL", [](ScoreFacts& f) { f.accepts("TLSv1.2", {"TLS_RSA_WITH_NULL_SHA256"}); }, "F",
       "below 112 bits or of export grade: TLS_RSA_WITH_NULL_SHA256"},
      {"export", [](ScoreFacts& f) { f.accepts("TLSv1.0", {"TLS_RSA_EXPORT_WITH_DES40_CBC_SHA"}); }, "F",
       "below 112 bits or of export grade: TLS_RSA_EXPORT_WITH_DES40_CBC_SHA"},
      {"single DES", [](ScoreFacts& f) { f.accepts("TLSv1.2", {"TLS_RSA_WITH_DES_CBC_SHA"}); }, "F",
       "below 112 bits or of export grade: TLS_RSA_WITH_DES_CBC_SHA"},
      {"DH 768", [](ScoreFacts& f) { f.accepts("TLSv1.2", {"TLS_DHE_RSA_WITH_AES_256_GCM_SHA384"}), f.dh(768); }, "F",
       "a key exchange weaker than 1024 bits of RSA: TLS_DHE_RSA_WITH_AES_256_GCM_SHA384"},
      {"DH 1024", [](ScoreFacts& f) { f.accepts("TLSv1.2", {"TLS_DHE_RSA_WITH_AES_256_GCM_SHA384"}), f.dh(1024); }, "B",
       "Diffie-Hellman below 2048 bits: TLS_DHE_RSA_WITH_AES_256_GCM_SHA384"},
      {"nothing but RC4", [](ScoreFacts& f) { f.refuses("TLSv1.3").refuses("TLSv1.2").accepts("TLSv1.2", {"TLS_RSA_WITH_RC4_128_SHA"}); },
       "F", "no suite without RC4 is known"},
      {"RC4 in TLS 1.0",
       [](ScoreFacts& f) {
         f.accepts("TLSv1.0", {kCbc, "TLS_RSA_WITH_RC4_128_SHA"});
       },
       "B", "TLSv1.0 is accepted"},
      {"RC4 in TLS 1.1",
       [](ScoreFacts& f) {
         f.accepts("TLSv1.1", {kCbc, "TLS_RSA_WITH_RC4_128_SHA"});
       },
       "C", "RC4 in TLSv1.1 or newer: TLS_RSA_WITH_RC4_128_SHA"},
      {"no TLS 1.2", [](ScoreFacts& f) { f.refuses("TLSv1.2").refuses("TLSv1.3").accepts("TLSv1.1", {kCbc}); }, "C",
       "neither TLSv1.2 nor TLSv1.3 is accepted"},
      {"compression", [](ScoreFacts& f) { f.extensions.set("compression", "yes"); }, "C", "TLS compression is accepted"},
      {"3DES first",
       [](ScoreFacts& f) {
         f.only("TLSv1.2", {"TLS_RSA_WITH_3DES_EDE_CBC_SHA", kAead});
       },
       "C", "in TLSv1.2 they get TLS_RSA_WITH_3DES_EDE_CBC_SHA"},
      {"3DES alone in TLS 1.1", [](ScoreFacts& f) { f.accepts("TLSv1.1", {"TLS_RSA_WITH_3DES_EDE_CBC_SHA"}); }, "C",
       "in TLSv1.1 they get TLS_RSA_WITH_3DES_EDE_CBC_SHA"},
      {"TLS 1.0", [](ScoreFacts& f) { f.accepts("TLSv1.0", {kCbc}); }, "B", "TLSv1.0 is accepted"},
      {"TLS 1.0 and 1.1", [](ScoreFacts& f) { f.accepts("TLSv1.0", {kCbc}).accepts("TLSv1.1", {kCbc}); }, "B",
       "TLSv1.0 and TLSv1.1 are accepted"},
      {"an incomplete chain that can be completed",
       [](ScoreFacts& f) {
         ShownCertificate& shown = f.certificates.front();
         shown.trusted = false;
         shown.errors = {"incomplete_chain"};
         shown.issuer_missing = true;
         shown.repair = Value::object().set("complete", true).set("trusted", true);
       },
       "B", "an intermediate certificate is not sent"},
      {"an incomplete chain that leads nowhere",
       [](ScoreFacts& f) {
         ShownCertificate& shown = f.certificates.front();
         shown.trusted = false;
         shown.errors = {"incomplete_chain"};
         shown.issuer_missing = true;
         shown.repair = Value::object().set("complete", true).set("trusted", false);
       },
       "T", "completed with what its issuers publish, the chain is not trusted either"},
      {"no forward secrecy", [](ScoreFacts& f) { f.only("TLSv1.2", {"TLS_RSA_WITH_AES_256_GCM_SHA384"}); }, "B",
       "in TLSv1.2 they get TLS_RSA_WITH_AES_256_GCM_SHA384"},
      {"RSA before ECDHE",
       [](ScoreFacts& f) {
         f.only("TLSv1.2", {"TLS_RSA_WITH_AES_256_GCM_SHA384", kAead});
       },
       "B", "in TLSv1.2 they get TLS_RSA_WITH_AES_256_GCM_SHA384"},
      {"no AEAD", [](ScoreFacts& f) { f.only("TLSv1.2", {kCbc}); }, "B", "in TLSv1.2 they get " + kCbc},
      {"no TLS 1.3", [](ScoreFacts& f) { f.refuses("TLSv1.3"); }, "A-", "TLSv1.3 is not accepted"},
      {"no header", [](ScoreFacts& f) { f.answers_with(FactsBuilder::no_hsts()); }, "A", "no HTTP Strict Transport Security"},
      {"a short header", [](ScoreFacts& f) { f.answers_with(FactsBuilder::hsts(15767999)); }, "A",
       "HTTP Strict Transport Security lasts 15767999 seconds, less than 15768000"},
      {"no fallback SCSV", [](ScoreFacts& f) { f.downgrade.set("fallback_scsv", "no"); }, "A", "TLS_FALLBACK_SCSV is not honoured"},
  };
  return all;
}

TEST(SslLabs, EveryCapTakesItsGradeAndSaysWhy) {
  for (Case const& one : cases()) {
    ScoreFacts facts;
    one.spoil(facts);
    Assessment const got = grade(facts);
    EXPECT_EQ(got.grade, one.grade) << one.what << ": " << ::testing::PrintToString(reasons(got));
    EXPECT_THAT(reasons(got), Contains(::testing::AllOf(StartsWith(one.grade + " "), HasSubstr(one.reason)))) << one.what;
    EXPECT_THAT(reasons(got), Not(Contains(HasSubstr("inconclusive")))) << one.what;
    for (GradeCap const& cap : got.caps) EXPECT_THAT(cap.reference, HasSubstr("https://")) << one.what;
    bool const no_score = one.grade == "T" || one.grade == "M" || one.what == "MD5" || one.what == "anonymous";
    EXPECT_EQ(got.score == 0, no_score) << one.what << " " << got.score;
  }
}

TEST(SslLabs, SaysNothingAgainstWhatIsBarelyGoodEnough) {
  for (Case const& one : std::vector<Case>{
           {"HSTS of six months", [](ScoreFacts& f) { f.answers_with(FactsBuilder::hsts(15768000)); }, "A+", ""},
           {"DH 2048", [](ScoreFacts& f) { f.accepts("TLSv1.2", {"TLS_DHE_RSA_WITH_AES_256_GCM_SHA384"}), f.dh(2048); }, "A+", ""},
           {"one version", [](ScoreFacts& f) { f.refuses("TLSv1.2"), f.downgrade.set("fallback_scsv", "not_applicable"); }, "A+", ""},
           {"RSA after ECDHE",
            [](ScoreFacts& f) {
              f.only("TLSv1.2", {kAead, "TLS_RSA_WITH_AES_256_CBC_SHA"});
            },
            "A+", ""},
           {"the client chooses",
            [](ScoreFacts& f) {
              f.only("TLSv1.2", {"TLS_RSA_WITH_AES_256_CBC_SHA", kAead}, "client");
            },
            "A+", ""},
           {"3DES last",
            [](ScoreFacts& f) {
              f.only("TLSv1.2", {kAead, "TLS_RSA_WITH_3DES_EDE_CBC_SHA"});
            },
            "A+", ""},
           {"what browsers do not offer comes first",
            [](ScoreFacts& f) {
              f.only("TLSv1.2", {"TLS_RSA_WITH_ARIA_256_CBC_SHA384", kAead});
            },
            "A+", ""},
           {"revocation that nobody asked about", [](ScoreFacts& f) { f.without("revocation"); }, "A+", ""}}) {
    ScoreFacts facts;
    one.spoil(facts);
    Assessment const got = grade(facts);
    EXPECT_EQ(got.grade, "A+") << one.what << ": " << ::testing::PrintToString(reasons(got));
    EXPECT_THAT(got.caps, IsEmpty()) << one.what;
  }
}

TEST(SslLabs, DistrustOverridesEverythingElse) {
  ScoreFacts facts;
  facts.accepts("SSLv2", {"SSL_CK_RC4_128_WITH_MD5"});
  facts.certificates.front().hostname_matches = false;
  EXPECT_EQ(grade(facts).grade, "M");
  facts.certificates.front().trusted = false;
  EXPECT_EQ(grade(facts).grade, "T");
  EXPECT_EQ(grade(facts).score, 0);
}

TEST(SslLabs, AWeakKeyHasItsOwnRuleAndDoesNotMakeAChainUntrusted) {
  ScoreFacts facts;
  ShownCertificate& shown = facts.certificates.front();
  shown.key_bits = 1024;
  shown.trusted = false;
  shown.errors = {"weak_key"};
  // The issuer's key is not in the facts, so it may be the weak one.
  EXPECT_EQ(grade(facts).grade, "T");
  Endpoint endpoint = facts.endpoint();
  Value chains = Value::array();
  for (Value const& each : endpoint.facts["certificates"].items()) {
    Value certificates = Value::array();
    for (Value certificate : each["chain"].items()) {
      if (certificate["subject"].as_string() == "CN=Test CA") certificate.set("key", Value::object().set("type", "rsa").set("bits", 2048));
      certificates.push_back(certificate);
    }
    Value copy = each;
    chains.push_back(copy.set("chain", certificates));
  }
  endpoint.facts.set("certificates", chains);
  EXPECT_EQ(grade(endpoint).grade, "B");
}

// What is not known: never a better grade than the worst answer would give, and no full coverage of what it belongs to.
TEST(SslLabs, WhatIsNotKnownCountsAsTheWorst) {
  struct Gap {
    std::string what;
    std::function<void(ScoreFacts&)> leave_out;
    std::string grade;
    int coverage;
    std::string reason;
  };
  std::vector<Gap> const gaps = {
      {"nothing but versions",
       [](ScoreFacts& f) {
         for (char const* key : {"cipher_suites", "cipher_order", "certificates", "extensions", "renegotiation", "downgrade", "http"})
           f.without(key);
       },
       "T", 30, "not asked"},
      {"certificates", [](ScoreFacts& f) { f.without("certificates"); }, "T", 70, "not asked"},
      {"verification", [](ScoreFacts& f) { f.certificates.front().verified = false; }, "T", 100, "the certificate is not trusted"},
      {"SSLv2", [](ScoreFacts& f) { f.leaves_open("SSLv2", "timed out"); }, "F", 0, "SSL 2.0 is accepted (timed out)"},
      {"more suites",
       [](ScoreFacts& f) {
         f.orders["TLSv1.2"] = {"server", false, "reset"};
       },
       "F", 30, "there may be more TLSv1.2 suites: reset"},
      {"a group", [](ScoreFacts& f) { f.accepts("TLSv1.2", {"TLS_DHE_RSA_WITH_AES_256_GCM_SHA384"}); }, "F", 70,
       "the group of TLS_DHE_RSA_WITH_AES_256_GCM_SHA384 was not read"},
      {"renegotiation", [](ScoreFacts& f) { f.without("extensions").without("renegotiation"); }, "F", 100,
       "insecure renegotiation is accepted (not asked)"},
      {"how it renegotiates",
       [](ScoreFacts& f) {
         f.extensions.set("secure_renegotiation", "no");
         f.renegotiation = Value::object()
                               .set("protocol", "TLSv1.2")
                               .set("secure", false)
                               .set("client_initiated", "inconclusive")
                               .set("inconclusive", "reset");
       },
       "F", 100, "insecure renegotiation is accepted (reset)"},
      {"compression", [](ScoreFacts& f) { f.extensions.set("compression", "inconclusive"); }, "C", 100,
       "TLS compression is accepted (CRIME)"},
      {"who chooses",
       [](ScoreFacts& f) {
         f.only("TLSv1.2", {kAead, "TLS_RSA_WITH_AES_256_GCM_SHA384"}, "inconclusive");
       },
       "B", 100, "who chooses in TLSv1.2 is not known, and TLS_RSA_WITH_AES_256_GCM_SHA384 is accepted"},
      {"TLS 1.3", [](ScoreFacts& f) { f.leaves_open("TLSv1.3", "reset"); }, "F", 0, "TLS 1.3 is not accepted (reset)"},
      {"the header", [](ScoreFacts& f) { f.without("http"); }, "A", 100, "shorter than 15768000 seconds (not asked)"},
      {"fallback", [](ScoreFacts& f) { f.without("downgrade"); }, "A", 100, "TLS_FALLBACK_SCSV (RFC 7507) is not honoured (not asked)"},
      {"revocation",
       [](ScoreFacts& f) {
         f.revocation = Value::array().push_back(Value::object()
                                                     .set("sha256", "5ea1")
                                                     .set("leaf", true)
                                                     .set("status", "inconclusive")
                                                     .set("why", "timed out")
                                                     .set("sources", Value::array()));
       },
       "T", 100, "revocation: timed out"},
  };
  for (Gap const& gap : gaps) {
    ScoreFacts facts;
    gap.leave_out(facts);
    Assessment const got = grade(facts);
    EXPECT_EQ(got.grade, gap.grade) << gap.what << ": " << ::testing::PrintToString(reasons(got));
    EXPECT_EQ(got.coverage, gap.coverage) << gap.what;
    EXPECT_THAT(reasons(got), Contains(::testing::AllOf(HasSubstr("inconclusive: "), HasSubstr(gap.reason)))) << gap.what;
  }
}

TEST(SslLabs, MissingEvidenceNeverRaisesTheScore) {
  int const whole = grade(ScoreFacts{}).score;
  for (char const* key :
       {"protocols", "cipher_suites", "cipher_order", "certificates", "extensions", "renegotiation", "downgrade", "http"}) {
    for (Case const& one : cases()) {
      ScoreFacts facts;
      one.spoil(facts);
      Assessment const with = grade(facts);
      facts.without(key);
      Assessment const without = grade(facts);
      std::vector<std::string_view> const& order = spec_of(ScoreModel::ssllabs).grades;
      auto const place = [&order](std::string const& letter) { return std::ranges::find(order, letter) - order.begin(); };
      EXPECT_LE(without.score, with.score) << one.what << " without " << key;
      EXPECT_GE(place(without.grade), place(with.grade)) << one.what << " without " << key;
      EXPECT_LE(without.score, whole);
    }
  }
}

}  // namespace
}  // namespace tlsgauge::policy
