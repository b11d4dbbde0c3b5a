#pragma once
// The list of probes, in the order of the report.

#include <span>

#include "audit/probe.hpp"

namespace tlsgauge::probes {

[[nodiscard]] std::span<audit::Probe const* const> all();

}  // namespace tlsgauge::probes
