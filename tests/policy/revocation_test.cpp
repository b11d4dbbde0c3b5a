// What the default profile makes of revocation and staples.

#include <gmock/gmock.h>

#include "support/facts_builder.hpp"
#include "tlsgauge/profile.hpp"

namespace tlsgauge {
namespace {

using test::FactsBuilder;

Requirement judged(FactsBuilder const& facts, std::string_view id) {
  static Profile const profile = load_profile("nginx-recommended");
  for (Requirement const& one : evaluate(profile, facts.endpoint(), Severity::medium).requirements) {
    if (one.id == id) return one;
  }
  throw std::out_of_range(std::string{id});
}

Value entry(std::string_view status, std::string_view why = "", std::string_view sha256 = "5ea1") {
  return Value::object().set("sha256", sha256).set("leaf", true).set("status", status).set("why", why).set("sources", Value::array());
}

Verdict revoked(std::string_view status, std::string_view why = "because") {
  FactsBuilder facts;
  facts.revocation = Value::array().push_back(entry(status, why));
  return judged(facts, "certificate-revoked").verdict;
}

TEST(RevocationPolicy, JudgesEachStatus) {
  EXPECT_EQ(revoked("good"), Verdict::pass);
  EXPECT_EQ(revoked("none_needed"), Verdict::pass);
  EXPECT_EQ(revoked("no_source"), Verdict::pass);
  EXPECT_EQ(revoked("revoked"), Verdict::fail);
  EXPECT_EQ(revoked("unknown"), Verdict::inconclusive);
  EXPECT_EQ(revoked("inconclusive"), Verdict::inconclusive);
  EXPECT_EQ(revoked("not_checked", "offline"), Verdict::not_applicable);
  FactsBuilder facts;
  facts.revocation = Value::array();
  EXPECT_EQ(judged(facts, "certificate-revoked").verdict, Verdict::inconclusive);
  facts.omitted = {"revocation"};
  EXPECT_EQ(judged(facts, "certificate-revoked").verdict, Verdict::not_applicable);
}

TEST(RevocationPolicy, ARevokedCaIsOneToo) {
  FactsBuilder facts;
  facts.revocation = Value::array().push_back(entry("good")).push_back(entry("revoked", "", "ca"));
  EXPECT_EQ(judged(facts, "certificate-revoked").verdict, Verdict::pass) << "of another chain";
  facts.certificates.front().issuer_sha256 = "ca";
  EXPECT_EQ(judged(facts, "certificate-revoked").verdict, Verdict::fail);
}

TEST(RevocationPolicy, AnOpenCaLeavesItOpen) {
  FactsBuilder facts;
  auto const with = [&](Value ca) {
    facts.revocation = Value::array().push_back(entry("good")).push_back(std::move(ca));
    return judged(facts, "certificate-revoked").verdict;
  };
  Value const above = Value::array().push_back("5ea1");
  EXPECT_EQ(with(entry("inconclusive", "no such host", "ca").set("leaves", above)), Verdict::inconclusive);
  EXPECT_EQ(with(entry("unknown", "not known", "ca").set("leaves", above)), Verdict::inconclusive);
  EXPECT_EQ(with(entry("inconclusive", "no such host", "ca").set("leaves", Value::array())), Verdict::pass) << "sent beside";
  EXPECT_EQ(with(entry("revoked", "", "fetched").set("leaves", above)), Verdict::fail);
  EXPECT_EQ(with(entry("not_checked", "offline", "ca").set("leaves", above)), Verdict::pass);
  facts.certificates.front().issuer_sha256 = "ca";
  EXPECT_EQ(with(entry("inconclusive", "no such host", "ca")), Verdict::inconclusive) << "of an older document";
}

Value staple(Value status, Value error) {
  return Value::object().set("certificate", "5ea1").set("status", std::move(status)).set("error", std::move(error));
}

FactsBuilder with(Value const& one, bool must_staple) {
  FactsBuilder facts;
  facts.certificates.front().must_staple = must_staple;
  if (!one.is_null()) facts.certificates.front().staples.push_back(one);
  return facts;
}

TEST(RevocationPolicy, ADemandedStapleMustBeThere) {
  constexpr std::string_view kId = "certificate-must-staple";
  EXPECT_EQ(judged(with({}, false), kId).verdict, Verdict::pass);
  EXPECT_EQ(judged(with({}, true), kId).verdict, Verdict::fail);
  EXPECT_EQ(judged(with(staple("good", {}), true), kId).verdict, Verdict::pass);
  EXPECT_EQ(judged(with(staple("good", "stale"), true), kId).verdict, Verdict::fail);
  EXPECT_EQ(judged(with(staple({}, "stale"), false), kId).verdict, Verdict::pass);
  EXPECT_EQ(judged(with(Value::object().set("certificate", "5ea1").set("inconclusive", "x"), true), kId).verdict, Verdict::inconclusive);
}

TEST(RevocationPolicy, AStapleMustBeValid) {
  constexpr std::string_view kId = "certificate-staple";
  EXPECT_EQ(judged(with({}, false), kId).verdict, Verdict::pass);
  EXPECT_EQ(judged(with(staple("good", {}), false), kId).verdict, Verdict::pass);
  for (char const* const error : {"stale", "malformed", "bad_signature", "wrong_certificate", "unauthorized_responder"}) {
    Requirement const got = judged(with(staple({}, error), false), kId);
    EXPECT_EQ(got.verdict, Verdict::fail) << error;
    EXPECT_THAT(got.observed, testing::HasSubstr(error));
  }
  EXPECT_EQ(judged(with(staple("unknown", {}), false), kId).verdict, Verdict::fail);
  EXPECT_EQ(judged(with(Value::object().set("certificate", "5ea1").set("inconclusive", "x"), false), kId).verdict, Verdict::inconclusive);
}

}  // namespace
}  // namespace tlsgauge
