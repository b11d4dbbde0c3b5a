// What is questionable about waivers that are well-formed.

#include <fmt/format.h>

#include <algorithm>

#include "policy/fields.hpp"
#include "policy/model.hpp"
#include "policy/waivers.hpp"

namespace tlsgauge {
namespace policy {
namespace {

using std::chrono::days;

class Findings {
 public:
  void add(Waiver const& waiver, std::string_view field, std::string_view what, bool grave = false) {
    // fail() knows how a finding is written.
    try {
      fail(*waiver.file, waiver.line, waiver.column, fmt::format("waivers[{}].{}", waiver.id, field), what);
    } catch (ProfileError const& error) {
      all_.push_back({.grave = grave, .text = error.what()});
    }
  }
  std::vector<WaiverFinding> take() { return std::move(all_); }

 private:
  std::vector<WaiverFinding> all_;
};

void check_days(Waiver const& waiver, std::chrono::sys_seconds now, Findings& findings) {
  std::string const until = date_text(waiver.expires);
  if (waiver.expired(now)) return findings.add(waiver, "expires", fmt::format("expired on {}: what it covers fails", until), true);
  if (!waiver.begun(now)) return findings.add(waiver, "created", "does not hold before " + date_text(*waiver.created));
  days const left = waiver.expires - std::chrono::floor<days>(now);
  if (left.count() == 0) {
    findings.add(waiver, "expires", "expires today");
  } else if (left.count() <= static_cast<int>(waiver.warn_days)) {
    findings.add(waiver, "expires", fmt::format("expires in {} day{}, on {}", left.count(), left.count() == 1 ? "" : "s", until));
  }
}

void check_requirements(Waiver const& waiver, std::span<Profile const> profiles, Findings& findings) {
  std::vector<std::string_view> ids;
  std::vector<std::string_view> names;
  for (Profile const& profile : profiles) {
    names.push_back(profile.identity().name);
    if (!waiver.profile.empty() && waiver.profile != profile.identity().name) continue;
    for (Rule const& rule : profile.impl().rules) ids.push_back(rule.id);
  }
  if (!waiver.profile.empty() && std::ranges::find(names, waiver.profile) == names.end()) {
    return findings.add(
        waiver, "profile",
        fmt::format("\"{}\" is none of the profiles that this was checked with{}", waiver.profile, suggestion(waiver.profile, names)));
  }
  for (std::string const& pattern : waiver.requirements) {
    if (std::ranges::none_of(ids, [&](std::string_view id) { return matches_glob(pattern, id); }))
      findings.add(waiver, "requirement", fmt::format("no profile has a requirement \"{}\"{}", pattern, suggestion(pattern, ids)));
  }
}

template <class T, class Covers>
bool each_covered(std::vector<T> const& narrow, std::vector<T> const& wide, Covers covers) {
  return std::ranges::all_of(narrow, [&](T const& n) { return std::ranges::any_of(wide, [&](T const& w) { return covers(w, n); }); });
}

bool covers(Waiver const& wide, Waiver const& narrow) {
  auto const target = [](TargetPattern const& w, TargetPattern const& n) { return w.covers(n); };
  return (wide.profile.empty() || wide.profile == narrow.profile) && each_covered(narrow.requirements, wide.requirements, covers_glob) &&
         each_covered(narrow.targets, wide.targets, target) &&
         (wide.match.empty() || (!narrow.match.empty() && each_covered(narrow.match, wide.match, covers_glob)));
}

void check_overlap(std::size_t at, std::vector<Waiver> const& all, std::chrono::sys_seconds now, Findings& findings) {
  Waiver const& waiver = all[at];
  for (std::size_t i = 0; i < all.size() && !waiver.expired(now); ++i) {
    // Of two that cover each other, the later one is superfluous.
    bool const other = i != at && !all[i].expired(now) && covers(all[i], waiver) && (i < at || !covers(waiver, all[i]));
    if (!other) continue;
    findings.add(waiver, "requirement", fmt::format("waiver {} covers all of this too, until {}", all[i].id, date_text(all[i].expires)));
    return;
  }
}

}  // namespace
}  // namespace policy

using namespace policy;

std::vector<WaiverFinding> check_waivers(Waivers const& waivers, std::span<Profile const> profiles, std::chrono::sys_seconds now) {
  Findings findings;
  if (waivers.empty()) return {};
  std::vector<Waiver> const& all = waivers.impl().all;
  for (std::size_t i = 0; i < all.size(); ++i) {
    check_days(all[i], now, findings);
    check_requirements(all[i], profiles, findings);
    for (TargetPattern const& target : all[i].targets) {
      bool const any = target.address.empty() && target.host.find_first_not_of('*') == std::string::npos;
      if (any || (!target.address.empty() && target.prefix == 0)) findings.add(all[i], "target", "covers every host");
    }
    check_overlap(i, all, now, findings);
  }
  return findings.take();
}

}  // namespace tlsgauge
