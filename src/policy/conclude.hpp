#pragma once
// From the verdicts of requirements to that of the profile.

#include "tlsgauge/profile.hpp"

namespace tlsgauge::policy {

/// Fills score, grade, coverage, points_lost, with_waivers and the verdict from the requirements' verdicts. What is waived costs what it
/// cost before, but decides neither verdict nor `with_waivers`.
void conclude(Profile const& profile, Endpoint const& endpoint, Assessment& assessment, Severity fail_on);

}  // namespace tlsgauge::policy
