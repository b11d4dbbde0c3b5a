#pragma once
// One profile at one endpoint, then and now.

#include "tlsgauge/diff.hpp"

namespace tlsgauge::report {

/// nullptr: the result does not judge by that profile. Not both. Adds to `counts`, once a requirement.
[[nodiscard]] AssessmentChange compare_assessments(Assessment const* before, Assessment const* now, ChangeCounts& counts);

/// The one that the whole is known by: worse before all else.
[[nodiscard]] Change gravest(Change a, Change b);

}  // namespace tlsgauge::report
