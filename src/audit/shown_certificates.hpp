#pragma once

#include <vector>

#include "tlsgauge/result.hpp"

namespace tlsgauge::audit {

/// Of the entries of facts.certificates those that a profile is about: the chains for the target's own name. What others are shown is the
/// server's answer to another question, and so is one that came without server_name (SSL 3.0 and older have none) where there are others.
[[nodiscard]] std::vector<Value const*> certificates_of(Endpoint const& endpoint, Value const& all);

}  // namespace tlsgauge::audit
