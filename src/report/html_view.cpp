#include "report/html_view.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "report/gauges.hpp"
#include "report/html_facts.hpp"
#include "report/wording.hpp"

namespace tlsgauge::report {
namespace {

std::string profile_name(ProfileIdentity const& profile) { return profile.name + " " + profile.version; }

std::string tone_of(Severity severity) { return severity >= Severity::high ? "bad" : severity == Severity::medium ? "fair" : "off"; }

/// What may stand in a fragment of an address.
std::string slug(std::string_view id) {
  std::string out;
  for (char const c : id.substr(0, 80)) {
    bool const plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
    out += plain ? c : '-';
  }
  return out;
}

Value requirement_view(Requirement const& r, std::string const& prefix) {
  Value first = Value::array();  // of at most one: the others say the same for other servers
  Value others = Value::array();
  std::vector<std::string> other_servers;
  for (Fix const& fix : r.fix) {
    bool const is_first = &fix == &r.fix.front();
    (is_first ? first : others).push_back(Value::object().set("fix_server", fix.server).set("verbatim", fix.text));
    if (!is_first) other_servers.push_back(fix.server);
  }
  Value references = Value::array();
  for (std::string const& text : r.references) {
    Reference const reference = take_apart(text);
    references.push_back(Value::object().set("reference", reference.text).set("url", reference.url));
  }
  return Value::object()
      .set("requirement_anchor", prefix + slug(r.id))
      .set("title", r.title.empty() ? r.id : r.title)
      .set("severity", name(r.severity))
      .set("severity_tone", tone_of(r.severity))
      .set("expected", r.expected)
      .set("observed", r.observed)
      .set("why", r.why)
      .set("points", r.points_lost > 0 ? fmt::format("\u2212{:.1f} points", r.points_lost) : std::string{})
      .set("waiver", waiver_phrase(r))
      .set("fixes", std::move(first))
      .set("other_servers", join(other_servers, ", "))
      .set("other_fixes", std::move(others))
      .set("references", std::move(references))
      .set("more", !r.why.empty() || !r.references.empty());
}

Value requirements(Assessment const& assessment, Verdict verdict, std::string const& prefix) {
  Value list = Value::array();
  for (Requirement const* const r : of_verdict(assessment, verdict)) list.push_back(requirement_view(*r, prefix));
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

std::string sentence(Verdict verdict) {
  switch (verdict) {
    case Verdict::pass:
      return "meets";
    case Verdict::fail:
      return "does not meet";
    default:
      return "could not be fully judged against";
  }
}

Value assessment_view(Assessment const& a, std::string const& endpoint_anchor, std::size_t number, bool several) {
  std::string const prefix = number == 1 ? endpoint_anchor + "-" : fmt::format("{}-{}-", endpoint_anchor, slug(a.profile.name));
  auto const count = [&](Verdict verdict) {
    return static_cast<std::uint64_t>(
        std::count_if(a.requirements.begin(), a.requirements.end(), [&](Requirement const& r) { return r.verdict == verdict; }));
  };
  Value unmet = requirements(a, Verdict::fail, prefix);
  Value open = requirements(a, Verdict::inconclusive, prefix);
  Value waived = requirements(a, Verdict::waived, prefix);
  Value met = requirements(a, Verdict::pass, prefix);
  return Value::object()
      .set("verdict", name(a.verdict))
      .set("verdict_tone", class_of(a.verdict))
      .set("sentence", sentence(a.verdict))
      .set("svg_ring", draw_ring(a.score))
      .set("score", std::to_string(a.score))
      .set("grade", a.grade)
      .set("profile", profile_name(a.profile))
      .set("source", a.profile.source)
      .set("several", several)
      .set("coverage",
           a.coverage < 100 ? fmt::format("rests on {} % of its weight; the rest could not be judged", a.coverage) : std::string{})
      .set("counts", fmt::format("{} met, {} unmet, {} inconclusive, {} waived", count(Verdict::pass), count(Verdict::fail),
                                 count(Verdict::inconclusive), count(Verdict::waived)))
      .set("with_waivers",
           a.with_waivers ? fmt::format("{} {} if what is waived were met", a.with_waivers->score, a.with_waivers->grade) : std::string{})
      .set("parts_line", parts_phrase(a))
      .set("first_cap", a.caps.empty() ? std::string{} : fmt::format("{}: {}", cap_phrase(a.caps.front()), a.caps.front().reason))
      .set("has_basis", !a.parts.empty() || !a.caps.empty())
      .set("has_caps", !a.caps.empty())
      .set("caps", caps_view(a))
      .set("parts", parts_view(a))
      .set("has_unmet", count(Verdict::fail) > 0)
      .set("unmet", std::move(unmet))
      .set("has_open", count(Verdict::inconclusive) > 0)
      .set("open_requirements", std::move(open))
      .set("has_waived", count(Verdict::waived) > 0)
      .set("waived", std::move(waived))
      .set("has_met", count(Verdict::pass) > 0)
      .set("met_count", std::to_string(count(Verdict::pass)))
      .set("met", std::move(met));
}

std::string sent_name(Target const& target) {
  return target.server_name.empty() || target.server_name == target.host ? "" : target.server_name;
}

std::string first_days(Value const& facts) {
  for (Value const& chain : facts["certificates"].items()) {
    if (chain["shown_for"]["named"].is_string()) continue;  // not for the target
    if (chain["days_left"].is_int()) return std::to_string(chain["days_left"].as_int());
  }
  return "";
}

std::string supported(Value const& facts) {
  std::vector<std::string> names;
  for (Value const& each : facts["protocols"].items()) {
    if (each["support"].as_string() == "yes") names.push_back(each["name"].as_string());
  }
  return join(names, ", ");
}

Value row(Endpoint const& endpoint, Assessment const* a, std::size_t number) {
  std::vector<Requirement const*> const unmet = a ? of_verdict(*a, Verdict::fail) : std::vector<Requirement const*>{};
  return Value::object()
      .set("row_anchor", anchor(number))
      .set("row_place", place(endpoint.target))
      .set("row_name", sent_name(endpoint.target))
      .set("row_verdict", a ? name(a->verdict) : "not judged")
      .set("row_tone", a ? class_of(a->verdict) : "off")
      .set("row_score", a ? std::to_string(a->score) : "")
      .set("row_grade", a ? a->grade : "")
      .set("row_profile", a ? profile_name(a->profile) : "")
      .set("row_unmet", a ? std::to_string(unmet.size()) : "")
      .set("row_worst", unmet.empty() ? "" : unmet.front()->title)
      .set("row_protocols", supported(endpoint.facts))
      .set("row_days", first_days(endpoint.facts))
      .set("row_status", endpoint.status == Status::complete ? "" : status_phrase(endpoint.status));
}

/// The worst of an endpoint's verdicts: fail, then inconclusive, then pass; inconclusive when nobody judged.
Verdict worst(Endpoint const& endpoint) {
  bool open = endpoint.assessments.empty();
  for (Assessment const& a : endpoint.assessments) {
    if (a.verdict == Verdict::fail) return Verdict::fail;
    open = open || a.verdict != Verdict::pass;
  }
  return open ? Verdict::inconclusive : Verdict::pass;
}

std::string headline(Document const& document) {
  if (document.endpoints.empty()) return "No endpoint was measured";
  if (document.endpoints.size() == 1) {
    Endpoint const& only = document.endpoints.front();
    std::string const who = sent_name(only.target).empty() ? place(only.target) : sent_name(only.target);
    if (only.assessments.empty()) return who + " was measured, but not judged";
    Assessment const& a = only.assessments.front();
    return fmt::format("{} {} {}", who, sentence(a.verdict), profile_name(a.profile));
  }
  auto const count = [&](Verdict verdict) {
    return std::count_if(document.endpoints.begin(), document.endpoints.end(), [&](Endpoint const& e) { return worst(e) == verdict; });
  };
  return fmt::format("{} endpoints: {} fail, {} inconclusive, {} pass", document.endpoints.size(), count(Verdict::fail),
                     count(Verdict::inconclusive), count(Verdict::pass));
}

}  // namespace

std::string class_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::pass:
      return "good";
    case Verdict::fail:
      return "bad";
    case Verdict::inconclusive:
      return "fair";
    case Verdict::waived:
    case Verdict::not_applicable:
      return "off";
  }
  return "off";
}

