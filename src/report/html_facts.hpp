#pragma once
// What the server did, as endpoint.mustache wants it.

#include "tlsgauge/result.hpp"

namespace tlsgauge::report {

/// Adds protocols, suites, groups, chains, http and handshakes to an endpoint's view.
void add_facts(Value& view, Value const& facts, Run const& run);

/// A row for each protocol: support, and what is known of its suites.
[[nodiscard]] Value protocols_view(Value const& facts);
/// HSTS and the answer of the server; null where there are no such facts.
[[nodiscard]] Value http_view(Value const& http);

}  // namespace tlsgauge::report
