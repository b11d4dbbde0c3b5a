#pragma once
// Facts that people follow from run to run.

#include <vector>

#include "tlsgauge/diff.hpp"

namespace tlsgauge::report {

/// Protocols, suites, groups, who orders them, certificates, HSTS. What either result did not establish is left out: nothing is called
/// gone that was merely not seen.
[[nodiscard]] std::vector<FactChange> fact_changes(Endpoint const& before, Endpoint const& now);

}  // namespace tlsgauge::report
