#include "cli/baseline.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/causes.hpp"
#include "base/text.hpp"
#include "cli/output.hpp"
#include "policy/possible.hpp"
#include "policy/score_nmap.hpp"
#include "report/finding_text.hpp"
#include "report/pairing.hpp"
#include "report/wording.hpp"
#include "tlsgauge/report.hpp"

namespace tlsgauge::cli {
namespace {

Requirement const* failed(Assessment const* assessment, std::string const& id) {
  if (assessment == nullptr) return nullptr;
  auto const found = std::ranges::find(assessment->requirements, id, &Requirement::id);
  return found == assessment->requirements.end() || found->verdict != Verdict::fail ? nullptr : &*found;
}

bool is_open(GradeCap const& cap) { return cap.reason.starts_with("inconclusive: "); }

// What a model holds against the endpoint: the same, of no more members.
bool has_cap(Assessment const& assessment, GradeCap const& cap) {
  if (is_open(cap) || cap.key == policy::kLeastStrength) return true;  // ... which the parts tell
  return std::ranges::any_of(assessment.caps, [&](GradeCap const& each) {
    if (is_open(each) || each.grade != cap.grade || each.key != cap.key) return false;
    if (cap.key.empty()) return each.reason == cap.reason;
    return std::ranges::all_of(cap.members,
                               [&](std::string const& member) { return std::ranges::find(each.members, member) != each.members.end(); });
  });
}

bool has_part(Profile const& profile, Assessment const& assessment, ScorePart const& part) {
  return std::ranges::any_of(assessment.parts, [&](ScorePart const& each) {
    return each.name == part.name && !each.open && !each.grade.empty() &&
           grade_rank(profile, each.grade) >= grade_rank(profile, part.grade);
  });
}

bool is_no_lower(Profile const& profile, Standing const& earlier, Standing const& now) {
  auto const was = grade_rank(profile, earlier.grade);
  auto const is = grade_rank(profile, now.grade);
  return was && is && *is <= *was && now.score >= earlier.score;
}

// What is not known counts as the worst: what is left of score and grade without that.
Standing certain(Assessment const& assessment, std::function<std::optional<Standing>()> const& possible) {
  Standing const all{assessment.score, assessment.grade};
  return assessment.coverage < 100 ? possible().value_or(all) : all;
}

}  // namespace

BaselineResult::BaselineResult(std::string const& path, Judge const& judge, Possible const& possible)
    : BaselineResult(read_result(path), judge, possible) {}

BaselineResult::BaselineResult(Document const& document, Judge const& judge, Possible const& possible) : index_{document} {
  endpoints_.resize(document.endpoints.size());
  for (std::size_t const number : index_.numbers()) {
    Endpoint const& each = document.endpoints[number];
    if (!report::measured(each)) continue;
    Earlier& earlier = endpoints_[number] = {.said = each.assessments, .judged = judge(each), .certain = {}};
    for (std::size_t i = 0; i < earlier.judged.size(); ++i)
      earlier.certain.push_back(certain(earlier.judged[i], [&] { return possible ? possible(each, i) : std::nullopt; }));
  }
}

bool BaselineResult::alone(Target const& target) const { return !all_several_ && (!now_ || now_->is_alone(target)); }

BaselineResult::Earlier const* BaselineResult::of(Target const& target) const {
  std::optional<std::size_t> const number = index_.find(target, alone(target));
  return number ? &endpoints_.at(*number) : nullptr;
}

std::vector<std::optional<std::size_t>> BaselineResult::said_before(Earlier const* earlier, Endpoint const& endpoint) {
  static std::vector<Assessment> const none;
  return report::same_profiles(earlier == nullptr ? none : earlier->said, endpoint.assessments);
}

void BaselineResult::mark(Endpoint& endpoint) const {
  Earlier const* const earlier = of(endpoint.target);
  auto const said = said_before(earlier, endpoint);
  for (std::size_t i = 0; i < endpoint.assessments.size(); ++i) {
    Assessment& assessment = endpoint.assessments[i];
    Assessment const* const said_by = said[i] ? &earlier->said[*said[i]] : nullptr;
    Assessment const* const judged_by = earlier == nullptr || i >= earlier->judged.size() ? nullptr : &earlier->judged[i];
    for (Requirement& now : assessment.requirements) {
      if (now.verdict != Verdict::fail) continue;
      Requirement const* const before = failed(said_by, now.id);
      Requirement const* const judged = failed(judged_by, now.id);
      bool const known =
          before != nullptr && judged != nullptr && before->severity >= now.severity && new_causes(judged->causes, now.causes).empty();
      now.baseline = known ? Baseline::known : Baseline::added;
    }
  }
}

bool BaselineResult::knows_grade(Profile const& profile, Endpoint const& endpoint, std::size_t nth) const {
  Assessment const& now = endpoint.assessments.at(nth);
  Earlier const* const earlier = of(endpoint.target);
  if (earlier == nullptr || now.model == Assessment{}.model) return false;
  auto const said = said_before(earlier, endpoint)[nth];
  if (!said || nth >= earlier->judged.size()) return false;
  Assessment const& told = earlier->said[*said];
  Assessment const& judged = earlier->judged[nth];
  Standing const is = certain(now, [&] { return policy::best_possible(profile, endpoint); });
  auto const best = [&](ScorePart const& part) {
    return part.open || part.grade.empty() || grade_rank(profile, part.grade).value_or(0) == 0;
  };
  return told.model == now.model && judged.model == now.model && is_no_lower(profile, {told.score, told.grade}, is) &&
         is_no_lower(profile, earlier->certain[nth], is) &&
         std::ranges::all_of(now.caps, [&](GradeCap const& cap) { return has_cap(judged, cap); }) &&
         std::ranges::all_of(now.parts, [&](ScorePart const& part) { return best(part) || has_part(profile, judged, part); });
}

std::vector<std::string> BaselineResult::warnings(std::vector<Endpoint> const& endpoints) const {
  std::size_t known = 0;
  std::size_t open = 0;
  std::size_t strangers = 0;
  std::vector<Target const*> otherwise_named;
  std::set<std::string> unjudged;
  for (Endpoint const& endpoint : endpoints) {
    Earlier const* const earlier = of(endpoint.target);
    strangers += earlier == nullptr ? 1U : 0U;
    if (earlier == nullptr && index_.find_by_other_sni(endpoint.target, alone(endpoint.target)))
      otherwise_named.push_back(&endpoint.target);
    bool const reached = earlier != nullptr && !earlier->said.empty();
    auto const said = said_before(earlier, endpoint);
    for (std::size_t i = 0; i < endpoint.assessments.size(); ++i) {
      Assessment const& assessment = endpoint.assessments[i];
      if (reached && !said[i]) unjudged.insert(assessment.profile.name);
      for (Requirement const& each : assessment.requirements) {
        if (each.baseline == Baseline::known) ++(each.more_possible ? open : known);
      }
    }
  }
  std::vector<std::string> out;
  if (known > 0)
    out.push_back(fmt::format("{} known from the baseline {} not count", report::counted(known, "finding"), known == 1 ? "does" : "do"));
  if (open > 0)
    out.push_back(fmt::format("{} known from the baseline may fail for more now and {} as inconclusive", report::counted(open, "finding"),
                              open == 1 ? "counts" : "count"));
  if (strangers > 0)
    out.push_back(fmt::format("{} of {} endpoints {} not in the baseline", strangers, endpoints.size(), strangers == 1 ? "is" : "are"));
  if (!otherwise_named.empty()) out.push_back(report::other_sni_warning(otherwise_named.size(), *otherwise_named.front()));
  if (std::string repeated = index_.repetition("the baseline"); !repeated.empty()) out.push_back(std::move(repeated));
  for (std::string const& profile : unjudged)
    out.push_back(fmt::format("the baseline was not judged by {}, so that nothing of it is known; evaluate makes one that is", profile));
  return out;
}

Assessment without_known(Assessment const& assessment) {
  Assessment out = assessment;
  for (Requirement& each : out.requirements) {
    each.verdict = report::counted_verdict(each);
  }
  return out;
}

}  // namespace tlsgauge::cli
