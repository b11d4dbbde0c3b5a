#pragma once
// Which probes a scan asks: the choice of the user, closed over what the chosen ones need.

#include <span>
#include <string>
#include <vector>

#include "audit/probe.hpp"
#include "tlsgauge/result.hpp"

namespace tlsgauge::scanning {

struct Plan {
  Plan() = default;
  std::vector<audit::Probe const*> probes;  ///< in the order of the report
  std::vector<ErrorNote> notes;             ///< probes that cannot be asked because one that they need was skipped
};

/// `only` empty: all but those that are asked on request, and `also`. Throws std::invalid_argument for an id that `known` does not have,
/// naming the nearest.
[[nodiscard]] Plan make_plan(std::span<audit::Probe const* const> known, std::vector<std::string> const& only,
                             std::vector<std::string> const& skip, std::vector<std::string> const& also = {});

}  // namespace tlsgauge::scanning
