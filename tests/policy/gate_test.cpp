// What a profile asks of a gate.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tlsgauge/profile.hpp"

namespace tlsgauge {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

Profile with_gate(std::string const& gate) {
  return parse_profile(
      "tlsgauge_profile: 1\nname: house\nversion: \"1\"\ntitle: House\nextends: nginx-recommended\nscore: {grades: {good: 80, bad: 0}}\n" +
          gate,
      "p.yaml");
}

std::string error_of(std::string const& gate) {
  try {
    static_cast<void>(with_gate(gate));
  } catch (ProfileError const& error) {
    return error.what();
  }
  return "no error";
}

TEST(ProfileGate, SaysNothingUnlessItIsThere) {
  Profile const profile = load_profile("nginx-recommended");
  GateDefaults const& gate = profile.gate();
  EXPECT_EQ(gate.fail_on + gate.min_grade + gate.on_inconclusive, "");
  EXPECT_FALSE(gate.min_score);
}

TEST(ProfileGate, IsReadAndDescribed) {
  Profile const profile = with_gate("gate: {fail_on: high, min_score: 80, min_grade: good, on_inconclusive: warn}\n");
  EXPECT_EQ(profile.gate().fail_on, "high");
  EXPECT_EQ(profile.gate().min_score, 80);
  EXPECT_EQ(profile.gate().min_grade, "good");
  EXPECT_EQ(profile.gate().on_inconclusive, "warn");
  EXPECT_THAT(describe(profile), HasSubstr("Lowest grade: good"));
}

TEST(ProfileGate, MistakesAreNamed) {
  EXPECT_THAT(error_of("gate: {fail_on: mediun}\n"), HasSubstr("gate.fail_on: unknown word \"mediun\" (did you mean \"medium\"?)"));
  EXPECT_THAT(error_of("gate: {min_score: 101}\n"), HasSubstr("gate.min_score: must be between 0 and 100"));
  EXPECT_THAT(error_of("gate: {min_score: 1.5}\n"), HasSubstr("gate.min_score: must be a whole number"));
  EXPECT_THAT(error_of("gate: {min_grade: A}\n"), HasSubstr("gate.min_grade: unknown word \"A\""));
  EXPECT_THAT(error_of("gate: {on_inconclusive: pass}\n"), HasSubstr("gate.on_inconclusive: unknown word"));
  EXPECT_THAT(error_of("gate: {fail_of: high}\n"), HasSubstr("(did you mean \"fail_on\"?)"));
}

TEST(Grades, HaveRanks) {
  Profile const profile = with_gate("");
  EXPECT_THAT(grades(profile), ElementsAre("good", "bad"));
  EXPECT_EQ(grade_rank(profile, "good"), 0U);
  EXPECT_EQ(grade_rank(profile, "bad"), 1U);
  EXPECT_FALSE(grade_rank(profile, "A"));
}

}  // namespace
}  // namespace tlsgauge
