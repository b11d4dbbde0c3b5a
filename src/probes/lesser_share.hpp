#pragma once
// A hello of TLS 1.3 with a share of a group that the server takes, though it prefers another one that is offered, too.

#include <optional>
#include <vector>

#include "audit/facts.hpp"

namespace tlsgauge::probes {

struct LesserShare {
  LesserShare() = default;
  wire::NamedGroup preferred{};
  wire::NamedGroup shared{};
  std::vector<wire::NamedGroup> groups;  ///< all that the server takes, in its order
};

/// Empty unless facts.groups names a preferred group and below it one that this build can make a share of.
[[nodiscard]] std::optional<LesserShare> lesser_share(audit::Facts const& facts);

}  // namespace tlsgauge::probes
