#pragma once
// Certificate chains as endpoint.mustache wants them.

#include "tlsgauge/result.hpp"

namespace tlsgauge::report {

/// Adds chains, each a tree from the issuer at its top down to the server's certificate, and what others get to see.
void add_chains(Value& view, Value const& facts, Run const& run);

/// "Trusted by the store: system", or why not. Keys trust, trust_tone, trust_detail.
[[nodiscard]] Value trust_view(Value const& verification);

}  // namespace tlsgauge::report
