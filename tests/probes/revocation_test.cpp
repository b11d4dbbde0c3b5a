#include <gmock/gmock.h>

#include "crypto/certificate.hpp"
#include "crypto/digest.hpp"
#include "probes/stapling.hpp"
#include "support/authority.hpp"
#include "support/facts.hpp"
#include "support/scripted_peer.hpp"

namespace tlsgauge::probes {

extern audit::Probe const revocation;

namespace {

using test::ask, test::ScriptedPeer, test::Issuee, test::kNow, test::days;
using testing::ElementsAre, testing::HasSubstr, testing::IsEmpty, testing::SizeIs;

constexpr char const* kOcsp = "http://ocsp.test/";
constexpr char const* kCrl = "http://crl.test/1.crl";

Result<audit::Fetched> fetched(Bytes content, long status = 200) {
  audit::Fetched reply;
  reply.status = status;
  reply.content = std::move(content);
  return reply;
}

class Revocation : public testing::Test {
 protected:
  Revocation() { settings.at = kNow; }

  static test::Extensions pointing(bool ocsp = true, bool crl = true) {
    test::Extensions out;
    if (ocsp) out.emplace_back(NID_info_access, std::string{"OCSP;URI:"} + kOcsp);
    if (crl) out.emplace_back(NID_crl_distribution_points, std::string{"URI:"} + kCrl);
    return out;
  }

  static Value shown(std::vector<Bytes> const& chain, Value revocation = Value{}) {
    Value certificates = Value::array();
    for (Bytes const& der : chain) {
      certificates.push_back(Value::object().set("pem", crypto::pem(der)).set("sha256", crypto::sha256_hex(der)));
    }
    return Value::object().set("chain", std::move(certificates)).set("revocation", std::move(revocation));
  }

  /// The entries of the fact, the end entity's first.
  Value::Array examine(std::vector<Value> const& chains) {
    peer.set_settings(settings);
    peer.set_fetch([this](audit::FetchOrder const& order) -> Result<audit::Fetched> {
      orders.push_back(order);
      auto const at = web.find(order.url);
      if (at == web.end()) return Error{ErrorKind::unreachable, "no such host"};
      return at->second;
    });
    audit::Facts facts;
    Value list = Value::array();
    for (Value const& chain : chains) list.push_back(chain);
    facts.set("certificates", std::move(list));
    audit::Observation const seen = ask(revocation, peer, facts);
    open = seen.open();
    EXPECT_EQ(peer.connections(), 0U);
    return seen.facts().at(0).second.items();
  }
  Value one(Issuee const& end) {
    Value::Array const entries = examine({shown({end.der(), ca.der()})});
    EXPECT_THAT(entries, SizeIs(1));
    return entries.at(0);
  }

