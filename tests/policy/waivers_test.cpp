// What waivers cover, and what they do to verdict and score.

#include "tlsgauge/waivers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/causes.hpp"
#include "base/clock.hpp"
#include "support/facts_builder.hpp"

namespace tlsgauge {
namespace {

using test::FactsBuilder;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::string const kProfile =
    "tlsgauge_profile: 1\n"
    "name: house\n"
    "version: \"1\"\n"
    "title: House\n"
    "requirements:\n"
    "  - {id: versions, title: Versions, severity: high, why: w, fact: protocols.accepted, is: {subset_of: [TLSv1.2, TLSv1.3]}}\n"
    "  - {id: hsts, title: HSTS, severity: high, why: w, fact: http.hsts.max_age, is: {min: 63072000}}\n"
    "score:\n"
    "  caps: [{if_failed: versions, max_score: 30}]\n";

std::string waiver(std::string const& rest, std::string const& id = "W-1") {
  return "  - {id: " + id + ", reason: because, approved_by: board, expires: 2026-12-31, " + rest + "}\n";
}

Waivers waivers(std::string const& list) { return parse_waivers("tlsgauge_waivers: 1\nwaivers:\n" + list, "w.yaml"); }

Moment const kNow = parse_rfc3339("2026-11-26T12:00:00Z").value();

// good.example:443 at 192.0.2.10, with TLS 1.1 too.
Endpoint old_server() {
  FactsBuilder facts;
  facts.protocols["TLSv1.1"] = {"yes", ""};
  return facts.endpoint();
}

Assessment judged(Waivers const& list, Endpoint const& endpoint = old_server(), Moment now = kNow, Severity fail_on = Severity::medium) {
  Profile const profile = parse_profile(kProfile, "p.yaml");
  Assessment out = evaluate(profile, endpoint, fail_on);
  apply(list, profile, endpoint, out, fail_on, now);
  return out;
}

Requirement const& versions(Assessment const& assessment) { return assessment.requirements.front(); }

Verdict verdict_with(std::string const& rest, Endpoint const& endpoint = old_server()) {
  return versions(judged(waivers(waiver(rest)), endpoint)).verdict;
}

std::string const kHere = "target: good.example";

TEST(Waivers, OneInForceChangesFailToWaivedAndSaysWhoAllowedIt) {
  Assessment const before = judged({});
  Assessment const after =
      judged(waivers("  - {id: W-1, requirement: versions, target: good.example, reason: Old tills., approved_by: board, "
                     "ticket: T-9, created: 2026-11-01, expires: 2026-12-31}\n"));
  EXPECT_EQ(before.verdict, Verdict::fail);
  EXPECT_EQ(after.verdict, Verdict::pass);
  Requirement const& one = versions(after);
  EXPECT_EQ(one.verdict, Verdict::waived);
  EXPECT_EQ(one.observed, versions(before).observed);
  EXPECT_EQ(one.waiver, "W-1, expires 2026-12-31");
  ASSERT_TRUE(one.waived_by);
  EXPECT_EQ(one.waived_by->reason, "Old tills.");
  EXPECT_EQ(one.waived_by->approved_by, "board");
  EXPECT_EQ(one.waived_by->ticket, "T-9");
  EXPECT_EQ(one.waived_by->created, "2026-11-01");
  EXPECT_EQ(one.waived_by->expires, "2026-12-31");
  EXPECT_FALSE(one.waived_by->expired);
}

TEST(Waivers, WhatIsWaivedKeepsItsCostAndTheOtherScoreStandsBeside) {
  Assessment const before = judged({});
  Assessment const after = judged(waivers(waiver("requirement: versions, " + kHere)));
  EXPECT_EQ(before.score, 30) << "capped";
  EXPECT_FALSE(before.with_waivers);
  EXPECT_EQ(after.score, 30);
  EXPECT_EQ(after.grade, before.grade);
  EXPECT_EQ(versions(after).points_lost, versions(before).points_lost);
  ASSERT_TRUE(after.with_waivers);
  EXPECT_EQ(after.with_waivers->score, 100);
  EXPECT_EQ(after.with_waivers->grade, "A+");
}

TEST(Waivers, TheLastDayIsTheWholeDayOfUtc) {
  Waivers const list = waivers(waiver("requirement: versions, " + kHere));
  EXPECT_EQ(versions(judged(list, old_server(), parse_rfc3339("2026-12-31T23:59:59Z").value())).verdict, Verdict::waived);
  EXPECT_EQ(versions(judged(list, old_server(), parse_rfc3339("2027-01-01T00:00:00Z").value())).verdict, Verdict::fail);
}

TEST(Waivers, AnExpiredOneFailsAgainAndIsNamed) {
  Assessment const late = judged(waivers(waiver("requirement: versions, " + kHere)), old_server(), parse_rfc3339("2027-01-01").value());
  EXPECT_EQ(late.verdict, Verdict::fail);
  EXPECT_FALSE(versions(late).waiver);
  ASSERT_TRUE(versions(late).waived_by);
  EXPECT_EQ(versions(late).waived_by->id, "W-1");
  EXPECT_TRUE(versions(late).waived_by->expired);
  EXPECT_FALSE(late.with_waivers);
}

TEST(Waivers, OneThatBeginsLaterDoesNotHoldYet) {
  Waivers const list = waivers(waiver("requirement: versions, created: 2026-11-27, " + kHere));
  EXPECT_EQ(versions(judged(list)).verdict, Verdict::fail);
  EXPECT_FALSE(versions(judged(list)).waived_by);
  EXPECT_EQ(versions(judged(list, old_server(), parse_rfc3339("2026-11-27").value())).verdict, Verdict::waived);
}

TEST(Waivers, OneInForceWinsOverOneThatExpired) {
  std::string const expired =
      "  - {id: W-0, requirement: versions, target: good.example, reason: r, approved_by: b, expires: 2026-11-01}\n";
  std::string const holds = waiver("requirement: versions, " + kHere);
  for (std::string const& list : {expired + holds, holds + expired}) {
    EXPECT_EQ(versions(judged(waivers(list))).verdict, Verdict::waived);
    EXPECT_EQ(versions(judged(waivers(list))).waived_by->id, "W-1");
  }
}

TEST(Waivers, CoverRequirementsAndProfilesByName) {
  EXPECT_EQ(verdict_with("requirement: versions, " + kHere), Verdict::waived);
  EXPECT_EQ(verdict_with("requirement: 'ver*', " + kHere), Verdict::waived);
  EXPECT_EQ(verdict_with("requirement: [hsts, versions], " + kHere), Verdict::waived);
  EXPECT_EQ(verdict_with("requirement: version, " + kHere), Verdict::fail);
  EXPECT_EQ(verdict_with("requirement: hsts, " + kHere), Verdict::fail);
  EXPECT_EQ(verdict_with("requirement: versions, profile: house, " + kHere), Verdict::waived);
  EXPECT_EQ(verdict_with("requirement: versions, profile: other, " + kHere), Verdict::fail);
}

TEST(Waivers, CoverTargetsByNameAddressAndPort) {
  Endpoint endpoint = old_server();
  endpoint.target.host = "Shop.example.com";
  endpoint.target.port = 8443;
  endpoint.target.address = "192.0.2.20";
  auto const with = [&](std::string const& target) { return verdict_with("requirement: versions, target: '" + target + "'", endpoint); };
  for (char const* const yes : {"shop.example.com", "SHOP.example.com:8443", "*.example.com", "*.example.com:*", "shop.*:8443", "*",
                                "192.0.2.20", "192.0.2.20:8443", "192.0.2.0/24", "192.0.2.16/28:8443", "shop.example.com."}) {
    EXPECT_EQ(with(yes), Verdict::waived) << yes;
  }
  for (char const* const no : {"shop.example.com:443", "example.com", "*.example.org", "shop.example.co", "xshop.example.com", "192.0.2.21",
                               "192.0.2.0/28", "192.0.2.20:443", "[::ffff:192.0.2.20]", "192.0.2.2*"}) {
    EXPECT_EQ(with(no), Verdict::fail) << no;
  }
  endpoint.target.host = "2001:db8::5";
  endpoint.target.address = "2001:db8:0::5";
  EXPECT_EQ(with("[2001:DB8::5]:8443"), Verdict::waived);
  EXPECT_EQ(with("2001:db8::/32"), Verdict::waived) << "brackets are for ports";
  EXPECT_EQ(with("[2001:db8::]/126"), Verdict::fail);
  EXPECT_EQ(with("0.0.0.0/0"), Verdict::fail);
}

TEST(Waivers, NothingWorseThanWhatWasApprovedIsCovered) {
  std::string const one = "requirement: versions, match: TLSv1.1, " + kHere;
  EXPECT_EQ(verdict_with(one), Verdict::waived);
  FactsBuilder worse;
  worse.protocols["TLSv1.1"] = {"yes", ""};
  worse.protocols["TLSv1.0"] = {"yes", ""};
  EXPECT_EQ(verdict_with(one, worse.endpoint()), Verdict::fail) << "TLS 1.0 was not approved";
  EXPECT_EQ(verdict_with("requirement: versions, match: [TLSv1.0, TLSv1.1], " + kHere, worse.endpoint()), Verdict::waived);
  EXPECT_EQ(verdict_with("requirement: versions, match: 'TLSv1.*', " + kHere, worse.endpoint()), Verdict::waived);
  EXPECT_EQ(verdict_with("requirement: versions, match: '*1', " + kHere, worse.endpoint()), Verdict::fail);

  FactsBuilder open;
  open.protocols["TLSv1.1"] = {"yes", ""};
  open.protocols["SSLv3"] = {"inconclusive", "timed out"};
  EXPECT_EQ(verdict_with(one, open.endpoint()), Verdict::fail) << "SSL 3.0 may be there too";
  EXPECT_EQ(verdict_with("requirement: versions, " + kHere, open.endpoint()), Verdict::waived) << "without match anything was approved";
}

TEST(Waivers, TheWholeOfWhatWasObservedIsAMatchToo) {
  std::string const observed = versions(judged({})).observed;
  EXPECT_EQ(verdict_with("requirement: versions, match: '" + observed + "', " + kHere), Verdict::waived);
  EXPECT_EQ(verdict_with("requirement: versions, match: '" + observed.substr(0, observed.size() - 1) + "', " + kHere), Verdict::fail);
}

TEST(Waivers, ValuesMatchAsTheyAreWritten) {
  FactsBuilder facts;
  facts.http = Value::object().set("spoken", true).set("status", 200).set("redirect", nullptr).set("hsts", FactsBuilder::hsts(300));
  Assessment const plain = judged({}, facts.endpoint());
  ASSERT_EQ(plain.requirements.at(1).verdict, Verdict::fail);
  EXPECT_EQ(plain.requirements.at(1).observed, "300 seconds");
  auto const with = [&](std::string const& match) {
    return judged(waivers(waiver("requirement: hsts, match: '" + match + "', " + kHere)), facts.endpoint()).requirements.at(1).verdict;
  };
  EXPECT_EQ(with("300 seconds"), Verdict::waived);
  EXPECT_EQ(with("* seconds"), Verdict::waived);
  EXPECT_EQ(with("300"), Verdict::fail);
  EXPECT_EQ(with("600 seconds"), Verdict::fail);
}

TEST(Waivers, AListThatWasCutIsNotTakenForAllOfIt) {
  Profile const profile = parse_profile(
      "tlsgauge_profile: 1\nname: house\nversion: \"1\"\ntitle: House\nrequirements:\n"
      "  - {id: suites, title: Suites, severity: high, why: w, fact: suites.accepted.TLSv1.2, is: {subset_of: []}}\n",
      "p.yaml");
  FactsBuilder facts;
  for (auto const& info : {"TLS_RSA_WITH_AES_128_CBC_SHA", "TLS_RSA_WITH_AES_256_CBC_SHA", "TLS_RSA_WITH_3DES_EDE_CBC_SHA",
                           "TLS_RSA_WITH_AES_128_GCM_SHA256", "TLS_RSA_WITH_AES_256_GCM_SHA384", "TLS_RSA_WITH_RC4_128_SHA"}) {
    facts.suites.push_back({"TLSv1.2", info, {}});
  }
  Endpoint const endpoint = facts.endpoint();
  Assessment const plain = evaluate(profile, endpoint);
  Requirement const& requirement = plain.requirements.front();
  ASSERT_THAT(requirement.observed, HasSubstr(" more"));
  EXPECT_EQ(requirement.causes.size(), 8U);
  auto const with = [&](std::string const& match) {
    Assessment out = plain;
    apply(waivers(waiver("requirement: suites, match: " + match + ", " + kHere)), profile, endpoint, out, Severity::medium, kNow);
    return out.requirements.front().verdict;
  };
  EXPECT_EQ(with("'" + requirement.observed + "'"), Verdict::fail);
  EXPECT_EQ(with("[TLS_RSA_*, TLS_ECDHE_RSA_*]"), Verdict::waived);
  EXPECT_EQ(with("['TLS_RSA_*', '0xc030', '0xCCA8']"), Verdict::waived) << "codes will do";
  EXPECT_EQ(with("['TLS_RSA_*', '0xC030']"), Verdict::fail);
}

TEST(Waivers, MissingEvidenceIsNotWaived) {
  FactsBuilder open;
  open.protocols["SSLv3"] = {"inconclusive", "timed out"};
  Assessment const assessment = judged(waivers(waiver("requirement: versions, " + kHere)), open.endpoint());
  EXPECT_EQ(versions(assessment).verdict, Verdict::inconclusive);
  EXPECT_EQ(assessment.verdict, Verdict::inconclusive);

  Endpoint away = old_server();
  away.status = Status::unreachable;
  EXPECT_EQ(judged(waivers(waiver("requirement: '*s*', " + kHere)), away).verdict, Verdict::inconclusive);
}

TEST(Waivers, WhatPassesIsLeftAlone) {
  Assessment const assessment = judged(waivers(waiver("requirement: '*s*', " + kHere)), FactsBuilder{}.endpoint());
  EXPECT_EQ(versions(assessment).verdict, Verdict::pass);
  EXPECT_FALSE(versions(assessment).waived_by);
}

std::vector<std::string> warnings_of(std::string const& list, Endpoint endpoint = old_server(), Moment now = kNow) {
  Waivers const all = waivers(list);
  endpoint.assessments = {judged(all, endpoint, now)};
  return waiver_warnings(all, {endpoint}, now);
}

TEST(WaiverWarnings, OneThatIsUsedGivesNone) {
  EXPECT_THAT(warnings_of(waiver("requirement: versions, " + kHere)), IsEmpty());
  EXPECT_THAT(warnings_of(waiver("requirement: versions, " + kHere) + waiver("requirement: 'v*', " + kHere, "W-2")), IsEmpty());
}

TEST(WaiverWarnings, TellWhyOneIsNotUsed) {
  EXPECT_THAT(warnings_of(waiver("requirement: hsts, " + kHere)), ElementsAre("waiver W-1 is not used: nothing fails that it would cover"));
  EXPECT_THAT(warnings_of(waiver("requirement: versoins, " + kHere)),
              ElementsAre(HasSubstr("no profile that was applied has a requirement \"versoins\"")));
  EXPECT_THAT(warnings_of(waiver("requirement: versions, profile: other, " + kHere)), ElementsAre(HasSubstr("the name other")));
  EXPECT_THAT(warnings_of(waiver("requirement: versions, match: TLSv1.0, " + kHere)), ElementsAre(HasSubstr("not only, what it approves")));
  EXPECT_THAT(warnings_of(waiver("requirement: versions, target: else.example")),
              ElementsAre("waiver W-1 is not used: no endpoint of this run is its target"));
  EXPECT_THAT(warnings_of(waiver("requirement: a, target: a.example") + waiver("requirement: b, target: b.example", "W-2")),
              ElementsAre("2 waivers are not used, no endpoint of this run is their target: W-1, W-2"));
}

TEST(WaiverWarnings, NameThoseThatExpiredOrHaveNotBegun) {
  Moment const late = parse_rfc3339("2027-02-01").value();
  EXPECT_THAT(warnings_of(waiver("requirement: versions, " + kHere), old_server(), late),
              ElementsAre("waiver W-1 expired on 2026-12-31: what it covered fails again"));
  EXPECT_THAT(warnings_of(waiver("requirement: versions, created: 2026-12-01, " + kHere)),
              ElementsAre("waiver W-1 does not hold before 2026-12-01"));
}

TEST(WaiverWarnings, SayNothingOfAnEndpointThatWasNotReached) {
  Endpoint away = old_server();
  away.status = Status::unreachable;
  EXPECT_THAT(warnings_of(waiver("requirement: versions, " + kHere), away), IsEmpty());
}

// Rules that need several facts, and certificates.
TEST(Causes, AreAllThatFailed) {
  Profile const profile = parse_profile(
      "tlsgauge_profile: 1\nname: house\nversion: \"1\"\ntitle: House\nrequirements:\n"
      "  - id: exact\n    title: t\n    severity: high\n    why: w\n    fact: protocols.accepted\n    is: {equals: [TLSv1.3, TLSv1.2]}\n"
      "  - id: both\n    title: t\n    severity: high\n    why: w\n    all:\n"
      "      - {fact: protocols.accepted, is: {excludes: TLSv1.1}}\n"
      "      - {fact: http.hsts.max_age, is: {min: 99999999}}\n"
      "  - id: expired\n    title: t\n    severity: high\n    why: w\n    each: certificate\n    fact: certificate.expired\n"
      "    is: {equals: false}\n",
      "p.yaml");
  FactsBuilder facts;
  facts.protocols = {{"TLSv1.1", {"yes", ""}}, {"TLSv1.3", {"yes", ""}}};
  facts.certificates.push_back(facts.certificates.front());
  facts.certificates.front().days_left = -3;
  facts.certificates.front().not_after = "2026-11-20T00:00:00Z";
  facts.certificates.back().days_left = -30;
  facts.certificates.back().not_after = "2026-10-20T00:00:00Z";
  facts.certificates.back().authentication = "ecdsa";
  Assessment const assessment = evaluate(profile, facts.endpoint());
  auto const labels = [&](std::size_t i) {
    std::vector<std::string> out;
    for (Cause const& cause : assessment.requirements.at(i).causes) out.push_back(cause.label);
    return out;
  };
  EXPECT_THAT(labels(0), ElementsAre("TLSv1.1", "TLSv1.2")) << "too many, and missing";
  EXPECT_THAT(labels(1), ElementsAre("TLSv1.1", "63072000 seconds"));
  EXPECT_THAT(labels(2), ElementsAre(HasSubstr("2026-11-20"), HasSubstr("2026-10-20"))) << "of both certificates";
  // A second certificate that expires is one cause more.
  std::vector<Cause> const both = assessment.requirements.at(2).causes;
  facts.certificates.back().days_left = 30;
  facts.certificates.back().not_after = "2027-10-20T00:00:00Z";
  std::vector<Cause> const one = evaluate(profile, facts.endpoint()).requirements.at(2).causes;
  ASSERT_EQ(one.size(), 1U);
  EXPECT_THAT(new_causes(one, both), ElementsAre(&both.at(1)));
  EXPECT_THAT(new_causes(both, one), IsEmpty());
}

std::vector<Cause> causes_of(std::string const& requirement, FactsBuilder const& facts) {
  Profile const profile = parse_profile(
      "tlsgauge_profile: 1\nname: house\nversion: \"1\"\ntitle: House\nrequirements:\n  - {id: a, title: A, severity: high, why: w, " +
          requirement + "}\n",
      "p.yaml");
  return evaluate(profile, facts.endpoint()).requirements.front().causes;
}

TEST(Causes, NumbersSayHowFarTheyAreOff) {
  auto const age = causes_of("fact: http.hsts.max_age, is: {min: 99999999999}", FactsBuilder{});
  ASSERT_EQ(age.size(), 1U);
  EXPECT_EQ(age.front().kind, Cause::Kind::amount);
  EXPECT_EQ(age.front().fact, "http.hsts.max_age");
  EXPECT_EQ(age.front().amount + age.front().off, 99999999999.0);
  auto const days = causes_of("each: certificate, fact: certificate.days_left, is: {min: 5000}", FactsBuilder{});
  ASSERT_EQ(days.size(), 1U);
  EXPECT_EQ(days.front().kind, Cause::Kind::time_left);
  EXPECT_EQ(days.front().amount + days.front().off, 5000);
  EXPECT_TRUE(causes_of("fact: http.hsts.max_age, is: {min: 1}", FactsBuilder{}).empty()) << "what is met has none";
  auto const turned = causes_of("not: {fact: http.hsts.max_age, is: {min: 1}}", FactsBuilder{});
  ASSERT_EQ(turned.size(), 1U);
  EXPECT_EQ(turned.front().kind, Cause::Kind::amount);
}

TEST(Causes, AreTheSameWhereAServerMakesTextUpAnew) {
  auto const redirected = [](std::string const& where) {
    FactsBuilder facts;
    facts.plain_http.set("status", 302).set("redirect", where).set("redirects_to_https", false);
    return causes_of("fact: plain_http.redirects_to_https, is: {equals: true}", facts);
  };
  auto const first = redirected("http://www.example.com/login?sid=1");
  auto const second = redirected("http://www.example.com/login?sid=2");
  ASSERT_EQ(first.size(), 1U);
  EXPECT_NE(first.front().label, second.front().label);
  EXPECT_THAT(new_causes(first, second), IsEmpty());
}

TEST(Causes, ThatAreManyAreComparedInTime) {
  std::vector<Cause> earlier;
  std::vector<Cause> later;
  for (int i = 0; i < 100'000; ++i) {
    earlier.push_back({.key = std::to_string(i), .label = {}});
    later.push_back({.key = std::to_string(i + 1), .label = {}});
  }
  EXPECT_THAT(new_causes(earlier, later), ElementsAre(&later.back()));
}

}  // namespace
}  // namespace tlsgauge
