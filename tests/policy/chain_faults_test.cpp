// What the default profile makes of chains that are badly put together, of keys that can be broken, and of what others are shown.

#include <gmock/gmock.h>

#include "support/facts_builder.hpp"
#include "tlsgauge/profile.hpp"

namespace tlsgauge {
namespace {

using test::FactsBuilder;
using test::ShownCertificate;
using testing::HasSubstr;

Requirement judged(Endpoint const& endpoint, std::string_view id) {
  static Profile const profile = load_profile("trusted-certificate");
  for (Requirement const& one : evaluate(profile, endpoint, Severity::low).requirements) {
    if (one.id == id) return one;
  }
  throw std::out_of_range(std::string{id});
}

Endpoint changed(std::string_view key, Value part) {
  Endpoint endpoint = FactsBuilder{}.endpoint();
  Value entry = (*endpoint.facts.find("certificates")).items().front();
  entry.set(std::string{key}, std::move(part));
  endpoint.facts.set("certificates", Value::array().push_back(entry));
  return endpoint;
}

Value shape() {
  return Value::object()
      .set("in_order", true)
      .set("duplicates", Value::array())
      .set("superfluous", Value::array())
      .set("anchor_sent", false)
      .set("unparsable", Value::array());
}

Value one_place() { return Value::array().push_back(1); }

Endpoint with_key_faults(Value faults) {
  Value leaf = FactsBuilder{}.endpoint().facts["certificates"].items().front()["chain"].items().front();
  Value key = leaf["key"];
  key.set("faults", std::move(faults));
  leaf.set("key", key);
  return changed("chain", Value::array().push_back(leaf));
}

TEST(ChainFaults, AGoodChainHasNone) {
  Endpoint const good = changed("shape", shape());
  for (std::string_view const id : {"certificate-chain-order", "certificate-chain-superfluous", "certificate-chain-anchor"}) {
    EXPECT_EQ(judged(good, id).verdict, Verdict::pass) << id;
  }
}

TEST(ChainFaults, EachHasItsOwnFinding) {
  Endpoint const disorder = changed("shape", shape().set("in_order", false));
  EXPECT_EQ(judged(disorder, "certificate-chain-order").verdict, Verdict::fail);
  EXPECT_EQ(judged(disorder, "certificate-chain-superfluous").verdict, Verdict::pass);
  EXPECT_EQ(judged(disorder, "certificate-chain-anchor").verdict, Verdict::pass);
  EXPECT_EQ(judged(changed("shape", shape().set("unparsable", one_place())), "certificate-chain-order").verdict, Verdict::fail);
  EXPECT_EQ(judged(changed("shape", shape().set("duplicates", one_place())), "certificate-chain-superfluous").verdict, Verdict::fail);
  EXPECT_EQ(judged(changed("shape", shape().set("superfluous", one_place())), "certificate-chain-superfluous").verdict, Verdict::fail);
  Endpoint const anchor = changed("shape", shape().set("anchor_sent", true));
  EXPECT_EQ(judged(anchor, "certificate-chain-anchor").verdict, Verdict::fail);
  EXPECT_EQ(judged(anchor, "certificate-chain-order").verdict, Verdict::pass);
}

TEST(ChainFaults, OlderResultsDoNotTell) {
  EXPECT_EQ(judged(FactsBuilder{}.endpoint(), "certificate-chain-order").verdict, Verdict::not_applicable);
}

TEST(ChainFaults, WhatCouldNotBeReadIsNoPass) {
  FactsBuilder facts;
  facts.certificates.front().inconclusive = "broken off";
  EXPECT_NE(judged(facts.endpoint(), "certificate-chain-order").verdict, Verdict::pass);
}

TEST(KeyFaults, AGoodKeyHasNone) {
  Endpoint const good = with_key_faults(Value::array());
  EXPECT_EQ(judged(good, "certificate-key-broken").verdict, Verdict::pass);
  EXPECT_EQ(judged(good, "certificate-key-exponent").verdict, Verdict::pass);
}

TEST(KeyFaults, EachBreakIsCriticalAndNamed) {
  for (std::string_view const word : {"exponent_one", "exponent_even", "roca", "close_primes", "small_factor", "small_modulus"}) {
    Requirement const broken = judged(with_key_faults(Value::array().push_back(word)), "certificate-key-broken");
    EXPECT_EQ(broken.verdict, Verdict::fail) << word;
    EXPECT_EQ(broken.severity, Severity::critical);
    EXPECT_THAT(broken.observed, HasSubstr(word));
  }
}

TEST(KeyFaults, ASmallExponentIsAFindingOfItsOwn) {
  Endpoint const small = with_key_faults(Value::array().push_back("exponent_small"));
  EXPECT_EQ(judged(small, "certificate-key-exponent").verdict, Verdict::fail);
  EXPECT_EQ(judged(small, "certificate-key-broken").verdict, Verdict::pass);
}

TEST(KeyFaults, OlderResultsDoNotTell) {
  EXPECT_EQ(judged(FactsBuilder{}.endpoint(), "certificate-key-broken").verdict, Verdict::not_applicable);
}

Endpoint beside(std::optional<std::string> const& sni, std::string_view named) {
  Endpoint endpoint = FactsBuilder{}.endpoint();
  ShownCertificate other;
  other.subject = "CN=default";
  other.sni = sni;
  other.trusted = false;
  other.errors = {"self_signed"};
  other.hostname_matches = false;
  other.days_left = -5;
  Value entry = other.value();
  Value shown = entry["shown_for"];
  if (!named.empty()) shown.set("named", named);
  entry.set("shown_for", shown);
  Value list = *endpoint.facts.find("certificates");
  list.push_back(entry);
  endpoint.facts.set("certificates", list);
  return endpoint;
}

TEST(OtherNames, AreNotJudged) {
  for (Endpoint const& endpoint : {beside(std::nullopt, "none"), beside("tlsgauge.invalid", "unknown"), beside("other.example", "")}) {
    EXPECT_EQ(judged(endpoint, "certificate-self-signed").verdict, Verdict::pass);
    EXPECT_EQ(judged(endpoint, "certificate-hostname").verdict, Verdict::pass);
  }
}

TEST(OtherNames, OfTheTargetAre) { EXPECT_EQ(judged(beside("good.example", ""), "certificate-self-signed").verdict, Verdict::fail); }

TEST(OtherNames, AnAddressIsJudgedByWhatComesWithoutAName) {
  Endpoint endpoint = beside("tlsgauge.invalid", "unknown");
  endpoint.target.server_name.clear();
  Value list = Value::array();
  for (Value entry : endpoint.facts["certificates"].items()) {
    Value shown = entry["shown_for"];
    if (shown["sni"] == Value{"good.example"}) shown.set("sni", nullptr);
    list.push_back(entry.set("shown_for", shown));
  }
  endpoint.facts.set("certificates", list);
  EXPECT_EQ(judged(endpoint, "certificate-self-signed").verdict, Verdict::pass);
  endpoint.facts.set("certificates", Value::array().push_back(list.items().back()));
  EXPECT_EQ(judged(endpoint, "certificate-self-signed").verdict, Verdict::inconclusive);
}

}  // namespace
}  // namespace tlsgauge
