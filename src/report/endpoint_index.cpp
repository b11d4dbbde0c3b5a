#include "report/endpoint_index.hpp"

#include "report/findings.hpp"

namespace tlsgauge::report {

EndpointIndex::EndpointIndex(Document const& document) {
  for (std::size_t i = 0; i < document.endpoints.size(); ++i) {
    Target const& target = document.endpoints[i].target;
    items_[identity(target)].push_back({target.address, i});
  }
}

std::vector<std::size_t> EndpointIndex::find(Target const& target, bool alone) const {
  std::vector<std::size_t> out;
  auto const found = items_.find(identity(target));
  if (found == items_.end()) return out;
  bool const moves = alone && found->second.size() == 1;
  for (Item const& each : found->second) {
    if (moves || each.address == target.address) out.push_back(each.number);
  }
  return out;
}

bool EndpointIndex::is_alone(Target const& target) const {
  auto const found = items_.find(identity(target));
  return found == items_.end() || found->second.size() == 1;
}

}  // namespace tlsgauge::report
