// The report for a terminal: the verdict first, then what to do, what is inconclusive, and the facts.

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "audit/shown_certificates.hpp"
#include "base/text.hpp"
#include "report/finding_text.hpp"
#include "report/formats.hpp"
#include "report/overview.hpp"
#include "report/text_columns.hpp"
#include "report/text_facts.hpp"
#include "report/text_page.hpp"
#include "report/tones.hpp"
#include "report/wording.hpp"

namespace tlsgauge::report {
namespace {

constexpr std::size_t kFewEndpoints = 10;  // of more, what was measured is shown on demand

std::string capitals(std::string_view word) {
  std::string out{word};
  for (char& c : out) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return out;
}

Glyph glyph_of(State state) {
  switch (state) {
    case State::pass:
      return Glyph::pass;
    case State::fail:
      return Glyph::fail;
    case State::unreachable:
    case State::not_tls:
    case State::inconclusive:
    case State::not_judged:
      return Glyph::open;
  }
  return Glyph::open;
}

/// One line an endpoint and profile: PASS 100 A+ place profile.
std::vector<std::vector<Cell>> verdict_rows(TextPage const& page, Endpoint const& endpoint) {
  std::vector<std::vector<Cell>> rows;
  std::string const where = place(endpoint.target);
  for (Assessment const& a : endpoint.assessments) {
    State const state = glance(endpoint, a).state;
    rows.push_back({{page.glyph(glyph_of(state)) + " " + capitals(name(a.verdict)), tone_of(a.verdict)},
                    {score_text(a), Tone::bold, true},
                    {grade_text(a), Tone::bold},
                    {where, Tone::bold},
                    {sent_name(endpoint.target)},
                    {profile_name(a.profile)}});
  }
  if (rows.empty()) {
    rows.push_back(
        {{page.glyph(Glyph::open) + " NOT JUDGED", Tone::fair}, {""}, {""}, {where, Tone::bold}, {sent_name(endpoint.target)}, {""}});
  }
  return rows;
}

/// The first server's lines; those of others only when verbose, for they say the same.
void fixes(TextPage& page, Requirement const& r, bool verbose) {
  std::vector<std::string> others;
  for (std::size_t i = 1; i < r.fix.size() && !verbose; ++i) others.push_back(r.fix[i].server);
  std::string const hint = others.empty() ? "" : fmt::format(" (--verbose: {} too)", join(others, ", "));
  for (Fix const& fix : r.fix) {
    page.labelled(12, {"fix"}, 22, {fmt::format("in {}{}:", fix.server, hint)});
    page.verbatim(14, fix.text);
    if (!verbose) break;
  }
}

std::string standing_beside_baseline(Requirement const& r) {
  if (r.baseline != Baseline::known) return "new";
  std::string const phrase{baseline_phrase(r)};
  return counted_verdict(r) == Verdict::waived ? phrase + ", does not decide the exit code" : phrase + ": counts as inconclusive";
}

void requirement(TextPage& page, Requirement const& r, bool with_fix, bool verbose) {
  std::string title = r.title.empty() ? r.id : r.title;
  if (r.verdict == Verdict::fail) title = fmt::format("{}: {}", kNotMet, title);
  if (r.points_lost > 0) title += fmt::format(" (-{:.1f} points)", r.points_lost);
  page.labelled(2, {std::string{name(r.severity)}, tone_of(r.severity)}, 12, {title, Tone::bold});
  if (!r.observed.empty()) page.labelled(12, {"observed"}, 22, {r.observed});
  if (!r.expected.empty()) page.labelled(12, {"expected"}, 22, {r.expected});
  if (std::string const waiver = waiver_phrase(r); !waiver.empty()) page.labelled(12, {"waiver"}, 22, {waiver});
  if (r.baseline) page.labelled(12, {"baseline"}, 22, {standing_beside_baseline(r)});
  if (!with_fix) return;
  if (!r.why.empty()) page.labelled(12, {"why"}, 22, {r.why});
  fixes(page, r, verbose);
  for (std::string const& reference : r.references) page.labelled(12, {"see"}, 22, {reference, Tone::dim});
}

void requirements(TextPage& page, Assessment const& assessment, Verdict verdict, std::string_view heading, bool with_fix, bool verbose) {
  std::vector<Requirement const*> const list = of_verdict(assessment, verdict);
  if (list.empty()) return;
  page.heading(heading);
  for (Requirement const* const r : list) requirement(page, *r, with_fix, verbose);
}

/// `measured`: else each requirement is inconclusive for the one reason that stands elsewhere.
void assessment(TextPage& page, Assessment const& a, bool several, bool measured, bool verbose) {
  std::string const suffix = several ? fmt::format(" ({})", profile_name(a.profile)) : "";
  requirements(page, a, Verdict::fail, "What to do" + suffix, true, verbose);
  if (measured || verbose) requirements(page, a, Verdict::inconclusive, "Could not be established" + suffix, false, verbose);
  requirements(page, a, Verdict::waived, "Waived" + suffix, false, verbose);
  if (verbose) requirements(page, a, Verdict::pass, "Met" + suffix, false, verbose);
  if (verbose) requirements(page, a, Verdict::not_applicable, "Does not apply" + suffix, false, verbose);
}

/// What the score is made of, in a line, and what keeps the grade down.
void score_basis(TextPage& page, Assessment const& a, bool several, bool verbose) {
  std::string const of = several ? profile_name(a.profile) + ": " : "";
  if (std::string const parts = parts_phrase(a); !parts.empty()) page.labelled(0, {}, 2, {of + parts, Tone::dim});
  for (GradeCap const& cap : a.caps) {
    page.labelled(2, {cap_phrase(cap), Tone::fair}, 14, {cap.reason});
    if (verbose && !cap.reference.empty()) page.labelled(14, {"see"}, 22, {cap.reference, Tone::dim});
  }
  for (ScorePart const* const note : notes_of(a)) page.labelled(0, {}, 2, {note->name + ": " + note->basis, Tone::dim});
  if (!verbose) return;
  for (ScorePart const& part : a.parts) {
    if (part.weight <= 0 && part.grade.empty()) continue;
    page.labelled(2, {part.grade.empty() ? fmt::format("{:.0f}", part.score) : part.grade}, 14, {part.name + ": " + part.basis, Tone::dim});
  }
}

void endpoint(TextPage& page, Endpoint const& e, bool with_facts, bool verbose) {
  page.table(0, verdict_rows(page, e), true);
  if (e.status != Status::complete) page.labelled(0, {}, 2, {status_phrase(e.status), Tone::fair});
  Target shown = e.target;
  shown.server_name.clear();  // stands in the line above
  if (std::string const how = manner(shown); !how.empty()) page.labelled(0, {}, 2, {how, Tone::dim});
  page.labelled(
      0, {}, 2,
      {fmt::format("{}, {} out, {} in, {}", counted(e.cost.connections, "connection"), octets(static_cast<std::int64_t>(e.cost.bytes_sent)),
                   octets(static_cast<std::int64_t>(e.cost.bytes_received)), milliseconds(static_cast<double>(e.cost.duration_ms))),
       Tone::dim});
  for (Assessment const& a : e.assessments) {
    if (a.coverage < 100) {
      page.labelled(
          0, {}, 2,
          {fmt::format("{} rests on {} % of its weight; the rest could not be judged", profile_name(a.profile), a.coverage), Tone::fair});
    }
  }
  for (Assessment const& a : e.assessments) {
    std::string const allowed = allowances(a);
    if (!allowed.empty()) page.labelled(0, {}, 2, {(e.assessments.size() > 1 ? profile_name(a.profile) + ": " : "") + allowed, Tone::fair});
  }
  for (Assessment const& a : e.assessments) score_basis(page, a, e.assessments.size() > 1, verbose);
  for (Assessment const& a : e.assessments) assessment(page, a, e.assessments.size() > 1, measured(e), verbose);
  if (!e.errors.empty()) {
    page.heading("What went wrong");
    for (ErrorNote const& note : e.errors) page.labelled(2, {note.where}, 18, {note.what, Tone::fair});
  }
  if (with_facts) in_columns(page, [&](TextPage& to) { write_facts(to, e.facts, verbose); });
}

/// End entities' keys that several endpoints share: a breach of one is a breach of all.
void shared_keys(TextPage& page, Document const& document) {
  std::map<std::string, std::vector<std::string>> places;
  for (Endpoint const& e : document.endpoints) {
    for (Value const* const chain : audit::certificates_of(e, e.facts["certificates"])) {
      if ((*chain)["chain"].items().empty()) continue;
      std::string const& key = (*chain)["chain"].items().front()["spki_sha256"].as_string();
      if (key.empty()) continue;
      std::vector<std::string>& list = places[key];
      std::string const where = place(e.target);
      if (std::find(list.begin(), list.end(), where) == list.end()) list.push_back(where);
    }
  }
  std::set<std::string> lines;  // by name, and endpoints that share two keys once
  for (auto const& [key, list] : places) {
    if (list.size() > 1) lines.insert(join(list, ", "));
  }
  for (std::string const& line : lines) page.labelled(0, {"same key"}, 12, {line});
}

std::string expiry(Endpoint const& endpoint) {
  std::optional<std::int64_t> const left = days_left(endpoint);
  return left ? days_short(*left) : "";
}

/// Of one word for its column: NOT-JUDGED, NO-TLS.
std::string word(State state) {
  std::string out = capitals(name(state));
  std::ranges::replace(out, ' ', '-');
  return out;
}

/// A line each, the worst first: state, score, grade, place, and what is worst.
void summary(TextPage& page, std::vector<Glance> const& glances, bool several) {
  bool const wide = page.width() >= 120 || !page.cuts();
  std::vector<std::vector<Cell>> rows;
  for (Glance const& each : glances) {
    Endpoint const& e = *each.endpoint;
    Assessment const* const a = each.assessment;
    std::size_t const waived = a == nullptr ? 0 : of_verdict(*a, Verdict::waived).size();
    rows.push_back({{page.glyph(glyph_of(each.state)) + " " + word(each.state), tone_of(each.state)},
                    {a == nullptr ? "-" : score_text(*a), Tone::bold, true},
                    {a == nullptr ? "-" : grade_text(*a), Tone::bold},
                    {place(e.target), Tone::bold},
                    {sent_name(e.target)},
                    {several && wide && a != nullptr ? profile_name(a->profile) : "", Tone::dim},
                    {wide ? expiry(e) : "", Tone::plain, true},
                    {waived > 0 ? fmt::format("{} waived", waived) : "", Tone::fair},
                    {worst(each)}});
  }
  page.table(0, rows, true);
}

/// A cell for cut and awk.
std::string one_word(std::string text) {
  std::ranges::replace(text, ' ', '_');
  return text.empty() ? "-" : text;
}

/// A line each in the document's order, and one for what is missing where the run was interrupted; columns without a gap: for grep, cut and
/// awk.
void quiet(TextPage& page, Document const& document) {
  bool const several = several_profiles(document);
  std::vector<std::vector<Cell>> rows;
  for (Endpoint const& e : document.endpoints) {
    Glance const each = glance(e);
    Assessment const* const a = each.assessment;
    std::string where = place(e.target);
    if (std::string const sent = sent_name(e.target); !sent.empty()) where += "/" + sent;
    // Waivers first, where no end of a line hides them; what passed has no finding but those.
    std::vector<std::string> parts;
    if (a != nullptr) parts.push_back(allowances(*a));
    if (each.open) parts.push_back((several && each.requirement != nullptr ? profile_name(a->profile) + ": " : "") + worst(each));
    std::erase(parts, "");
    std::string const what = join(parts, "; ");
    rows.push_back({{word(each.state), tone_of(each.state)},
                    {a == nullptr ? "-" : score_text(*a), Tone::bold, true},
                    {one_word(a == nullptr ? "" : grade_text(*a)), Tone::bold},
                    {one_word(where), Tone::bold},
                    {what}});
  }
  if (document.run.interrupted)
    rows.push_back({{"INTERRUPTED", Tone::fair}, {"-", Tone::plain, true}, {"-"}, {"-"}, {std::string{kInterrupted}}});
  page.table(0, rows, true);
}

std::string rule(TextPage const& page) {
  std::string out;
  for (std::size_t i = 0; i < page.width(); ++i) out += page.glyph(Glyph::rule);
  return out;
}

/// The table, then what there is to do, and how many there were.
void many(TextPage& page, Document const& document, bool verbose) {
  std::vector<Glance> const glances = overview(document);
  summary(page, glances, several_profiles(document));
  shared_keys(page, document);
  bool const with_facts = verbose || glances.size() <= kFewEndpoints;
  std::uint64_t in_order = 0;
  for (Glance const& each : glances) {
    if (!each.open && !verbose) {
      ++in_order;
      continue;
    }
    page.blank();
    page.line({{rule(page), Tone::dim}});
    endpoint(page, *each.endpoint, with_facts, verbose);
  }
  page.blank();
  page.line({{rule(page), Tone::dim}});
  if (in_order > 0)
    page.line({{fmt::format("{} in order: --verbose shows more of {}", counted(in_order, "endpoint"), in_order == 1 ? "it" : "them"),
                Tone::dim}});
  if (!with_facts && in_order < glances.size()) page.line({{"What was measured: --verbose, or -o html=FILE", Tone::dim}});
}

}  // namespace

std::string write_text(Document const& document, ReportOptions const& options) {
  TextPage page(options.width, options.colour, options.ascii);
  if (options.quiet) {
    quiet(page, document);
    return page.take();
  }
  // Of one endpoint the verdict is read first, of many the last lines.
  constexpr std::string_view kCut = "The run was interrupted: what was finished before is here.";
  bool const many_there = document.endpoints.size() > 1;
  if (document.run.interrupted && !many_there) page.labelled(0, {}, 0, {std::string{kCut}, Tone::fair});
  if (document.endpoints.empty()) page.line({{"No endpoint was measured."}});
  if (document.endpoints.size() == 1) endpoint(page, document.endpoints.front(), true, options.verbose);
  if (document.endpoints.size() > 1) many(page, document, options.verbose);
  if (!document.run.warnings.empty() && document.endpoints.size() < 2) page.blank();
  for (std::string const& warning : document.run.warnings) page.labelled(0, {"warning", Tone::fair}, 9, {warning});
  if (document.run.interrupted && many_there) page.labelled(0, {}, 0, {std::string{kCut}, Tone::fair});
  if (document.endpoints.size() > 1) page.line({{tally(overview(document)), Tone::bold}});
  return page.take();
}

}  // namespace tlsgauge::report
