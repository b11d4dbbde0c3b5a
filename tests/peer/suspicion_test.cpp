#include "peer/suspicion.hpp"

#include <gtest/gtest.h>

#include <random>

namespace tlsgauge::peer {
namespace {

using Verdict = Suspicion::Verdict;

struct Tally {
  unsigned wrong_no = 0;
  unsigned undecided = 0;
  unsigned believed_no = 0;
  unsigned connections = 0;
};

/// One audit of 40 questions to a server that resets a share of all connections, run as Exchange runs it.
Tally audit(double share, bool serves_all, unsigned seed) {
  std::mt19937 random{seed};
  std::bernoulli_distribution reset{share};
  Reliability reliability;
  reliability.success();
  Tally tally;
  for (int question = 0; question < 40; ++question) {
    bool const served = serves_all || question % 2 == 0;
    Suspicion suspicion;
    Verdict verdict = Verdict::ask_again;
    while (verdict == Verdict::ask_again) {
      ++tally.connections;
      if (served && !reset(random)) {
        reliability.success();
        reliability.fault(suspicion.charged());
        break;
      }
      while (reset(random)) {
        ++tally.connections;
        reliability.fault();
      }
      ++tally.connections;
      reliability.success();
      suspicion.charge(Sign::reset);
      verdict = suspicion.verdict(reliability);
    }
    tally.wrong_no += verdict == Verdict::no && served ? 1 : 0;
    tally.believed_no += verdict == Verdict::no && !served ? 1 : 0;
    tally.undecided += verdict == Verdict::undecided ? 1 : 0;
  }
  return tally;
}

Tally audits(double share, bool serves_all) {
  Tally sum;
  for (unsigned seed = 0; seed < 1000; ++seed) {
    Tally const one = audit(share, serves_all, seed);
    sum.wrong_no += one.wrong_no;
    sum.undecided += one.undecided;
    sum.believed_no += one.believed_no;
    sum.connections += one.connections;
  }
  return sum;
}

TEST(Suspicion, NeverCallsAServedQuestionRefusedAtFivePerCentResets) {
  Tally const tally = audits(0.05, true);
  EXPECT_EQ(tally.wrong_no, 0U);
  EXPECT_EQ(tally.undecided, 0U);
  EXPECT_LT(tally.connections, 50'000U);
}

TEST(Suspicion, NeverCallsAServedQuestionRefusedAtTwentyPerCentResets) {
  Tally const tally = audits(0.2, true);
  EXPECT_EQ(tally.wrong_no, 0U);
  EXPECT_EQ(tally.undecided, 0U);
  EXPECT_LT(tally.connections, 70'000U);
}

TEST(Suspicion, HardlyEverErrsAtFortyPerCentResets) {
  Tally const tally = audits(0.4, true);
  EXPECT_LE(tally.wrong_no, 4U);  // of 40,000
  EXPECT_LE(tally.undecided, 40U);
}

TEST(Suspicion, BelievesASilentNoOfAReliableServerWithinAFewConnections) {
  Tally const tally = audits(0, false);
  EXPECT_EQ(tally.believed_no, 20'000U);
  EXPECT_LT(tally.connections, 200'000U);
}

TEST(Suspicion, BelievesMostSilentNosOfAnUnreliableServer) {
  Tally const tally = audits(0.2, false);
  EXPECT_EQ(tally.wrong_no, 0U);
  EXPECT_GT(tally.believed_no, 15'000U);
}

TEST(Suspicion, NeverBelievesOneFailure) {
  Reliability reliability;
  for (int i = 0; i < 10'000'000; ++i) reliability.success();
  Suspicion suspicion;
  suspicion.charge(Sign::closed);
  EXPECT_EQ(suspicion.verdict(reliability), Verdict::ask_again);
}

TEST(Suspicion, DoesNotBelieveFailuresOfDifferentKinds) {
  Reliability reliability;
  for (int i = 0; i < 1000; ++i) reliability.success();
  Suspicion suspicion;
  for (unsigned i = 0; i < Suspicion::kMost; ++i) suspicion.charge(i % 2 == 0 ? Sign::silent : Sign::reset);
  EXPECT_EQ(suspicion.verdict(reliability), Verdict::undecided);
}

TEST(Suspicion, TakesAClosedAndAResetConnectionForTheSame) {
  Reliability reliability;
  for (int i = 0; i < 1000; ++i) reliability.success();
  Suspicion suspicion;
  for (int i = 0; i < 4; ++i) suspicion.charge(i % 2 == 0 ? Sign::closed : Sign::reset);
  EXPECT_EQ(suspicion.verdict(reliability), Verdict::no);
  EXPECT_NE(suspicion.describe().find("reset (2 times)"), std::string::npos) << suspicion.describe();
}

}  // namespace
}  // namespace tlsgauge::peer
