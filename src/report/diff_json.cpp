// A comparison as JSON, reports/schema/diff-1.schema.json.

#include "report/diff_formats.hpp"
#include "report/json_value.hpp"

namespace tlsgauge::report {
namespace {

Value text_or_null(std::string const& text) { return text.empty() ? Value{} : Value{text}; }
Value text_or_null(std::optional<std::string> const& text) { return text ? Value{*text} : Value{}; }

template <class T>
Value name_or_null(std::optional<T> const& value) {
  return value ? Value{name(*value)} : Value{};
}

/// How it was and how it is; null: it was not there, or is not any more.
Value pair(Value before, Value now) { return Value::object().set("before", std::move(before)).set("now", std::move(now)); }

template <class Range, class Convert>
Value list(Range const& range, Convert convert) {
  Value out = Value::array();
  for (auto const& item : range) out.push_back(convert(item));
  return out;
}

Value of_run(Document const& document, std::size_t endpoints) {
  return Value::object()
      .set("started_at", text_or_null(document.run.started_at))
      .set("finished_at", text_or_null(document.run.finished_at))
      .set("interrupted", document.run.interrupted)
      .set("tool_version", document.tool.version)
      .set("endpoints", std::uint64_t{endpoints});
}

Value of_counts(ChangeCounts const& counts) {
  Value out = Value::object();
  for (std::size_t i = 0; i < kChanges; ++i) out.set(name(static_cast<Change>(i)), std::uint64_t{counts.at(i)});
  return out;
}

Value of_requirement(RequirementChange const& r) {
  Value out = Value::object();
  out.set("id", r.id).set("title", r.title).set("change", name(r.change)).set("worsening", r.worsening);
  out.set("severity", pair(name_or_null(r.severity_before), name_or_null(r.severity)));
  out.set("verdict", pair(name_or_null(r.verdict_before), name_or_null(r.verdict)));
  out.set("observed", pair(r.verdict_before ? Value{r.observed_before} : Value{}, r.verdict ? Value{r.observed} : Value{}));
  return out.set("note", text_or_null(r.note));
}

Value of_assessment(AssessmentChange const& a) {
  auto const both = [&](auto get) { return pair(a.before ? get(*a.before) : Value{}, a.now ? get(*a.now) : Value{}); };
  Value out = Value::object();
  out.set("profile", a.profile).set("change", name(a.change));
  out.set("version", both([](Assessment const& each) { return Value{each.profile.version}; }));
  out.set("verdict", both([](Assessment const& each) { return Value{name(each.verdict)}; }));
  out.set("score", both([](Assessment const& each) { return Value{each.score}; }));
  out.set("grade", both([](Assessment const& each) { return Value{each.grade}; }));
  out.set("coverage", both([](Assessment const& each) { return Value{each.coverage}; }));
  out.set("grade_fell", name_or_null(a.grade_fell));
  out.set("notes", list(a.notes, [](std::string const& note) { return Value{note}; }));
  return out.set("requirements", list(a.requirements, of_requirement));
}

Value of_fact(FactChange const& f) {
  return Value::object()
      .set("fact", f.fact)
      .set("item", text_or_null(f.item))
      .set("before", text_or_null(f.before))
      .set("now", text_or_null(f.now));
}

Value of_endpoint(EndpointChange const& e) {
  Value out = Value::object();
  out.set("endpoint", e.identity).set("host", e.target.host).set("port", e.target.port).set("change", name(e.change));
  out.set("status", pair(name_or_null(e.before), name_or_null(e.now)));
  out.set("note", text_or_null(e.note));
  out.set("profiles", list(e.profiles, of_assessment));
  return out.set("facts", list(e.facts, of_fact));
}

}  // namespace

std::string write_diff_json(Comparison const& comparison, ReportOptions const& options) {
  DiffOutcome const end = outcome(comparison, options.fail_on);
  Value out = Value::object();
  out.set("schema", "tlsgauge.diff/1");
  out.set("tool", Value::object().set("name", comparison.tool.name).set("version", comparison.tool.version));
  out.set("before", of_run(comparison.before, comparison.endpoints_before));
  out.set("now", of_run(comparison.now, comparison.endpoints_now));
  out.set("fail_on", options.fail_on ? Value{name(*options.fail_on)} : Value{"never"});
  out.set("warnings", list(comparison.warnings, [](std::string const& each) { return Value{each}; }));
  out.set("result", name(end.result)).set("reason", text_or_null(end.reason));
  out.set("counts",
          Value::object().set("endpoints", of_counts(comparison.endpoint_counts)).set("requirements", of_counts(comparison.requirements)));
  out.set("endpoints", list(comparison.endpoints, of_endpoint));
  return json_document(out);
}

}  // namespace tlsgauge::report
