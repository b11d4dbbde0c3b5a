// A comparison for a terminal: the result first, then what got worse.

#include <fmt/format.h>

#include "report/diff_formats.hpp"
#include "report/text_page.hpp"
#include "report/tones.hpp"
#include "report/wording.hpp"

namespace tlsgauge::report {
namespace {

Cell result_cell(DiffResult result) {
  if (result == DiffResult::worse) return {"WORSE", Tone::bad};
  if (result == DiffResult::unknown) return {"UNKNOWN", Tone::fair};
  return {"NOT WORSE", Tone::good};
}

std::string side(Document const& document, std::size_t endpoints) {
  std::string const when = document.run.finished_at.empty() ? "at an unknown time" : document.run.finished_at;
  return fmt::format("{}, {}{}", when, counted(endpoints, "endpoint"), document.run.interrupted ? ", interrupted" : "");
}

void requirement(TextPage& page, RequirementChange const& r) {
  std::string const severity{name(r.severity ? *r.severity : r.severity_before.value_or(Severity::info))};
  page.labelled(2, {std::string{name(r.change)}, tone_of(r.worsening ? Change::worse : r.change)}, 12,
                {fmt::format("{} ({}): {}", r.title.empty() ? r.id : r.title, severity, verdict_phrase(r)), Tone::bold});
  if (!r.note.empty()) page.labelled(12, {"note"}, 18, {r.note});
  if (r.verdict) page.labelled(12, {"now"}, 18, {r.observed});
  if (r.verdict_before && r.observed_before != r.observed) page.labelled(12, {"was"}, 18, {r.observed_before, Tone::dim});
}

// A value of what is met that moves by itself, days left for one, would bury what matters.
bool is_small(RequirementChange const& r) {
  return r.change == Change::changed && r.verdict == r.verdict_before && r.severity == r.severity_before && r.verdict != Verdict::fail;
}

void profile(TextPage& page, EndpointChange const& endpoint, AssessmentChange const& a, bool verbose) {
  page.labelled(2, {fmt::format("{}:", a.profile), Tone::bold}, 12, {standing_phrase(a)});
  for (std::string const& note : a.notes) page.labelled(12, {"note"}, 18, {note});
  if (a.grade_fell) page.labelled(2, {"worse", Tone::bad}, 12, {fmt::format("the grade fell ({})", name(*a.grade_fell)), Tone::bold});
  std::size_t hidden = 0;
  for (RequirementChange const& r : a.requirements) {
    if (!verbose && (is_small(r) || !is_worth_a_line(endpoint, r))) {
      ++hidden;
    } else {
      requirement(page, r);
    }
  }
  if (hidden > 0) page.labelled(12, {""}, 12, {fmt::format("{} not shown (--verbose)", counted(hidden, "smaller change")), Tone::dim});
}

void endpoint(TextPage& page, EndpointChange const& e, bool verbose) {
  page.blank();
  page.line({{place(e.target), Tone::bold}, {manner(e.target), Tone::dim}, {std::string{name(e.change)}, tone_of(e.change)}});
  if (e.before != e.now && e.before && e.now)
    page.labelled(2, {"status"}, 12, {fmt::format("{}, was {}", status_phrase(*e.now), status_phrase(*e.before))});
  if (!e.note.empty()) page.labelled(2, {"unknown", Tone::fair}, 12, {"nothing is known of it now: " + e.note});
  if (e.change == Change::gone) page.labelled(2, {"gone", Tone::dim}, 12, {"not in the newer result; that makes nothing better"});
  for (AssessmentChange const& a : e.profiles) {
    if (verbose || a.change != Change::same) profile(page, e, a, verbose);
  }
  for (FactRow const& fact : fact_rows(e)) page.labelled(2, {"fact"}, 12, {fmt::format("{}: {}", fact.label, fact.text)});
}

}  // namespace

std::string write_diff_text(Comparison const& comparison, ReportOptions const& options) {
  TextPage page{options.width, options.colour, options.ascii};
  DiffOutcome const end = outcome(comparison, options.fail_on);
  Cell const result = result_cell(end.result);
  if (options.quiet) {
    page.line(
        {result, {"requirements: " + counts_phrase(comparison.requirements)}, {"endpoints: " + counts_phrase(comparison.endpoint_counts)}});
    return page.take();
  }
  page.labelled(0, result, 14, {end.reason.empty() ? "nothing that counts got worse" : end.reason, Tone::bold});
  page.labelled(0, {"old"}, 14, {side(comparison.before, comparison.endpoints_before)});
  page.labelled(0, {"new"}, 14, {side(comparison.now, comparison.endpoints_now)});
  for (std::string const& warning : comparison.warnings) page.labelled(0, {"warning", Tone::fair}, 14, {warning});
  page.labelled(0, {"endpoints"}, 14, {counts_phrase(comparison.endpoint_counts)});
  page.labelled(0, {"requirements"}, 14, {counts_phrase(comparison.requirements)});
  for (EndpointChange const* const each : changed_endpoints(comparison)) endpoint(page, *each, options.verbose);
  return page.take();
}

}  // namespace tlsgauge::report
