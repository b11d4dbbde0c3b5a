// Requirements on what DNS says, with facts made by hand.

#include <gtest/gtest.h>

#include <stdexcept>

#include "support/facts_builder.hpp"
#include "tlsgauge/profile.hpp"

namespace tlsgauge {
namespace {

constexpr char const* kLeaf = "00aa";

Value dns_facts(Value caa, Value tlsa, Value https = Value::object()) {
  return Value::object()
      .set("name", "good.example")
      .set("validating", true)
      .set("caa", std::move(caa))
      .set("tlsa", std::move(tlsa))
      .set("https", std::move(https));
}

Value caa(std::string_view permitted) {
  Value const chain = Value::object().set("sha256", kLeaf).set("permitted", permitted).set("reason", "so it is");
  return Value::object().set("at", "good.example").set("secure", true).set("chains", Value::array().push_back(chain));
}

Value tlsa(std::string_view result) {
  return Value::object().set("name", "_443._tcp.good.example").set("secure", true).set("result", result);
}
Value none() { return Value::object().set("name", "x").set("not_checked", "no answer"); }
Value bogus() { return Value::object().set("name", "x").set("bogus", "bad signature"); }

Endpoint endpoint_with(Value dns) {
  Endpoint endpoint = test::FactsBuilder{}.endpoint();
  Value certificates = Value::array();
  for (Value const& each : endpoint.facts["certificates"].items()) {
    Value chain = Value::array();
    for (Value item : each["chain"].items()) chain.push_back(item.set("sha256", kLeaf));
    Value copy = each;
    certificates.push_back(copy.set("chain", std::move(chain)));
  }
  endpoint.facts.set("certificates", std::move(certificates));
  endpoint.facts.set("revocation", Value::array().push_back(Value::object().set("sha256", kLeaf).set("status", "good")));
  if (!dns.is_null()) endpoint.facts.set("dns", std::move(dns));
  return endpoint;
}

Assessment judge(Value dns) {
  static Profile const profile = load_profile("nginx-recommended");
  return evaluate(profile, endpoint_with(std::move(dns)));
}

Requirement requirement(Assessment const& assessment, std::string_view id) {
  for (Requirement const& one : assessment.requirements) {
    if (one.id == id) return one;
  }
  throw std::out_of_range(std::string{id});
}

Verdict verdict(Value dns, std::string_view id) { return requirement(judge(std::move(dns)), id).verdict; }

TEST(DnsRequirements, AreMetByWhatMatches) {
  Assessment const got = judge(dns_facts(caa("yes"), tlsa("matches")));
  EXPECT_EQ(got.verdict, Verdict::pass);
  EXPECT_EQ(got.score, 100);
  for (char const* const id : {"dns-bogus", "certificate-tlsa", "certificate-caa"})
    EXPECT_EQ(requirement(got, id).verdict, Verdict::pass) << id;
}

TEST(DnsRequirements, EachFailsByItself) {
  Assessment const mismatch = judge(dns_facts(caa("yes"), tlsa("no_match")));
  EXPECT_EQ(requirement(mismatch, "certificate-tlsa").verdict, Verdict::fail);
  EXPECT_EQ(requirement(mismatch, "certificate-tlsa").severity, Severity::high);
  EXPECT_EQ(requirement(mismatch, "certificate-caa").verdict, Verdict::pass);
  Assessment const forbidden = judge(dns_facts(caa("no"), tlsa("none")));
  EXPECT_EQ(requirement(forbidden, "certificate-caa").verdict, Verdict::fail);
  EXPECT_EQ(requirement(forbidden, "certificate-caa").severity, Severity::medium);
  EXPECT_EQ(requirement(forbidden, "dns-bogus").verdict, Verdict::pass);
  Assessment const forged = judge(dns_facts(bogus(), tlsa("matches")));
  EXPECT_EQ(requirement(forged, "dns-bogus").verdict, Verdict::fail);
  EXPECT_EQ(requirement(forged, "certificate-caa").verdict, Verdict::not_applicable);
  EXPECT_EQ(forged.verdict, Verdict::fail);
}

TEST(DnsRequirements, DoNotApplyWhereThereIsNothingOrNoAnswer) {
  Value const offline = Value::object().set("name", "good.example").set("not_checked", "offline");
  Value const silent = dns_facts(none(), none(), none()).set("validating", nullptr);
  Value const nothing = dns_facts(Value::object().set("at", nullptr).set("secure", false), tlsa("none"));
  for (Value const& dns : {Value{}, offline, silent, nothing}) {
    Assessment const got = judge(dns);
    EXPECT_EQ(got.verdict, Verdict::pass);
    EXPECT_EQ(got.coverage, 100);
    EXPECT_EQ(requirement(got, "certificate-tlsa").verdict, Verdict::not_applicable);
    bool const asked = dns["caa"].find("at") != nullptr;
    EXPECT_EQ(requirement(got, "certificate-caa").verdict, asked ? Verdict::pass : Verdict::not_applicable);
  }
  EXPECT_EQ(verdict(silent, "dns-bogus"), Verdict::not_applicable);
  for (char const* const result : {"insecure", "unusable"}) {
    EXPECT_EQ(verdict(dns_facts(caa("yes"), tlsa(result)), "certificate-tlsa"), Verdict::not_applicable) << result;
  }
  EXPECT_EQ(verdict(dns_facts(caa("unknown"), tlsa("none")), "certificate-caa"), Verdict::not_applicable);
  EXPECT_EQ(verdict(dns_facts(caa("yes"), tlsa("none")).set("validating", false), "dns-bogus"), Verdict::not_applicable);
}

TEST(DnsRequirements, StayOpenWhereTlsaWasThereAndNoChain) {
  Value const open = Value::object().set("name", "x").set("secure", true).set("inconclusive", "no chain");
  EXPECT_EQ(verdict(dns_facts(caa("yes"), open), "certificate-tlsa"), Verdict::inconclusive);
}

TEST(DnsRequirements, CanAskForThePromisesOfTheHttpsRecord) {
  Profile const profile = parse_profile(R"(
tlsgauge_profile: 1
name: promise
version: "1"
title: t
requirements:
  - {id: a, title: t, severity: low, area: x, fact: dns.https.alpn_served, is: {equals: true}, why: w}
score: {areas: {x: 1}, weights: {critical: 8, high: 4, medium: 2, low: 1, info: 0}, grades: {A: 90, F: 0}}
)",
                                        "test");
  auto const judged = [&](std::initializer_list<Value> promised, Value port, std::initializer_list<Value> taken) {
    Value const record =
        Value::object().set("priority", 1).set("target", nullptr).set("port", std::move(port)).set("alpn", Value{Value::Array{promised}});
    Endpoint endpoint = endpoint_with(
        dns_facts(caa("yes"), tlsa("none"), Value::object().set("name", "x").set("records", Value::array().push_back(record))));
    endpoint.facts.set("alpn", Value::object().set("protocols", Value{Value::Array{taken}}));
    return evaluate(profile, endpoint).requirements.front().verdict;
  };
  EXPECT_EQ(judged({"h2", "h3"}, nullptr, {"http/1.1", "h2"}), Verdict::pass);
  EXPECT_EQ(judged({"h2", "h3"}, nullptr, {"http/1.1"}), Verdict::fail);
  EXPECT_EQ(judged({"h3"}, nullptr, {"http/1.1"}), Verdict::not_applicable);
  EXPECT_EQ(judged({"h2"}, 8443, {"http/1.1"}), Verdict::not_applicable);
}

}  // namespace
}  // namespace tlsgauge
