#include "cli/baseline.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/causes.hpp"
#include "base/text.hpp"
#include "cli/output.hpp"
#include "report/finding_text.hpp"
#include "report/findings.hpp"
#include "tlsgauge/report.hpp"

namespace tlsgauge::cli {
namespace {

Assessment const* by_name(std::vector<Assessment> const& assessments, std::string const& profile) {
  auto const found = std::ranges::find_if(assessments, [&](Assessment const& each) { return each.profile.name == profile; });
  return found == assessments.end() ? nullptr : &*found;
}

Requirement const* failed(Assessment const* assessment, std::string const& id) {
  if (assessment == nullptr) return nullptr;
  auto const found = std::ranges::find(assessment->requirements, id, &Requirement::id);
  return found == assessment->requirements.end() || found->verdict != Verdict::fail ? nullptr : &*found;
}

// What a model holds against the endpoint.
bool has_cap(Assessment const& assessment, GradeCap const& cap) {
  return std::ranges::any_of(assessment.caps, [&](GradeCap const& each) { return each.grade == cap.grade && each.reason == cap.reason; });
}

bool has_part(Profile const& profile, Assessment const& assessment, ScorePart const& part) {
  return std::ranges::any_of(assessment.parts, [&](ScorePart const& each) {
    return each.name == part.name && !each.grade.empty() && grade_rank(profile, each.grade) >= grade_rank(profile, part.grade);
  });
}

bool is_no_lower(Profile const& profile, Assessment const& earlier, Assessment const& now) {
  auto const was = grade_rank(profile, earlier.grade);
  auto const is = grade_rank(profile, now.grade);
  return earlier.model == now.model && was && is && *is <= *was && now.score >= earlier.score;
}

}  // namespace

BaselineResult::BaselineResult(std::string const& path, Judge const& judge) {
  Document const document = read_result(path);
  for (Endpoint const& each : document.endpoints) {
    Earlier earlier{.address = each.target.address, .said = {}, .judged = {}};
    if (report::measured(each)) {
      earlier.said = each.assessments;
      earlier.judged = judge(each);
    }
    endpoints_[report::identity(each.target)].push_back(std::move(earlier));
  }
}

void BaselineResult::expect(std::vector<Endpoint> const& endpoints) {
  std::set<std::string> seen;
  for (Endpoint const& each : endpoints) {
    std::string who = report::identity(each.target);
    if (!seen.insert(who).second) several_.insert(std::move(who));
  }
}

std::vector<BaselineResult::Earlier const*> BaselineResult::of(Target const& target) const {
  auto const found = endpoints_.find(report::identity(target));
  std::vector<Earlier const*> out;
  if (found == endpoints_.end()) return out;
  // Names move from address to address.
  bool const moves = found->second.size() == 1 && !all_several_ && !several_.contains(found->first);
  for (Earlier const& each : found->second) {
    if (moves || each.address == target.address) out.push_back(&each);
  }
  return out;
}

void BaselineResult::mark(Endpoint& endpoint) const {
  std::vector<Earlier const*> const earlier = of(endpoint.target);
  for (std::size_t i = 0; i < endpoint.assessments.size(); ++i) {
    Assessment& assessment = endpoint.assessments[i];
    for (Requirement& now : assessment.requirements) {
      if (now.verdict != Verdict::fail) continue;
      auto const knows = [&](Earlier const* each) {
        Requirement const* const said = failed(by_name(each->said, assessment.profile.name), now.id);
        Requirement const* const judged = i < each->judged.size() ? failed(&each->judged[i], now.id) : nullptr;
        return said != nullptr && judged != nullptr && said->severity >= now.severity && new_causes(judged->causes, now.causes).empty();
      };
      now.baseline = !earlier.empty() && std::ranges::all_of(earlier, knows) ? Baseline::known : Baseline::added;
    }
  }
}

bool BaselineResult::knows_grade(Profile const& profile, Endpoint const& endpoint, std::size_t nth) const {
  Assessment const& now = endpoint.assessments.at(nth);
  std::vector<Earlier const*> const earlier = of(endpoint.target);
  if (earlier.empty() || now.model == Assessment{}.model) return false;
  return std::ranges::all_of(earlier, [&](Earlier const* each) {
    Assessment const* const said = by_name(each->said, now.profile.name);
    if (said == nullptr || nth >= each->judged.size() || !is_no_lower(profile, *said, now)) return false;
    Assessment const& judged = each->judged[nth];
    auto const best = [&](ScorePart const& part) { return part.grade.empty() || grade_rank(profile, part.grade).value_or(0) == 0; };
    return is_no_lower(profile, judged, now) && std::ranges::all_of(now.caps, [&](GradeCap const& cap) { return has_cap(judged, cap); }) &&
           std::ranges::all_of(now.parts, [&](ScorePart const& part) { return best(part) || has_part(profile, judged, part); });
  });
}

std::vector<std::string> BaselineResult::warnings(std::vector<Endpoint> const& endpoints) const {
  std::size_t known = 0;
  std::size_t strangers = 0;
  std::set<std::string> unjudged;
  for (Endpoint const& endpoint : endpoints) {
    std::vector<Earlier const*> const earlier = of(endpoint.target);
    strangers += earlier.empty() ? 1U : 0U;
    for (Assessment const& assessment : endpoint.assessments) {
      auto const judged = [&](Earlier const* each) {
        return each->said.empty() || by_name(each->said, assessment.profile.name) != nullptr;
      };
      if (!std::ranges::all_of(earlier, judged)) unjudged.insert(assessment.profile.name);
      known += static_cast<std::size_t>(std::ranges::count(assessment.requirements, Baseline::known, &Requirement::baseline));
    }
  }
  std::vector<std::string> out;
  if (known > 0)
    out.push_back(fmt::format("{} known from the baseline {} not count", known == 1 ? "1 finding" : fmt::format("{} findings", known),
                              known == 1 ? "does" : "do"));
  if (strangers > 0)
    out.push_back(fmt::format("{} of {} endpoints {} not in the baseline", strangers, endpoints.size(), strangers == 1 ? "is" : "are"));
  for (std::string const& profile : unjudged)
    out.push_back(fmt::format("the baseline was not judged by {}, so that nothing of it is known; evaluate makes one that is", profile));
  return out;
}

Assessment without_known(Assessment const& assessment) {
  Assessment out = assessment;
  for (Requirement& each : out.requirements) {
    if (each.baseline == Baseline::known) each.verdict = each.more_possible ? Verdict::inconclusive : Verdict::waived;
  }
  return out;
}

}  // namespace tlsgauge::cli