  ScriptedPeer peer{[](audit::Question const&) { return audit::Reply{}; }};
  audit::Settings settings;
  std::map<std::string, Result<audit::Fetched>> web;
  std::vector<audit::FetchOrder> orders;
  std::vector<std::string> open;
  Issuee ca = test::make_authority();
  Issuee leaf = test::make_leaf(ca, pointing());
};

TEST_F(Revocation, IsGoodByOcspAndCrl) {
  web.emplace(kOcsp, fetched(test::ocsp_response(leaf, ca, ca)));
  web.emplace(kCrl, fetched(test::revocation_list(ca, {.entries = {{9, -1}}})));
  Value const entry = one(leaf);
  EXPECT_EQ(entry["status"], Value{"good"});
  EXPECT_EQ(entry["leaf"], Value{true});
  EXPECT_EQ(entry["sha256"], Value{crypto::sha256_hex(leaf.der())});
  ASSERT_THAT(entry["sources"].items(), SizeIs(2));
  Value const& ocsp = entry["sources"].items()[0];
  EXPECT_EQ(ocsp["kind"], Value{"ocsp"});
  EXPECT_EQ(ocsp["url"], Value{kOcsp});
  EXPECT_EQ(ocsp["status"], Value{"good"});
  EXPECT_EQ(ocsp["next_update"], Value{"2026-11-30T00:00:00Z"});
  EXPECT_TRUE(ocsp["error"].is_null());
  EXPECT_EQ(entry["sources"].items()[1]["kind"], Value{"crl"});
  EXPECT_THAT(open, IsEmpty());
  ASSERT_THAT(orders, SizeIs(2));
  EXPECT_EQ(orders[0].content_type, "application/ocsp-request");
  EXPECT_FALSE(orders[0].body.empty());
  EXPECT_TRUE(orders[1].body.empty());
}

TEST_F(Revocation, DoesNotAskAboutWhatOthersAreShown) {
  Value other = shown({leaf.der(), ca.der()});
  other.set("shown_for", Value::object().set("sni", nullptr).set("named", "none"));
  EXPECT_THAT(examine({other}), IsEmpty());
  EXPECT_THAT(orders, IsEmpty());
}

TEST_F(Revocation, AnySignedRevocationWins) {
  web.emplace(kOcsp, fetched(test::ocsp_response(leaf, ca, ca)));
  web.emplace(kCrl, fetched(test::revocation_list(ca, {.entries = {{2, 1}}})));
  EXPECT_EQ(one(leaf)["status"], Value{"revoked"});
  web.clear();
  web.emplace(kOcsp, fetched(test::ocsp_response(leaf, ca, ca, {.status = V_OCSP_CERTSTATUS_REVOKED, .reason = 1})));
  Value const entry = one(leaf);
  EXPECT_EQ(entry["status"], Value{"revoked"});
  EXPECT_EQ(entry["sources"].items()[0]["reason"], Value{"keyCompromise"});
  EXPECT_EQ(entry["sources"].items()[1]["error"], Value{"no such host"});
  EXPECT_THAT(open, IsEmpty());
}

TEST_F(Revocation, AnUnsignedRevocationDoesNot) {
  Issuee const stranger = test::make_authority("stranger");
  web.emplace(kOcsp, fetched(test::ocsp_response(leaf, ca, stranger, {.status = V_OCSP_CERTSTATUS_REVOKED})));
  web.emplace(kCrl, fetched(test::revocation_list(ca, {.entries = {}})));
  EXPECT_EQ(one(leaf)["status"], Value{"good"});
}

TEST_F(Revocation, IsUnknownWhereTheResponderSaysSo) {
  web.emplace(kOcsp, fetched(test::ocsp_response(leaf, ca, ca, {.status = V_OCSP_CERTSTATUS_UNKNOWN})));
  EXPECT_EQ(one(leaf)["status"], Value{"unknown"});
}

TEST_F(Revocation, OfWhatTheResponderDoesNotKnowTheListMaySay) {
  web.emplace(kOcsp, fetched(test::ocsp_response(leaf, ca, ca, {.status = V_OCSP_CERTSTATUS_UNKNOWN})));
  web.emplace(kCrl, fetched(test::revocation_list(ca, {.entries = {{9, -1}}})));
  Value const entry = one(leaf);
  EXPECT_EQ(entry["status"], Value{"good"});
  EXPECT_EQ(entry["why"], Value{"one responder does not know the certificate"});
}

TEST_F(Revocation, StaysOpenWhereNothingCanBeHeard) {
  web.emplace(kOcsp, fetched({}, 503));
  web.emplace(kCrl, fetched(test::revocation_list(ca, {.entries = {}, .this_update = kNow - days{9}, .next_update = kNow - days{2}})));
  Value const entry = one(leaf);
  EXPECT_EQ(entry["status"], Value{"inconclusive"});
  EXPECT_EQ(entry["inconclusive"], Value{"ocsp: HTTP status 503; crl: stale"});
  EXPECT_THAT(open, ElementsAre(HasSubstr("HTTP status 503")));
}

TEST_F(Revocation, CaWithoutOcspIsFine) {
  Issuee const crl_only = test::make_leaf(ca, pointing(false));
  web.emplace(kCrl, fetched(test::revocation_list(ca, {.entries = {}})));
  Value const entry = one(crl_only);
  EXPECT_EQ(entry["status"], Value{"good"});
  EXPECT_THAT(entry["sources"].items(), SizeIs(1));
}

TEST_F(Revocation, NeedsNoneForAShortLife) {
  EXPECT_EQ(one(test::make_leaf(ca, {}, 2, kNow - days{1}, kNow + days{5}))["status"], Value{"none_needed"});
  EXPECT_EQ(one(test::make_leaf(ca, {}, 2, kNow - days{1}, kNow + days{7}))["status"], Value{"no_source"});
  EXPECT_THAT(open, IsEmpty());
  EXPECT_THAT(orders, IsEmpty());
}

TEST_F(Revocation, ASelfSignedCertificateHasNoSource) {
  Issuee const alone = test::make_certificate("alone", nullptr, pointing());
  Value::Array const entries = examine({shown({alone.der()})});
  ASSERT_THAT(entries, SizeIs(1));
  EXPECT_EQ(entries[0]["status"], Value{"no_source"});
  EXPECT_THAT(orders, IsEmpty());
}

TEST_F(Revocation, StaysOpenWithoutTheIssuer) {
  Value::Array const entries = examine({shown({leaf.der()})});
  EXPECT_EQ(entries.at(0)["status"], Value{"inconclusive"});
  EXPECT_THAT(entries.at(0)["why"].as_string(), HasSubstr("issuer is not known"));
  EXPECT_THAT(orders, IsEmpty());
}

TEST_F(Revocation, OfflineOnlyStaplesCount) {
  settings.offline = true;
  EXPECT_EQ(one(leaf)["status"], Value{"not_checked"});
  EXPECT_THAT(open, IsEmpty());
  StapleBook book;
  wire::Flight flight;
  flight.certificates = {leaf.der(), ca.der()};
  flight.ocsp_response = test::ocsp_response(leaf, ca, ca, {.status = V_OCSP_CERTSTATUS_REVOKED, .reason = 4});
  book.add(flight);
  Value::Array const entries = examine({shown(flight.certificates, staple_facts(flight.certificates, book, settings))});
  EXPECT_EQ(entries.at(0)["status"], Value{"revoked"});
  EXPECT_EQ(entries.at(0)["sources"].items().at(0)["kind"], Value{"staple"});
  EXPECT_EQ(entries.at(0)["sources"].items().at(0)["reason"], Value{"superseded"});
  EXPECT_THAT(orders, IsEmpty());
}

TEST_F(Revocation, AsksAboutIntermediatesByCrl) {
  Issuee const below = test::make_authority("below", &ca, 7, pointing());
  Issuee const end = test::make_leaf(below, {}, 3);
  web.emplace(kCrl, fetched(test::revocation_list(ca, {.entries = {{7, 2}}})));
  Value::Array const entries = examine({shown({end.der(), below.der(), ca.der()})});
  ASSERT_THAT(entries, SizeIs(2));
  EXPECT_EQ(entries[0]["status"], Value{"no_source"});
  EXPECT_EQ(entries[1]["status"], Value{"revoked"});
  EXPECT_EQ(entries[1]["leaf"], Value{false});
  EXPECT_THAT(orders, SizeIs(1));
  // Its root is not known: no reason to call the endpoint's result incomplete.
  EXPECT_EQ(examine({shown({end.der(), below.der()})}).at(1)["status"], Value{"not_checked"});
  EXPECT_THAT(open, IsEmpty());
}

TEST_F(Revocation, StaysOpenWhereAnIntermediateStaysOpen) {
  Issuee const below = test::make_authority("below", &ca, 7, pointing());
  Issuee const end = test::make_leaf(below, {}, 3);
  Value::Array const entries = examine({shown({end.der(), below.der(), ca.der()})});
  ASSERT_THAT(entries, SizeIs(2));
  EXPECT_EQ(entries[1]["status"], Value{"inconclusive"});
  EXPECT_EQ(entries[1]["leaves"], Value::array().push_back(entries[0]["sha256"]));
  EXPECT_THAT(open, ElementsAre(HasSubstr("no such host")));
}

TEST_F(Revocation, OneSentBesideStandsAboveNobody) {
  Issuee const beside = test::make_authority("beside", &ca, 7, pointing());
  Value::Array const entries = examine({shown({test::make_leaf(ca, {}, 3).der(), beside.der(), ca.der()})});
  ASSERT_THAT(entries, SizeIs(2));
  EXPECT_EQ(entries[1]["status"], Value{"inconclusive"});
  EXPECT_THAT(entries[1]["leaves"].items(), IsEmpty());
  EXPECT_THAT(open, IsEmpty());
}

TEST_F(Revocation, AsksAboutFetchedIntermediates) {
  Issuee const below = test::make_authority("below", &ca, 7, pointing());
  Issuee const end = test::make_leaf(below, {}, 3);
  web.emplace(kCrl, fetched(test::revocation_list(ca, {.entries = {{7, 2}}})));
  Value chain = shown({end.der(), ca.der()});
  Value got = Value::array().push_back(Value::object().set("pem", crypto::pem(below.der())));
  chain.set("repair", Value::object().set("fetched", std::move(got)));
  Value::Array const entries = examine({chain});
  ASSERT_THAT(entries, SizeIs(2));
  EXPECT_EQ(entries[1]["status"], Value{"revoked"});
}

TEST_F(Revocation, StaysOpenWhereTheIntermediateIsTooLarge) {
  Issuee const below = test::make_authority("below", &ca, 7, pointing());
  Value chain = shown({test::make_leaf(below, {}, 3).der()});
  Value items = chain["chain"];
  items.push_back(Value::object().set("sha256", "aa").set("pem", nullptr));
  chain.set("chain", std::move(items));
  Value::Array const entries = examine({chain});
  ASSERT_THAT(entries, SizeIs(2));
  EXPECT_EQ(entries[1]["status"], Value{"inconclusive"});
  EXPECT_EQ(entries[1]["leaves"], Value::array().push_back(entries[0]["sha256"]));
}

TEST_F(Revocation, ARevokedIssuerCannotHideBehindOthers) {
  Issuee const below = test::make_authority("below", &ca, 7, pointing());
  Issuee const end = test::make_leaf(below, {}, 3);
  web.emplace(kCrl, fetched(test::revocation_list(ca, {.entries = {{7, 2}}})));
  std::vector<Bytes> chain{end.der()};
  for (int i = 0; i < 12; ++i) chain.push_back(test::make_authority("stranger " + std::to_string(i)).der());
  chain.push_back(below.der());
  chain.push_back(ca.der());
  Value::Array const entries = examine({shown(chain)});
  ASSERT_GE(entries.size(), 2U);
  EXPECT_EQ(entries[1]["sha256"], Value{crypto::sha256_hex(below.der())});
  EXPECT_EQ(entries[1]["status"], Value{"revoked"});
}

TEST_F(Revocation, AsksOnceAboutACertificateOfTwoChainsAndBoundsItsQuestions) {
  std::string urls = "URI:http://crl.test/0.crl";
  for (int i = 1; i < 9; ++i) urls += ",URI:http://crl.test/" + std::to_string(i) + ".crl";
  Issuee const many = test::make_leaf(ca, {{NID_crl_distribution_points, urls}});
  EXPECT_THAT(examine({shown({many.der(), ca.der()}), shown({many.der(), ca.der(), ca.der()})}), SizeIs(1));
  EXPECT_THAT(orders, SizeIs(3));
}

TEST_F(Revocation, SkipsWhatIsNoCertificate) {
  EXPECT_THAT(examine({shown({Bytes{1, 2, 3}}), Value::object().set("inconclusive", "not read")}), IsEmpty());
}

TEST_F(Revocation, DoesNotApplyWithoutCertificates) {
  audit::Facts facts;
  EXPECT_FALSE(revocation.applies(facts).applies);
  facts.set("certificates", Value::array().push_back(Value::object()));
  EXPECT_TRUE(revocation.applies(facts).applies);
}

class Stapling : public Revocation {
 protected:
  Value judged(Bytes const& response, Issuee const& about, std::vector<Bytes> of_issuers = {}) {
    wire::Flight flight;
    flight.certificates = {about.der(), ca.der()};
    flight.ocsp_response = response;
    flight.ocsp_of_issuers = std::move(of_issuers);
    StapleBook book;
    book.add(flight);
    book.add(flight);
    return staple_facts(flight.certificates, book, settings);
  }
};

TEST_F(Stapling, IsJudged) {
  Value const good = judged(test::ocsp_response(leaf, ca, ca), leaf);
  EXPECT_EQ(good["must_staple"], Value{false});
  ASSERT_THAT(good["staples"].items(), SizeIs(1));
  EXPECT_EQ(good["staples"].items()[0]["status"], Value{"good"});
  EXPECT_TRUE(good["staples"].items()[0]["error"].is_null());
  EXPECT_EQ(good["staples"].items()[0]["certificate"], Value{crypto::sha256_hex(leaf.der())});
  EXPECT_EQ(judged({1, 2, 3}, leaf)["staples"].items()[0]["error"], Value{"malformed"});
  EXPECT_EQ(judged(Bytes(70'000, 0x30), leaf)["staples"].items()[0]["error"], Value{"too_large"});
  EXPECT_THAT(judged({}, leaf)["staples"].items(), IsEmpty());
}

TEST_F(Stapling, MayBeDemanded) {
  Issuee const must = test::make_leaf(ca, {{NID_tlsfeature, "status_request"}});
  EXPECT_EQ(judged({}, must)["must_staple"], Value{true});
  EXPECT_TRUE(staple_facts(std::vector<Bytes>{{1, 2}}, StapleBook{}, settings).is_null());
}

TEST_F(Stapling, OfAnIssuerIsJudgedToo) {
  Value const found = judged({}, leaf, {test::ocsp_response(ca, ca, ca)});
  ASSERT_THAT(found["staples"].items(), SizeIs(1));
  EXPECT_EQ(found["staples"].items()[0]["certificate"], Value{crypto::sha256_hex(ca.der())});
  EXPECT_EQ(found["staples"].items()[0]["status"], Value{"good"});
}

TEST_F(Stapling, WithoutTheIssuerIsNotJudged) {
  wire::Flight flight;
  flight.certificates = {leaf.der()};
  flight.ocsp_response = {1, 2, 3};
  StapleBook book;
  book.add(flight);
  Value const found = staple_facts(flight.certificates, book, settings);
  EXPECT_TRUE(found["staples"].items()[0]["inconclusive"].is_string());
}

}  // namespace
}  // namespace tlsgauge::probes
