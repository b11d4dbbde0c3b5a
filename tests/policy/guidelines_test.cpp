// The profiles rfc9325, pci-dss-4.0.1, post-quantum-ready and strict on endpoints made by hand.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/facts_builder.hpp"
#include "tlsgauge/profile.hpp"

namespace tlsgauge {
namespace {

using test::FactsBuilder;
using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::IsEmpty;

std::vector<std::string> with_verdict(Assessment const& assessment, Verdict verdict) {
  std::vector<std::string> out;
  for (Requirement const& requirement : assessment.requirements) {
    if (requirement.verdict == verdict) out.push_back(requirement.id);
  }
  return out;
}

Assessment judge(std::string const& profile, FactsBuilder const& facts) { return evaluate(load_profile(profile), facts.endpoint()); }
std::vector<std::string> failed(std::string const& profile, FactsBuilder const& facts) {
  return with_verdict(judge(profile, facts), Verdict::fail);
}

struct Departure {
  std::vector<std::string> failing;
  void (*change)(FactsBuilder&);
};

void expect_departures(std::string const& profile, FactsBuilder const& good, std::vector<Departure> const& all) {
  for (Departure const& departure : all) {
    FactsBuilder facts = good;
    departure.change(facts);
    EXPECT_THAT(failed(profile, facts), ElementsAreArray(departure.failing)) << profile;
  }
}

FactsBuilder good() {
  FactsBuilder facts;
  facts.handshakes = true;
  facts.suites.clear();
  facts.accepts("TLSv1.3", {"TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"});
  facts.accepts("TLSv1.2", {"TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256"});
  return facts;
}

FactsBuilder post_quantum() {
  FactsBuilder facts = good();
  facts.groups = {"X25519MLKEM768", "x25519", "secp256r1"};
  facts.post_quantum = "preferred";
  return facts;
}

void expect_met(std::string const& profile, FactsBuilder const& facts) {
  Assessment const got = judge(profile, facts);
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
      {{{"protocol-ssl"}, [](FactsBuilder& f) { f.accepts("SSLv3", {"TLS_RSA_WITH_AES_128_GCM_SHA256"}); }},
       {{"protocol-tls10-tls11"}, [](FactsBuilder& f) { f.accepts("TLSv1.1", {"TLS_RSA_WITH_AES_128_GCM_SHA256"}); }},
       {{"protocol-tls13"}, [](FactsBuilder& f) { f.refuses("TLSv1.3"); }},
       {{"protocol-tls12"}, [](FactsBuilder& f) { f.refuses("TLSv1.2"); }},
       {{"protocol-tls13-preferred"}, [](FactsBuilder& f) { f.downgrade.set("prefers_tls13", "no"); }},
       {{"suites-rsa"}, [](FactsBuilder& f) { f.accepts("TLSv1.2", {"TLS_RSA_WITH_AES_128_GCM_SHA256"}); }},
       {{"suites-rsa"}, [](FactsBuilder& f) { f.accepts("TLSv1.2", {"TLS_RSA_PSK_WITH_AES_128_GCM_SHA256"}); }},
       {{"suites-dh"}, [](FactsBuilder& f) { f.accepts("TLSv1.2", {"TLS_DH_RSA_WITH_AES_128_GCM_SHA256"}); }},
       {{"suites-anonymous", "suites-dhe"}, [](FactsBuilder& f) { f.accepts("TLSv1.2", {"TLS_DH_anon_WITH_AES_128_GCM_SHA256"}); }},
       {{"suites-dhe"},
        [](FactsBuilder& f) {
          f.suites.push_back({"TLSv1.2", "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256", 2048});
        }},
       {{"suites-dhe"},
        [](FactsBuilder& f) {
          f.suites.push_back({"TLSv1.2", "TLS_DHE_PSK_WITH_AES_128_GCM_SHA256", 2048});
        }},
       {{"suites-dhe", "dh-group"},
        [](FactsBuilder& f) {
          f.suites.push_back({"TLSv1.2", "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256", 1024});
        }},
       {{"suites-ecdh"}, [](FactsBuilder& f) { f.accepts("TLSv1.2", {"TLS_ECDH_RSA_WITH_AES_128_GCM_SHA256"}); }},
       {{"suites-128-bits", "suites-cbc"}, [](FactsBuilder& f) { f.accepts("TLSv1.2", {"TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA"}); }},
       {{"suites-rc4"}, [](FactsBuilder& f) { f.accepts("TLSv1.2", {"TLS_ECDHE_RSA_WITH_RC4_128_SHA"}); }},
       {{"suites-null", "suites-112-bits", "suites-128-bits"},
        [](FactsBuilder& f) { f.accepts("TLSv1.2", {"TLS_ECDHE_RSA_WITH_NULL_SHA"}); }},
       {{"suites-cbc"}, [](FactsBuilder& f) { f.accepts("TLSv1.2", {"TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256"}); }},
       {{},
        [](FactsBuilder& f) {
          f.accepts("TLSv1.2", {"TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256"});
          f.extensions.set("encrypt_then_mac", "yes");
        }},
       {{"groups-224-bits"}, [](FactsBuilder& f) { f.curves.push_back("secp192r1"); }},
       {{"groups-224-bits"}, [](FactsBuilder& f) { f.groups.push_back("sect163k1"); }},
       {{"groups-supported"}, [](FactsBuilder& f) { f.groups = {"x25519"}; }},
       {{"certificate-rsa-key"}, [](FactsBuilder& f) { f.certificates.front().key_bits = 1024; }},
       {{"certificate-signature"}, [](FactsBuilder& f) { f.certificates.front().signature_algorithm = "sha1WithRSAEncryption"; }},
       {{"certificate-expired"}, [](FactsBuilder& f) { f.certificates.front().days_left = -1; }},
       {{"signatures-sha1"}, [](FactsBuilder& f) { f.signatures.push_back("rsa_pkcs1_sha1"); }},
       {{"renegotiation-secure"}, [](FactsBuilder& f) { f.extensions.set("secure_renegotiation", "no"); }},
       {{"extended-master-secret"}, [](FactsBuilder& f) { f.extensions.set("extended_master_secret", "no"); }},
       {{"compression"}, [](FactsBuilder& f) { f.extensions.set("compression", "yes"); }},
       {{"early-data-replay"}, [](FactsBuilder& f) { f.early_data = true; }},
       {{"tickets-lifetime"}, [](FactsBuilder& f) { f.ticket_lifetime = 700'000; }},
       {{"server-name-unknown"},
        [](FactsBuilder& f) { f.server_name.set("unknown_name", Value::object().set("answer", "same_certificate")); }},
       {{"hsts-present"}, [](FactsBuilder& f) { f.answers_with(FactsBuilder::no_hsts()); }}});
}

TEST(Rfc9325, LeavesOpenWhatWasNotAsked) {
  FactsBuilder facts = good();
  facts.handshakes = false;
  Assessment const got = judge("rfc9325", facts);
  EXPECT_EQ(got.verdict, Verdict::inconclusive);
  EXPECT_THAT(with_verdict(got, Verdict::fail), IsEmpty());
  EXPECT_LT(got.score, 100);
}

TEST(PciDss, IsMetByModernTls) {
  expect_met("pci-dss-4.0.1", good());
  expect_met("pci-dss-4.0.1", post_quantum());
  expect_met("pci-dss-4.0.1", good().refuses("TLSv1.3"));
  expect_met("pci-dss-4.0.1", good().refuses("TLSv1.2"));
}

// The standard allows RSA key transport, DHE and CBC suites, whatever others say, and demands no HSTS.
TEST(PciDss, DemandsNoMoreThanItSays) {
  FactsBuilder facts = good();
  facts.accepts("TLSv1.2", {"TLS_RSA_WITH_AES_128_CBC_SHA", "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA"});
  facts.suites.push_back({"TLSv1.2", "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256", 2048});
  facts.dh_parameters.set("groups", Value::array().push_back(Value::object().set("bits", 2048).set("reused", false)));
  facts.answers_with(FactsBuilder::no_hsts());
  expect_met("pci-dss-4.0.1", facts);
}

TEST(PciDss, EachDeparture) {
  expect_departures(
      "pci-dss-4.0.1", good(),
      {{{"protocol-ssl"}, [](FactsBuilder& f) { f.accepts("SSLv3", {"TLS_RSA_WITH_AES_128_CBC_SHA"}); }},
       {{"protocol-early-tls"}, [](FactsBuilder& f) { f.accepts("TLSv1.0", {"TLS_RSA_WITH_AES_128_CBC_SHA"}); }},
       {{"suites-64-bit-blocks", "suites-128-bits"}, [](FactsBuilder& f) { f.accepts("TLSv1.2", {"TLS_RSA_WITH_3DES_EDE_CBC_SHA"}); }},
       {{"suites-112-bits"}, [](FactsBuilder& f) { f.accepts("TLSv1.2", {"TLS_RSA_WITH_RC4_128_SHA"}); }},
       {{"suites-insecure"}, [](FactsBuilder& f) { f.accepts("TLSv1.2", {"TLS_DH_anon_WITH_AES_128_GCM_SHA256"}); }},
       {{"dh-group"},
        [](FactsBuilder& f) {
          f.suites.push_back({"TLSv1.2", "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256", 1024});
        }},
       {{"groups-112-bits"}, [](FactsBuilder& f) { f.groups.push_back("secp192r1"); }},
       {{"curves-112-bits"}, [](FactsBuilder& f) { f.curves.push_back("secp192r1"); }},
       {{"certificate-rsa-key"}, [](FactsBuilder& f) { f.certificates.front().key_bits = 1024; }},
       {{"certificate-signature"}, [](FactsBuilder& f) { f.certificates.front().issuer_signature_algorithm = "md5WithRSAEncryption"; }},
       {{"certificate-hostname"}, [](FactsBuilder& f) { f.certificates.front().hostname_matches = false; }},
       {{"signatures-sha1"}, [](FactsBuilder& f) { f.signatures.push_back("rsa_pkcs1_sha1"); }},
       {{"renegotiation-secure"}, [](FactsBuilder& f) { f.extensions.set("secure_renegotiation", "no"); }},
       {{"compression"}, [](FactsBuilder& f) { f.extensions.set("compression", "yes"); }}});
}

TEST(PostQuantumReady, IsMetByHybrids) {
  Assessment const got = judge("post-quantum-ready", post_quantum());
  EXPECT_THAT(with_verdict(got, Verdict::fail), ElementsAre("protocol-classical"));  // a note that costs nothing
  EXPECT_EQ(got.verdict, Verdict::pass);
  EXPECT_EQ(got.score, 100);
  expect_met("post-quantum-ready", post_quantum().refuses("TLSv1.2"));
}

TEST(PostQuantumReady, EachDeparture) {
  FactsBuilder const met = post_quantum().refuses("TLSv1.2");
  expect_departures("post-quantum-ready", met,
                    {{{"group-post-quantum", "group-x25519mlkem768"},
                      [](FactsBuilder& f) {
                        f.groups = {"x25519", "secp256r1"};
                      }},
                     {{"group-x25519mlkem768"}, [](FactsBuilder& f) { f.groups = {"SecP384r1MLKEM1024"}; }},
                     {{"group-preferred"},
                      [](FactsBuilder& f) {
                        f.groups = {"x25519", "X25519MLKEM768"};
                        f.post_quantum = "accepted";
                      }},
                     {{},
                      [](FactsBuilder& f) {
                        f.groups = {"x25519", "X25519MLKEM768"};
                        f.group_order.chooser = "client";
                        f.post_quantum = "accepted";
                      }},
                     {{"group-outdated"}, [](FactsBuilder& f) { f.groups.push_back("X25519Kyber768Draft00"); }},
                     {{"protocol-tls13-preferred"}, [](FactsBuilder& f) { f.downgrade.set("prefers_tls13", "no"); }},
                     {{"protocol-tls13", "protocol-classical"}, [](FactsBuilder& f) {
                        f.refuses("TLSv1.3");
                        f.accepts("TLSv1.2", {"TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"});
                      }}});
}

FactsBuilder strict() {
  FactsBuilder facts = post_quantum().refuses("TLSv1.2");
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
                    {{{"protocol-classical"}, [](FactsBuilder& f) { f.accepts("TLSv1.2", {"TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"}); }},
                     {{"suites-256-bit"}, [](FactsBuilder& f) { f.accepts("TLSv1.3", {"TLS_AES_128_GCM_SHA256"}); }},
                     {{"groups-allowed"}, [](FactsBuilder& f) { f.groups.push_back("ffdhe2048"); }},
                     {{"certificate-rsa-key"}, [](FactsBuilder& f) { f.certificates.front().key_bits = 2048; }},
                     {{"certificate-lifetime-47-days"}, [](FactsBuilder& f) { f.certificates.front().not_after = "2026-12-30T00:00:00Z"; }},
                     {{"certificate-lifetime-short", "certificate-lifetime-47-days"},
                      [](FactsBuilder& f) { f.certificates.front().not_after = "2027-03-30T00:00:00Z"; }},
                     {{"hsts-include-subdomains", "hsts-preload"}, [](FactsBuilder& f) { f.answers_with(FactsBuilder::hsts(63072000)); }},
                     {{"early-data"}, [](FactsBuilder& f) { f.early_data = true; }},
                     {{"tickets-lifetime"}, [](FactsBuilder& f) { f.ticket_lifetime = 604800; }}});
}

}  // namespace
}  // namespace tlsgauge
