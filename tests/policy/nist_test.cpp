// NIST SP 800-52 revision 2 on endpoints made by hand: shall, should, and what may be.

#include <gtest/gtest.h>

#include "guidelines_support.hpp"

namespace tlsgauge {
namespace {

using test::FactsBuilder;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::string const kProfile = "nist-sp800-52r2";

// As a federal agency runs it: AES-GCM, P-256 and P-384, an RSA certificate of a CA that answers by OCSP.
FactsBuilder federal() {
  FactsBuilder facts;
  facts.suites.clear();
  facts.accepts("TLSv1.3", {"TLS_AES_256_GCM_SHA384", "TLS_AES_128_GCM_SHA256"});
  facts.accepts("TLSv1.2", {"TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"});
  facts.groups = {"secp256r1", "secp384r1"};
  facts.certificates.front().ocsp_urls = {"http://ocsp.example/"};
  facts.certificates.front().ocsp_stapled = true;
  return facts;
}

TEST(Nist, IsMetByWhatItLists) {
  Assessment const got = test::judged_by(kProfile, federal());
  EXPECT_THAT(test::with_verdict(got, Verdict::fail), IsEmpty());
  EXPECT_THAT(test::with_verdict(got, Verdict::inconclusive), IsEmpty());
  EXPECT_EQ(got.verdict, Verdict::pass);
  EXPECT_EQ(got.score, 100);
}

TEST(Nist, BeingStrongerIsNoFailure) {
  FactsBuilder facts = federal();
  test::show_ecdsa(facts, "secp521r1", 521);
  facts.groups = {"SecP384r1MLKEM1024", "X25519MLKEM768", "secp384r1", "secp521r1"};
  EXPECT_THAT(test::failed_by(kProfile, facts), IsEmpty());
  facts = federal();
  facts.certificates.front().key_bits = 4096;
  EXPECT_THAT(test::failed_by(kProfile, facts), IsEmpty());
}

TEST(Nist, Tls12MayBeOffWhereNobodyNeedsIt) {
  Assessment const got = test::judged_by(kProfile, federal().refuses("TLSv1.2"));
  EXPECT_THAT(test::with_verdict(got, Verdict::fail), ElementsAre("protocol-tls12"));  // a note that costs nothing
  EXPECT_EQ(got.verdict, Verdict::pass);
  EXPECT_EQ(got.score, 100);
}

TEST(Nist, EachDeparture) {
  test::expect_departures(
      kProfile, federal(),
      {{{"protocol-ssl"}, [](FactsBuilder& f) { f.accepts("SSLv3", {"TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA"}); }},
       {{"protocols-old"}, [](FactsBuilder& f) { f.accepts("TLSv1.0", {"TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA"}); }},
       {{"protocols-old", "suites-tls12"}, [](FactsBuilder& f) { f.accepts("TLSv1.1", {"TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA"}); }},
       {{"protocol-tls13"}, [](FactsBuilder& f) { f.refuses("TLSv1.3"); }},
       {{"suites-tls13"},
        [](FactsBuilder& f) {
          f.suites.push_back({"TLSv1.3", "TLS_CHACHA20_POLY1305_SHA256", {}});
        }},
       {{"suites-tls12"},
        [](FactsBuilder& f) {
          f.suites.push_back({"TLSv1.2", "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256", {}});
        }},
       {{"suites-tls12", "suites-forward-secrecy"},
        [](FactsBuilder& f) {
          f.suites.push_back({"TLSv1.2", "TLS_RSA_WITH_AES_128_GCM_SHA256", {}});  // listed for a transition only
        }},
       {{"suites-forward-secrecy"},
        [](FactsBuilder& f) {
          f.suites.push_back({"TLSv1.2", "TLS_ECDH_ECDSA_WITH_AES_128_GCM_SHA256", {}});  // listed, not preferred
        }},
       {{"suites-insecure", "suites-tls12"},
        [](FactsBuilder& f) {
          f.suites.push_back({"TLSv1.2", "TLS_ECDHE_RSA_WITH_NULL_SHA", {}});
        }},
       {{"dh-group"},
        [](FactsBuilder& f) {
          f.suites.push_back({"TLSv1.2", "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256", 1024});
        }},
       {{},
        [](FactsBuilder& f) {
          f.suites.push_back({"TLSv1.2", "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256", 2048});
        }},
       {{"groups-approved"}, [](FactsBuilder& f) { f.groups.push_back("x25519"); }},
       {{"groups-approved", "group-required"}, [](FactsBuilder& f) { f.groups = {"x25519"}; }},
       {{"group-required"}, [](FactsBuilder& f) { f.groups = {"secp521r1"}; }},
       {{"certificate-type"}, [](FactsBuilder& f) { f.certificates.front().key_type = "ed25519"; }},
       {{"certificate-rsa-key"}, [](FactsBuilder& f) { f.certificates.front().key_bits = 1024; }},
       {{"certificate-curve"}, [](FactsBuilder& f) { test::show_ecdsa(f, "brainpoolP256r1"); }},
       {{"certificate-curve", "certificate-ec-key"}, [](FactsBuilder& f) { test::show_ecdsa(f, "secp192r1", 192); }},
       {{"certificate-signature"}, [](FactsBuilder& f) { f.certificates.front().issuer_signature_algorithm = "sha1WithRSAEncryption"; }},
       {{}, [](FactsBuilder& f) { f.certificates.front().signature_algorithm = "sha224WithRSAEncryption"; }},
       {{"certificate-lifetime"},
        [](FactsBuilder& f) {
          f.certificates.front().not_before = "2026-01-01T00:00:00Z";
          f.certificates.front().not_after = "2029-02-01T00:00:00Z";
        }},
       {{"certificate-ocsp"},
        [](FactsBuilder& f) {
          f.certificates.front().ocsp_urls.clear();
          f.certificates.front().ocsp_stapled = false;
        }},
       {{"ocsp-stapling"}, [](FactsBuilder& f) { f.certificates.front().ocsp_stapled = false; }},
       {{"certificate-expired"}, [](FactsBuilder& f) { f.certificates.front().days_left = -1; }}});
}

}  // namespace
}  // namespace tlsgauge