std::string anchor(std::size_t number) { return fmt::format("endpoint-{}", number); }

Value page_view(Document const& document) {
  Value warnings = Value::array();
  for (std::string const& warning : document.run.warnings) warnings.push_back(Value::object().set("warning", warning));
  Value rows = Value::array();
  std::size_t number = 0;
  for (Endpoint const& endpoint : document.endpoints) {
    ++number;
    for (Assessment const& a : endpoint.assessments) rows.push_back(row(endpoint, &a, number));
    if (endpoint.assessments.empty()) rows.push_back(row(endpoint, nullptr, number));
  }
  std::string tone = "fair";
  if (!document.endpoints.empty()) {
    Verdict all = Verdict::pass;
    for (Endpoint const& endpoint : document.endpoints) {
      Verdict const each = worst(endpoint);
      if (each == Verdict::fail || (each == Verdict::inconclusive && all == Verdict::pass)) all = each;
    }
    tone = class_of(all);
  }
  return Value::object()
      .set("headline", headline(document))
      .set("headline_tone", tone)
      .set("tool", document.tool.name + " " + document.tool.version)
      .set("openssl", document.tool.openssl)
      .set("started_at", document.run.started_at)
      .set("arguments", join(document.run.arguments, " "))
      .set("interrupted", document.run.interrupted)
      .set("has_warnings", !document.run.warnings.empty())
      .set("warnings", std::move(warnings))
      .set("many", document.endpoints.size() > 1)
      .set("rows", std::move(rows));
}

