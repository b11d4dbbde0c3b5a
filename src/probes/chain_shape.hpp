#pragma once
// Whether a chain is put together as RFC 5246 section 7.4.2 and RFC 8446 section 4.4.2 want it. What is missing is a matter of trust.

#include <vector>

#include "base/bytes.hpp"
#include "tlsgauge/value.hpp"

namespace tlsgauge::probes {

/// {in_order, duplicates, superfluous, anchor_sent, unparsable}; indexes from 0, the end entity.
[[nodiscard]] Value chain_shape(std::vector<Bytes> const& certificates);

}  // namespace tlsgauge::probes
