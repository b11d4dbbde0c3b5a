#pragma once
// Whether conditions can hold together, whatever an endpoint is like: for profiles that demand the impossible, or nothing at all.

#include <optional>
#include <string>
#include <vector>

#include "policy/condition.hpp"

namespace tlsgauge::policy {

/// An expectation, or that it is not met.
struct Literal {
  Expectation const* expectation = nullptr;
  bool positive = true;
};
using Conjunction = std::vector<Literal>;

/// The ways in which a condition comes true (or, not `positive`, untrue), each a list of what must hold together; nothing where there
/// are more than 64.
[[nodiscard]] std::optional<std::vector<Conjunction>> alternatives(Condition const& condition, bool positive = true);
/// The product of two: both hold; nothing where there are more than 64.
[[nodiscard]] std::optional<std::vector<Conjunction>> both(std::optional<std::vector<Conjunction>> const& a,
                                                           std::optional<std::vector<Conjunction>> const& b);

/// Why the literals cannot hold together where their facts apply: "dh.min_bits: at least 2048 bits, but also at most 1024 bits". Empty:
/// they may, as far as this can tell.
[[nodiscard]] std::string conflict(Conjunction const& literals);
/// That of the first way, if all ways have one; empty otherwise. No ways: nothing is known.
[[nodiscard]] std::string conflict(std::optional<std::vector<Conjunction>> const& ways);

}  // namespace tlsgauge::policy
