#pragma once
// Two lists of things with names, side by side.

#include <cstddef>
#include <map>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "tlsgauge/result.hpp"

namespace tlsgauge::report {

/// Calls `visit(before, now)` for each of `now` in its order, then for what only `before` has; nullptr stands for what one of them has not.
/// `partner` has the number in `before` of each of `now`.
template <class T, class Visit>
void visit_pairs(std::vector<T> const& before, std::vector<T> const& now, std::vector<std::optional<std::size_t>> const& partner,
                 Visit visit) {
  std::vector<bool> taken(before.size(), false);
  for (std::size_t i = 0; i < now.size(); ++i) {
    if (partner[i]) taken[*partner[i]] = true;
    visit(partner[i] ? &before[*partner[i]] : nullptr, &now[i]);
  }
  for (std::size_t i = 0; i < before.size(); ++i) {
    if (!taken[i]) visit(&before[i], static_cast<T const*>(nullptr));
  }
}

/// `visit_pairs` by name; of several with one name, the first goes with the first. Logarithmic in each.
template <class T, class Name, class Visit>
void pair_up(std::vector<T> const& before, std::vector<T> const& now, Name name, Visit visit) {
  using Key = std::pair<std::string_view, std::size_t>;
  std::map<Key, std::size_t> had;
  std::map<std::string_view, std::size_t> seen;
  for (std::size_t i = 0; i < before.size(); ++i) had.emplace(Key{name(before[i]), seen[name(before[i])]++}, i);
  seen.clear();
  std::vector<std::optional<std::size_t>> partner;
  for (T const& each : now) {
    auto const found = had.find(Key{name(each), seen[name(each)]++});
    partner.push_back(found == had.end() ? std::nullopt : std::optional{found->second});
  }
  visit_pairs(before, now, partner, visit);
}

/// The number in `before` of the same profile, for each of `now`: the same name, version and source; of what is left the same name and
/// version; of what is left the same name, in their order. Each is somebody's once. Logarithmic in each.
[[nodiscard]] std::vector<std::optional<std::size_t>> same_profiles(std::vector<Assessment> const& before,
                                                                    std::vector<Assessment> const& now);

}  // namespace tlsgauge::report
