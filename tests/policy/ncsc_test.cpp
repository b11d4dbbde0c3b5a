// The guidelines of NCSC-NL on endpoints made by hand: good, sufficient, to be phased out, insufficient.

#include <gtest/gtest.h>

#include "guidelines_support.hpp"

namespace tlsgauge {
namespace {

using test::Measured;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

std::string const kProfile = "ncsc-nl-2025-05";

// Good wherever the guidelines know good, and sufficient beside it.
Measured good() {
  Measured facts;
  facts.groups = {"X25519MLKEM768", "x25519", "secp256r1", "secp384r1", "x448", "brainpoolP384r1tls13"};
  facts.suites.push_back({"TLSv1.3", "TLS_AES_128_GCM_SHA256", {}});
  facts.suites.push_back({"TLSv1.2", "TLS_ECDHE_ECDSA_WITH_AES_256_CCM", {}});
  facts.certificates.front().key_bits = 3072;
  return facts;
}

TEST(Ncsc, IsMetByWhatIsGood) {
  Assessment const got = test::judged_by(kProfile, good());
  EXPECT_THAT(test::with_verdict(got, Verdict::fail), IsEmpty());
  EXPECT_THAT(test::with_verdict(got, Verdict::inconclusive), IsEmpty());
  EXPECT_EQ(got.verdict, Verdict::pass);
  EXPECT_EQ(got.score, 100);
}

TEST(Ncsc, SufficientIsWorthNotesThatCostNothing) {
  Measured facts = good();
  facts.refuses("TLSv1.3");
  facts.renegotiations = 3;
  Assessment const old = test::judged_by(kProfile, facts);
  EXPECT_THAT(test::with_verdict(old, Verdict::fail), UnorderedElementsAre("protocol-good", "renegotiation-client"));
  EXPECT_EQ(old.score, 100);

  facts = good();
  facts.groups = {"x25519"};
  facts.suites = {{"TLSv1.3", "TLS_AES_128_GCM_SHA256", {}}, {"TLSv1.2", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", {}}};
  facts.certificates.front().ocsp_urls = {"http://ocsp.example/"};
  Assessment const got = test::judged_by(kProfile, facts);
  EXPECT_THAT(test::with_verdict(got, Verdict::fail), UnorderedElementsAre("suites-good", "group-good", "ocsp-stapling"));
  EXPECT_EQ(got.verdict, Verdict::pass);
  EXPECT_EQ(got.score, 100);
}

TEST(Ncsc, EachDeparture) {
  test::expect_departures(
      kProfile, good(),
      {{{"protocol-ssl", "suites-insufficient"}, [](Measured& f) { f.accepts("SSLv3", {"TLS_RSA_WITH_AES_128_CBC_SHA"}); }},
       {{"protocols-insufficient", "suites-insufficient"},
        [](Measured& f) { f.accepts("TLSv1.1", {"TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA"}); }},
       {{"suites-insufficient"},
        [](Measured& f) {
          f.suites.push_back({"TLSv1.3", "TLS_AES_128_CCM_8_SHA256", {}});
        }},
       {{"suites-insufficient"},
        [](Measured& f) {
          f.suites.push_back({"TLSv1.2", "TLS_RSA_WITH_AES_256_GCM_SHA384", {}});
        }},
       {{"suites-insufficient", "suites-insecure"},
        [](Measured& f) {
          f.suites.push_back({"TLSv1.2", "TLS_ECDHE_RSA_WITH_NULL_SHA", {}});
        }},
       {{"suites-phase-out"},
        [](Measured& f) {
          f.suites.push_back({"TLSv1.2", "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256", {}});
        }},
       {{"suites-phase-out"},
        [](Measured& f) {
          f.suites.push_back({"TLSv1.2", "TLS_DHE_RSA_WITH_AES_256_GCM_SHA384", 3072});
        }},
       {{"suites-phase-out", "dh-group"},
        [](Measured& f) {
          f.suites.push_back({"TLSv1.2", "TLS_DHE_RSA_WITH_AES_256_GCM_SHA384", 2048});
        }},
       {{"groups-insufficient"}, [](Measured& f) { f.groups.push_back("ffdhe2048"); }},
       {{"groups-insufficient"}, [](Measured& f) { f.groups.push_back("MLKEM768"); }},
       {{"groups-phase-out"}, [](Measured& f) { f.groups.push_back("ffdhe8192"); }},
       {{"groups-insufficient"}, [](Measured& f) { f.curves.push_back("secp256k1"); }},
       {{"groups-phase-out"}, [](Measured& f) { f.curves.push_back("secp224r1"); }},
       {{"suites-phase-out", "dh-group"},
        [](Measured& f) {
          f.suites.push_back({"TLSv1.2", "TLS_DHE_RSA_WITH_AES_256_GCM_SHA384", 4096});
          f.dh_name.clear();
        }},
       {{"hash-insufficient"}, [](Measured& f) { f.signatures12.push_back("rsa_pkcs1_sha1"); }},
       {{"hash-phase-out"}, [](Measured& f) { f.signatures12.push_back("rsa_pkcs1_sha224"); }},
       {{"compression-off"}, [](Measured& f) { f.compression = "yes"; }},
       {{"renegotiation-secure"}, [](Measured& f) { f.secure_renegotiation = "no"; }},
       {{"renegotiation-client", "renegotiation-unlimited"}, [](Measured& f) { f.renegotiations = 10; }},
       {{"early-data-off"}, [](Measured& f) { f.early_data = "yes"; }},
       {{"extended-master-secret"}, [](Measured& f) { f.extended_master_secret = "no"; }},
       {{"certificate-rsa-key-phase-out"}, [](Measured& f) { f.certificates.front().key_bits = 2048; }},
       {{"certificate-rsa-key", "certificate-rsa-key-phase-out"}, [](Measured& f) { f.certificates.front().key_bits = 1024; }},
       {{"certificate-type"}, [](Measured& f) { f.certificates.front().key_type = "dsa"; }},
       {{}, [](Measured& f) { f.certificates.front().key_type = "ed25519"; }},
       {{}, [](Measured& f) { test::show_ecdsa(f, "brainpoolP512r1", 512); }},
       {{"certificate-curve"}, [](Measured& f) { test::show_ecdsa(f, "secp256k1"); }},
       {{"certificate-curve-phase-out"}, [](Measured& f) { test::show_ecdsa(f, "secp224r1", 224); }},
       {{"certificate-signature"}, [](Measured& f) { f.certificates.front().issuer_signature_algorithm = "sha1WithRSAEncryption"; }},
       {{"certificate-signature-phase-out"}, [](Measured& f) { f.certificates.front().signature_algorithm = "sha224WithRSAEncryption"; }},
       {{"certificate-expired"}, [](Measured& f) { f.certificates.front().days_left = -1; }}});
}

TEST(Ncsc, AnInvalidStapleIsInsufficient) {
  Assessment const got = test::judged_by(kProfile, good());
  for (Requirement const& requirement : got.requirements) {
    if (requirement.id != "certificate-staple") continue;
    EXPECT_EQ(requirement.severity, Severity::high);
  }
}

}  // namespace
}  // namespace tlsgauge
