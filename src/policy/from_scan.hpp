#pragma once
// A profile made from what was measured: today's endpoints just meet it, a worse one does not. A beginning, to be tightened by hand.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "tlsgauge/result.hpp"

namespace tlsgauge::policy {

struct ScanProfile {
  std::string yaml;              ///< empty where nothing certain was measured
  std::size_t requirements = 0;  ///< that are in it
  std::size_t left_out = 0;      ///< that could not be, each a comment with the reason
};

/// What all of `endpoints` meet: any member that one of them has is allowed, the smallest of each number is the least, what is good in one
/// and bad in another is left out. `run` and `tool` are cited as the source; `name` is an identifier, or empty for one made of the host.
/// Whatever is emitted was judged on `endpoints` and met, or is not applicable to some of them.
[[nodiscard]] ScanProfile profile_from_scan(std::vector<Endpoint const*> const& endpoints, Run const& run, Tool const& tool,
                                            std::string_view name = {});

}  // namespace tlsgauge::policy
