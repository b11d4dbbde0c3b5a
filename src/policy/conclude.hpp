#pragma once
// From the verdicts of requirements to that of the profile.

#include "tlsgauge/profile.hpp"

namespace tlsgauge::policy {

/// Fills score, grade, coverage, points_lost, with_waivers and the verdict from the requirements' verdicts. What is waived costs what it
/// cost before, but decides neither verdict nor `with_waivers`. `by_grade`: what the grade says, where that is not to be judged here.
void conclude(Profile const& profile, Endpoint const& endpoint, Assessment& assessment, Severity fail_on,
              std::optional<Verdict> by_grade = std::nullopt);

}  // namespace tlsgauge::policy
