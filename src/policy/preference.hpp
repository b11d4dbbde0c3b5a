#pragma once
// The operator preferred_order: which of what it accepts a server prefers, apart from what it may or must accept.

#include <string>

#include "policy/condition.hpp"

namespace tlsgauge::policy {

/// Met: no member of a later tier stands before one of an earlier tier; a member that several tiers describe is of the first of them,
/// and members of no tier are of no account. Not applicable where members of fewer than two tiers are accepted, or the client chooses.
[[nodiscard]] Outcome judge_order(Expectation const& expectation, Observed const& observed);
/// "preferred in this order: A and B; then C".
[[nodiscard]] std::string order_words(Expectation const& expectation, std::size_t limit);

}  // namespace tlsgauge::policy
