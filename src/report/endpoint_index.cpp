#include "report/endpoint_index.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/utf8.hpp"
#include "report/identity.hpp"
#include "report/wording.hpp"

namespace tlsgauge::report {

namespace {
constexpr std::size_t kMaxPlace = 200;  // octets, in a line on standard error
}

EndpointIndex::EndpointIndex(Document const& document) {
  for (std::size_t i = 0; i < document.endpoints.size(); ++i) {
    Target const& target = document.endpoints[i].target;
    ByAddress& items = items_[identity(target)];
    Item now{.number = i};
    std::string const address = canonical_host(target.address);
    for (std::string const& superseded : {std::string{}, address}) {
      auto const found = items.find(superseded);
      if (found == items.end()) continue;
      now.times += found->second.times;
      items.erase(found);
    }
    items.emplace(address, now);
  }
  std::size_t first = document.endpoints.size();
  for (auto const& [who, items] : items_) {
    for (auto const& [address, each] : items) {
      numbers_.push_back(each.number);
      if (each.times == 1) continue;
      ++repeated_;
      first = std::min(first, each.number);
    }
  }
  std::ranges::sort(numbers_);
  if (repeated_ > 0) example_ = cut_printable(place(document.endpoints[first].target), kMaxPlace);
}

std::optional<std::size_t> EndpointIndex::find(Target const& target, bool alone) const {
  auto const items = items_.find(identity(target));
  if (items == items_.end()) return std::nullopt;
  auto const found = items->second.find(canonical_host(target.address));
  if (found != items->second.end()) return found->second.number;
  bool const moves = alone && items->second.size() == 1;
  return moves ? std::optional{items->second.begin()->second.number} : std::nullopt;
}

std::optional<std::size_t> EndpointIndex::find_by_other_sni(Target const& target, bool alone) const {
  std::string const sni = canonical_host(target.server_name);
  if (!sni.empty() && sni != canonical_host(target.host)) return std::nullopt;
  Target other = target;
  other.server_name = sni.empty() ? target.host : std::string{};
  return identity(other) == identity(target) ? std::nullopt : find(other, alone);  // of an address there is none to send
}

std::string other_sni_warning(std::size_t count, Target const& example) {
  return fmt::format(
      "{} asked with SNI in one result and without in the other, which are not compared ({}{}): a server may answer each otherwise",
      counted(count, "endpoint"), cut_printable(place(example), kMaxPlace), count > 1 ? ", ..." : "");
}

bool EndpointIndex::is_alone(Target const& target) const {
  auto const items = items_.find(identity(target));
  return items == items_.end() || items->second.size() == 1;
}

std::string EndpointIndex::repetition(std::string_view which) const {
  if (repeated_ == 0) return {};
  return fmt::format(
      "{} has {} more than once ({}{}): the newest result of each counts, the last one where they do not say when they were made", which,
      counted(repeated_, "endpoint"), example_, repeated_ > 1 ? ", ..." : "");
}

}  // namespace tlsgauge::report
