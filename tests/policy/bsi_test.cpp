// BSI TR-02102-2 on endpoints made by hand: recommended, not on the list, and recommended for a while only.

#include <gtest/gtest.h>

#include "guidelines_support.hpp"

namespace tlsgauge {
namespace {

using test::Measured;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

std::string const kProfile = "bsi-tr-02102-2";

Measured recommended() {
  Measured facts;
  facts.suites.clear();
  facts.accepts("TLSv1.3", {"TLS_AES_256_GCM_SHA384", "TLS_AES_128_GCM_SHA256", "TLS_AES_128_CCM_SHA256"});
  facts.accepts("TLSv1.2", {"TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", "TLS_ECDHE_ECDSA_WITH_AES_128_CCM"});
  facts.groups = {"SecP256r1MLKEM768", "secp384r1", "brainpoolP256r1tls13", "ffdhe3072"};
  facts.curves = {"secp256r1", "brainpoolP512r1"};
  facts.signatures12 = {"ecdsa_secp256r1_sha256", "ecdsa_secp521r1_sha512"};
  facts.signatures13 = {"ecdsa_secp256r1_sha256"};
  test::show_ecdsa(facts);
  return facts;
}

TEST(Bsi, IsMetByWhatItRecommends) {
  Assessment const got = test::judged_by(kProfile, recommended());
  EXPECT_THAT(test::with_verdict(got, Verdict::fail), IsEmpty());
  EXPECT_THAT(test::with_verdict(got, Verdict::inconclusive), IsEmpty());
  EXPECT_EQ(got.verdict, Verdict::pass);
  EXPECT_EQ(got.score, 100);
  EXPECT_EQ(got.profile.version, "2025-01");
}

TEST(Bsi, BeingStricterIsNoFailure) {
  Measured newest = recommended();
  newest.refuses("TLSv1.2");
  EXPECT_THAT(test::failed_by(kProfile, newest), IsEmpty());
  Measured facts = recommended();
  facts.groups = {"SecP384r1MLKEM1024"};
  test::show_ecdsa(facts, "secp521r1", 521);
  EXPECT_THAT(test::failed_by(kProfile, facts), IsEmpty());
}

// The commonest kind of server is far from it, with nothing of it broken.
TEST(Bsi, NotOnTheListIsMediumAtMost) {
  Assessment const got = test::judged_by(kProfile, Measured{});
  EXPECT_THAT(test::with_verdict(got, Verdict::fail),
              UnorderedElementsAre("suites-tls13", "suites-tls12", "groups-recommended", "group-hybrid", "certificate-rsa-key",
                                   "certificate-signature-padding"));
  for (Requirement const& requirement : got.requirements) {
    if (requirement.verdict != Verdict::fail) continue;
    EXPECT_LE(requirement.severity, Severity::medium) << requirement.id;
  }
  EXPECT_EQ(got.verdict, Verdict::fail);
}

TEST(Bsi, EachDeparture) {
  test::expect_departures(
      kProfile, recommended(),
      {{{"protocol-ssl", "protocols-allowed"}, [](Measured& f) { f.accepts("SSLv3", {"TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA"}); }},
       {{"protocols-allowed"}, [](Measured& f) { f.accepts("TLSv1.1", {"TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA"}); }},
       {{"protocol-tls13"}, [](Measured& f) { f.refuses("TLSv1.3"); }},
       {{"suites-tls13"},
        [](Measured& f) {
          f.suites.push_back({"TLSv1.3", "TLS_AES_128_CCM_8_SHA256", {}});
        }},
       {{"suites-tls12"},
        [](Measured& f) {
          f.suites.push_back({"TLSv1.2", "TLS_RSA_WITH_AES_128_GCM_SHA256", {}});
        }},
       {{"suites-tls12", "suites-insecure"},
        [](Measured& f) {
          f.suites.push_back({"TLSv1.2", "TLS_DH_anon_WITH_AES_128_GCM_SHA256", 3072});
        }},
       {{"suites-forward-secrecy"},
        [](Measured& f) {
          f.suites.push_back({"TLSv1.2", "TLS_ECDH_ECDSA_WITH_AES_128_GCM_SHA256", {}});
        }},
       {{"dh-group"},
        [](Measured& f) {
          f.suites.push_back({"TLSv1.2", "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256", 2048});
        }},
       {{},
        [](Measured& f) {
          f.suites.push_back({"TLSv1.2", "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256", 3072});
        }},
       {{"groups-recommended"}, [](Measured& f) { f.groups.push_back("x25519"); }},
       {{"groups-recommended"}, [](Measured& f) { f.groups.push_back("MLKEM1024"); }},  // recommended in hybrids only
       {{"group-hybrid"}, [](Measured& f) { f.groups = {"secp384r1"}; }},
       {{"groups-recommended"}, [](Measured& f) { f.curves.push_back("x25519"); }},
       {{"signatures-tls13"}, [](Measured& f) { f.signatures13.push_back("ed25519"); }},
       {{"signatures-tls12"}, [](Measured& f) { f.signatures12.push_back("rsa_pkcs1_sha1"); }},
       {{}, [](Measured& f) { f.signatures12.push_back("rsa_pkcs1_sha384"); }},
       {{"keys-fresh"}, [](Measured& f) { f.keys_reused = true; }},
       {{"renegotiation-secure"}, [](Measured& f) { f.secure_renegotiation = "no"; }},
       {{"renegotiation-client"}, [](Measured& f) { f.renegotiations = 3; }},
       {{"extended-master-secret"}, [](Measured& f) { f.extended_master_secret = "no"; }},
       {{"encrypt-then-mac"}, [](Measured& f) { f.encrypt_then_mac = "no"; }},
       {{"compression-off"}, [](Measured& f) { f.compression = "yes"; }},
       {{"heartbeat-off"}, [](Measured& f) { f.heartbeat = "yes"; }},
       {{"psk-modes"}, [](Measured& f) { f.psk_modes.push_back("psk_ke"); }},
       {{"early-data-off"}, [](Measured& f) { f.early_data = "yes"; }},
       {{"certificate-type"},
        [](Measured& f) {
          f.certificates.front().key_type = "ed25519";
          f.certificates.front().key_curve.clear();
        }},
       {{"certificate-rsa-key"},
        [](Measured& f) {
          f.certificates.front().key_type = "rsa";
          f.certificates.front().key_bits = 2048;
          f.certificates.front().key_curve.clear();
        }},
       {{},
        [](Measured& f) {
          f.certificates.front().key_type = "rsa";
          f.certificates.front().key_bits = 3072;
          f.certificates.front().key_curve.clear();
        }},
       {{"certificate-curve"}, [](Measured& f) { f.certificates.front().key_curve = "secp224r1"; }},
       {{"certificate-signature"}, [](Measured& f) { f.certificates.front().signature_algorithm = "ecdsa-with-SHA1"; }},
       {{"certificate-signature-padding"},
        [](Measured& f) { f.certificates.front().issuer_signature_algorithm = "sha384WithRSAEncryption"; }},
       {{"certificate-hostname"}, [](Measured& f) { f.certificates.front().hostname_matches = false; }}});
}

}  // namespace
}  // namespace tlsgauge
