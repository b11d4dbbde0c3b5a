#include "scan/plan.hpp"

#include <gmock/gmock.h>

#include <stdexcept>

#include "probes/all.hpp"

namespace tlsgauge::scanning {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr std::string_view kNeedsA[] = {"alpha"};
constexpr std::string_view kNeedsB[] = {"beta"};
constexpr std::string_view kNeedsAB[] = {"alpha", "beta"};

constexpr audit::Probe probe(std::string_view id, std::span<std::string_view const> needs) {
  return {.id = id, .question = "?", .keys = {}, .citations = {}, .needs = needs, .applies = nullptr, .ask = nullptr};
}

constexpr audit::Probe kAlpha = probe("alpha", {});
constexpr audit::Probe kBeta = probe("beta", kNeedsA);
constexpr audit::Probe kGamma = probe("gamma", kNeedsB);
constexpr audit::Probe kDelta = probe("delta", kNeedsAB);
constexpr audit::Probe kOmega = probe("omega", {});
constexpr audit::Probe const* kKnown[] = {&kAlpha, &kBeta, &kGamma, &kDelta, &kOmega};

std::vector<std::string> ids(Plan const& plan) {
  std::vector<std::string> out;
  for (audit::Probe const* const probe : plan.probes) out.emplace_back(probe->id);
  return out;
}

TEST(Plan, AsksOnRequestOnlyWhatIsNamed) {
  audit::Probe rare = probe("rare", kNeedsA);
  rare.on_request = true;
  audit::Probe const* const known[] = {&kAlpha, &rare, &kOmega};
  EXPECT_THAT(ids(make_plan(known, {}, {})), ElementsAre("alpha", "omega"));
  EXPECT_THAT(ids(make_plan(known, {}, {}, {"rare"})), ElementsAre("alpha", "rare", "omega"));
  EXPECT_THAT(ids(make_plan(known, {"rare"}, {})), ElementsAre("alpha", "rare"));
  EXPECT_THAT(ids(make_plan(known, {"omega"}, {}, {"rare"})), ElementsAre("alpha", "rare", "omega"));
}

TEST(Plan, TakesAllInTheOrderOfTheReport) {
  EXPECT_THAT(ids(make_plan(kKnown, {}, {})), ElementsAre("alpha", "beta", "gamma", "delta", "omega"));
}

TEST(Plan, PullsInWhatTheChosenOnesNeed) {
  EXPECT_THAT(ids(make_plan(kKnown, {"gamma"}, {})), ElementsAre("alpha", "beta", "gamma"));
  EXPECT_THAT(ids(make_plan(kKnown, {"omega", "alpha"}, {})), ElementsAre("alpha", "omega"));
}

TEST(Plan, LeavesOutWhatASkippedOneIsNeededFor) {
  Plan const plan = make_plan(kKnown, {}, {"beta"});
  EXPECT_THAT(ids(plan), ElementsAre("alpha", "omega"));
  ASSERT_THAT(plan.notes, SizeIs(2));
  EXPECT_EQ(plan.notes[0].where, "gamma");
  EXPECT_THAT(plan.notes[0].what, HasSubstr("needs beta"));
  EXPECT_EQ(plan.notes[1].where, "delta");
}

TEST(Plan, FollowsNeedsOfNeeds) {
  Plan const plan = make_plan(kKnown, {"gamma"}, {"alpha"});
  EXPECT_THAT(plan.probes, IsEmpty());
  ASSERT_THAT(plan.notes, SizeIs(2));
  EXPECT_EQ(plan.notes[0].where, "beta");
  EXPECT_EQ(plan.notes[1].where, "gamma");
}

TEST(Plan, NamesTheNearestKnownProbe) {
  try {
    static_cast<void>(make_plan(kKnown, {"omga"}, {}));
    FAIL() << "an unknown probe was taken";
  } catch (std::invalid_argument const& e) {
    EXPECT_THAT(e.what(), HasSubstr("\"omga\""));
    EXPECT_THAT(e.what(), HasSubstr("did you mean omega?"));
  }
  EXPECT_THROW(static_cast<void>(make_plan(kKnown, {}, {"zzzzzzzzzzzz"})), std::invalid_argument);
  EXPECT_THROW(static_cast<void>(make_plan(kKnown, {""}, {})), std::invalid_argument);
}

TEST(ProbeList, CanBeAskedWithoutWaitingForever) {
  std::vector<std::string_view> over;
  for (std::size_t round = 0; round <= probes::all().size(); ++round) {
    for (audit::Probe const* const probe : probes::all()) {
      bool const known = std::find(over.begin(), over.end(), probe->id) != over.end();
      bool const ready = std::all_of(probe->needs.begin(), probe->needs.end(),
                                     [&](std::string_view need) { return std::find(over.begin(), over.end(), need) != over.end(); });
      if (!known && ready) over.push_back(probe->id);
    }
  }
  EXPECT_THAT(over, SizeIs(probes::all().size()));
}

}  // namespace
}  // namespace tlsgauge::scanning
