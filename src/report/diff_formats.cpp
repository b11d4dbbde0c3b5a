#include "report/diff_formats.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.hpp"

namespace tlsgauge {
namespace report {
namespace {

std::string standing(Assessment const& a) { return fmt::format("{} {} {}", name(a.verdict), a.score, a.grade); }

std::string label(FactChange const& change) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 7> kNames{{{"protocols", ""},
                                                                                 {"cipher_suites", "suites of"},
                                                                                 {"cipher_order", "order of suites of"},
                                                                                 {"groups", "groups of"},
                                                                                 {"group_order", "order of groups"},
                                                                                 {"certificates", "certificate"},
                                                                                 {"http.hsts", "HSTS"}}};
  auto const known = std::ranges::find(kNames, change.fact, [](auto const& each) { return each.first; });
  std::string const name{known == kNames.end() ? std::string_view{change.fact} : known->second};
  return name + (name.empty() || change.item.empty() ? "" : " ") + change.item;
}

std::string enumerated(std::vector<std::string>& items) {
  constexpr std::size_t kMost = 20;
  std::size_t const more = items.size() > kMost ? items.size() - kMost : 0;
  items.resize(items.size() - more);
  return join(items, ", ") + (more > 0 ? fmt::format(" and {} more", more) : "");
}

bool was_reached(std::optional<Status> const& status) { return status == Status::complete || status == Status::partial; }

}  // namespace

std::string counts_phrase(ChangeCounts const& counts) {
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < kChanges; ++i) {
    if (counts.at(i) > 0) parts.push_back(fmt::format("{} {}", counts.at(i), name(static_cast<Change>(i))));
  }
  return parts.empty() ? "none" : join(parts, ", ");
}

std::string verdict_phrase(RequirementChange const& change) {
  if (!change.verdict) return fmt::format("{}, no more demanded", name(change.verdict_before.value_or(Verdict::inconclusive)));
  std::string out{name(*change.verdict)};
  if (change.verdict_before && change.verdict_before != change.verdict) out += fmt::format(", was {}", name(*change.verdict_before));
  return out;
}

std::string standing_phrase(AssessmentChange const& change) {
  if (!change.now) return "judged no more, was " + standing(*change.before);
  std::string const now = standing(*change.now);
  if (!change.before) return "new: " + now;
  std::string const before = standing(*change.before);
  return before == now ? now : fmt::format("{}, was {}", now, before);
}

std::vector<FactRow> fact_rows(EndpointChange const& endpoint) {
  std::vector<FactRow> out;
  std::vector<FactChange> const& facts = endpoint.facts;
  for (std::size_t i = 0; i < facts.size();) {
    std::vector<std::string> added;
    std::vector<std::string> gone;
    std::vector<std::string> parts;
    FactChange const& first = facts[i];
    for (; i < facts.size() && facts[i].fact == first.fact && facts[i].item == first.item; ++i) {
      if (!facts[i].before) {
        added.push_back(*facts[i].now);
      } else if (!facts[i].now) {
        gone.push_back(*facts[i].before);
      } else {
        parts.push_back(fmt::format("{}, was {}", *facts[i].now, *facts[i].before));
      }
    }
    if (!added.empty()) parts.push_back("new: " + enumerated(added));
    if (!gone.empty()) parts.push_back("gone: " + enumerated(gone));
    out.push_back({label(first), join(parts, "; ")});
  }
  return out;
}

bool is_worth_a_line(EndpointChange const& endpoint, RequirementChange const& change) {
  if (change.worsening) return true;
  bool const both = was_reached(endpoint.before) && was_reached(endpoint.now);
  return both && endpoint.note.empty();
}

std::vector<EndpointChange const*> changed_endpoints(Comparison const& comparison) {
  std::vector<EndpointChange const*> out;
  for (EndpointChange const& each : comparison.endpoints) {
    if (each.change != Change::same) out.push_back(&each);
  }
  std::ranges::stable_sort(out, {}, &EndpointChange::change);
  return out;
}

}  // namespace report

std::vector<DiffFormat> const& diff_formats() {
  static std::vector<DiffFormat> const formats{
      {"text", "for a terminal: what got worse first", report::write_diff_text},
      {"json", "for programs, see reports/schema/diff-1.schema.json", report::write_diff_json},
      {"markdown", "for a comment on a pull request", report::write_diff_markdown},
  };
  return formats;
}

DiffFormat const* find_diff_format(std::string_view name) {
  auto const found = std::ranges::find(diff_formats(), name, &DiffFormat::name);
  return found == diff_formats().end() ? nullptr : &*found;
}

}  // namespace tlsgauge
