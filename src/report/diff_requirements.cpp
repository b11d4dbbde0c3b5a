#include "report/diff_requirements.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/causes.hpp"
#include "base/cut_text.hpp"
#include "base/text.hpp"
#include "report/pairing.hpp"

namespace tlsgauge::report {
namespace {

bool is_unmet(Verdict verdict) { return verdict == Verdict::fail || verdict == Verdict::waived; }

std::string labels(std::vector<Cause const*> const& causes) {
  constexpr std::size_t kMost = 10;
  std::vector<std::string> out;
  for (std::size_t i = 0; i < causes.size() && i < kMost; ++i) {
    Cause const& cause = *causes[i];
    out.push_back(cause.subject.empty() ? cause.label : fmt::format("{} ({})", cause.label, cause.subject));
  }
  return join(out, ", ") + (causes.size() > kMost ? fmt::format(" and {} more", causes.size() - kMost) : "");
}

// Unmet before and now.
Change compare_unmet(Requirement const& before, Requirement const& now, std::string& note) {
  bool const known = !before.causes.empty() && !now.causes.empty();
  std::vector<Cause const*> const more = known ? new_causes(before.causes, now.causes) : std::vector<Cause const*>{};
  std::vector<Cause const*> const less = known ? new_causes(now.causes, before.causes) : std::vector<Cause const*>{};
  auto const in_words = [](Cause const* cause) { return cause->kind == Cause::Kind::value; };
  auto const runs_out = [](Cause const* cause) { return cause->kind == Cause::Kind::time_left && cause->amount >= 0; };
  // Of two values in words nobody can tell which is worse; one that replaces none is more.
  bool const replaced = !more.empty() && std::ranges::all_of(more, in_words) && std::ranges::any_of(less, in_words);
  if (!more.empty() && !replaced) {
    note = "fails for more: " + labels(more);
    return Change::worse;
  }
  if (now.more_possible && (!before.more_possible || now.verdict == Verdict::fail)) {
    note = fmt::format("may fail for more{}: not all of it was established", before.more_possible ? ", as before" : " now");
    return Change::unknown;
  }
  if (replaced) {
    note = fmt::format("fails for {}, no more for {}: which is worse is not known", labels(more), labels(less));
    return Change::unknown;
  }
  bool const settled = !now.more_possible && !before.more_possible;
  if (settled && !less.empty() && std::ranges::none_of(less, in_words) && std::ranges::none_of(less, runs_out)) {
    note = "fails no more for: " + labels(less);
    return Change::better;
  }
  // What was observed is cut: without causes, the same words may hide more.
  bool const causes_unsaid = before.causes.empty() != now.causes.empty();
  if (before.observed == now.observed && !(causes_unsaid && is_cut_text(now.observed))) return Change::same;
  if (known) return Change::changed;
  note = fmt::format("{} does not say what it failed for; evaluate it anew", before.causes.empty() ? "OLD" : "NEW");
  return Change::unknown;
}

Change compare_verdicts(Requirement const& before, Requirement const& now, std::string& note) {
  Verdict const was = before.verdict;
  Verdict const is = now.verdict;
  if (is == Verdict::inconclusive) {
    if (was == is) note = "inconclusive as before";
    return Change::unknown;
  }
  if (is_unmet(was) && is_unmet(is)) {
    Change const by_cause = compare_unmet(before, now, note);
    if (is == Verdict::waived) return by_cause == Change::same && was == is ? Change::same : Change::changed;
    return was == Verdict::waived ? Change::worse : by_cause;
  }
  if (is == Verdict::fail) return Change::worse;
  if (is == Verdict::pass && is_unmet(was)) return Change::better;
  return was == is && before.observed == now.observed ? Change::same : Change::changed;
}

RequirementChange compare_requirements(Requirement const* before, Requirement const* now) {
  RequirementChange out;
  Requirement const& shown = now != nullptr ? *now : *before;
  out.id = shown.id;
  out.title = shown.title;
  if (before != nullptr) {
    out.severity_before = before->severity;
    out.verdict_before = before->verdict;
    out.observed_before = before->observed;
  }
  if (now != nullptr) {
    out.severity = now->severity;
    out.verdict = now->verdict;
    out.observed = now->observed;
  }
  if (before == nullptr || now == nullptr) {
    out.change = now != nullptr ? Change::added : Change::gone;
  } else {
    out.change = compare_verdicts(*before, *now, out.note);
    bool const graver = now->severity > before->severity && now->verdict == Verdict::fail;
    if (graver) out.change = Change::worse;
    if (now->severity != before->severity) {
      if (out.change == Change::same) out.change = Change::changed;
      out.note += fmt::format("{}severity changed: {} -> {}", out.note.empty() ? "" : "; ", name(before->severity), name(now->severity));
    }
  }
  out.worsening = out.change == Change::worse || (out.change == Change::added && out.verdict == Verdict::fail);
  return out;
}

std::optional<Assessment> heading(Assessment const* assessment) {
  if (assessment == nullptr) return std::nullopt;
  Assessment out = *assessment;
  out.requirements.clear();
  return out;
}

// Best first, of SSL Labs and nmap alike.
constexpr std::array<std::string_view, 10> kGrades{"A+", "A", "A-", "B", "C", "D", "E", "F", "T", "M"};

std::size_t rank(std::string_view grade) { return static_cast<std::size_t>(std::ranges::find(kGrades, grade) - kGrades.begin()); }

Severity severity_of(std::string_view grade) {
  if (grade.starts_with("A")) return Severity::low;
  if (grade == "B") return Severity::medium;
  return grade == "C" || grade == "D" || grade == "E" ? Severity::high : Severity::critical;
}

bool is_by_facts(Assessment const& assessment) { return assessment.model != Assessment{}.model; }

// Grades of models that look at facts alone fall without a requirement that fails; where less is known now, that may be all there is to
// it. Nobody can tell of a grade that is none of theirs, or of another model's; what is not A may be worse then.
void compare_grades(Assessment const& before, Assessment const& now, AssessmentChange& out) {
  bool const ranked = rank(now.grade) < kGrades.size() && rank(before.grade) < kGrades.size();
  std::string const words = fmt::format("grade {}, was {}", now.grade, before.grade);
  if (now.model != before.model || !is_by_facts(now) || !ranked) {
    bool const comparable = now.model == before.model && (!is_by_facts(now) || now.grade == before.grade);
    if (comparable || now.verdict != Verdict::fail) return;
    out.grade_open = severity_of(now.grade);
    out.notes.push_back(words + (now.model != before.model ? " by another model" : ", and which is worse is not known"));
  } else if (rank(now.grade) > rank(before.grade)) {
    bool const less_known = now.coverage < before.coverage;
    (less_known ? out.grade_open : out.grade_fell) = severity_of(now.grade);
    if (less_known) out.notes.push_back(words + ", and less is known");
  }
}

void compare_headings(Assessment const& before, Assessment const& now, AssessmentChange& out) {
  if (before.profile.version != now.profile.version)
    out.notes.push_back(fmt::format("profile changed: {} -> {}", before.profile.version, now.profile.version));
  if (before.profile.source != now.profile.source)
    out.notes.push_back(fmt::format("profile changed: from {} to {}", before.profile.source, now.profile.source));
  if (before.model != now.model) out.notes.push_back(fmt::format("model of score changed: {} -> {}", before.model, now.model));
  compare_grades(before, now, out);
  if (out.grade_fell) out.change = Change::worse;
  if (out.grade_open) out.change = gravest(out.change, Change::unknown);
  bool const standing = before.score == now.score && before.grade == now.grade && before.verdict == now.verdict;
  if (!standing || !out.notes.empty()) out.change = gravest(out.change, Change::changed);
}

}  // namespace

Change gravest(Change a, Change b) { return std::min(a, b); }

AssessmentChange compare_assessments(Assessment const* before, Assessment const* now, ChangeCounts& counts) {
  AssessmentChange out;
  out.profile = now != nullptr ? now->profile.name : before->profile.name;
  out.before = heading(before);
  out.now = heading(now);
  auto const add = [&](Requirement const* was, Requirement const* is) {
    RequirementChange change = compare_requirements(was, is);
    ++counts.at(static_cast<std::size_t>(change.change));
    if (change.change != Change::same) out.requirements.push_back(std::move(change));
  };
  static std::vector<Requirement> const none;
  pair_up(
      before != nullptr ? before->requirements : none, now != nullptr ? now->requirements : none,
      [](Requirement const& each) { return std::string_view{each.id}; }, add);
  std::ranges::stable_sort(out.requirements, [](RequirementChange const& a, RequirementChange const& b) {
    auto const key = [](RequirementChange const& each) { return std::pair{each.change, each.severity.value_or(Severity::info)}; };
    return key(a).first != key(b).first ? key(a).first < key(b).first : key(a).second > key(b).second;
  });
  for (RequirementChange const& each : out.requirements) out.change = gravest(out.change, each.worsening ? Change::worse : each.change);
  if (before != nullptr && now != nullptr) {
    // Rules that came or went change a profile that stays.
    if (out.change == Change::added || out.change == Change::gone) out.change = Change::changed;
    compare_headings(*before, *now, out);
  } else if (out.change != Change::worse) {
    out.change = now != nullptr ? Change::added : Change::gone;
  }
  return out;
}

}  // namespace tlsgauge::report
