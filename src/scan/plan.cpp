#include "scan/plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <stdexcept>

#include "base/text.hpp"

namespace tlsgauge::scanning {
namespace {

using Probes = std::span<audit::Probe const* const>;
using Ids = std::set<std::string_view>;

audit::Probe const* find(Probes known, std::string_view id) {
  auto const at = std::find_if(known.begin(), known.end(), [&](audit::Probe const* probe) { return probe->id == id; });
  return at == known.end() ? nullptr : *at;
}

audit::Probe const& demand(Probes known, std::string const& id) {
  if (audit::Probe const* const probe = find(known, id)) return *probe;
  std::vector<std::string_view> ids;
  for (audit::Probe const* const probe : known) ids.push_back(probe->id);
  std::string_view const near = nearest(id, ids);
  throw std::invalid_argument(
      fmt::format("there is no probe \"{}\"{}", printable(id), near.empty() ? std::string{} : fmt::format("; did you mean {}?", near)));
}

void add_with_needs(Probes known, audit::Probe const& probe, Ids& chosen) {
  if (!chosen.insert(probe.id).second) return;
  for (std::string_view const need : probe.needs) {
    if (audit::Probe const* const needed = find(known, need)) add_with_needs(known, *needed, chosen);
  }
}

}  // namespace

Plan make_plan(Probes known, std::vector<std::string> const& only, std::vector<std::string> const& skip,
               std::vector<std::string> const& also) {
  Ids chosen;
  for (std::string const& id : only) add_with_needs(known, demand(known, id), chosen);
  if (only.empty()) {
    for (audit::Probe const* const probe : known) {
      if (!probe->on_request) chosen.insert(probe->id);
    }
  }
  for (std::string const& id : also) add_with_needs(known, demand(known, id), chosen);
  for (std::string const& id : skip) chosen.erase(demand(known, id).id);

  Plan plan;
  for (bool changed = true; changed;) {
    changed = false;
    for (audit::Probe const* const probe : known) {
      if (!chosen.contains(probe->id)) continue;
      auto const missing =
          std::find_if(probe->needs.begin(), probe->needs.end(), [&](std::string_view need) { return !chosen.contains(need); });
      if (missing == probe->needs.end()) continue;
      plan.notes.push_back({std::string{probe->id}, fmt::format("not asked: it needs {}, which was skipped", *missing)});
      chosen.erase(probe->id);
      changed = true;
    }
  }
  for (audit::Probe const* const probe : known) {
    if (chosen.contains(probe->id)) plan.probes.push_back(probe);
  }
  return plan;
}

}  // namespace tlsgauge::scanning
