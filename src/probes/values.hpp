#pragma once
// Values of facts that may be missing.

#include <string>

#include "tlsgauge/value.hpp"

namespace tlsgauge::probes {

/// Null for an empty text.
[[nodiscard]] inline Value or_null(std::string const& text) { return text.empty() ? Value{} : Value{text}; }

}  // namespace tlsgauge::probes
