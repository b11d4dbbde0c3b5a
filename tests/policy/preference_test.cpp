// Preferred order, apart from what is allowed or required.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "policy/vocabulary.hpp"
#include "support/facts_builder.hpp"
#include "tlsgauge/profile.hpp"

namespace tlsgauge::policy {
namespace {

using test::FactsBuilder;
using ::testing::HasSubstr;

std::string profile(std::string const& fact, std::string const& tiers) {
  return "tlsgauge_profile: 1\nname: t\nversion: \"1\"\ntitle: t\n"
         "sets: {good: {suites: [\"@gcm\"]}}\n"
         "requirements:\n  - id: r\n    title: t\n    severity: high\n    why: w\n    fact: " +
         fact + "\n    is: {preferred_order: " + tiers + "}\n";
}

Requirement judged(std::string const& fact, std::string const& tiers, Endpoint const& endpoint) {
  return evaluate(parse_profile(profile(fact, tiers), "t.yaml"), endpoint).requirements.at(0);
}

std::string error_of(std::string const& fact, std::string const& tiers) {
  try {
    static_cast<void>(parse_profile(profile(fact, tiers), "t.yaml"));
  } catch (ProfileError const& error) {
    return error.what();
  }
  return "no error";
}

constexpr char const* kGcm = "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256";
constexpr char const* kChaCha = "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256";
constexpr char const* kCbc = "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA";
constexpr char const* kRsa = "TLS_RSA_WITH_AES_128_CBC_SHA";

FactsBuilder accepting(std::vector<std::string> const& suites, std::string const& chooser = "server") {
  FactsBuilder facts;
  facts.refuses("TLSv1.2").accepts("TLSv1.2", suites, chooser);
  return facts;
}

TEST(PreferredOrder, IsThatOfTheServer) {
  std::string const fact = "suites.accepted.TLSv1.2";
  std::string const tiers = "[[\"@aead\"], [\"@forward_secrecy\"], [\"@cbc\"]]";
  auto const verdict = [&](std::vector<std::string> const& suites, std::string const& chooser = "server") {
    return judged(fact, tiers, accepting(suites, chooser).endpoint()).verdict;
  };
  EXPECT_EQ(verdict({kGcm, kChaCha, kCbc, kRsa}), Verdict::pass);
  EXPECT_EQ(verdict({kChaCha, kGcm, kCbc}), Verdict::pass);  // equal in their tier
  EXPECT_EQ(verdict({kGcm, kRsa}), Verdict::pass);           // no member of the tier between
  EXPECT_EQ(verdict({kGcm, kRsa, kCbc}), Verdict::fail);
  EXPECT_EQ(verdict({kCbc, kGcm}), Verdict::fail);
  EXPECT_EQ(verdict({kGcm, kCbc, kChaCha}), Verdict::fail);
  EXPECT_EQ(verdict({kGcm, kChaCha}), Verdict::not_applicable);
  EXPECT_EQ(verdict({kCbc, kGcm}, "client"), Verdict::not_applicable);
  EXPECT_EQ(verdict({kCbc, kGcm}, "indifferent"), Verdict::not_applicable);
  EXPECT_EQ(verdict({kCbc, kGcm}, "inconclusive"), Verdict::inconclusive);
  EXPECT_EQ(judged(fact, tiers, FactsBuilder{}.refuses("TLSv1.2").endpoint()).verdict, Verdict::not_applicable);
  Requirement const wrong = judged(fact, tiers, accepting({kGcm, kRsa, kCbc}).endpoint());
  EXPECT_EQ(wrong.observed, std::string{kRsa} + " is preferred to " + kCbc);
  EXPECT_EQ(wrong.expected, "preferred in this order: AEAD suites; then suites with forward secrecy; then CBC suites");
}

TEST(PreferredOrder, OfAnIncompleteListIsKnownOnlyWhereItIsWrong) {
  std::string const fact = "suites.accepted.TLSv1.2";
  std::string const tiers = "[\"@good\", \"@cbc\"]";
  FactsBuilder right = accepting({kGcm, kCbc});
  FactsBuilder wrong = accepting({kCbc, kGcm});
  FactsBuilder one = accepting({kGcm});
  for (FactsBuilder* const facts : {&right, &wrong, &one}) facts->orders["TLSv1.2"].complete = false;
  EXPECT_EQ(judged(fact, tiers, right.endpoint()).verdict, Verdict::inconclusive);
  EXPECT_EQ(judged(fact, tiers, wrong.endpoint()).verdict, Verdict::fail);
  EXPECT_EQ(judged(fact, tiers, one.endpoint()).verdict, Verdict::inconclusive);
  EXPECT_EQ(judged(fact, tiers, FactsBuilder{}.without("cipher_suites").endpoint()).verdict, Verdict::inconclusive);
  EXPECT_EQ(judged(fact, tiers, accepting({kGcm, "0xEEEE"}).endpoint()).verdict, Verdict::inconclusive);
}

TEST(PreferredOrder, OfGroups) {
  FactsBuilder facts;
  facts.groups = {"X25519MLKEM768", "x25519", "secp256r1"};
  std::string const tiers = "[\"@post_quantum\", [x25519, secp256r1], \"@ffdhe\"]";
  EXPECT_EQ(judged("groups.accepted", tiers, facts.endpoint()).verdict, Verdict::pass);
  facts.groups = {"x25519", "X25519MLKEM768"};
  EXPECT_EQ(judged("groups.accepted", tiers, facts.endpoint()).verdict, Verdict::fail);
  facts.group_order.chooser = "client";
  EXPECT_EQ(judged("groups.accepted", tiers, facts.endpoint()).verdict, Verdict::not_applicable);
  Endpoint endpoint = facts.endpoint();
  auto const alpn = [&](char const* chooser) {
    endpoint.facts.set("alpn", Value::object()
                                   .set("protocols", Value::array().push_back("http/1.1").push_back("h2"))
                                   .set("unknown", "ignored")
                                   .set("chooser", chooser));
    return judged("alpn.protocols", "[h2, http/1.1]", endpoint).verdict;
  };
  EXPECT_EQ(alpn("server"), Verdict::fail);
  EXPECT_EQ(alpn("client"), Verdict::not_applicable);
}

TEST(PreferredOrder, MustBeOneOfTiers) {
  EXPECT_THAT(error_of("suites.accepted.any", "[\"@aead\", \"@cbc\"]"), HasSubstr("suites.accepted.any has no order"));
  EXPECT_THAT(error_of("http.status", "[1, 2]"), HasSubstr("cannot judge http.status"));
  EXPECT_THAT(error_of("groups.accepted", "[x25519]"), HasSubstr("must be a list of 2 to 32 tiers"));
  EXPECT_THAT(error_of("groups.accepted", "x25519"), HasSubstr("must be a list"));
  EXPECT_THAT(error_of("groups.accepted", "[x25519, []]"), HasSubstr("preferred_order[1]: must not be empty"));
  EXPECT_THAT(error_of("groups.accepted", "[x25519, [x448, x25519]]"), HasSubstr("preferred_order[1]: x25519 is in an earlier tier"));
  EXPECT_THAT(error_of("groups.accepted", "[x25519, [x44]]"), HasSubstr("preferred_order[1][0]: unknown group \"x44\""));
}

// Whoever says that a fact has an order has a reader that tells it.
TEST(PreferredOrder, IsToldByEveryFactThatSaysSo) {
  FactsBuilder facts = accepting({kGcm, kCbc});
  for (char const* const old : {"SSLv2", "SSLv3", "TLSv1.0", "TLSv1.1"}) facts.accepts(old, {kCbc, kRsa});
  facts.suites.push_back({"SSLv2", "SSL_CK_RC4_128_WITH_MD5", {}});
  Endpoint endpoint = facts.endpoint();
  Value const groups = Value::array().push_back(Value::object().set("code", "0x001D").set("name", "x25519"));
  endpoint.facts.set("curves", Value::object().set("groups", groups).set("order", Value::object().set("chooser", "server")));
  endpoint.facts.set("alpn", Value::object().set("protocols", Value::array().push_back("h2")).set("chooser", "server"));
  for (FactSpec const& fact : policy::facts()) {
    if (!fact.ordered) continue;
    EXPECT_EQ(fact.read({.endpoint = &endpoint, .certificate = nullptr}, fact.version).ordered, Truth::yes) << fact.name;
  }
}

}  // namespace
}  // namespace tlsgauge::policy
