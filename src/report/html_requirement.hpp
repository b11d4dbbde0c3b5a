#pragma once
// A requirement as the HTML templates want it.

#include <cstddef>
#include <string>

#include "tlsgauge/result.hpp"

namespace tlsgauge::report {

/// What it says under any endpoint: title, expected, why, fixes, references.
[[nodiscard]] Value rule_view(Requirement const& requirement);
/// The same with what was seen at an endpoint. `anchor`: of the finding.
[[nodiscard]] Value requirement_view(Requirement const& requirement, std::string const& anchor);

/// At most so many octets of it, not cut within a character, and "..." where it was longer.
[[nodiscard]] std::string shortened(std::string const& text, std::size_t octets);

}  // namespace tlsgauge::report
