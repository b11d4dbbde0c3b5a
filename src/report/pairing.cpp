#include "report/pairing.hpp"

#include <array>
#include <tuple>

namespace tlsgauge::report {

std::vector<std::optional<std::size_t>> same_profiles(std::vector<Assessment> const& before, std::vector<Assessment> const& now) {
  using Key = std::tuple<std::string_view, std::string_view, std::string_view>;
  constexpr std::array<Key (*)(ProfileIdentity const&), 3> kKeys{
      [](ProfileIdentity const& p) {
        return Key{p.name, p.version, p.source};
      },
      [](ProfileIdentity const& p) {
        return Key{p.name, p.version, ""};
      },
      [](ProfileIdentity const& p) {
        return Key{p.name, "", ""};
      },
  };
  std::vector<std::optional<std::size_t>> out(now.size());
  std::vector<bool> taken(before.size(), false);
  for (auto const key : kKeys) {
    std::multimap<Key, std::size_t> free;  // equal keys stay in their order
    for (std::size_t i = 0; i < before.size(); ++i) {
      if (!taken[i]) free.emplace(key(before[i].profile), i);
    }
    for (std::size_t i = 0; i < now.size(); ++i) {
      if (out[i]) continue;
      auto const found = free.lower_bound(key(now[i].profile));
      if (found == free.end() || found->first != key(now[i].profile)) continue;
      out[i] = found->second;
      taken[found->second] = true;
      free.erase(found);
    }
  }
  return out;
}

}  // namespace tlsgauge::report
