// What is missing from a document, or contradicts itself there, is no pass; nor does a waiver of one breach cover others.

#include <gmock/gmock.h>

#include "policy/vocabulary.hpp"
#include "policy/waivers.hpp"
#include "support/facts_builder.hpp"
#include "tlsgauge/profile.hpp"

namespace tlsgauge::policy {
namespace {

using test::FactsBuilder;
using test::ShownCertificate;
using testing::ElementsAre, testing::IsEmpty;
using testing::UnorderedElementsAre;

Requirement judged(std::string const& condition, Endpoint const& endpoint) {
  std::string const each = condition.find("certificate.") == std::string::npos ? "" : "    each: certificate\n";
  std::string const yaml =
      "tlsgauge_profile: 1\nname: t\nversion: \"1\"\ntitle: t\nrequirements:\n  - id: r\n    title: t\n    severity: high\n    why: w\n" +
      each + "    " + condition + "\n";
  return evaluate(parse_profile(yaml, "t.yaml"), endpoint).requirements.at(0);
}

Verdict verdict(std::string const& condition, Endpoint const& endpoint) { return judged(condition, endpoint).verdict; }

std::vector<std::string> keys(Requirement const& requirement) {
  std::vector<std::string> out;
  for (Cause const& cause : requirement.causes) out.push_back(cause.key);
  return out;
}

/// The certificate shown, with members changed.
Endpoint with(std::vector<std::pair<std::string, Value>> const& members, FactsBuilder const& facts = {}) {
  Endpoint out = facts.endpoint();
  Value entry = out.facts["certificates"].items().front();
  for (auto const& [key, value] : members) entry.set(key, value);
  out.facts.set("certificates", Value::array().push_back(entry));
  return out;
}

Value staple(std::string const& status, std::string const& sha256 = "5ea1", Value error = {}) {
  return Value::object().set("certificate", sha256).set("status", status).set("error", std::move(error));
}

Value stapled(Value one) { return Value::object().set("must_staple", false).set("staples", Value::array().push_back(std::move(one))); }

std::string condition(std::string const& fact, std::string const& is) { return "fact: " + fact + "\n    is: {" + is + "}"; }

TEST(UnreadFacts, ARevokedStapleCountsThoughTheCasWereNotAsked) {
  std::string const unrevoked = condition("certificate.revocation", "not_equals: revoked");
  FactsBuilder unasked;
  unasked.omitted = {"revocation"};
  EXPECT_EQ(verdict(unrevoked, with({{"revocation", stapled(staple("revoked"))}}, unasked)), Verdict::fail);
  EXPECT_EQ(verdict(unrevoked, with({{"revocation", stapled(staple("revoked", "5EA1"))}}, unasked)), Verdict::fail);
  EXPECT_EQ(verdict(unrevoked, with({{"revocation", stapled(staple("revoked"))}})), Verdict::fail) << "whatever the CAs say";
  EXPECT_EQ(verdict(unrevoked, with({{"revocation", stapled(staple("good"))}}, unasked)), Verdict::not_applicable);
  EXPECT_EQ(verdict(unrevoked, with({{"revocation", stapled(staple("revoked", "0bad"))}}, unasked)), Verdict::not_applicable);
  EXPECT_EQ(verdict(unrevoked, with({{"revocation", stapled(staple("revoked", "5ea1", "bad_signature"))}}, unasked)),
            Verdict::not_applicable);
}

TEST(UnreadFacts, AStapleThatIsNotGoodIsAFault) {
  std::string const none = condition("certificate.staple_errors", "not_empty: false");
  EXPECT_EQ(verdict(none, with({{"revocation", stapled(staple("good"))}})), Verdict::pass);
  EXPECT_THAT(keys(judged(none, with({{"revocation", stapled(staple("revoked"))}}))), testing::IsEmpty()) << "the staple is in order";
  EXPECT_THAT(keys(judged(none, with({{"revocation", stapled(staple("unknown"))}}))), ElementsAre("unknown"));
  EXPECT_EQ(verdict(none, with({{"revocation", stapled(staple(""))}})), Verdict::inconclusive);
  Value const listless = Value::object().set("must_staple", false);
  EXPECT_EQ(verdict(none, with({{"revocation", listless}})), Verdict::inconclusive);
  std::string const met = condition("certificate.must_staple_unmet", "equals: false");
  EXPECT_EQ(verdict(met, with({{"revocation", listless}})), Verdict::pass);
  EXPECT_EQ(verdict(met, with({{"revocation", Value{listless}.set("must_staple", true)}})), Verdict::inconclusive);
}

TEST(UnreadFacts, OddStatusWordsOfRevocationSettleNothing) {
  std::string const unrevoked = condition("certificate.revocation", "not_equals: revoked");
  auto const entry = [](std::string const& sha256, std::string const& status) {
    return Value::object().set("sha256", sha256).set("status", status).set("leaves", Value::array().push_back("5EA1"));
  };
  FactsBuilder facts;
  auto const said = [&](std::string const& leaf, std::string const& ca) {
    facts.revocation = Value::array().push_back(entry("5EA1", leaf)).push_back(entry("CA5E", ca));
    return verdict(unrevoked, facts.endpoint());
  };
  EXPECT_EQ(said("good", "good"), Verdict::pass) << "sums in capitals";
  EXPECT_EQ(said("good", "REVOKED"), Verdict::inconclusive);
  EXPECT_EQ(said("good", ""), Verdict::inconclusive);
  EXPECT_EQ(said("fine", "good"), Verdict::inconclusive);
  EXPECT_EQ(said("revoked", "good"), Verdict::fail);
  EXPECT_EQ(said("good", "revoked"), Verdict::fail);
}

TEST(UnreadFacts, WhereAnIncompleteChainWouldLeadIsNotKnown) {
  std::string const trusted = condition("certificate.path_errors", "not_empty: false");
  FactsBuilder facts;
  ShownCertificate& shown = facts.certificates.front();
  shown.trusted = false;
  shown.errors = {"incomplete_chain"};
  shown.issuer_missing = true;
  EXPECT_EQ(verdict(trusted, facts.endpoint()), Verdict::inconclusive);
  shown.repair = Value::object().set("complete", false).set("trusted", false).set("error", "incomplete_chain");
  EXPECT_EQ(verdict(trusted, facts.endpoint()), Verdict::inconclusive);
  shown.repair.set("complete", true).set("trusted", true).set("error", nullptr);
  EXPECT_EQ(verdict(trusted, facts.endpoint()), Verdict::pass);
  shown.repair.set("trusted", false);
  for (char const* const error : {"", "untrusted_root", "expired", "wrong_purpose", "weak_key"}) {
    shown.repair.set("error", error);
    EXPECT_EQ(verdict(trusted, facts.endpoint()), Verdict::fail) << error;
  }
  shown.errors = {"expired", "incomplete_chain"};
  shown.repair.set("error", "expired");
  EXPECT_EQ(verdict(trusted, facts.endpoint()), Verdict::inconclusive) << "the date is judged on its own";
}

TEST(UnreadFacts, ContradictingEntriesOfAVersionSettleNothing) {
  std::string const modern = condition("protocols.accepted", "excludes: TLSv1.0");
  auto const said = [&](std::string const& first, std::string const& second) {
    Endpoint out = FactsBuilder{}.endpoint();
    Value list = Value::array();
    for (std::string const& support : {first, second}) list.push_back(Value::object().set("name", "TLSv1.0").set("support", support));
    out.facts.set("protocols", list);
    return verdict(modern, out);
  };
  EXPECT_EQ(said("no", "no"), Verdict::pass);
  EXPECT_EQ(said("yes", "yes"), Verdict::fail);
  EXPECT_EQ(said("no", "yes"), Verdict::inconclusive);
  EXPECT_EQ(said("yes", "no"), Verdict::inconclusive);
  EXPECT_EQ(said("no", "inconclusive"), Verdict::inconclusive);
  EXPECT_EQ(said("inconclusive", "no"), Verdict::inconclusive);
}

TEST(UnreadFacts, TheRegistryKnowsTheKeyExchangeOfASuite) {
  std::string const strong = condition("dh.min_bits", "min: 2048");
  FactsBuilder facts;
  facts.suites.push_back({"TLSv1.2", "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256", 1024});
  auto const said = [&](Value const& exchange) {
    Endpoint out = facts.endpoint();
    Value list = Value::array();
    for (Value suite : out.facts["cipher_suites"].items()) {
      if (suite["dh_bits"].is_number()) suite.set("key_exchange", exchange);
      list.push_back(std::move(suite));
    }
    out.facts.set("cipher_suites", list);
    return verdict(strong, out);
  };
  EXPECT_EQ(said("DHE"), Verdict::fail);
  EXPECT_EQ(said("ECDHE"), Verdict::fail);
  EXPECT_EQ(said({}), Verdict::fail);
}

TEST(UnreadFacts, AnUnreadCertificateCountsBesideANamedOne) {
  std::string const fits = condition("certificate.hostname_matches", "equals: true");
  FactsBuilder facts;
  ShownCertificate unread;
  unread.sni = std::nullopt;
  unread.inconclusive = "reset";
  facts.certificates.push_back(unread);
  EXPECT_EQ(verdict(fits, facts.endpoint()), Verdict::inconclusive);
  facts.certificates.pop_back();
  facts.certificates.front().hostname_matches = false;
  facts.certificates.front().sni = "GOOD.example";
  EXPECT_EQ(verdict(fits, facts.endpoint()), Verdict::fail) << "names have no case";
}

TEST(UnreadFacts, AMissingListIsNotAnEmptyOne) {
  std::string const shaped = condition("certificate.chain_faults", "not_empty: false");
  EXPECT_EQ(verdict(shaped, with({{"shape", Value::object()}})), Verdict::inconclusive);
  EXPECT_EQ(verdict(shaped, with({{"shape", Value::object().set("in_order", false)}})), Verdict::fail);

  Endpoint const good = FactsBuilder{}.endpoint();
  Value leaf = good.facts["certificates"].items().front()["chain"].items().front();
  Value key = leaf["key"];
  leaf.set("key", key.set("faults", nullptr));
  EXPECT_EQ(verdict(condition("certificate.key_faults", "not_empty: false"), with({{"chain", Value::array().push_back(leaf)}})),
            Verdict::inconclusive);
  leaf.set("ocsp_urls", Value::array().push_back(1));
  EXPECT_EQ(verdict(condition("certificate.ocsp_urls", "not_empty: false"), with({{"chain", Value::array().push_back(leaf)}})),
            Verdict::inconclusive);

  Endpoint const unlisted = with({{"verification", Value::object().set("trusted", false)}});
  EXPECT_EQ(verdict(condition("certificate.trust_errors", "excludes: wrong_purpose"), unlisted), Verdict::inconclusive);
  EXPECT_EQ(verdict(condition("certificate.trust_errors", "not_empty: false"), unlisted), Verdict::fail);
  EXPECT_EQ(verdict(condition("certificate.expired", "equals: false"), unlisted), Verdict::inconclusive);
  EXPECT_EQ(verdict(condition("certificate.not_yet_valid", "equals: false"), unlisted), Verdict::inconclusive);
}

TEST(UnreadFacts, OfHttpAreNoAnswers) {
  FactsBuilder facts;
  facts.http.set("hsts", Value::object().set("present", true).set("max_age", 63072000));
  EXPECT_EQ(verdict(condition("http.hsts.max_age", "min: 1"), facts.endpoint()), Verdict::inconclusive);
  facts.plain_http = Value::object().set("state", "open").set("http", nullptr);
  EXPECT_EQ(verdict(condition("plain_http.redirects_to_https", "equals: true"), facts.endpoint()), Verdict::inconclusive);
  facts.plain_http.set("http", false);
  EXPECT_EQ(verdict(condition("plain_http.redirects_to_https", "equals: true"), facts.endpoint()), Verdict::not_applicable);
}

constexpr char const* kGcm = "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256";
constexpr char const* kCbc = "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA";
constexpr char const* kRsa = "TLS_RSA_WITH_AES_128_CBC_SHA";

FactsBuilder accepting(std::vector<std::string> const& suites, bool complete = true) {
  FactsBuilder facts;
  facts.refuses("TLSv1.2").accepts("TLSv1.2", suites);
  facts.orders["TLSv1.2"].complete = complete;
  return facts;
}

TEST(Causes, OfANegationAreTheMembersAndWhatMayBeMore) {
  std::string const without = "not: {fact: suites.accepted.TLSv1.2, is: {intersects: [\"@cbc\"]}}";
  Requirement const whole = judged(without, accepting({kGcm, kCbc}).endpoint());
  EXPECT_EQ(whole.verdict, Verdict::fail);
  EXPECT_THAT(keys(whole), ElementsAre("0xC013"));
  EXPECT_FALSE(whole.more_possible);
  EXPECT_TRUE(judged(without, accepting({kGcm, kCbc}, false).endpoint()).more_possible);
  std::string const empty = "not: {fact: suites.accepted.TLSv1.2, is: {not_empty: true}}";
  EXPECT_TRUE(judged(empty, accepting({kGcm}, false).endpoint()).more_possible);
  EXPECT_TRUE(judged("not: {all: [{fact: suites.accepted.TLSv1.2, is: {intersects: [\"@cbc\"]}}]}", accepting({kCbc}, false).endpoint())
                  .more_possible);
  Requirement const met = judged("fact: suites.accepted.TLSv1.2\n    is: {intersects: [\"@cbc\"]}", accepting({kCbc}, false).endpoint());
  EXPECT_EQ(met.verdict, Verdict::pass);
  EXPECT_TRUE(met.causes.empty());
  EXPECT_FALSE(met.more_possible);
}

TEST(Causes, OfAWrongOrderAreAllPairs) {
  std::string const order = condition("suites.accepted.TLSv1.2", "preferred_order: [[\"@aead\"], [\"@forward_secrecy\"], [\"@cbc\"]]");
  Requirement const wrong = judged(order, accepting({kRsa, kCbc, kGcm}).endpoint());
  std::string const first = std::string{kRsa} + " is preferred to " + kCbc;
  EXPECT_EQ(wrong.observed, first);
  EXPECT_THAT(keys(wrong),
              UnorderedElementsAre(first, std::string{kRsa} + " is preferred to " + kGcm, std::string{kCbc} + " is preferred to " + kGcm));
  EXPECT_FALSE(wrong.more_possible);
  EXPECT_TRUE(judged(order, accepting({kRsa, kCbc, kGcm}, false).endpoint()).more_possible);
  Waiver waiver;
  waiver.match = {first};
  EXPECT_FALSE(waiver.approves(wrong));
  waiver.match = {"* is preferred to *"};
  EXPECT_TRUE(waiver.approves(wrong));
}

}  // namespace
}  // namespace tlsgauge::policy
