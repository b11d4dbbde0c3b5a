// The profiles rfc9325, pci-dss-4.0.1, post-quantum-ready and strict on endpoints made by hand.

#include <gtest/gtest.h>

#include "guidelines_support.hpp"

namespace tlsgauge {
namespace {

using test::expect_departures;
using test::FactsBuilder;
using test::judged_by;
using test::Measured;
using test::with_verdict;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

Measured good() {
  Measured facts;
  facts.suites.clear();
  facts.accepts("TLSv1.3", {"TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"});
  facts.accepts("TLSv1.2", {"TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256"});
  return facts;
}

Measured post_quantum() {
  Measured facts = good();
  facts.groups = {"X25519MLKEM768", "x25519", "secp256r1"};
  facts.post_quantum = "preferred";
  return facts;
}

Measured without(Measured facts, std::string const& version) {
  facts.refuses(version);
  return facts;
}

void expect_met(std::string const& profile, Measured const& facts) {
  Assessment const got = judged_by(profile, facts);
  EXPECT_THAT(with_verdict(got, Verdict::fail), IsEmpty()) << profile;
  EXPECT_THAT(with_verdict(got, Verdict::inconclusive), IsEmpty()) << profile;
  EXPECT_EQ(got.verdict, Verdict::pass) << profile;
  EXPECT_EQ(got.score, 100) << profile;
}

TEST(Rfc9325, IsMetByWhatItRecommends) {
  expect_met("rfc9325", good());
  expect_met("rfc9325", post_quantum());
}

TEST(Rfc9325, EachDeparture) {
  expect_departures(
      "rfc9325", good(),
      {{{"protocol-ssl"}, [](Measured& f) { f.accepts("SSLv3", {"TLS_RSA_WITH_AES_128_GCM_SHA256"}); }},
       {{"protocol-tls10-tls11"}, [](Measured& f) { f.accepts("TLSv1.1", {"TLS_RSA_WITH_AES_128_GCM_SHA256"}); }},
       {{"protocol-tls13"}, [](Measured& f) { f.refuses("TLSv1.3"); }},
       {{"protocol-tls12"}, [](Measured& f) { f.refuses("TLSv1.2"); }},
       {{"protocol-tls13-preferred"}, [](Measured& f) { f.prefers_tls13 = "no"; }},
       {{"suites-rsa"}, [](Measured& f) { f.accepts("TLSv1.2", {"TLS_RSA_WITH_AES_128_GCM_SHA256"}); }},
       {{"suites-rsa"}, [](Measured& f) { f.accepts("TLSv1.2", {"TLS_RSA_PSK_WITH_AES_128_GCM_SHA256"}); }},
       {{"suites-dh"}, [](Measured& f) { f.accepts("TLSv1.2", {"TLS_DH_RSA_WITH_AES_128_GCM_SHA256"}); }},
       {{"suites-anonymous", "suites-dhe"},
        [](Measured& f) {
          f.suites.push_back({"TLSv1.2", "TLS_DH_anon_WITH_AES_128_GCM_SHA256", 2048});
        }},
       {{"suites-dhe"},
        [](Measured& f) {
          f.suites.push_back({"TLSv1.2", "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256", 2048});
        }},
       {{"suites-dhe"},
        [](Measured& f) {
          f.suites.push_back({"TLSv1.2", "TLS_DHE_PSK_WITH_AES_128_GCM_SHA256", 2048});
        }},
       {{"suites-dhe", "dh-group"},
        [](Measured& f) {
          f.suites.push_back({"TLSv1.2", "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256", 1024});
        }},
       {{"suites-ecdh"}, [](Measured& f) { f.accepts("TLSv1.2", {"TLS_ECDH_RSA_WITH_AES_128_GCM_SHA256"}); }},
       {{"suites-128-bits", "suites-cbc"}, [](Measured& f) { f.accepts("TLSv1.2", {"TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA"}); }},
       {{"suites-rc4"}, [](Measured& f) { f.accepts("TLSv1.2", {"TLS_ECDHE_RSA_WITH_RC4_128_SHA"}); }},
       {{"suites-null", "suites-112-bits", "suites-128-bits"}, [](Measured& f) { f.accepts("TLSv1.2", {"TLS_ECDHE_RSA_WITH_NULL_SHA"}); }},
       {{"suites-cbc"}, [](Measured& f) { f.accepts("TLSv1.2", {"TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256"}); }},
       {{},
        [](Measured& f) {
          f.accepts("TLSv1.2", {"TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256"});
          f.encrypt_then_mac = "yes";
        }},
       {{"suites-rsa", "suites-order"}, [](Measured& f) { f.accepts("TLSv1.2", {"TLS_RSA_WITH_AES_128_GCM_SHA256"}, "client"); }},
       {{"suites-cbc", "suites-order"},
        [](Measured& f) {
          f.suites.insert(f.suites.begin(), {"TLSv1.2", "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256", {}});
        }},
       {{"groups-224-bits"}, [](Measured& f) { f.curves.push_back("secp192r1"); }},
       {{"groups-224-bits"}, [](Measured& f) { f.groups.push_back("sect163k1"); }},
       {{"groups-supported"}, [](Measured& f) { f.groups = {"x25519"}; }},
       {{"certificate-rsa-key"}, [](Measured& f) { f.certificates.front().key_bits = 1024; }},
       {{"certificate-signature"}, [](Measured& f) { f.certificates.front().signature_algorithm = "sha1WithRSAEncryption"; }},
       {{"certificate-expired"}, [](Measured& f) { f.certificates.front().days_left = -1; }},
       {{"signatures-sha1"}, [](Measured& f) { f.signatures12.push_back("rsa_pkcs1_sha1"); }},
       {{"renegotiation-secure"}, [](Measured& f) { f.secure_renegotiation = "no"; }},
       {{"extended-master-secret"}, [](Measured& f) { f.extended_master_secret = "no"; }},
       {{"compression"}, [](Measured& f) { f.compression = "yes"; }},
       {{"early-data-replay"},
        [](Measured& f) {
          f.early_data = "yes";
          f.early_data_again = "accepted";
        }},
       {{"tickets-lifetime"}, [](Measured& f) { f.ticket_lifetime = 700'000; }},
       {{"server-name-unknown"}, [](Measured& f) { f.unknown_name = "same_certificate"; }},
       {{"hsts-present"}, [](Measured& f) { f.answers_with(FactsBuilder::no_hsts()); }}});
}

TEST(Rfc9325, LeavesOpenWhatWasNotAsked) {
  Assessment const got = evaluate(load_profile("rfc9325"), FactsBuilder{}.endpoint());
  EXPECT_EQ(got.verdict, Verdict::inconclusive);
  EXPECT_THAT(with_verdict(got, Verdict::fail), IsEmpty());
  EXPECT_LT(got.score, 100);
}

TEST(PciDss, IsMetByModernTls) {
  expect_met("pci-dss-4.0.1", good());
  expect_met("pci-dss-4.0.1", post_quantum());
  expect_met("pci-dss-4.0.1", without(good(), "TLSv1.3"));
  expect_met("pci-dss-4.0.1", without(good(), "TLSv1.2"));
}

// The standard allows RSA key transport, DHE and CBC suites, whatever others say, and demands no HSTS.
TEST(PciDss, DemandsNoMoreThanItSays) {
  Measured facts = good();
  facts.accepts("TLSv1.2", {"TLS_RSA_WITH_AES_128_CBC_SHA", "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA"});
  facts.suites.push_back({"TLSv1.2", "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256", 2048});
  facts.answers_with(FactsBuilder::no_hsts());
  expect_met("pci-dss-4.0.1", facts);
}

TEST(PciDss, EachDeparture) {
  expect_departures(
      "pci-dss-4.0.1", good(),
      {{{"protocol-ssl"}, [](Measured& f) { f.accepts("SSLv3", {"TLS_RSA_WITH_AES_128_CBC_SHA"}); }},
       {{"protocol-early-tls"}, [](Measured& f) { f.accepts("TLSv1.0", {"TLS_RSA_WITH_AES_128_CBC_SHA"}); }},
       {{"suites-64-bit-blocks", "suites-128-bits"}, [](Measured& f) { f.accepts("TLSv1.2", {"TLS_RSA_WITH_3DES_EDE_CBC_SHA"}); }},
       {{"suites-112-bits"}, [](Measured& f) { f.accepts("TLSv1.2", {"TLS_RSA_WITH_RC4_128_SHA"}); }},
       {{"suites-insecure"},
        [](Measured& f) {
          f.suites.push_back({"TLSv1.2", "TLS_DH_anon_WITH_AES_128_GCM_SHA256", 2048});
        }},
       {{"dh-group"},
        [](Measured& f) {
          f.suites.push_back({"TLSv1.2", "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256", 1024});
        }},
       {{"groups-112-bits"}, [](Measured& f) { f.groups.push_back("secp192r1"); }},
       {{"curves-112-bits"}, [](Measured& f) { f.curves.push_back("secp192r1"); }},
       {{"certificate-rsa-key"}, [](Measured& f) { f.certificates.front().key_bits = 1024; }},
       {{"certificate-signature"}, [](Measured& f) { f.certificates.front().issuer_signature_algorithm = "md5WithRSAEncryption"; }},
       {{"certificate-hostname"}, [](Measured& f) { f.certificates.front().hostname_matches = false; }},
       {{"signatures-sha1"}, [](Measured& f) { f.signatures12.push_back("rsa_pkcs1_sha1"); }},
       {{"renegotiation-secure"}, [](Measured& f) { f.secure_renegotiation = "no"; }},
       {{"compression"}, [](Measured& f) { f.compression = "yes"; }}});
}

TEST(PostQuantumReady, IsMetByHybrids) {
  Assessment const got = judged_by("post-quantum-ready", post_quantum());
  EXPECT_THAT(with_verdict(got, Verdict::fail), ElementsAre("protocol-classical"));  // a note that costs nothing
  EXPECT_EQ(got.verdict, Verdict::pass);
  EXPECT_EQ(got.score, 100);
  expect_met("post-quantum-ready", without(post_quantum(), "TLSv1.2"));
}

TEST(PostQuantumReady, EachDeparture) {
  Measured const met = without(post_quantum(), "TLSv1.2");
  expect_departures("post-quantum-ready", met,
                    {{{"group-post-quantum", "group-x25519mlkem768"},
                      [](Measured& f) {
                        f.groups = {"x25519", "secp256r1"};
                      }},
                     {{"group-x25519mlkem768"}, [](Measured& f) { f.groups = {"SecP384r1MLKEM1024"}; }},
                     {{"group-preferred"},
                      [](Measured& f) {
                        f.groups = {"x25519", "X25519MLKEM768"};
                        f.post_quantum = "accepted";
                      }},
                     {{},
                      [](Measured& f) {
                        f.groups = {"x25519", "X25519MLKEM768"};
                        f.group_order.chooser = "client";
                        f.post_quantum = "accepted";
                      }},
                     {{"group-outdated"}, [](Measured& f) { f.groups.push_back("X25519Kyber768Draft00"); }},
                     {{"protocol-tls13-preferred"}, [](Measured& f) { f.prefers_tls13 = "no"; }},
                     {{"protocol-tls13", "protocol-classical"}, [](Measured& f) {
                        f.refuses("TLSv1.3");
                        f.accepts("TLSv1.2", {"TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"});
                      }}});
}

Measured strict() {
  Measured facts = without(post_quantum(), "TLSv1.2");
  facts.certificates.front().key_bits = 3072;
  facts.certificates.front().not_before = "2026-10-01T00:00:00Z";
  facts.certificates.front().not_after = "2026-11-10T00:00:00Z";
  facts.certificates.front().days_left = 30;
  facts.answers_with(FactsBuilder::hsts(63072000).set("include_subdomains", true).set("preload", true));
  return facts;
}

TEST(Strict, CanBeMet) { expect_met("strict", strict()); }

TEST(Strict, EachDeparture) {
  expect_departures("strict", strict(),
                    {{{"protocol-classical"}, [](Measured& f) { f.accepts("TLSv1.2", {"TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"}); }},
                     {{"suites-256-bit"}, [](Measured& f) { f.accepts("TLSv1.3", {"TLS_AES_128_GCM_SHA256"}); }},
                     {{"groups-allowed"}, [](Measured& f) { f.groups.push_back("ffdhe2048"); }},
                     {{"certificate-rsa-key"}, [](Measured& f) { f.certificates.front().key_bits = 2048; }},
                     {{"certificate-lifetime-47-days"}, [](Measured& f) { f.certificates.front().not_after = "2026-12-30T00:00:00Z"; }},
                     {{"certificate-lifetime-short", "certificate-lifetime-47-days"},
                      [](Measured& f) { f.certificates.front().not_after = "2027-03-30T00:00:00Z"; }},
                     {{"hsts-include-subdomains", "hsts-preload"}, [](Measured& f) { f.answers_with(FactsBuilder::hsts(63072000)); }},
                     {{"early-data"},
                      [](Measured& f) {
                        f.early_data = "yes";
                        f.early_data_again = "accepted";
                      }},
                     {{"tickets-lifetime"}, [](Measured& f) { f.ticket_lifetime = 604800; }}});
}

}  // namespace
}  // namespace tlsgauge
