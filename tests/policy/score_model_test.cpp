// How a profile names the model of its score, the order of grades, and what a score is made of.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "policy/score_facts.hpp"
#include "policy/score_model.hpp"
#include "tlsgauge/profile.hpp"

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
    EXPECT_EQ(got.verdict, Verdict::pass) << "by the requirements, whatever the model";
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
