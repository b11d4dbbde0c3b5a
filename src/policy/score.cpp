#include "policy/score.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "policy/observed.hpp"
#include "policy/score_model.hpp"
#include "policy/score_nmap.hpp"
#include "policy/score_ssllabs.hpp"

namespace tlsgauge::policy {
namespace {

double weight_of(Scoring const& scoring, Requirement const& requirement) {
  return scoring.weights.at(static_cast<std::size_t>(requirement.severity));
}

bool counts(Requirement const& requirement) { return requirement.verdict != Verdict::not_applicable; }
bool earns(Requirement const& requirement) { return requirement.verdict == Verdict::pass; }
// A waiver changes what follows from a finding, not what the endpoint is like.
bool found_unmet(Requirement const& requirement) { return requirement.verdict == Verdict::fail || requirement.verdict == Verdict::waived; }

double hundredths(double points) { return std::round(points * 100) / 100; }

// What each requirement is worth of 100 points.
std::vector<double> worth(Profile::Impl const& profile, Assessment const& assessment) {
  Scoring const& scoring = profile.scoring;
  std::map<std::string, double> weight_by_area;
  for (std::size_t i = 0; i < profile.rules.size(); ++i) {
    if (counts(assessment.requirements[i])) weight_by_area[profile.rules[i].area] += weight_of(scoring, assessment.requirements[i]);
  }
  // Without areas all share one.
  auto const share = [&](std::string const& area) {
    if (scoring.areas.empty()) return 1.0;
    return std::ranges::find(scoring.areas, area, &std::pair<std::string, double>::first)->second;
  };
  auto const weight = [&](std::string const& area) {
    if (!scoring.areas.empty()) return weight_by_area[area];
    double all = 0;
    for (auto const& [name, part] : weight_by_area) all += part;
    return all;
  };
  double shares = scoring.areas.empty() ? 1 : 0;
  for (auto const& [area, size] : scoring.areas) shares += weight_by_area[area] > 0 ? size : 0;

  std::vector<double> out(profile.rules.size(), 0);
  for (std::size_t i = 0; i < profile.rules.size(); ++i) {
    std::string const& area = profile.rules[i].area;
    double const all = weight(area);
    if (!counts(assessment.requirements[i]) || all <= 0 || shares <= 0) continue;
    out[i] = 100 * share(area) / shares * weight_of(scoring, assessment.requirements[i]) / all;
  }
  return out;
}

double lost(Assessment const& assessment) {
  double sum = 0;
  for (Requirement const& requirement : assessment.requirements) sum += requirement.points_lost;
  return hundredths(sum);
}

std::string grade_of(Scoring const& scoring, double score) {
  auto const grade = std::ranges::find_if(scoring.grades, [&](auto const& each) { return score >= each.second; });
  return grade == scoring.grades.end() ? std::string{} : grade->first;
}

void apply_caps(Profile::Impl const& profile, Assessment& assessment) {
  std::vector<Cap> caps = profile.scoring.caps;
  std::ranges::stable_sort(caps, {}, &Cap::max_score);
  for (Cap const& cap : caps) {
    auto const at = std::ranges::find(assessment.requirements, cap.requirement, &Requirement::id);
    if (at == assessment.requirements.end() || !found_unmet(*at)) continue;
    double const over = 100 - lost(assessment) - cap.max_score;
    if (over > 0) {
      at->points_lost = hundredths(at->points_lost + over);
      assessment.caps.push_back(
          {.grade = grade_of(profile.scoring, cap.max_score),
           .reason = fmt::format("at most {} points while {} is not met", number_text(cap.max_score), cap.requirement),
           .reference = at->references.empty() ? std::string{} : at->references.front()});
    }
    return;  // the lowest is reached; no other can take more
  }
}

/// An area in the making; without areas, all requirements.
struct Tally {
  double points = 0;  ///< of 100, that it is worth
  double earned = 0;
  int met = 0;
  int open = 0;
  int all = 0;
};

ScorePart part_of(std::string name, Tally const& tally) {
  ScorePart out;
  out.name = std::move(name);
  out.weight = hundredths(tally.points);
  // Without weight, by number.
  double const share = tally.points > 0 ? tally.earned / tally.points : static_cast<double>(tally.met) / tally.all;
  out.score = hundredths(100 * share);
  out.basis = fmt::format("{} of {} requirement{} met{}", tally.met, tally.all, tally.all == 1 ? "" : "s",
                          tally.open > 0 ? fmt::format(", {} inconclusive", tally.open) : "");
  return out;
}

void fill_parts(Profile::Impl const& profile, std::vector<double> const& points, Assessment& assessment) {
  bool const areas = !profile.scoring.areas.empty();
  std::map<std::string, Tally> tallies;
  for (std::size_t i = 0; i < points.size(); ++i) {
    Requirement const& requirement = assessment.requirements[i];
    if (!counts(requirement)) continue;
    Tally& tally = tallies[areas ? profile.rules[i].area : std::string{}];
    tally.points += points[i];
    if (earns(requirement)) tally.earned += points[i];
    tally.met += earns(requirement) ? 1 : 0;
    tally.open += requirement.verdict == Verdict::inconclusive ? 1 : 0;
    ++tally.all;
  }
  if (!areas && !tallies.empty()) assessment.parts.push_back(part_of("requirements", tallies.begin()->second));
  for (auto const& [area, size] : profile.scoring.areas) {
    if (auto const at = tallies.find(area); at != tallies.end()) assessment.parts.push_back(part_of(area, at->second));
  }
}

void score_requirements(Profile::Impl const& profile, Assessment& assessment) {
  std::vector<double> const points = worth(profile, assessment);
  double all = 0;
  double judged = 0;
  bool any = false;
  for (std::size_t i = 0; i < points.size(); ++i) {
    Requirement& requirement = assessment.requirements[i];
    bool const evidence = counts(requirement) && requirement.verdict != Verdict::inconclusive;
    any = any || evidence;
    all += points[i];
    if (evidence) judged += points[i];
    requirement.points_lost = counts(requirement) && !earns(requirement) ? hundredths(points[i]) : 0;
  }
  fill_parts(profile, points, assessment);
  apply_caps(profile, assessment);
  assessment.score = static_cast<int>(std::clamp(std::lround(100 - lost(assessment)), 0L, 100L));
  // Where no requirement of any weight applied there is nothing to earn: full marks need at least one that was judged.
  if (all <= 0 && !any) assessment.score = 0;
  double const covered = all > 0 ? judged / all : (any ? 1 : 0);
  assessment.coverage = covered >= 1 - 1e-9 ? 100 : static_cast<int>(covered * 100);
  assessment.grade = grade_of(profile.scoring, assessment.score);
}

}  // namespace

std::optional<Standing> score(Profile::Impl const& profile, Endpoint const& endpoint, Assessment& assessment) {
  ScoreModelSpec const& spec = spec_of(profile.scoring.model);
  assessment.model = spec.name;
  if (profile.scoring.model == ScoreModel::requirements) {
    score_requirements(profile, assessment);
    return std::nullopt;
  }
  if (endpoint.status != Status::unreachable && endpoint.status != Status::not_tls) {
    Standing possible =
        profile.scoring.model == ScoreModel::ssllabs ? score_ssllabs(endpoint, assessment) : score_nmap(endpoint, assessment);
    // A cap has no weight of its own; but where one is open not all was judged.
    auto const open = [](GradeCap const& cap) { return cap.reason.starts_with("inconclusive: "); };
    if (std::ranges::any_of(assessment.caps, open)) assessment.coverage = std::min(assessment.coverage, 99);
    return possible;
  }
  assessment.score = 0;
  assessment.coverage = 0;
  assessment.grade = "F";
  std::string const why = endpoint.status == Status::not_tls ? "the service does not speak TLS" : "the endpoint was not reached";
  assessment.caps.push_back({.grade = "F", .reason = "inconclusive: " + why, .reference = {}});
  return Standing{100, std::string{spec.grades.front()}};
}

}  // namespace tlsgauge::policy
