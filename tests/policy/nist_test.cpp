// NIST SP 800-52 revision 2 on endpoints made by hand: shall, should, and what may be.

#include <gtest/gtest.h>

#include "guidelines_support.hpp"

namespace tlsgauge {
namespace {

using test::Measured;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::string const kProfile = "nist-sp800-52r2";

// As a federal agency runs it: AES-GCM, P-256 and P-384, an RSA certificate of a CA that answers by OCSP.
Measured federal() {
  Measured facts;
  facts.suites.clear();
  facts.accepts("TLSv1.3", {"TLS_AES_256_GCM_SHA384", "TLS_AES_128_GCM_SHA256"});
  facts.accepts("TLSv1.2", {"TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"});
  facts.groups = {"secp256r1", "secp384r1"};
  facts.curves = {"secp256r1", "secp384r1"};
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
  Measured facts = federal();
  test::show_ecdsa(facts, "secp521r1", 521);
  facts.groups = {"SecP384r1MLKEM1024", "X25519MLKEM768", "secp384r1", "secp521r1"};
  EXPECT_THAT(test::failed_by(kProfile, facts), IsEmpty());
  facts = federal();
  facts.certificates.front().key_bits = 4096;
  EXPECT_THAT(test::failed_by(kProfile, facts), IsEmpty());
}

TEST(Nist, Tls12MayBeOffWhereNobodyNeedsIt) {
  Measured facts = federal();
  facts.refuses("TLSv1.2");
  Assessment const got = test::judged_by(kProfile, facts);
  EXPECT_THAT(test::with_verdict(got, Verdict::fail), ElementsAre("protocol-tls12"));  // a note that costs nothing
  EXPECT_EQ(got.verdict, Verdict::pass);
  EXPECT_EQ(got.score, 100);
}

TEST(Nist, EachDeparture) {
  test::expect_departures(
      kProfile, federal(),
      {{{"protocol-ssl"}, [](Measured& f) { f.accepts("SSLv3", {"TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA"}); }},
       {{"protocols-old"}, [](Measured& f) { f.accepts("TLSv1.0", {"TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA"}); }},
       {{"protocols-old", "suites-tls12"}, [](Measured& f) { f.accepts("TLSv1.1", {"TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA"}); }},
       {{"protocol-tls13"}, [](Measured& f) { f.refuses("TLSv1.3"); }},
       {{"suites-tls13"},
        [](Measured& f) {
          f.suites.push_back({"TLSv1.3", "TLS_CHACHA20_POLY1305_SHA256", {}});
        }},
       {{"suites-tls12"},
        [](Measured& f) {
          f.suites.push_back({"TLSv1.2", "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256", {}});
        }},
       {{"suites-tls12", "suites-forward-secrecy"},
        [](Measured& f) {
          f.suites.push_back({"TLSv1.2", "TLS_RSA_WITH_AES_128_GCM_SHA256", {}});  // listed for a transition only
        }},
       {{"suites-forward-secrecy"},
        [](Measured& f) {
          f.suites.push_back({"TLSv1.2", "TLS_ECDH_ECDSA_WITH_AES_128_GCM_SHA256", {}});  // listed, not preferred
        }},
       {{"suites-insecure", "suites-tls12"},
        [](Measured& f) {
          f.suites.push_back({"TLSv1.2", "TLS_ECDHE_RSA_WITH_NULL_SHA", {}});
        }},
       {{"dh-group"},
        [](Measured& f) {
          f.suites.push_back({"TLSv1.2", "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256", 1024});
        }},
       {{},
        [](Measured& f) {
          f.suites.push_back({"TLSv1.2", "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256", 2048});
        }},
       {{"groups-approved"}, [](Measured& f) { f.groups.push_back("x25519"); }},
       {{"groups-approved", "group-required"}, [](Measured& f) { f.groups = {"x25519"}; }},
       {{"group-required"}, [](Measured& f) { f.groups = {"secp521r1"}; }},
       {{"groups-approved"}, [](Measured& f) { f.curves.push_back("x25519"); }},
       {{"group-required"}, [](Measured& f) { f.curves = {"secp521r1"}; }},
       {{"certificate-key-usage"}, [](Measured& f) { f.key_usage = {"keyEncipherment"}; }},
       {{"certificate-extended-key-usage"}, [](Measured& f) { f.extended_key_usage.clear(); }},
       {{"renegotiation-secure"}, [](Measured& f) { f.secure_renegotiation = "no"; }},
       {{"extended-master-secret"}, [](Measured& f) { f.extended_master_secret = "no"; }},
       {{"encrypt-then-mac"},
        [](Measured& f) {
          f.suites.push_back({"TLSv1.2", "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256", {}});
          f.encrypt_then_mac = "no";
        }},
       {{"fallback-protection", "protocols-old", "protocol-tls13"},
        [](Measured& f) {
          f.refuses("TLSv1.3").accepts("TLSv1.1", {"TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA"});
          f.fallback_scsv = "no";
        }},
       {{"protocols-old"},
        [](Measured& f) {
          f.accepts("TLSv1.1", {"TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA"});
          f.fallback_scsv = "no";  // of no account beside TLS 1.3
        }},
       {{"compression-off"}, [](Measured& f) { f.compression = "yes"; }},
       {{"early-data-off"}, [](Measured& f) { f.early_data = "yes"; }},
       {{"early-data-off", "early-data-replay"},
        [](Measured& f) {
          f.early_data = "yes";
          f.early_data_again = "accepted";
        }},
       {{"certificate-type"}, [](Measured& f) { f.certificates.front().key_type = "ed25519"; }},
       {{"certificate-rsa-key"}, [](Measured& f) { f.certificates.front().key_bits = 1024; }},
       {{"certificate-curve"}, [](Measured& f) { test::show_ecdsa(f, "brainpoolP256r1"); }},
       {{"certificate-curve", "certificate-ec-key"}, [](Measured& f) { test::show_ecdsa(f, "secp192r1", 192); }},
       {{"certificate-signature"}, [](Measured& f) { f.certificates.front().issuer_signature_algorithm = "sha1WithRSAEncryption"; }},
       {{}, [](Measured& f) { f.certificates.front().signature_algorithm = "sha224WithRSAEncryption"; }},
       {{"certificate-lifetime"},
        [](Measured& f) {
          f.certificates.front().not_before = "2026-01-01T00:00:00Z";
          f.certificates.front().not_after = "2029-02-01T00:00:00Z";
        }},
       {{"certificate-ocsp"},
        [](Measured& f) {
          f.certificates.front().ocsp_urls.clear();
          f.certificates.front().ocsp_stapled = false;
        }},
       {{"ocsp-stapling"}, [](Measured& f) { f.certificates.front().ocsp_stapled = false; }},
       {{"certificate-expired"}, [](Measured& f) { f.certificates.front().days_left = -1; }}});
}

}  // namespace
}  // namespace tlsgauge
