#pragma once
// Two lists of things with names, side by side.

#include <map>
#include <string_view>
#include <utility>
#include <vector>

namespace tlsgauge::report {

/// Calls `visit(before, now)` for each of `now` in its order, then for what only `before` has; nullptr stands for what one of them has not.
/// Of several with one name, the first goes with the first. Logarithmic in each.
template <class T, class Name, class Visit>
void pair_up(std::vector<T> const& before, std::vector<T> const& now, Name name, Visit visit) {
  using Key = std::pair<std::string_view, std::size_t>;
  auto const keyed = [&](std::vector<T> const& list) {
    std::vector<std::pair<Key, T const*>> out;
    std::map<std::string_view, std::size_t> seen;
    for (T const& each : list) out.emplace_back(Key{name(each), seen[name(each)]++}, &each);
    return out;
  };
  auto const olds = keyed(before);
  auto const news = keyed(now);
  std::map<Key, T const*> const had{olds.begin(), olds.end()};
  std::map<Key, T const*> const has{news.begin(), news.end()};
  for (auto const& [key, each] : news) {
    auto const old = had.find(key);
    visit(old == had.end() ? nullptr : old->second, each);
  }
  for (auto const& [key, each] : olds) {
    if (!has.contains(key)) visit(each, static_cast<T const*>(nullptr));
  }
}

}  // namespace tlsgauge::report
