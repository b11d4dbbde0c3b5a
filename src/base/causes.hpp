#pragma once
// Whether a requirement that fails twice fails for more the second time.

#include <vector>

#include "tlsgauge/result.hpp"

namespace tlsgauge {

/// What `later` fails for beyond what `earlier` failed for; views into `later`. A member of a set must have been a cause before, a value in
/// words must be the same. A number is no news where it is no farther from what is demanded; days that run out
/// only once there are none left. What an earlier one may have failed for beside its causes is no excuse. Logarithmic in each.
[[nodiscard]] std::vector<Cause const*> new_causes(std::vector<Cause> const& earlier, std::vector<Cause> const& later);

}  // namespace tlsgauge
