#pragma once
// The score: how many of 100 points each requirement cost, and why.

#include "policy/model.hpp"

namespace tlsgauge::policy {

/// Fills points_lost of every requirement, score, grade and coverage from the verdicts; `assessment.requirements` stand in the order
/// of `profile.rules`. The areas that apply share 100 points by their size, the requirements of an area share it by their severity. What
/// is not applicable is left out; what failed, is waived or is inconclusive earns nothing. Then caps: what a cap takes away is added to the
/// requirement that causes it. Points are rounded to hundredths first, so that 100 minus their sum, rounded, is the score.
void score(Profile::Impl const& profile, Assessment& assessment);

}  // namespace tlsgauge::policy
