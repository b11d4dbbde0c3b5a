// CNSA 2.0 on endpoints made by hand: what it names, and nothing else.

#include <gtest/gtest.h>

#include "guidelines_support.hpp"

namespace tlsgauge {
namespace {

using test::Measured;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

std::string const kProfile = "cnsa-2.0";

void show_mldsa(Measured& facts, std::string const& type, std::string const& signature) {
  test::ShownCertificate& shown = facts.certificates.front();
  shown.authentication = type;
  shown.key_type = type;
  shown.key_bits = 20736;
  shown.signature_algorithm = signature;
  shown.issuer_signature_algorithm = signature;
}

Measured national_security() {
  Measured facts;
  facts.refuses("TLSv1.2");
  facts.signatures13 = {"mldsa87"};
  facts.suites = {{"TLSv1.3", "TLS_AES_256_GCM_SHA384", {}}};
  facts.groups = {"MLKEM1024"};
  show_mldsa(facts, "ml-dsa-87", "ML-DSA-87");
  return facts;
}

TEST(Cnsa, IsMetByItsAlgorithms) {
  Assessment const got = test::judged_by(kProfile, national_security());
  EXPECT_THAT(test::with_verdict(got, Verdict::fail), IsEmpty());
  EXPECT_THAT(test::with_verdict(got, Verdict::inconclusive), IsEmpty());
  EXPECT_EQ(got.verdict, Verdict::pass);
  EXPECT_EQ(got.score, 100);
}

// A library that does not know ML-DSA names it by its object identifier.
TEST(Cnsa, KnowsMldsaByItsObjectIdentifier) {
  Measured facts = national_security();
  show_mldsa(facts, "2.16.840.1.101.3.4.3.19", "2.16.840.1.101.3.4.3.19");
  EXPECT_THAT(test::failed_by(kProfile, facts), IsEmpty());
  show_mldsa(facts, "2.16.840.1.101.3.4.3.18", "2.16.840.1.101.3.4.3.18");  // ML-DSA-65
  EXPECT_THAT(test::failed_by(kProfile, facts), UnorderedElementsAre("certificate-type", "certificate-signature"));
}

TEST(Cnsa, EachDeparture) {
  test::expect_departures(
      kProfile, national_security(),
      {{{"protocols-allowed"}, [](Measured& f) { f.accepts("TLSv1.2", {"TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"}); }},
       {{"protocol-ssl", "protocols-allowed"}, [](Measured& f) { f.accepts("SSLv3", {"TLS_RSA_WITH_AES_128_CBC_SHA"}); }},
       {{"suites-allowed"},
        [](Measured& f) {
          f.suites.push_back({"TLSv1.3", "TLS_AES_128_GCM_SHA256", {}});
        }},
       {{"suites-allowed", "suite-required"},
        [](Measured& f) {
          f.suites = {{"TLSv1.3", "TLS_CHACHA20_POLY1305_SHA256", {}}};
        }},
       {{"groups-allowed"}, [](Measured& f) { f.groups.push_back("SecP384r1MLKEM1024"); }},  // a hybrid is not in the suite
       {{"groups-allowed"}, [](Measured& f) { f.groups.push_back("MLKEM768"); }},
       {{"groups-allowed", "group-required"},
        [](Measured& f) {
          f.groups = {"X25519MLKEM768", "x25519"};
        }},
       {{"signatures-allowed"}, [](Measured& f) { f.signatures13.push_back("mldsa65"); }},
       {{"early-data-off"}, [](Measured& f) { f.early_data = "yes"; }},
       {{"certificate-type"}, [](Measured& f) { f.certificates.front().key_type = "ml-dsa-65"; }},
       {{"certificate-type", "certificate-signature"}, [](Measured& f) { test::show_ecdsa(f, "secp384r1", 384); }},
       {{"certificate-signature"}, [](Measured& f) { f.certificates.front().issuer_signature_algorithm = "ecdsa-with-SHA384"; }},
       {{"certificate-self-signed"}, [](Measured& f) {
          f.certificates.front().trusted = false;
          f.certificates.front().errors = {"self_signed"};
        }}});
}

TEST(Cnsa, WithoutTls13NothingOfItIsThere) {
  Measured facts;
  facts.refuses("TLSv1.3");
  EXPECT_THAT(test::failed_by(kProfile, facts),
              UnorderedElementsAre("protocols-allowed", "protocol-tls13", "certificate-type", "certificate-signature"));
}

}  // namespace
}  // namespace tlsgauge
