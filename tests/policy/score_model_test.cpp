// How a profile names the model of its score, the order of grades, and what a score is made of.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

#include "policy/possible.hpp"
#include "policy/score_facts.hpp"
#include "policy/score_model.hpp"
#include "tlsgauge/profile.hpp"
#include "tlsgauge/waivers.hpp"

namespace tlsgauge {
namespace {

using test::ScoreFacts;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::string const kHead = "tlsgauge_profile: 1\nname: n\nversion: \"1\"\ntitle: t\n";
std::string const kRequirements =
    "requirements:\n  - {id: new, title: new, severity: high, area: x, why: w, fact: protocols.accepted, is: {includes: TLSv1.3}}\n"
    "  - {id: old, title: old, severity: high, area: x, why: w, fact: protocols.accepted, is: {excludes: TLSv1.0}}\n"
    "  - {id: hsts, title: hsts, severity: high, area: y, why: w, fact: http.hsts.max_age, is: {min: 63072000}}\n";

Profile profile(std::string const& score) { return parse_profile(kHead + kRequirements + "score: " + score + "\n", "t.yaml"); }

TEST(Grades, OfAProfileAreItsOwnInTheOrderOfTheirThresholds) {
  Profile const profile = parse_profile(
      "tlsgauge_profile: 1\nname: n\nversion: \"1\"\ntitle: t\nrequirements:\n"
      "  - {id: a, title: a, severity: high, why: w, fact: protocols.accepted, is: {includes: TLSv1.3}}\n"
      "score: {grades: {POOR: 0, FAIR: 40, GOOD: 80}}\n",
      "t.yaml");
  EXPECT_THAT(grades(profile), ElementsAre("GOOD", "FAIR", "POOR"));
  EXPECT_EQ(grade_rank(profile, "GOOD"), 0U);
  EXPECT_EQ(grade_rank(profile, "POOR"), 2U);
  EXPECT_EQ(grade_rank(profile, "good"), std::nullopt);
  EXPECT_EQ(grade_rank(profile, ""), std::nullopt);
}

TEST(Grades, OfAModelAreWhatItsDocumentNames) {
  auto const of = [](policy::ScoreModel model) {
    policy::Scoring scoring;
    scoring.model = model;
    return policy::grades_of(scoring);
  };
  EXPECT_THAT(of(policy::ScoreModel::ssllabs), ElementsAre("A+", "A", "A-", "B", "C", "D", "E", "F", "M", "T"));
  EXPECT_THAT(of(policy::ScoreModel::nmap), ElementsAre("A", "B", "C", "D", "E", "F"));
  EXPECT_THAT(of(policy::ScoreModel::requirements), ElementsAre("A+", "A", "B", "C", "D", "F"));
}

TEST(ScoreModel, IsNamedByAWordOrAMember) {
  for (std::string const score : {"ssllabs", "{model: ssllabs}"}) {
    Assessment const got = evaluate(profile(score), ScoreFacts{}.endpoint());
    EXPECT_EQ(got.model, "ssllabs") << score;
    EXPECT_EQ(got.grade, "A+") << score;
    EXPECT_EQ(got.score, 97) << score;
    EXPECT_EQ(got.verdict, Verdict::pass);
    EXPECT_EQ(grades(profile(score)).front(), "A+");
  }
  EXPECT_EQ(evaluate(profile("nmap"), ScoreFacts{}.endpoint()).model, "nmap");
  EXPECT_EQ(evaluate(profile("{model: requirements}"), ScoreFacts{}.endpoint()).model, "requirements");
  EXPECT_EQ(evaluate(profile("{}"), ScoreFacts{}.endpoint()).model, "requirements");
}

TEST(ScoreModel, TheLastWordOnItCounts) {
  auto const model = [](std::string const& extends, std::string const& score) {
    Profile const made = parse_profile(kHead + "extends: " + extends + "\n" + (score.empty() ? "" : "score: " + score + "\n"), "t.yaml");
    return evaluate(made, ScoreFacts{}.endpoint()).model;
  };
  EXPECT_EQ(model("nginx-recommended", ""), "requirements");
  EXPECT_EQ(model("nginx-recommended", "ssllabs"), "ssllabs");
  EXPECT_EQ(model("ssllabs", ""), "ssllabs");
  EXPECT_EQ(model("ssllabs", "nmap"), "nmap");
  EXPECT_EQ(model("ssllabs", "{weights: {high: 1}}"), "requirements");
  EXPECT_EQ(model("[ssllabs, nginx-recommended]", ""), "requirements");
  EXPECT_EQ(model("[nginx-recommended, ssllabs]", ""), "ssllabs");
}

TEST(ScoreModel, ItsGradesAreThoseThatAGateMayName) {
  EXPECT_EQ(profile("ssllabs\ngate: {min_grade: A-}").gate().min_grade, "A-");
  EXPECT_THROW(static_cast<void>(profile("nmap\ngate: {min_grade: A-}")), ProfileError);
}

TEST(ScoreModel, ErrorsNameTheWordThatIsWrong) {
  auto const error = [](std::string const& score) -> std::string {
    try {
      static_cast<void>(profile(score));
    } catch (ProfileError const& problem) {
      return problem.what();
    }
    return {};
  };
  EXPECT_EQ(error("ssllab"), "t.yaml:9:8: score: unknown model \"ssllab\" (did you mean \"ssllabs\"?)");
  EXPECT_EQ(error("{model: nmapp}"), "t.yaml:9:16: score.model: unknown model \"nmapp\" (did you mean \"nmap\"?)");
  EXPECT_EQ(error("{model: ssllabs, weights: {high: 1}}"), "t.yaml:9:34: score.weights: the model ssllabs brings its own; leave this out");
  EXPECT_THAT(error("[ssllabs]"), HasSubstr("t.yaml:9:8: score: must be a map"));
  EXPECT_THAT(error("{model: [nmap]}"), HasSubstr("t.yaml:9:16: score.model: "));
}

TEST(ScoreModel, IsDescribedWithItsCategoriesAndCaps) {
  std::string const ssllabs = describe(profile("ssllabs"));
  EXPECT_THAT(ssllabs, HasSubstr("Score: ssllabs"));
  EXPECT_THAT(ssllabs, HasSubstr("At most B when TLS 1.0 or TLS 1.1 is accepted"));
  EXPECT_THAT(ssllabs, HasSubstr("T when the certificate is not trusted"));
  EXPECT_THAT(ssllabs, HasSubstr("Heartbleed"));
  EXPECT_THAT(describe(profile("nmap")), HasSubstr("43 % by the weaker of the certificate's key"));
}

TEST(ScoreModel, OfAnEndpointThatWasNotReachedKnowsNothing) {
  for (std::string const model : {"ssllabs", "nmap"}) {
    for (Status const status : {Status::unreachable, Status::not_tls}) {
      ScoreFacts facts;
      facts.status = status;
      Assessment const got = evaluate(profile(model), facts.endpoint());
      EXPECT_EQ(got.score, 0);
      EXPECT_EQ(got.grade, "F");
      EXPECT_EQ(got.coverage, 0);
      ASSERT_EQ(got.caps.size(), 1U);
      EXPECT_THAT(got.caps.front().reason, HasSubstr("inconclusive: the "));
    }
  }
}

// No requirement of the profile fails in these.
TEST(ScoreModel, TheVerdictFollowsTheGradeToo) {
  auto const dh = [](int bits) {
    ScoreFacts facts;
    facts.accepts("TLSv1.2", {"TLS_DHE_RSA_WITH_AES_256_GCM_SHA384"}).http = Value::object().set("spoken", false);
    facts.dh(bits);
    return facts;
  };
  Profile const ssllabs = profile("ssllabs");
  Assessment const sound = evaluate(ssllabs, dh(2048).endpoint());
  EXPECT_EQ(sound.grade, "A");
  EXPECT_EQ(sound.verdict, Verdict::pass);
  Assessment const weak = evaluate(ssllabs, dh(1024).endpoint());
  EXPECT_EQ(weak.grade, "B");
  EXPECT_EQ(weak.verdict, Verdict::fail);
  EXPECT_EQ(evaluate(ssllabs, dh(1024).endpoint(), Severity::high).verdict, Verdict::pass) << "a B is of medium severity";
  Assessment const broken = evaluate(ssllabs, dh(512).endpoint(), Severity::critical);
  EXPECT_EQ(broken.grade, "F");
  EXPECT_EQ(broken.verdict, Verdict::fail);

  EXPECT_EQ(evaluate(profile("nmap"), dh(1024).endpoint()).verdict, Verdict::pass);
  Assessment const below = evaluate(profile("nmap"), dh(512).endpoint());
  EXPECT_EQ(below.grade, "B");
  EXPECT_EQ(below.verdict, Verdict::fail);
}

TEST(ScoreModel, AGradeThatIsLowForWantOfEvidenceIsInconclusive) {
  ScoreFacts facts;
  facts.certificates.front().verified = false;
  Assessment const open = evaluate(profile("ssllabs"), facts.endpoint());
  EXPECT_EQ(open.grade, "T");
  EXPECT_EQ(open.verdict, Verdict::inconclusive);
  EXPECT_LT(open.coverage, 100);
  auto const possible = [](ScoreFacts const& each, std::string const& model = "ssllabs") {
    return policy::best_possible(profile(model), each.endpoint()).value_or(Standing{});
  };
  EXPECT_EQ(possible(facts).grade, "A+");
  EXPECT_EQ(possible(facts).score, 97);

  facts.accepts("TLSv1.2", {"TLS_DHE_RSA_WITH_AES_256_GCM_SHA384"});
  facts.dh(1024);
  Assessment const known = evaluate(profile("ssllabs"), facts.endpoint());
  EXPECT_EQ(known.grade, "T");
  EXPECT_EQ(possible(facts).grade, "B");
  EXPECT_EQ(known.verdict, Verdict::fail) << "whatever the certificate is like";

  ScoreFacts unread;
  unread.accepts("TLSv1.2", {"TLS_DHE_RSA_WITH_AES_256_GCM_SHA384"});
  EXPECT_EQ(evaluate(profile("ssllabs"), unread.endpoint()).verdict, Verdict::inconclusive);
  EXPECT_EQ(evaluate(profile("nmap"), unread.endpoint()).verdict, Verdict::inconclusive);
  unread.certificates.front().key_bits = 512;
  for (std::string const model : {"ssllabs", "nmap"}) {
    Assessment const small = evaluate(profile(model), unread.endpoint());
    EXPECT_EQ(small.grade, "F") << model;
    EXPECT_EQ(small.verdict, Verdict::fail) << model << ": the certificate's key is known";
    EXPECT_GT(possible(unread, model).grade, "A") << model;
  }
  ScoreFacts ssl2;
  ssl2.leaves_open("SSLv2", "timed out");
  EXPECT_EQ(evaluate(profile("nmap"), ssl2.endpoint()).verdict, Verdict::inconclusive);
  EXPECT_LT(evaluate(profile("nmap"), ssl2.endpoint()).coverage, 100);
}

TEST(ScoreModel, AWaiverAccountsForAGradeThatIsNoWorseThanWhatItCovers) {
  auto const with_waiver = [](ScoreFacts const& facts) {
    Waivers const waivers = parse_waivers(
        "tlsgauge_waivers: 1\nwaivers:\n  - {id: W-1, requirement: old, target: good.example, reason: r, approved_by: a, expires: "
        "2026-12-31}\n",
        "w.yaml");
    Endpoint const endpoint = facts.endpoint();
    Assessment out = evaluate(profile("ssllabs"), endpoint);
    EXPECT_EQ(out.verdict, Verdict::fail);
    using namespace std::chrono;
    apply(waivers, profile("ssllabs"), endpoint, out, Severity::medium, sys_days{2026y / 11 / 1});
    return out;
  };
  ScoreFacts facts;
  facts.accepts("TLSv1.0", {"TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA"});
  Assessment const old = with_waiver(facts);
  EXPECT_EQ(old.grade, "B");
  EXPECT_EQ(old.verdict, Verdict::pass);
  facts.accepts("TLSv1.2", {"TLS_DHE_RSA_WITH_AES_256_GCM_SHA384"});
  facts.dh(512);
  Assessment const broken = with_waiver(facts);
  EXPECT_EQ(broken.grade, "F");
  EXPECT_EQ(broken.verdict, Verdict::fail);
}

TEST(ScoreModel, WhatAnAPlusWantsIsNotDemanded) {
  ScoreFacts facts;
  facts.without("downgrade");
  Assessment const got = evaluate(profile("ssllabs"), facts.endpoint());
  EXPECT_EQ(got.grade, "A");
  EXPECT_EQ(got.verdict, Verdict::pass);
}

TEST(RequirementScore, HasAPartForEveryAreaThatApplies) {
  ScoreFacts facts;
  facts.accepts("TLSv1.0", {"TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA"});
  Assessment const got = evaluate(profile("{areas: {x: 3, y: 1}}"), facts.endpoint());
  EXPECT_EQ(got.model, "requirements");
  ASSERT_EQ(got.parts.size(), 2U);
  EXPECT_EQ(got.parts[0].name, "x");
  EXPECT_EQ(got.parts[0].weight, 75);
  EXPECT_EQ(got.parts[0].score, 50);
  EXPECT_EQ(got.parts[0].basis, "1 of 2 requirements met");
  EXPECT_EQ(got.parts[1].name, "y");
  EXPECT_EQ(got.parts[1].score, 100);
  EXPECT_EQ(got.parts[1].basis, "1 of 1 requirement met");
  EXPECT_EQ(got.score, 63);  // 0.75 * 50 + 0.25 * 100 = 62.5
  EXPECT_THAT(got.caps, IsEmpty());

  facts.http = Value::object().set("spoken", false);
  Assessment const mail = evaluate(profile("{areas: {x: 3, y: 1}}"), facts.endpoint());
  ASSERT_EQ(mail.parts.size(), 1U) << "an area that does not apply has no share";
  EXPECT_EQ(mail.parts[0].weight, 100);

  Assessment const whole = evaluate(profile("{}"), facts.endpoint());
  ASSERT_EQ(whole.parts.size(), 1U);
  EXPECT_EQ(whole.parts[0].name, "requirements");
  EXPECT_EQ(whole.parts[0].basis, "1 of 2 requirements met");
}

TEST(RequirementScore, NamesTheCapThatTookEffect) {
  std::string const score =
      "{caps: [{if_failed: old, max_score: 59}, {if_failed: hsts, max_score: 100}], grades: {A: 90, C: 60, D: 40, F: 0}}";
  ScoreFacts facts;
  EXPECT_THAT(evaluate(profile(score), facts.endpoint()).caps, IsEmpty());
  facts.accepts("TLSv1.0", {"TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA"});
  Assessment const got = evaluate(profile(score), facts.endpoint());
  EXPECT_EQ(got.score, 59);
  EXPECT_EQ(got.grade, "D");
  ASSERT_EQ(got.caps.size(), 1U);
  EXPECT_EQ(got.caps.front().grade, "D");
  EXPECT_EQ(got.caps.front().reason, "at most 59 points while old is not met");
  // One that takes nothing away is not named.
  ScoreFacts low;
  low.accepts("TLSv1.0", {"TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA"}).refuses("TLSv1.3").answers_with(ScoreFacts::no_hsts());
  Assessment const nothing = evaluate(profile(score), low.endpoint());
  EXPECT_EQ(nothing.score, 0);
  EXPECT_THAT(nothing.caps, IsEmpty());
}

TEST(RequirementScore, InconclusiveLowersTheCoverageAndNeverRaisesTheScore) {
  for (std::string const score : {"{}", "{areas: {x: 3, y: 1}}"}) {
    ScoreFacts facts;
    Assessment const whole = evaluate(profile(score), facts.endpoint());
    EXPECT_EQ(whole.score, 100);
    EXPECT_EQ(whole.coverage, 100);
    facts.without("http");
    Assessment const open = evaluate(profile(score), facts.endpoint());
    facts.answers_with(ScoreFacts::no_hsts());
    facts.omitted.clear();
    Assessment const failed = evaluate(profile(score), facts.endpoint());
    EXPECT_LT(open.coverage, 100) << score;
    EXPECT_EQ(open.score, failed.score) << "not known earns no more than failed: " << score;
    EXPECT_THAT(open.parts.back().basis, HasSubstr("1 inconclusive"));
  }
}

}  // namespace
}  // namespace tlsgauge