Value endpoint_view(Endpoint const& endpoint, Run const& run, std::size_t number, bool open) {
  Value assessments = Value::array();
  std::size_t profile = 0;
  for (Assessment const& a : endpoint.assessments) {
    assessments.push_back(assessment_view(a, anchor(number), ++profile, endpoint.assessments.size() > 1));
  }
  Value errors = Value::array();
  for (ErrorNote const& note : endpoint.errors) errors.push_back(Value::object().set("where", note.where).set("what", note.what));
  std::string const name_sent = sent_name(endpoint.target);
  Target other = endpoint.target;
  if (!name_sent.empty()) other.server_name.clear();
  Value view = Value::object();
  view.set("anchor", anchor(number))
      .set("open", open)
      .set("place", name_sent.empty() ? place(endpoint.target) : name_sent)
      .set("address", name_sent.empty() ? "" : place(endpoint.target))
      .set("manner", manner(other))
      .set("status", endpoint.status == Status::complete ? "" : status_phrase(endpoint.status))
      .set("cost", fmt::format("{}, {} sent, {} received, {}", counted(endpoint.cost.connections, "connection"),
                               octets(static_cast<std::int64_t>(endpoint.cost.bytes_sent)),
                               octets(static_cast<std::int64_t>(endpoint.cost.bytes_received)),
                               milliseconds(static_cast<double>(endpoint.cost.duration_ms))))
      .set("not_judged", endpoint.assessments.empty())
      .set("assessments", std::move(assessments))
      .set("has_errors", !endpoint.errors.empty())
      .set("errors", std::move(errors));
  // Long lists of what to do leave room beside them.
  bool const beside = std::any_of(endpoint.assessments.begin(), endpoint.assessments.end(),
                                  [](Assessment const& a) { return of_verdict(a, Verdict::fail).size() > 3; });
  view.set("ladders_beside", beside);
  add_facts(view, endpoint.facts, run);
  return view;
}

}  // namespace tlsgauge::report
