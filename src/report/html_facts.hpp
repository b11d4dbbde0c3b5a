#pragma once
// What the server did, as endpoint.mustache wants it.

#include "tlsgauge/result.hpp"

namespace tlsgauge::report {

/// Adds protocols, suites, groups, chains, http and handshakes to an endpoint's view.
void add_facts(Value& view, Value const& facts, Run const& run);

}  // namespace tlsgauge::report
