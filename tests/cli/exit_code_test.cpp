#include "cli/exit_code.hpp"

#include <gtest/gtest.h>

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
  return judge(document, parse_gate(fail_on));
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
  EXPECT_EQ(judge(document, parse_gate("medium")).code, 3);
  document.endpoints.push_back(endpoint(Status::complete, {Verdict::fail}));
  EXPECT_EQ(judge(document, parse_gate("medium")).code, 1);
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

TEST(ExitCode, KnowsTheSeveritiesOfTheGate) {
  EXPECT_EQ(parse_gate("critical").fail_on, Severity::critical);
  EXPECT_EQ(parse_gate("low").fail_on, Severity::low);
  EXPECT_TRUE(parse_gate("never").never);
  EXPECT_THROW((void)parse_gate("info"), UsageError);
  EXPECT_THROW((void)parse_gate("hgih"), UsageError);
}

}  // namespace
}  // namespace tlsgauge::cli
