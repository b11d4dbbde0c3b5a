#pragma once
// What was measured, in few lines, for compact.mustache.

#include "tlsgauge/result.hpp"

namespace tlsgauge::report {

/// Adds protocols, suites, groups, chains, http, handshakes and what is bad among the other facts.
void add_fact_lines(Value& view, Value const& facts, Run const& run);

}  // namespace tlsgauge::report
