// The default profile on endpoints made by hand: which requirement fails, which is open, and what is said.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>

#include "support/facts_builder.hpp"
#include "tlsgauge/profile.hpp"

namespace tlsgauge {
namespace {

using test::FactsBuilder;
using test::ShownCertificate;
using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::IsSupersetOf;
using ::testing::StartsWith;

Assessment judge(FactsBuilder const& facts, Severity fail_on = Severity::medium) {
  static Profile const profile = load_profile("nginx-recommended");
  return evaluate(profile, facts.endpoint(), fail_on);
}

std::vector<std::string> with(Assessment const& assessment, Verdict verdict) {
  std::vector<std::string> out;
  for (Requirement const& requirement : assessment.requirements) {
    if (requirement.verdict == verdict) out.push_back(requirement.id);
  }
  return out;
}

std::vector<std::string> failed(Assessment const& assessment) { return with(assessment, Verdict::fail); }
std::vector<std::string> open(Assessment const& assessment) { return with(assessment, Verdict::inconclusive); }

Requirement const& requirement(Assessment const& assessment, std::string_view id) {
  for (Requirement const& one : assessment.requirements) {
    if (one.id == id) return one;
  }
  throw std::out_of_range(std::string{id});
}

std::string fix(Requirement const& requirement, std::string_view server) {
  for (Fix const& fix : requirement.fix) {
    if (fix.server == server) return fix.text;
  }
  return {};
}

TEST(NginxRecommended, IsFullyMetByTheRecommendedConfiguration) {
  Assessment const got = judge(FactsBuilder{});
  EXPECT_EQ(got.verdict, Verdict::pass);
  EXPECT_EQ(got.score, 100);
  EXPECT_EQ(got.grade, "A+");
  EXPECT_EQ(got.coverage, 100);
  EXPECT_THAT(failed(got), IsEmpty());
  EXPECT_THAT(open(got), IsEmpty());
  EXPECT_THAT(with(got, Verdict::not_applicable),
              IsSupersetOf({"dh-group", "dns-bogus", "certificate-tlsa", "certificate-caa", "certificate-public-lifetime",
                            "certificate-timestamps", "certificate-ec-key"}));
  EXPECT_EQ(got.profile.source, "built-in");
}

TEST(NginxRecommended, DoesNotDemandTls12) {
  Assessment const got = judge(FactsBuilder{}.refuses("TLSv1.2"));
  EXPECT_EQ(got.verdict, Verdict::pass);
  EXPECT_EQ(got.score, 100);
}

TEST(NginxRecommended, WithoutTheHeaderFailsAndNamesTheLine) {
  Assessment const got = judge(FactsBuilder{}.answers_with(FactsBuilder::no_hsts()));
  EXPECT_EQ(got.verdict, Verdict::fail);
  EXPECT_THAT(failed(got), ElementsAre("hsts-present"));
  Requirement const& hsts = requirement(got, "hsts-present");
  EXPECT_EQ(hsts.observed, "no Strict-Transport-Security header was sent");
  EXPECT_EQ(fix(hsts, "nginx"), "add_header Strict-Transport-Security \"max-age=63072000\" always;");
  EXPECT_LT(got.score, 100);
}

TEST(NginxRecommended, TellsAShortHeaderFromAnAbsentAndAnInvalidOne) {
  Assessment const brief = judge(FactsBuilder{}.answers_with(FactsBuilder::hsts(31536000)));
  EXPECT_THAT(failed(brief), ElementsAre("hsts-max-age"));
  EXPECT_EQ(requirement(brief, "hsts-max-age").observed, "31536000 seconds");
  EXPECT_EQ(requirement(brief, "hsts-max-age").expected, "at least 63072000 seconds");

  Assessment const invalid = judge(FactsBuilder{}.answers_with(FactsBuilder::invalid_hsts("max-age=abc", "max-age is not a number")));
  EXPECT_THAT(failed(invalid), ElementsAre("hsts-syntax"));
  EXPECT_EQ(requirement(invalid, "hsts-syntax").observed, "the Strict-Transport-Security header is not valid: max-age is not a number");
}

TEST(NginxRecommended, AsksForNoHeaderWhereHttpIsNotSpoken) {
  FactsBuilder facts;
  facts.http = Value::object().set("spoken", false);
  Assessment const got = judge(facts);
  EXPECT_EQ(got.verdict, Verdict::pass);
  EXPECT_EQ(got.score, 100);
  EXPECT_EQ(requirement(got, "hsts-present").verdict, Verdict::not_applicable);

  FactsBuilder mail;
  mail.starttls = "smtp";
  mail.without("http");
  EXPECT_EQ(judge(mail).verdict, Verdict::pass);
}

TEST(NginxRecommended, OldProtocolsFailByTheirAge) {
  Assessment const tls10 = judge(FactsBuilder{}.accepts("TLSv1.0", {"TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA"}));
  EXPECT_THAT(failed(tls10), ElementsAre("protocol-tls10-tls11", "suites-aead", "suites-listed"));
  EXPECT_EQ(requirement(tls10, "protocol-tls10-tls11").observed, "TLSv1.0 is accepted");
  EXPECT_EQ(requirement(tls10, "protocol-tls10-tls11").severity, Severity::high);

  Assessment const ssl = judge(FactsBuilder{}.accepts("SSLv2", {"SSL_CK_RC4_128_WITH_MD5"}).accepts("SSLv3", {"TLS_RSA_WITH_RC4_128_SHA"}));
  EXPECT_THAT(failed(ssl), ElementsAre("protocol-ssl", "suites-forward-secrecy", "suites-aead", "suites-listed"));
  EXPECT_EQ(requirement(ssl, "protocol-ssl").observed, "SSLv2 and SSLv3 are accepted");
  EXPECT_LE(ssl.score, 39);
  EXPECT_EQ(ssl.grade, "F");
}

TEST(NginxRecommended, DemandsTls13) {
  Assessment const got = judge(FactsBuilder{}.refuses("TLSv1.3"));
  EXPECT_THAT(failed(got), ElementsAre("protocol-tls13"));
  EXPECT_EQ(requirement(got, "protocol-tls13").observed, "TLSv1.3 is not accepted, only TLSv1.2");
  EXPECT_EQ(requirement(got, "protocol-tls13").expected, "at least TLSv1.3");
}

TEST(NginxRecommended, Aes128IsALowDeviationOnly) {
  FactsBuilder facts;
  facts.suites.push_back({"TLSv1.3", "TLS_AES_128_GCM_SHA256", {}});
  facts.suites.push_back({"TLSv1.2", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", {}});
  Assessment const got = judge(facts);
  EXPECT_EQ(got.verdict, Verdict::pass);
  EXPECT_THAT(failed(got), ElementsAre("suites-256-bit"));
  EXPECT_EQ(requirement(got, "suites-256-bit").severity, Severity::low);
  EXPECT_EQ(requirement(got, "suites-256-bit").observed, "TLS_AES_128_GCM_SHA256 and TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 are accepted");
  EXPECT_LT(got.score, 100);
  EXPECT_GE(got.score, 95);
  EXPECT_EQ(judge(facts, Severity::low).verdict, Verdict::fail);
}

TEST(NginxRecommended, NamesTheOffendingSuitesFirst) {
  FactsBuilder facts;
  facts.suites.push_back({"TLSv1.2", "TLS_RSA_WITH_AES_128_CBC_SHA", {}});
  Assessment const got = judge(facts);
  EXPECT_THAT(failed(got), ElementsAre("suites-forward-secrecy", "suites-aead", "suites-listed"));
  EXPECT_THAT(requirement(got, "suites-aead").observed,
              StartsWith("TLS_RSA_WITH_AES_128_CBC_SHA is accepted too, beside TLS_AES_256_GCM_SHA384"));
}

TEST(NginxRecommended, DheWithAeadIsOutsideTheListOnly) {
  FactsBuilder facts;
  facts.suites.push_back({"TLSv1.2", "TLS_DHE_RSA_WITH_AES_256_GCM_SHA384", 2048});
  EXPECT_THAT(failed(judge(facts)), ElementsAre("suites-listed"));
  facts.suites.back().dh_bits = 1024;
  Assessment const weak = judge(facts);
  EXPECT_THAT(failed(weak), ElementsAre("dh-group", "suites-listed"));
  EXPECT_EQ(requirement(weak, "dh-group").observed, "1024 bits (with TLS_DHE_RSA_WITH_AES_256_GCM_SHA384)");
}

TEST(NginxRecommended, InsecureSuitesAreCritical) {
  for (std::string const name :
       {"TLS_RSA_WITH_NULL_SHA256", "TLS_ECDH_anon_WITH_AES_256_CBC_SHA", "TLS_RSA_EXPORT_WITH_RC4_40_MD5", "TLS_SHA256_SHA256"}) {
    FactsBuilder facts;
    facts.suites.push_back({"TLSv1.2", name, {}});
    Assessment const got = judge(facts, Severity::critical);
    EXPECT_EQ(requirement(got, "suites-insecure").verdict, Verdict::fail) << name;
    EXPECT_EQ(requirement(got, "suites-insecure").observed, name + " is accepted");
    EXPECT_EQ(got.verdict, Verdict::fail);
    EXPECT_LE(got.score, 39);
  }
}

struct BadCertificate {
  std::string_view failing;
  ShownCertificate shown;
  std::string_view observed;
};

std::vector<BadCertificate> bad_certificates() {
  ShownCertificate self_signed;
  self_signed.trusted = false;
  self_signed.errors = {"self_signed"};
  self_signed.detail = "self-signed certificate";
  ShownCertificate untrusted;
  untrusted.trusted = false;
  untrusted.errors = {"untrusted_root"};
  ShownCertificate incomplete = untrusted;
  incomplete.errors = {"incomplete_chain"};
  ShownCertificate without_intermediate = incomplete;
  without_intermediate.detail = "unable to get local issuer certificate";
  without_intermediate.issuer_missing = true;
  ShownCertificate repairable = without_intermediate;
  repairable.repair = Value::object()
                          .set("fetched", Value::array().push_back(Value::object().set("url", "http://ca.example/i.crt")))
                          .set("failed", Value::array())
                          .set("complete", true)
                          .set("trusted", true)
                          .set("error", Value{});
  ShownCertificate unrepaired = repairable;
  unrepaired.repair.set("fetched", Value::array())
      .set("failed", Value::array().push_back(Value::object().set("url", "http://ca.example/i.crt").set("reason", "HTTP status 404")))
      .set("complete", false)
      .set("trusted", false)
      .set("error", "incomplete_chain");
  ShownCertificate confined = untrusted;
  confined.errors = {"name_constraints"};
  ShownCertificate for_mail = untrusted;
  for_mail.errors = {"wrong_purpose"};
  ShownCertificate weak_authority = untrusted;
  weak_authority.errors = {"weak_key"};
  ShownCertificate weak_digest = untrusted;
  weak_digest.errors = {"weak_signature"};
  ShownCertificate not_understood = untrusted;
  not_understood.errors = {"critical_extension"};
  ShownCertificate too_long;
  too_long.lifetime = Value::object().set("publicly_trusted", true).set("within_limit", false).set("days", 201).set("limit_days", 200);
  ShownCertificate in_chain = untrusted;
  in_chain.errors = {"self_signed_in_chain"};
  ShownCertificate nameless = untrusted;
  nameless.errors = {};
  ShownCertificate expired;
  expired.trusted = false;
  expired.errors = {"expired"};
  expired.days_left = -3;
  expired.not_after = "2026-11-21T00:00:00Z";
  ShownCertificate early;
  early.trusted = false;
  early.errors = {"not_yet_valid"};
  early.not_before = "2027-01-01T00:00:00Z";
  early.not_after = "2027-03-01T00:00:00Z";
  ShownCertificate wrong_host;
  wrong_host.hostname_matches = false;
  wrong_host.hostname_reason = "the certificate names only other.example";
  ShownCertificate soon;
  soon.days_left = 13;
  ShownCertificate small;
  small.key_bits = 1024;
  ShownCertificate small_curve;
  small_curve.key_type = "ecdsa";
  small_curve.key_bits = 224;
  ShownCertificate sha1;
  sha1.issuer_signature_algorithm = "sha1WithRSAEncryption";
  return {
      {"certificate-self-signed", self_signed, "CN=good.example (rsa): self_signed is found (self-signed certificate)"},
      {"certificate-untrusted", untrusted, "CN=good.example (rsa): untrusted_root"},
      {"certificate-untrusted", incomplete, "CN=good.example (rsa): incomplete_chain"},
      {"certificate-chain-incomplete", without_intermediate,
       "CN=good.example (rsa): an intermediate certificate is missing: unable to get local issuer certificate"},
      {"certificate-chain-incomplete", repairable,
       "CN=good.example (rsa): an intermediate certificate is missing: with the one from http://ca.example/i.crt the chain is trusted, so "
       "clients that fetch it succeed (browsers) and others fail (curl)"},
      {"certificate-chain-incomplete", unrepaired,
       "CN=good.example (rsa): an intermediate certificate is missing: it cannot be had from http://ca.example/i.crt: HTTP status 404"},
      {"certificate-name-constraints", confined, "CN=good.example (rsa): name_constraints is found"},
      {"certificate-purpose", for_mail, "CN=good.example (rsa): wrong_purpose is found"},
      {"certificate-weak-key", weak_authority, "CN=good.example (rsa): weak_key is found"},
      {"certificate-weak-signature", weak_digest, "CN=good.example (rsa): weak_signature is found"},
      {"certificate-untrusted", not_understood, "CN=good.example (rsa): critical_extension"},
      {"certificate-public-lifetime", too_long, "CN=good.example (rsa): longer than public CAs may grant: 201 days begun, 200 allowed"},
      {"certificate-untrusted", in_chain, "CN=good.example (rsa): self_signed_in_chain"},
      {"certificate-untrusted", nameless, "CN=good.example (rsa): other"},
      {"certificate-expired", expired, "CN=good.example (rsa): expired 3 days ago, on 2026-11-21T00:00:00Z"},
      {"certificate-not-yet-valid", early, "CN=good.example (rsa): not yet valid: the certificate begins on 2027-01-01T00:00:00Z"},
      {"certificate-hostname", wrong_host,
       "CN=good.example (rsa): the certificate is not for this host: the certificate names only other.example"},
      {"certificate-expires-soon", soon, "CN=good.example (rsa): 13 days (until 2026-12-30T00:00:00Z)"},
      {"certificate-rsa-key", small, "CN=good.example (rsa): 1024 bits"},
      {"certificate-ec-key", small_curve, "CN=good.example (rsa): 224 bits"},
      {"certificate-signature", sha1, "CN=good.example (rsa): sha1WithRSAEncryption is used"}};
}

TEST(NginxRecommended, EachFaultOfACertificateHasItsOwnName) {
  for (BadCertificate const& bad : bad_certificates()) {
    FactsBuilder facts;
    facts.certificates = {bad.shown};
    Assessment const got = judge(facts);
    EXPECT_THAT(failed(got), ElementsAre(bad.failing));
    EXPECT_EQ(requirement(got, bad.failing).observed, bad.observed);
    // Where a chain that stays incomplete would lead is not known.
    bool const leads_nowhere = bad.failing == "certificate-chain-incomplete" && !bad.shown.repair["trusted"].as_bool();
    EXPECT_THAT(open(got), ElementsAreArray(leads_nowhere ? std::vector<std::string>{"certificate-untrusted"} : std::vector<std::string>{}))
        << bad.failing;
    EXPECT_EQ(got.verdict, bad.failing == "certificate-expires-soon" ? Verdict::pass : Verdict::fail);
  }
}

TEST(NginxRecommended, AnExpiredUntrustedCertificateHasBothFaults) {
  FactsBuilder facts;
  ShownCertificate& shown = facts.certificates.front();
  shown.trusted = false;
  shown.errors = {"expired", "untrusted_root"};
  shown.days_left = -1;
  EXPECT_THAT(failed(judge(facts)), ElementsAre("certificate-untrusted", "certificate-expired"));
}

TEST(NginxRecommended, TheWorstCertificateDecidesAndIsNamed) {
  FactsBuilder facts;
  ShownCertificate second;
  second.subject = "CN=other";
  second.authentication = "ecdsa";
  second.key_type = "ecdsa";
  second.key_bits = 256;
  second.hostname_matches = false;
  second.hostname_reason = "";
  facts.certificates.push_back(second);
  Assessment const got = judge(facts);
  EXPECT_THAT(failed(got), ElementsAre("certificate-hostname"));
  EXPECT_EQ(requirement(got, "certificate-hostname").observed, "CN=other (ecdsa): the certificate is not for this host");
  EXPECT_EQ(requirement(got, "certificate-ec-key").verdict, Verdict::pass);
}

TEST(NginxRecommended, AnUnreadableSecondCertificateLeavesAllOpenThatDidNotFail) {
  FactsBuilder facts;
  facts.certificates.front().hostname_matches = false;
  ShownCertificate unread;
  unread.authentication = "ecdsa";
  unread.inconclusive = "connection reset";
  facts.certificates.push_back(unread);
  Assessment const got = judge(facts);
  EXPECT_THAT(failed(got), ElementsAre("certificate-hostname"));
  EXPECT_THAT(open(got),
              IsSupersetOf({"certificate-self-signed", "certificate-chain-incomplete", "certificate-untrusted",
                            "certificate-name-constraints", "certificate-purpose", "certificate-weak-key", "certificate-weak-signature",
                            "certificate-expired", "certificate-not-yet-valid", "certificate-expires-soon", "certificate-public-lifetime",
                            "certificate-rsa-key", "certificate-ec-key", "certificate-signature"}));
  EXPECT_EQ(requirement(got, "certificate-expired").observed, "ecdsa certificate: connection reset");
}

TEST(NginxRecommended, ACertificateShownWithoutServerNameIsNotJudgedBesideOneWithIt) {
  FactsBuilder facts;
  ShownCertificate fallback;
  fallback.sni = std::nullopt;
  fallback.hostname_matches = false;
  facts.certificates.push_back(fallback);
  EXPECT_EQ(judge(facts).verdict, Verdict::pass);
  facts.certificates.erase(facts.certificates.begin());
  EXPECT_EQ(judge(facts).verdict, Verdict::fail);
}

TEST(NginxRecommended, AShortLivedCertificateNeedNotLastTwoWeeks) {
  FactsBuilder facts;
  ShownCertificate& shown = facts.certificates.front();
  shown.not_before = "2026-11-22T00:00:00Z";
  shown.not_after = "2026-11-28T16:00:00Z";
  shown.days_left = 4;
  EXPECT_EQ(judge(facts).score, 100);
}

TEST(NginxRecommended, WhatWasNotAskedIsOpen) {
  struct Case {
    std::string key;
    std::vector<std::string> left_open;
  };
  std::vector<std::string> const of_suites = {"suites-insecure", "suites-forward-secrecy", "suites-aead",
                                              "dh-group",        "suites-listed",          "suites-256-bit"};
  std::vector<Case> const cases = {
      {"protocols",
       {"protocol-ssl", "protocol-tls10-tls11", "protocol-tls13", "suites-insecure", "suites-forward-secrecy", "suites-aead", "dh-group",
        "suites-listed", "suites-256-bit"}},
      {"cipher_suites", of_suites},
      {"cipher_order", of_suites},
      {"certificates",
       {"certificate-self-signed", "certificate-chain-incomplete", "certificate-untrusted", "certificate-name-constraints",
        "certificate-purpose", "certificate-weak-key", "certificate-weak-signature", "certificate-expired", "certificate-not-yet-valid",
        "certificate-hostname", "certificate-revoked", "certificate-must-staple", "certificate-staple", "certificate-expires-soon",
        "certificate-public-lifetime", "certificate-rsa-key", "certificate-ec-key", "certificate-signature"}},
      {"http", {"hsts-present", "hsts-max-age", "hsts-syntax", "hsts-not-zero", "hsts-once"}}};
  for (Case const& c : cases) {
    Assessment const got = judge(FactsBuilder{}.without(c.key));
    EXPECT_EQ(got.verdict, Verdict::inconclusive) << c.key;
    EXPECT_THAT(open(got), IsSupersetOf(c.left_open)) << c.key;
    EXPECT_THAT(failed(got), IsEmpty()) << c.key;
    EXPECT_LT(got.score, 100);
    EXPECT_LT(got.coverage, 100);
  }
  EXPECT_THAT(requirement(judge(FactsBuilder{}.without("http")), "hsts-present").observed, HasSubstr("not asked"));
}

TEST(NginxRecommended, AnOpenOldProtocolIsNoPass) {
  Assessment const got = judge(FactsBuilder{}.leaves_open("TLSv1.0", "timed out"));
  EXPECT_EQ(got.verdict, Verdict::inconclusive);
  EXPECT_EQ(requirement(got, "protocol-tls10-tls11").observed, "whether TLSv1.0 is accepted is not known: timed out");
  EXPECT_EQ(requirement(got, "protocol-ssl").verdict, Verdict::pass);
  EXPECT_EQ(requirement(got, "protocol-tls13").verdict, Verdict::pass);
  EXPECT_EQ(requirement(got, "suites-aead").verdict, Verdict::inconclusive);
}

TEST(NginxRecommended, AnIncompleteListOfSuitesIsNoPassButItsFaultsStand) {
  FactsBuilder facts;
  facts.orders["TLSv1.2"] = {"inconclusive", false, "connections were reset"};
  facts.suites.push_back({"TLSv1.2", "TLS_RSA_WITH_AES_256_GCM_SHA384", {}});
  Assessment const got = judge(facts);
  EXPECT_THAT(failed(got), ElementsAre("suites-forward-secrecy", "suites-listed"));
  EXPECT_THAT(open(got), ElementsAre("suites-insecure", "suites-aead", "dh-group", "dh-prime", "suites-256-bit"));
  EXPECT_EQ(requirement(got, "suites-aead").observed, "there may be more TLSv1.2 suites: connections were reset");
}

TEST(NginxRecommended, AnEndpointThatWasNotReachedIsOpenThroughout) {
  for (Status const status : {Status::unreachable, Status::not_tls}) {
    FactsBuilder facts;
    facts.status = status;
    Assessment const got = judge(facts);
    EXPECT_EQ(got.verdict, Verdict::inconclusive);
    EXPECT_EQ(got.score, 0);
    EXPECT_EQ(got.coverage, 0);
    EXPECT_EQ(open(got).size(), got.requirements.size());
  }
}

TEST(NginxRecommended, AFailureWinsOverMissingEvidence) {
  EXPECT_EQ(judge(FactsBuilder{}.without("certificates").answers_with(FactsBuilder::no_hsts())).verdict, Verdict::fail);
}

TEST(NginxRecommended, PointsLostExplainTheScore) {
  std::vector<FactsBuilder> endpoints = {FactsBuilder{},
                                         FactsBuilder{}.refuses("TLSv1.3"),
                                         FactsBuilder{}.without("http"),
                                         FactsBuilder{}.accepts("SSLv3", {"TLS_RSA_WITH_RC4_128_SHA"}),
                                         FactsBuilder{}.without("certificates"),
                                         FactsBuilder{}.answers_with(FactsBuilder::hsts(5))};
  for (BadCertificate const& bad : bad_certificates()) {
    FactsBuilder facts;
    facts.certificates = {bad.shown};
    endpoints.push_back(facts);
  }
  for (FactsBuilder const& facts : endpoints) {
    Assessment const got = judge(facts);
    double lost = 0;
    for (Requirement const& one : got.requirements) {
      EXPECT_GE(one.points_lost, 0);
      if (one.verdict == Verdict::pass || one.verdict == Verdict::not_applicable) {
        EXPECT_EQ(one.points_lost, 0) << one.id;
      }
      if (one.verdict == Verdict::fail) {
        EXPECT_GT(one.points_lost, 0) << one.id;
      }
      lost += one.points_lost;
    }
    EXPECT_EQ(std::lround(100 - lost), got.score);
  }
}

TEST(NginxRecommended, ACapCostsTheRequirementThatCausesIt) {
  FactsBuilder facts;
  facts.certificates.front().hostname_matches = false;
  Assessment const got = judge(facts);
  EXPECT_EQ(got.score, 59);
  EXPECT_NEAR(requirement(got, "certificate-hostname").points_lost, 41, 0.01);
}

TEST(NginxRecommended, JudgesTheSameFactsAlike) {
  FactsBuilder facts;
  facts.accepts("TLSv1.0", {"TLS_RSA_WITH_AES_128_CBC_SHA"}).without("http");
  Assessment const first = judge(facts);
  Assessment const second = judge(facts);
  ASSERT_EQ(first.requirements.size(), second.requirements.size());
  for (std::size_t i = 0; i < first.requirements.size(); ++i) {
    EXPECT_EQ(first.requirements[i].observed, second.requirements[i].observed);
    EXPECT_EQ(first.requirements[i].verdict, second.requirements[i].verdict);
    EXPECT_EQ(first.requirements[i].points_lost, second.requirements[i].points_lost);
  }
  EXPECT_EQ(first.score, second.score);
}

TEST(NginxRecommended, BoundsWhatStrangersWroteWithoutCuttingACharacter) {
  FactsBuilder facts;
  ShownCertificate& shown = facts.certificates.front();
  shown.subject.clear();
  for (int i = 0; i < 500; ++i) shown.subject += "\u00e4\u20ac";
  shown.hostname_matches = false;
  shown.hostname_reason = shown.subject;
  shown.trusted = false;
  shown.errors = {std::string(5000, 'x'), "self_signed"};
  shown.detail = shown.subject;
  for (Requirement const& one : judge(facts).requirements) {
    EXPECT_LE(one.observed.size(), 300U) << one.id;
    EXPECT_FALSE(one.observed.empty());
    // A sequence that was cut would leave a lead octet before the dots.
    for (std::size_t i = 0; i + 1 < one.observed.size(); ++i) {
      auto const octet = static_cast<unsigned char>(one.observed[i]);
      auto const next = static_cast<unsigned char>(one.observed[i + 1]);
      if (octet >= 0xC0) {
        EXPECT_EQ(next & 0xC0U, 0x80U) << one.observed;
      }
    }
  }
}

}  // namespace
}  // namespace tlsgauge
