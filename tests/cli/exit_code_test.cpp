#include "cli/exit_code.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "policy/score_facts.hpp"

namespace tlsgauge::cli {
namespace {

Endpoint endpoint(Status status, std::vector<Verdict> verdicts) {
  Endpoint each;
  each.target.host = "example.com";
  each.status = status;
  for (Verdict const verdict : verdicts) {
    Assessment assessment;
    assessment.profile.name = "some-profile";
    assessment.verdict = verdict;
    each.assessments.push_back(assessment);
  }
  return each;
}

Outcome judged(std::vector<Endpoint> endpoints, std::string const& fail_on = "medium") {
  Document document;
  document.endpoints = std::move(endpoints);
  return judge(document, {Bar{{}, parse_gate(fail_on)}, Bar{{}, parse_gate(fail_on)}});
}

TEST(ExitCode, IsZeroWithoutWordsWhenEveryEndpointPasses) {
  Outcome const outcome = judged({endpoint(Status::complete, {Verdict::pass, Verdict::pass}), endpoint(Status::complete, {Verdict::pass})});
  EXPECT_EQ(outcome.code, 0);
  EXPECT_EQ(outcome.reason, "");
}

TEST(ExitCode, IsOneWhenOneProfileOfOneEndpointFails) {
  Outcome const outcome = judged({endpoint(Status::complete, {Verdict::pass}), endpoint(Status::complete, {Verdict::pass, Verdict::fail})});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_NE(outcome.reason.find("example.com:443 does not meet some-profile"), std::string::npos) << outcome.reason;
}

TEST(ExitCode, IsThreeWhenAnEndpointWasNotReached) {
  EXPECT_EQ(judged({endpoint(Status::complete, {Verdict::pass}), endpoint(Status::unreachable, {Verdict::inconclusive})}).code, 3);
  EXPECT_EQ(judged({endpoint(Status::not_tls, {Verdict::inconclusive})}).code, 3);
}

TEST(ExitCode, IsThreeWhenAVerdictIsInconclusive) { EXPECT_EQ(judged({endpoint(Status::partial, {Verdict::inconclusive})}).code, 3); }

TEST(ExitCode, IsThreeForAStoredRunThatWasInterrupted) {
  Document document;
  document.run.interrupted = true;
  document.endpoints.push_back(endpoint(Status::complete, {Verdict::pass}));
  EXPECT_EQ(judge(document, {Bar{{}, parse_gate("medium")}}).code, 3);
  document.endpoints.push_back(endpoint(Status::complete, {Verdict::fail}));
  EXPECT_EQ(judge(document, {Bar{{}, parse_gate("medium")}}).code, 1);
}

TEST(ExitCode, OneWinsOverThree) {
  EXPECT_EQ(judged({endpoint(Status::unreachable, {Verdict::inconclusive}), endpoint(Status::complete, {Verdict::fail})}).code, 1);
}

TEST(ExitCode, NeverPassesOnMissingEvidence) {
  EXPECT_EQ(judged({}).code, 3);
  EXPECT_EQ(judged({endpoint(Status::complete, {})}).code, 3);
  EXPECT_EQ(judged({endpoint(Status::unreachable, {Verdict::inconclusive})}, "never").code, 3);
}

TEST(ExitCode, FailOnNeverIgnoresUnmetRequirements) { EXPECT_EQ(judged({endpoint(Status::complete, {Verdict::fail})}, "never").code, 0); }

// Four requirements of the same weight; score 100 and grade A+ when all pass.
Profile quarters() {
  std::string text = "tlsgauge_profile: 1\nname: quarters\nversion: \"1\"\ntitle: Quarters\nrequirements:\n";
  for (char const* const id : {"a", "b", "c", "d"})
    text += std::string{"  - {id: "} + id + ", title: t, severity: low, why: w, fact: protocols.accepted, is: {includes: TLSv1.3}}\n";
  return parse_profile(text, "quarters.yaml");
}

// Judged against it: the verdicts as they are given, in the order of the requirements; gates that fail on medium see none of them.
Outcome gated(std::vector<Verdict> const& verdicts, Gate const& gate, Verdict overall = Verdict::pass, Status status = Status::complete) {
  Profile const profile = quarters();
  Endpoint one;
  one.target.host = "example.com";
  one.status = status;
  Assessment assessment = evaluate(profile, one);
  for (std::size_t i = 0; i < verdicts.size(); ++i) assessment.requirements.at(i).verdict = verdicts[i];
  Standing const standing = standing_if_met(profile, one, assessment, {});
  assessment.score = standing.score;
  assessment.grade = standing.grade;
  if (std::ranges::find(verdicts, Verdict::waived) != verdicts.end())
    assessment.with_waivers = standing_if_met(profile, one, assessment, {Verdict::waived});
  assessment.verdict = overall;
  one.assessments = {assessment};
  Document document;
  document.endpoints = {one};
  return judge(document, {Bar{profile, gate}});
}

std::optional<Shortfall> lacking(std::vector<Verdict> const& verdicts, Gate const& gate, Status status = Status::complete) {
  Profile const profile = quarters();
  Endpoint one;
  one.target.host = "example.com";
  one.status = status;
  Assessment assessment = evaluate(profile, one);
  for (std::size_t i = 0; i < verdicts.size(); ++i) assessment.requirements.at(i).verdict = verdicts[i];
  Standing const standing = standing_if_met(profile, one, assessment, {});
  assessment.score = standing.score;
  assessment.grade = standing.grade;
  if (std::ranges::find(verdicts, Verdict::waived) != verdicts.end())
    assessment.with_waivers = standing_if_met(profile, one, assessment, {Verdict::waived});
  one.assessments = {assessment};
  return shortfall(one, assessment, Bar{profile, gate});
}

Gate score_of(int least) {
  Gate gate;
  gate.min_score = least;
  return gate;
}

Gate grade_of(std::string least) {
  Gate gate;
  gate.min_grade = std::move(least);
  return gate;
}

constexpr auto kPass = Verdict::pass;
constexpr auto kFail = Verdict::fail;
constexpr auto kOpen = Verdict::inconclusive;

TEST(Gate, HoldsTheScoreAgainstItsBound) {
  EXPECT_EQ(gated({kPass, kPass, kPass, kFail}, score_of(75)).code, 0);
  Outcome const below = gated({kPass, kPass, kPass, kFail}, score_of(76));
  EXPECT_EQ(below.code, 1);
  EXPECT_EQ(below.reason, "1 of 1 endpoints: example.com:443 does not meet quarters: score 75 is below 76");
}

TEST(Gate, HoldsTheGradeAgainstItsBound) {
  EXPECT_EQ(gated({kPass, kPass, kPass, kFail}, grade_of("B")).code, 0);
  EXPECT_EQ(gated({kPass, kPass, kPass, kPass}, grade_of("B")).code, 0) << "A+ is better";
  Outcome const below = gated({kPass, kPass, kPass, kFail}, grade_of("A"));
  EXPECT_EQ(below.code, 1);
  EXPECT_NE(below.reason.find("grade B is below A"), std::string::npos) << below.reason;
}

TEST(Gate, NeverFailingStillHoldsTheScore) {
  Gate gate = score_of(76);
  gate.never = true;
  EXPECT_EQ(gated({kPass, kPass, kPass, kFail}, gate).code, 1);
}

/// What reports tell of score and grade is what decides the code.
TEST(Gate, TellsReportsWhatIsWantingInScoreAndGrade) {
  EXPECT_FALSE(lacking({kPass, kPass, kPass, kFail}, score_of(75)));
  EXPECT_FALSE(lacking({kFail, kFail, kFail, kFail}, Gate{}));
  auto const score = lacking({kPass, kPass, kPass, kFail}, score_of(76));
  ASSERT_TRUE(score);
  EXPECT_EQ(score->expected, "score 76 or more");
  EXPECT_EQ(score->observed, "score 75, grade B");
  EXPECT_EQ(score->verdict, kFail);
  EXPECT_EQ(score->severity, Severity::medium);
  Gate both = grade_of("A");
  both.min_score = 70;
  both.fail_on = Severity::high;
  auto const grade = lacking({kPass, kPass, kPass, kFail}, both);
  ASSERT_TRUE(grade);
  EXPECT_EQ(grade->expected, "score 70 or more, grade A or better");
  EXPECT_EQ(grade->severity, Severity::high);
  EXPECT_EQ(lacking({kPass, kPass, kPass, kOpen}, score_of(76))->verdict, kOpen);
  EXPECT_EQ(lacking({kPass, kPass, kFail, kOpen}, score_of(76))->verdict, kFail);
  EXPECT_FALSE(lacking({kPass, kPass, kPass, Verdict::waived}, score_of(100)));
  EXPECT_FALSE(lacking({kPass, kPass, kPass, kFail}, score_of(76), Status::unreachable));
}

TEST(Gate, CountsWhatIsWaivedAsMet) {
  EXPECT_EQ(gated({kPass, kPass, kPass, Verdict::waived}, score_of(100)).code, 0);
  EXPECT_EQ(gated({kPass, kPass, kFail, Verdict::waived}, score_of(76)).code, 1);
}

TEST(Gate, AScoreThatMayBeHighEnoughIsMissingEvidence) {
  EXPECT_EQ(gated({kPass, kPass, kPass, kOpen}, score_of(76)).code, 3);
  EXPECT_EQ(gated({kPass, kPass, kFail, kOpen}, score_of(76)).code, 1) << "too low whatever the answer";
  EXPECT_EQ(gated({kPass, kPass, kPass, kOpen}, score_of(75)).code, 0);
}

TEST(Gate, ATolerantOneLetsInconclusiveAnswersPassWithAWarning) {
  Gate gate;
  EXPECT_EQ(gated({kPass, kPass, kPass, kOpen}, gate, kOpen).code, 3);
  gate.tolerant = true;
  gate.fail_on = Severity::low;
  Outcome const outcome = gated({kPass, kPass, kPass, kOpen}, gate, kOpen);
  EXPECT_EQ(outcome.code, 0);
  EXPECT_EQ(outcome.reason, "");
  ASSERT_EQ(outcome.warnings.size(), 1U);
  EXPECT_EQ(outcome.warnings.front(),
            "1 of 1 endpoints: example.com:443: a required answer is inconclusive (d); --on-inconclusive warn lets it pass");
  gate.min_score = 76;
  EXPECT_EQ(gated({kPass, kPass, kPass, kOpen}, gate, kOpen).code, 0);
  EXPECT_EQ(gated({kPass, kPass, kFail, kOpen}, gate, kOpen).code, 1);
}

TEST(Gate, ATolerantOneDoesNotPassWithoutAnyEvidence) {
  Gate gate;
  gate.tolerant = true;
  EXPECT_EQ(gated({kOpen, kOpen, kOpen, kOpen}, gate, kOpen).code, 3);
  EXPECT_EQ(gated({kPass, kPass, kPass, kPass}, gate, kPass, Status::unreachable).code, 3);
  EXPECT_EQ(gated({kPass, kPass, kPass, kPass}, gate, kPass, Status::not_tls).code, 3);
}

// By the SSL Labs model, with a requirement that is met.
Outcome graded(test::ScoreFacts const& facts, Gate const& gate) {
  Profile const profile = parse_profile(
      "tlsgauge_profile: 1\nname: n\nversion: \"1\"\ntitle: t\nscore: ssllabs\nrequirements:\n"
      "  - {id: a, title: t, severity: low, why: w, fact: protocols.accepted, is: {includes: TLSv1.3}}\n",
      "n.yaml");
  Endpoint one = facts.endpoint();
  one.assessments = {evaluate(profile, one)};
  Document document;
  document.endpoints = {one};
  return judge(document, {Bar{profile, gate}});
}

TEST(Gate, AModelsGradeIsMissingEvidenceWhereItMayYetBeReached) {
  Gate tolerant = grade_of("A");
  tolerant.tolerant = true;
  EXPECT_EQ(graded({}, grade_of("A")).code, 0);
  test::ScoreFacts open;
  open.certificates.front().verified = false;
  EXPECT_EQ(graded(open, grade_of("A")).code, 3);
  EXPECT_EQ(graded(open, score_of(90)).code, 3);
  EXPECT_EQ(graded(open, tolerant).code, 0);
  test::ScoreFacts broken;
  broken.accepts("TLSv1.2", {"TLS_DHE_RSA_WITH_AES_256_GCM_SHA384"});
  broken.dh(512);
  EXPECT_EQ(graded(broken, Gate{}).code, 1) << "an F, though every requirement is met";
  broken.leaves_open("SSLv3", "timed out");
  EXPECT_EQ(graded(broken, grade_of("A")).code, 1);
  EXPECT_EQ(graded(broken, tolerant).code, 1) << "no gap makes a certain F tolerable";
  Gate never = tolerant;
  never.never = true;
  EXPECT_EQ(graded(broken, never).code, 1) << "the grade is a bound of its own";
}

TEST(Gate, ThatNeverFailsStillWantsTheEvidence) {
  Gate gate;
  gate.never = true;
  gate.fail_on = Severity::low;
  EXPECT_EQ(gated({kPass, kPass, kPass, kFail}, gate, kFail).code, 0);
  Outcome const open = gated({kPass, kPass, kOpen, kFail}, gate, kFail);
  EXPECT_EQ(open.code, 3);
  EXPECT_NE(open.reason.find("a required answer is inconclusive (c)"), std::string::npos) << open.reason;
  gate.fail_on = Severity::medium;
  EXPECT_EQ(gated({kPass, kPass, kOpen, kFail}, gate, kFail).code, 0) << "of low severity";
}

TEST(ExitCode, KnowsTheSeveritiesOfTheGate) {
  EXPECT_EQ(parse_gate("critical").fail_on, Severity::critical);
  EXPECT_EQ(parse_gate("low").fail_on, Severity::low);
  EXPECT_TRUE(parse_gate("never").never);
  EXPECT_THROW((void)parse_gate("info"), UsageError);
  EXPECT_THROW((void)parse_gate("hgih"), UsageError);
}

}  // namespace
}  // namespace tlsgauge::cli
