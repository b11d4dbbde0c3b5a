// The result document as JSON. Members stand in the order of the contract; every string leaves as well-formed UTF-8.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "report/formats.hpp"
#include "report/json_value.hpp"
#include "tlsgauge/version.hpp"

namespace tlsgauge {
namespace {

using Json = nlohmann::ordered_json;

/// An object in the making. Keys are appended without a search: they are known to differ.
class Object {
 public:
  Object& operator()(std::string_view key, Json value) {
    json_.get_ref<Json::object_t&>().emplace_back(std::string{key}, std::move(value));
    return *this;
  }
  Json take() { return std::move(json_); }

 private:
  Json json_ = Json::object();
};

Json text(std::string_view value) { return to_utf8(value); }
Json text_or_null(std::string_view value) { return value.empty() ? Json{} : text(value); }

/// Three decimals are enough for milliseconds and points, and keep noise out of diffs.
Json number(double value) {
  if (!std::isfinite(value)) return {};
  if (std::abs(value) > 1e12) return value;
  double const rounded = std::round(value * 1000) / 1000;
  return rounded == 0 ? 0.0 : rounded;
}

template <class Range, class Convert>
Json list(Range const& range, Convert convert) {
  Json out = Json::array();
  for (auto const& item : range) out.push_back(convert(item));
  return out;
}

Json from_value(Value const& value) {
  if (value.is_bool()) return value.as_bool();
  if (value.is_int()) return value.as_int();
  if (value.is_double()) return number(value.as_double());
  if (value.is_string()) return text(value.as_string());
  if (value.is_array()) return list(value.items(), from_value);
  if (value.is_object()) {
    Object out;
    for (auto const& [key, member] : value.members()) out(to_utf8(key), from_value(member));
    return out.take();
  }
  return {};
}

/// What may steer the terminal that a document is shown on, as escapes of JSON: DEL, the C1 controls and bidirectional controls. They
/// stand in strings only; the C0 controls are escaped already.
std::string without_steering(std::string const& json) {
  std::string out;
  out.reserve(json.size());
  std::string_view rest = json;
  while (!rest.empty()) {
    auto const at = [&](std::size_t i) { return i < rest.size() ? static_cast<unsigned char>(rest[i]) : 0U; };
    unsigned point = 0;
    std::size_t length = 1;
    if (at(0) == 0x7F) {
      point = 0x7F;
    } else if (at(0) == 0xC2 || at(0) == 0xD8) {
      length = 2;
      point = (at(0) & 0x1FU) << 6U | (at(1) & 0x3FU);
    } else if (at(0) == 0xE2) {
      length = 3;
      point = (at(0) & 0x0FU) << 12U | (at(1) & 0x3FU) << 6U | (at(2) & 0x3FU);
    }
    bool const steers = (point >= 0x7F && point <= 0x9F) || point == 0x061C || point == 0x200E || point == 0x200F ||
                        (point >= 0x2028 && point <= 0x202E) || (point >= 0x2066 && point <= 0x2069);
    length = std::min(length, rest.size());
    if (steers) {
      out += fmt::format("\\u{:04x}", point);
    } else {
      out += rest.substr(0, length);
    }
    rest.remove_prefix(length);
  }
  return out;
}

Json from_tool(Tool const& tool) {
  return Object{}("name", text(tool.name))("version", text(tool.version))("openssl", text(tool.openssl)).take();
}

Json from_run(Run const& run) {
  Object out;
  out("started_at", text_or_null(run.started_at))("finished_at", text_or_null(run.finished_at))("arguments", list(run.arguments, text))(
      "interrupted", run.interrupted);
  if (run.targets > 0) out("targets", run.targets);
  if (!run.warnings.empty()) out("warnings", list(run.warnings, text));
  return out.take();
}

Json from_target(Target const& target) {
  Object out;
  out("input", text(target.input))("host", text(target.host))("port", target.port)("address", text(target.address))(
      "server_name", text_or_null(target.server_name))("transport", text(target.transport))("starttls", text_or_null(target.starttls));
  if (!target.list_file.empty()) out("listed_at", Object{}("file", text(target.list_file))("line", target.list_line).take());
  return out.take();
}

Json from_cost(Cost const& cost) {
  return Object{}("connections", cost.connections)("bytes_sent", cost.bytes_sent)("bytes_received", cost.bytes_received)("duration_ms",
                                                                                                                         cost.duration_ms)
      .take();
}

Json from_fix(Fix const& fix) { return Object{}("server", text(fix.server))("text", text(fix.text)).take(); }

Json from_waiver(WaiverNote const& waiver) {
  return Object{}("id", text(waiver.id))("reason", text(waiver.reason))("approved_by", text(waiver.approved_by))(
             "ticket", text_or_null(waiver.ticket))("created", text_or_null(waiver.created))("expires", text(waiver.expires))(
             "expired", waiver.expired)
      .take();
}

Json from_cause(Cause const& cause) {
  Object out;
  out("kind", name(cause.kind))("key", text(cause.key));
  if (cause.label != cause.key) out("label", text(cause.label));
  if (!cause.subject.empty()) out("subject", text(cause.subject));
  if (!cause.fact.empty()) out("fact", text(cause.fact))("amount", number(cause.amount))("off", number(cause.off));
  return out.take();
}

Json from_requirement(Requirement const& r) {
  Object out;
  out("id", text(r.id))("title", text(r.title))("severity", name(r.severity))("verdict", name(r.verdict))("expected", text(r.expected))(
      "observed", text(r.observed))("why", text(r.why))("fix", list(r.fix, from_fix))("references", list(r.references, text))(
      "waiver", r.waiver ? text(*r.waiver) : Json{});
  if (r.waived_by) out("waived_by", from_waiver(*r.waived_by));
  if (!r.causes.empty()) out("causes", list(r.causes, from_cause));
  if (r.more_possible) out("more_possible", true);
  if (r.baseline) out("baseline", name(*r.baseline));
  return out("points_lost", number(r.points_lost)).take();
}

Json from_part(ScorePart const& part) {
  return Object{}("name", text(part.name))("weight", number(part.weight))("score", number(part.score))("grade", text_or_null(part.grade))(
             "basis", text(part.basis))
      .take();
}

Json from_cap(GradeCap const& cap) {
  return Object{}("grade", text(cap.grade))("reason", text(cap.reason))("reference", text_or_null(cap.reference)).take();
}

Json from_assessment(Assessment const& a) {
  Json profile = Object{}("name", text(a.profile.name))("version", text(a.profile.version))("source", text(a.profile.source)).take();
  Object out;
  out("profile", std::move(profile))("verdict", name(a.verdict))("score", a.score)("grade", text(a.grade))("coverage", a.coverage)(
      "model", text(a.model))("parts", list(a.parts, from_part))("caps", list(a.caps, from_cap));
  if (a.with_waivers) out("with_waivers", Object{}("score", a.with_waivers->score)("grade", text(a.with_waivers->grade)).take());
  return out("requirements", list(a.requirements, from_requirement)).take();
}

Json from_error(ErrorNote const& note) { return Object{}("where", text(note.where))("what", text(note.what)).take(); }

void add_endpoint(Object& out, Endpoint const& endpoint) {
  out("target", from_target(endpoint.target))("status", name(endpoint.status))("cost", from_cost(endpoint.cost))(
      "facts", from_value(endpoint.facts))("assessments", list(endpoint.assessments, from_assessment))("errors",
                                                                                                       list(endpoint.errors, from_error));
}

Json from_endpoint(Endpoint const& endpoint) {
  Object out;
  add_endpoint(out, endpoint);
  return out.take();
}

// `replace` only keeps a disagreement over what is well-formed from becoming an exception. A line is written in ASCII: U+2028 and
// U+0085 end lines for some readers.
std::string dump(Json const& json, bool one_line) {
  return without_steering(json.dump(one_line ? -1 : 2, ' ', one_line, Json::error_handler_t::replace)) + "\n";
}

}  // namespace

std::string json_line(Value const& value) { return dump(from_value(value), true); }

std::string json_line(Endpoint const& endpoint, Tool const& tool, Run const& run) {
  Object out;
  out("schema", kSchema)("tool", from_tool(tool))("run", from_run(run));
  add_endpoint(out, endpoint);
  return dump(out.take(), true);
}

namespace report {

std::string json_document(Value const& value) { return dump(from_value(value), false); }

std::string write_json(Document const& document, ReportOptions const& /*options*/) {
  return dump(Object{}("schema", document.schema.empty() ? Json{kSchema} : text(document.schema))("tool", from_tool(document.tool))(
                  "run", from_run(document.run))("endpoints", list(document.endpoints, from_endpoint))
                  .take(),
              false);
}

std::string write_json_lines(Document const& document, ReportOptions const& /*options*/) {
  std::string out;
  for (Endpoint const& endpoint : document.endpoints) out += json_line(endpoint, document.tool, document.run);
  return out;
}

}  // namespace report
}  // namespace tlsgauge
