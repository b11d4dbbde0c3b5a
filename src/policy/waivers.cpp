// What waivers mean for what failed.

#include "policy/waivers.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/clock.hpp"
#include "base/text.hpp"
#include "policy/conclude.hpp"

namespace tlsgauge {
namespace policy {
namespace {

constexpr std::size_t kMaxNamed = 10;  // waivers in one line of warning

bool was_judged(Endpoint const& endpoint) { return endpoint.status == Status::complete || endpoint.status == Status::partial; }

bool is_approved(Waiver const& waiver, Cause const& cause) {
  return std::ranges::any_of(waiver.match, [&](std::string const& pattern) {
    bool const code = pattern.starts_with("0x") && ascii_lower(pattern) == ascii_lower(cause.key);
    return code || matches_glob(pattern, cause.label) || matches_glob(pattern, cause.key);
  });
}

// The whole text names every cause, so that another cause would have made another text.
bool is_whole_text(Requirement const& requirement, std::string const& text) {
  return text == requirement.observed && std::ranges::all_of(requirement.causes, [&](Cause const& cause) {
           return requirement.observed.find(cause.label) != std::string::npos;
         });
}

bool is_candidate(Waiver const& waiver, Assessment const& assessment, Requirement const& requirement) {
  return (requirement.verdict == Verdict::fail || requirement.verdict == Verdict::waived) &&
         waiver.names(assessment.profile.name, requirement.id) && waiver.approves(requirement);
}

WaiverNote note_of(Waiver const& waiver, bool expired) {
  return {.id = waiver.id,
          .reason = waiver.reason,
          .approved_by = waiver.approved_by,
          .ticket = waiver.ticket,
          .created = waiver.created ? date_text(*waiver.created) : std::string{},
          .expires = date_text(waiver.expires),
          .expired = expired};
}

// Of those that cover the requirement the one that lasts longest; one that holds before one that expired.
Waiver const* best_for(std::vector<Waiver const*> const& here, Assessment const& assessment, Requirement const& requirement,
                       std::chrono::sys_seconds now) {
  Waiver const* best = nullptr;
  for (Waiver const* const waiver : here) {
    bool const better = best == nullptr || waiver->expires > best->expires;
    if (better && waiver->begun(now) && is_candidate(*waiver, assessment, requirement)) best = waiver;
  }
  return best;
}

std::string named(std::vector<std::string> const& ids) {
  std::string out;
  for (std::size_t i = 0; i < ids.size() && i < kMaxNamed; ++i) out += (i == 0 ? "" : ", ") + ids[i];
  return ids.size() > kMaxNamed ? out + fmt::format(" and {} more", ids.size() - kMaxNamed) : out;
}

// What became of a waiver over all endpoints.
struct Use {
  bool target = false;       // one of its targets was judged
  bool reached = false;      // one was there to be judged
  bool requirement = false;  // ... against a requirement that it names
  bool failed = false;       // ... which failed
  bool covered = false;      // ... for what it approves
};

Use use_of(Waiver const& waiver, std::vector<Endpoint> const& endpoints) {
  Use use;
  for (Endpoint const& endpoint : endpoints) {
    if (!waiver.for_target(endpoint.target)) continue;
    use.target = true;
    use.reached = use.reached || was_judged(endpoint);
    for (Assessment const& assessment : endpoint.assessments) {
      for (Requirement const& requirement : assessment.requirements) {
        if (!waiver.names(assessment.profile.name, requirement.id)) continue;
        use.requirement = true;
        if (!was_judged(endpoint)) continue;
        use.failed = use.failed || requirement.verdict == Verdict::fail || requirement.verdict == Verdict::waived;
        use.covered = use.covered || is_candidate(waiver, assessment, requirement);
      }
    }
  }
  return use;
}

}  // namespace

std::string date_text(std::chrono::sys_days day) { return rfc3339(day).substr(0, 10); }

bool Waiver::for_target(Target const& target) const {
  return std::ranges::any_of(targets, [&](TargetPattern const& pattern) { return pattern.matches(target); });
}

bool Waiver::names(std::string_view profile_name, std::string_view requirement) const {
  return (profile.empty() || profile == profile_name) &&
         std::ranges::any_of(requirements, [&](std::string const& pattern) { return matches_glob(pattern, requirement); });
}

bool Waiver::approves(Requirement const& requirement) const {
  if (match.empty()) return true;
  if (requirement.more_possible || requirement.causes.empty()) return false;
  return std::ranges::all_of(requirement.causes, [&](Cause const& cause) { return is_approved(*this, cause); }) ||
         std::ranges::any_of(match, [&](std::string const& text) { return is_whole_text(requirement, text); });
}

}  // namespace policy

using namespace policy;

void apply(Waivers const& waivers, Profile const& profile, Endpoint const& endpoint, Assessment& assessment, Severity fail_on,
           std::chrono::sys_seconds now) {
  if (waivers.empty() || !was_judged(endpoint)) return;
  std::vector<Waiver const*> here;
  for (Waiver const& waiver : waivers.impl().all) {
    if (waiver.for_target(endpoint.target)) here.push_back(&waiver);
  }
  if (here.empty()) return;
  for (Requirement& requirement : assessment.requirements) {
    if (requirement.verdict != Verdict::fail) continue;
    Waiver const* const waiver = best_for(here, assessment, requirement, now);
    if (!waiver) continue;
    bool const expired = waiver->expired(now);
    requirement.waived_by = note_of(*waiver, expired);
    if (expired) continue;
    requirement.verdict = Verdict::waived;
    requirement.waiver = fmt::format("{}, expires {}", waiver->id, date_text(waiver->expires));
  }
  conclude(profile, endpoint, assessment, fail_on);
}

std::vector<std::string> waiver_warnings(Waivers const& waivers, std::vector<Endpoint> const& endpoints, std::chrono::sys_seconds now,
                                         bool more_to_come) {
  std::vector<std::string> out;
  if (waivers.empty()) return out;
  std::vector<std::string> elsewhere;
  for (Waiver const& waiver : waivers.impl().all) {
    Use const use = use_of(waiver, endpoints);
    std::string const until = date_text(waiver.expires);
    if (use.covered && waiver.expired(now)) {
      out.push_back(fmt::format("waiver {} expired on {}: what it covered fails again", waiver.id, until));
    } else if (use.covered && !waiver.begun(now)) {
      out.push_back(fmt::format("waiver {} does not hold before {}", waiver.id, date_text(*waiver.created)));
    } else if (use.covered || more_to_come || (use.target && !use.reached)) {
      continue;  // used, or nobody can tell
    } else if (!use.target) {
      elsewhere.push_back(waiver.id);
    } else if (!use.requirement) {
      out.push_back(fmt::format("waiver {} is not used: no profile that was applied has a requirement \"{}\"{}", waiver.id,
                                waiver.requirements.front(), waiver.profile.empty() ? "" : " and the name " + waiver.profile));
    } else if (use.failed) {
      out.push_back(fmt::format("waiver {} is not used: what its requirement failed for is not, or not only, what it approves", waiver.id));
    } else {
      out.push_back(fmt::format("waiver {} is not used: nothing fails that it would cover", waiver.id));
    }
  }
  if (elsewhere.size() == 1) out.push_back(fmt::format("waiver {} is not used: no endpoint of this run is its target", elsewhere.front()));
  if (elsewhere.size() > 1)
    out.push_back(fmt::format("{} waivers are not used, no endpoint of this run is their target: {}", elsewhere.size(), named(elsewhere)));
  return out;
}

}  // namespace tlsgauge
