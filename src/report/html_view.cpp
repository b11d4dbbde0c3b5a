#include "report/html_view.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/clock.hpp"
#include "base/text.hpp"
#include "report/gauges.hpp"
#include "report/html_facts.hpp"
#include "report/html_lines.hpp"
#include "report/html_requirement.hpp"
#include "report/tones.hpp"
#include "report/wording.hpp"

namespace tlsgauge::report {
namespace {

constexpr std::size_t kWorst = 3;

std::uint64_t count(Assessment const& a, Verdict verdict) {
  return static_cast<std::uint64_t>(std::ranges::count_if(a.requirements, [&](Requirement const& r) { return r.verdict == verdict; }));
}

/// The requirement's place in its assessment, which holds it.
std::size_t index_of(Assessment const& a, Requirement const* r) { return static_cast<std::size_t>(r - a.requirements.data()); }

Value requirements(Assessment const& a, Verdict verdict, std::vector<std::string> const& anchors) {
  Value list = Value::array();
  for (Requirement const* const r : of_verdict(a, verdict)) list.push_back(requirement_view(*r, anchors.at(index_of(a, r))));
  return list;
}

/// What the score is made of: parts with a weight, suites by their letters, what is only told.
Value parts_view(Assessment const& a) {
  Value list = Value::array();
  for (ScorePart const& part : a.parts) {
    std::string value = part.grade;
    if (part.weight > 0) value = fmt::format("{:.0f}", part.score);
    std::string const weight = part.weight > 0 ? fmt::format("{:.0f} %", part.weight) : std::string{};
    list.push_back(
        Value::object().set("part_name", part.name).set("part_value", value).set("part_weight", weight).set("part_basis", part.basis));
  }
  return list;
}

Value caps_view(Assessment const& a) {
  Value list = Value::array();
  for (GradeCap const& cap : a.caps) {
    Reference const reference = take_apart(cap.reference);
    list.push_back(Value::object()
                       .set("cap_label", cap_phrase(cap))
                       .set("cap_reason", cap.reason)
                       .set("cap_reference", reference.text)
                       .set("cap_url", reference.url));
  }
  return list;
}

/// Verdict, score and what they rest on.
Value judgement(Assessment const& a, bool several) {
  return Value::object()
      .set("verdict", name(a.verdict))
      .set("verdict_tone", class_of(a.verdict))
      .set("svg_ring", draw_ring(a.coverage > 0 ? std::optional{a.score} : std::nullopt))
      .set("score", score_text(a))
      .set("grade", grade_text(a))
      .set("profile", profile_name(a.profile))
      .set("several", several)
      .set("coverage",
           a.coverage < 100 ? fmt::format("rests on {} % of its weight; the rest could not be judged", a.coverage) : std::string{})
      .set("counts", fmt::format("{} met, {} unmet, {} inconclusive, {} waived", count(a, Verdict::pass), count(a, Verdict::fail),
                                 count(a, Verdict::inconclusive), count(a, Verdict::waived)))
      .set("with_waivers",
           a.with_waivers ? fmt::format("{} {} if what is waived were met", a.with_waivers->score, a.with_waivers->grade) : std::string{})
      .set("baseline_line", baseline_phrase(a))
      .set("parts_line", parts_phrase(a))
      .set("first_cap", a.caps.empty() ? std::string{} : fmt::format("{}: {}", cap_phrase(a.caps.front()), a.caps.front().reason));
}

Value assessment_view(Assessment const& a, std::vector<std::string> const& anchors, bool several) {
  Value unmet = requirements(a, Verdict::fail, anchors);
  Value open = requirements(a, Verdict::inconclusive, anchors);
  Value waived = requirements(a, Verdict::waived, anchors);
  Value met = requirements(a, Verdict::pass, anchors);
  return judgement(a, several)
      .set("has_basis", !a.parts.empty() || !a.caps.empty())
      .set("has_caps", !a.caps.empty())
      .set("caps", caps_view(a))
      .set("parts", parts_view(a))
      .set("has_unmet", count(a, Verdict::fail) > 0)
      .set("unmet", std::move(unmet))
      .set("has_open", count(a, Verdict::inconclusive) > 0)
      .set("open_requirements", std::move(open))
      .set("has_waived", count(a, Verdict::waived) > 0)
      .set("waived", std::move(waived))
      .set("has_met", count(a, Verdict::pass) > 0)
      .set("met_count", std::to_string(count(a, Verdict::pass)))
      .set("met", std::move(met));
}

/// The gravest of what is unmet under any profile.
Value worst_findings(Endpoint const& endpoint, HtmlPlace const& at) {
  struct Found {
    Requirement const* requirement;
    std::string anchor;
  };
  std::vector<Found> all;
  for (std::size_t a = 0; a < endpoint.assessments.size(); ++a) {
    Assessment const& assessment = endpoint.assessments[a];
    for (Requirement const* const r : of_verdict(assessment, Verdict::fail)) {
      bool const told = std::ranges::any_of(all, [&](Found const& each) { return each.requirement->id == r->id; });
      if (!told) all.push_back({r, at.findings.at(a).at(index_of(assessment, r))});
    }
  }
  std::ranges::stable_sort(all, [](Found const& x, Found const& y) { return x.requirement->severity > y.requirement->severity; });
  if (all.size() > kWorst) all.resize(kWorst);
  Value list = Value::array();
  for (Found const& each : all) list.push_back(requirement_view(*each.requirement, each.anchor));
  return list;
}

/// Of several profiles: "Not met: a 1.0, b 1.0; not fully judged: c 1.0; met: d 1.0". Empty of one.
std::string profiles_line(Endpoint const& endpoint) {
  if (endpoint.assessments.size() < 2) return {};
  std::vector<std::string> parts;
  auto const add = [&](std::string_view words, auto const& holds) {
    std::vector<std::string> names;
    for (Assessment const& a : endpoint.assessments) {
      if (holds(a.verdict)) names.push_back(profile_name(a.profile));
    }
    if (!names.empty()) parts.push_back(fmt::format("{}: {}", words, join(names, ", ")));
  };
  add("not met", [](Verdict v) { return v == Verdict::fail; });
  add("not fully judged", [](Verdict v) { return v != Verdict::fail && v != Verdict::pass; });
  add("met", [](Verdict v) { return v == Verdict::pass; });
  return fmt::format("{}: {}", counted(endpoint.assessments.size(), "profile"), join(parts, "; "));
}

/// Name, address and how it was reached.
Value identity_view(Endpoint const& endpoint, HtmlPlace const& at) {
  std::string const name_sent = sent_name(endpoint.target);
  Target other = endpoint.target;
  if (!name_sent.empty()) other.server_name.clear();
  Value errors = Value::array();
  for (ErrorNote const& note : endpoint.errors) errors.push_back(Value::object().set("where", note.where).set("what", note.what));
  return Value::object()
      .set("anchor", at.anchor)
      .set("place", name_sent.empty() ? place(endpoint.target) : name_sent)
      .set("address", name_sent.empty() ? "" : place(endpoint.target))
      .set("manner", manner(other))
      .set("status", endpoint.status == Status::complete ? "" : status_phrase(endpoint.status))
      .set("profiles_line", profiles_line(endpoint))
      .set("profiles_tone", class_of(glance(endpoint).state))
      .set("not_judged", endpoint.assessments.empty())
      .set("has_errors", !endpoint.errors.empty())
      .set("errors", std::move(errors));
}

}  // namespace

namespace {

/// "2026-11-24 03:00 UTC"; what is no moment stays as it is.
std::string moment_text(std::string const& moment) {
  std::optional<Moment> const at = parse_rfc3339(moment);
  if (!at) return moment;
  std::string const text = rfc3339(*at);
  return fmt::format("{} {} UTC", text.substr(0, 10), text.substr(11, 5));
}

}  // namespace

Value page_view(Document const& document, HtmlLinks const& links, std::vector<Rule> const& rules) {
  Value warnings = Value::array();
  for (std::string const& warning : document.run.warnings) warnings.push_back(Value::object().set("warning", warning));
  Value page = Value::object();
  page.set("headline", headline(document))
      .set("headline_tone", headline_tone(document))
      .set("tool", document.tool.name + " " + document.tool.version)
      .set("openssl", document.tool.openssl)
      .set("started_at", document.run.started_at)
      .set("started", moment_text(document.run.started_at))
      .set("arguments", join(document.run.arguments, " "))
      .set("interrupted", document.run.interrupted)
      .set("has_warnings", !document.run.warnings.empty())
      .set("warnings", std::move(warnings))
      .set("many", document.endpoints.size() > 1 || links.folder());
  if (document.endpoints.size() > 1 || links.folder()) add_overview(page, document, links, rules);
  return page;
}

Value endpoint_view(Endpoint const& endpoint, Run const& run, HtmlPlace const& at, bool open) {
  Value assessments = Value::array();
  for (std::size_t a = 0; a < endpoint.assessments.size(); ++a) {
    assessments.push_back(assessment_view(endpoint.assessments[a], at.findings.at(a), endpoint.assessments.size() > 1));
  }
  Value worst = worst_findings(endpoint, at);
  bool const has_worst = worst.items().size() > 1;  // the only one heads what to do
  Value view = identity_view(endpoint, at);
  view.set("open", open)
      .set("cost", fmt::format("{}, {} sent, {} received, {}", counted(endpoint.cost.connections, "connection"),
                               octets(static_cast<std::int64_t>(endpoint.cost.bytes_sent)),
                               octets(static_cast<std::int64_t>(endpoint.cost.bytes_received)),
                               milliseconds(static_cast<double>(endpoint.cost.duration_ms))))
      .set("assessments", std::move(assessments))
      .set("has_worst", has_worst)
      .set("worst", std::move(worst));
  add_facts(view, endpoint.facts, run);
  return view;
}

namespace {

constexpr std::size_t kShort = 160;  // octets of what was seen, in a line
constexpr std::size_t kTitles = 8;   // of open requirements with the same reason

std::string title_of(Requirement const& r) { return r.title.empty() ? r.id : r.title; }

/// What could not be established, by reason: mostly one for all where an endpoint was not reached.
Value open_groups(Assessment const& a) {
  std::vector<std::pair<std::string, std::vector<std::string>>> groups;
  for (Requirement const* const r : of_verdict(a, Verdict::inconclusive)) {
    auto const same = std::ranges::find_if(groups, [&](auto const& group) { return group.first == r->observed; });
    (same == groups.end() ? groups.emplace_back(r->observed, std::vector<std::string>{}) : *same).second.push_back(title_of(*r));
  }
  Value out = Value::array();
  for (auto const& [observed, titles] : groups) {
    out.push_back(Value::object()
                      .set("open_count", std::to_string(titles.size()))
                      .set("open_titles", titles.size() <= kTitles ? join(titles, "; ") : std::string{})
                      .set("open_observed", shortened(observed, kShort)));
  }
  return out;
}

}  // namespace

Value compact_view(Endpoint const& endpoint, Run const& run, HtmlPlace const& at, std::vector<std::vector<std::string>> const& rules) {
  Value assessments = Value::array();
  for (std::size_t a = 0; a < endpoint.assessments.size(); ++a) {
    Assessment const& assessment = endpoint.assessments[a];
    auto const list = [&](Verdict verdict) {
      Value out = Value::array();
      for (Requirement const* const r : of_verdict(assessment, verdict)) {
        std::size_t const index = index_of(assessment, r);
        out.push_back(Value::object()
                          .set("requirement_anchor", at.findings.at(a).at(index))
                          .set("rule", rules.at(a).at(index))
                          .set("title", title_of(*r))
                          .set("severity", name(r->severity))
                          .set("severity_tone", class_of(r->severity))
                          .set("observed", shortened(r->observed, kShort))
                          .set("waiver", waiver_phrase(*r)));
      }
      return out;
    };
    Value view = judgement(assessment, endpoint.assessments.size() > 1);
    view.set("unmet", list(Verdict::fail)).set("open_groups", open_groups(assessment)).set("waived", list(Verdict::waived));
    assessments.push_back(std::move(view));
  }
  Value view = identity_view(endpoint, at);
  view.set("assessments", std::move(assessments));
  add_fact_lines(view, endpoint.facts, run);
  return view;
}

}  // namespace tlsgauge::report
