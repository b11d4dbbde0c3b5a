// Mozilla's guidelines 6.0, 5.8 and 5.7 on endpoints made by hand: allowed and asked for, kept apart.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "guidelines_support.hpp"

namespace tlsgauge {
namespace {

using test::FactsBuilder;
using test::Measured;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> failed(Assessment const& assessment) {
  std::vector<std::string> out;
  for (Requirement const& requirement : assessment.requirements) {
    if (requirement.verdict == Verdict::fail) out.push_back(requirement.id);
  }
  return out;
}

Assessment judge(std::string const& profile, Measured const& facts) { return evaluate(load_profile(profile), facts.endpoint()); }

// As Mozilla's generator writes it, on OpenSSL 3.5.
Measured intermediate() {
  Measured facts;
  facts.suites.clear();
  facts.accepts("TLSv1.3", {"TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256", "TLS_AES_128_GCM_SHA256"}, "client");
  facts.accepts("TLSv1.2",
                {"TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
                 "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
                 "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256", "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256"},
                "client");
  facts.groups = {"X25519MLKEM768", "x25519", "secp256r1", "secp384r1"};
  return facts;
}

Measured modern() {
  Measured facts = intermediate();
  facts.refuses("TLSv1.2");
  test::ShownCertificate& shown = facts.certificates.front();
  shown.authentication = "ecdsa";
  shown.key_type = "ecdsa";
  shown.key_bits = 256;
  shown.key_curve = "secp256r1";
  shown.signature_algorithm = "ecdsa-with-SHA384";
  shown.issuer_signature_algorithm = "ecdsa-with-SHA384";
  return facts;
}

TEST(MozillaIntermediate, IsMetByTheGeneratorsConfiguration) {
  Assessment const got = judge("mozilla-intermediate", intermediate());
  EXPECT_THAT(failed(got), IsEmpty());
  EXPECT_EQ(got.verdict, Verdict::pass);
  EXPECT_EQ(got.score, 100);
  EXPECT_EQ(got.profile.version, "6.0");
}

TEST(MozillaIntermediate, BeingStricterIsNoFailure) {
  Assessment const got = judge("mozilla-intermediate", modern());
  EXPECT_EQ(got.verdict, Verdict::pass);
  EXPECT_EQ(got.score, 100);
  EXPECT_THAT(failed(got), ElementsAre("protocol-tls12"));  // a note that costs nothing

  Measured fewer = intermediate();
  fewer.suites = {{"TLSv1.3", "TLS_AES_256_GCM_SHA384", {}}, {"TLSv1.2", "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", {}}};
  fewer.groups = {"X25519MLKEM768"};
  EXPECT_THAT(failed(judge("mozilla-intermediate", fewer)), IsEmpty());
}

TEST(MozillaIntermediate, AServerThatChoosesIsNoMoreThanANote) {
  Measured facts = intermediate();
  facts.orders["TLSv1.2"].chooser = "server";
  Assessment const got = judge("mozilla-intermediate", facts);
  EXPECT_THAT(failed(got), ElementsAre("suites-client-order"));
  EXPECT_EQ(got.verdict, Verdict::pass);
  EXPECT_EQ(got.score, 100);
}

TEST(MozillaIntermediate, EachDeparture) {
  struct Case {
    std::string_view failing;
    void (*change)(Measured&);
  };
  for (Case const& c : std::vector<Case>{
           {"protocols-allowed", [](Measured& f) { f.accepts("TLSv1.1", {"TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA"}); }},
           {"suites-tls12",
            [](Measured& f) {
              f.suites.push_back({"TLSv1.2", "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256", 2048});
            }},
           {"suites-tls13",
            [](Measured& f) {
              f.suites.push_back({"TLSv1.3", "TLS_AES_128_CCM_8_SHA256", {}});
            }},
           {"groups-allowed", [](Measured& f) { f.groups.push_back("secp521r1"); }},
           {"curves-allowed", [](Measured& f) { f.curves.push_back("secp521r1"); }},
           {"group-post-quantum", [](Measured& f) { f.groups.erase(f.groups.begin()); }},
           {"certificate-rsa-key", [](Measured& f) { f.certificates.front().key_bits = 1024; }},
           {"certificate-type", [](Measured& f) { f.certificates.front().key_type = "ed25519"; }},
           {"certificate-signature", [](Measured& f) { f.certificates.front().signature_algorithm = "sha1WithRSAEncryption"; }},
           {"certificate-expired", [](Measured& f) { f.certificates.front().days_left = -1; }},
           {"ocsp-stapling", [](Measured& f) { f.certificates.front().ocsp_urls = {"http://ocsp.example/"}; }},
           {"hsts-present", [](Measured& f) { f.answers_with(FactsBuilder::no_hsts()); }},
           {"hsts-max-age", [](Measured& f) { f.answers_with(FactsBuilder::hsts(31536000)); }}}) {
    Measured facts = intermediate();
    c.change(facts);
    EXPECT_THAT(failed(judge("mozilla-intermediate", facts)), ElementsAre(c.failing));
  }
}

TEST(MozillaIntermediate, LifetimesAreAllowedLongerThanRecommended) {
  Measured facts = intermediate();
  facts.certificates.front().not_before = "2026-01-01T00:00:00Z";
  facts.certificates.front().not_after = "2026-12-31T23:59:59Z";
  EXPECT_THAT(failed(judge("mozilla-intermediate", facts)), ElementsAre("certificate-lifetime-recommended"));
  facts.certificates.front().not_after = "2027-01-02T23:59:59Z";
  EXPECT_THAT(failed(judge("mozilla-intermediate", facts)), ElementsAre("certificate-lifetime", "certificate-lifetime-recommended"));
}

TEST(MozillaModern, IsMetByTls13WithEcdsa) {
  Assessment const got = judge("mozilla-modern", modern());
  EXPECT_THAT(failed(got), IsEmpty());
  EXPECT_EQ(got.score, 100);
}

TEST(MozillaModern, RefusesWhatIntermediateAllows) {
  EXPECT_THAT(failed(judge("mozilla-modern", intermediate())),
              ElementsAre("protocols-allowed", "certificate-type", "certificate-signature"));
}

TEST(MozillaModern, LeavesOpenWhatWasNotAsked) {
  Measured facts = modern();
  facts.without("groups");
  Assessment const got = judge("mozilla-modern", facts);
  EXPECT_EQ(got.verdict, Verdict::inconclusive);
  EXPECT_THAT(failed(got), IsEmpty());
}

TEST(MozillaIntermediate57, AllowsDheAndKnowsNoPostQuantumGroup) {
  Measured facts = intermediate();
  facts.suites.push_back({"TLSv1.2", "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256", 2048});
  EXPECT_THAT(failed(judge("mozilla-intermediate-5.7", facts)), ElementsAre("groups-allowed"));
  facts.groups.erase(facts.groups.begin());
  Assessment const got = judge("mozilla-intermediate-5.7", facts);
  EXPECT_THAT(failed(got), IsEmpty());
  EXPECT_EQ(got.score, 100);
  EXPECT_EQ(got.profile.version, "5.7");
  facts.suites.back().dh_bits = 1024;
  EXPECT_THAT(failed(judge("mozilla-intermediate-5.7", facts)), ElementsAre("dh-group"));
  facts.suites.push_back({"TLSv1.2", "TLS_DHE_RSA_WITH_AES_128_CBC_SHA", 2048});
  EXPECT_THAT(failed(judge("mozilla-intermediate-5.7", facts)), ElementsAre("suites-tls12", "dh-group"));
}

// As Mozilla's generator writes it, on an OpenSSL that still has all of it.
Measured old() {
  Measured facts = intermediate();
  std::vector<std::string> const legacy = {"TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA", "TLS_RSA_WITH_AES_128_CBC_SHA",
                                           "TLS_RSA_WITH_3DES_EDE_CBC_SHA"};
  facts.accepts("TLSv1.0", legacy).accepts("TLSv1.1", legacy).accepts("TLSv1.2", legacy);  // the worst last, and the server chooses
  return facts;
}

TEST(MozillaOld, IsMetByTheGeneratorsConfiguration) {
  Assessment const got = judge("mozilla-old", old());
  EXPECT_THAT(failed(got), IsEmpty());
  EXPECT_EQ(got.score, 100);
  EXPECT_EQ(got.profile.version, "5.8");
}

TEST(MozillaOld, BeingStricterIsNoFailure) {
  Assessment const got = judge("mozilla-old", intermediate());
  EXPECT_THAT(failed(got), ElementsAre("protocols-old"));  // a note that costs nothing
  EXPECT_EQ(got.verdict, Verdict::pass);
  EXPECT_EQ(got.score, 100);
  EXPECT_THAT(failed(judge("mozilla-old", modern())), ElementsAre("protocol-tls12", "protocols-old", "certificate-type"));
}

TEST(MozillaOld, EachDeparture) {
  struct Case {
    std::string_view failing;
    void (*change)(Measured&);
  };
  for (Case const& c : std::vector<Case>{
           {"protocol-ssl", [](Measured& f) { f.accepts("SSLv3", {"TLS_RSA_WITH_AES_128_CBC_SHA"}); }},
           {"suites-up-to-tls12",
            [](Measured& f) {
              f.suites.push_back({"TLSv1.0", "TLS_RSA_WITH_RC4_128_SHA", {}});
            }},
           {"suites-up-to-tls12",
            [](Measured& f) {
              f.suites.push_back({"TLSv1.2", "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256", 2048});
            }},
           {"suites-server-order", [](Measured& f) { f.orders["TLSv1.1"].chooser = "client"; }},
           {"suites-order",
            [](Measured& f) {
              f.suites.push_back({"TLSv1.1", "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA", {}});
            }},
           {"certificate-type", [](Measured& f) { f.certificates.front().key_type = "ecdsa"; }},
           {"certificate-signature", [](Measured& f) { f.certificates.front().signature_algorithm = "sha384WithRSAEncryption"; }},
           {"certificate-rsa-key", [](Measured& f) { f.certificates.front().key_bits = 1024; }}}) {
    Measured facts = old();
    c.change(facts);
    EXPECT_THAT(failed(judge("mozilla-old", facts)), ElementsAre(c.failing));
  }
}

}  // namespace
}  // namespace tlsgauge
