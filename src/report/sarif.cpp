// SARIF 2.1.0, with what GitHub's code scanning demands beyond its schema.
//
// GitHub takes every result for an alert, whatever its kind, and closes the alert of a result that is gone as fixed. So what is
// inconclusive is a result too (kind "open", level "none"), with the fingerprint that it has when it fails: an alert stays open until the
// requirement is seen to be met. Of a run with `executionSuccessful` false GitHub changes no alert at all ("unsuccessful execution"), which
// is right where an endpoint was not measured.

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "base/utf8.hpp"
#include "report/fact_parts.hpp"
#include "report/finding_text.hpp"
#include "report/formats.hpp"
#include "report/sarif_rules.hpp"
#include "report/wording.hpp"

namespace tlsgauge::report {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kResults = 25'000;  // GitHub refuses more
constexpr std::size_t kMessage = 2000;    // octets
constexpr std::size_t kName = 1000;

/// RFC 3986: all but unreserved characters and "/". With ":" encoded too, no path begins with what looks like a scheme.
std::string percent_encoded(std::string_view path) {
  std::string out;
  for (char const c : path) {
    bool const plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' ||
                       c == '~' || c == '/';
    if (plain) {
      out += c;
    } else {
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return out;
}

/// A sentence in which nothing is a link: "[text](destination)" would be one (section 3.11.6).
Json text_message(std::string text) {
  text = cut_printable(text, kMessage);
  for (std::size_t at = text.find("]("); at != std::string::npos; at = text.find("](", at + 3)) text.insert(at, "\\");
  if (!text.ends_with('.')) text += '.';
  return {{"text", std::move(text)}};
}

std::string endpoint_name(Target const& target) {
  std::string const scheme = !target.starttls.empty() ? target.starttls : target.transport == "tcp" ? "tls" : target.transport;
  return cut_printable(fmt::format("{}://{}", scheme, place(target)), kName);
}

Json location(Target const& target, ReportOptions const& options) {
  SourcePlace const where = source_place(target, options.base);
  bool const listed = !target.list_file.empty();
  auto const letters = std::ranges::count_if(target.input, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80; });
  auto const width = listed ? std::clamp<std::ptrdiff_t>(letters, 1, 1000) : 1;
  return {{"physicalLocation",
           {{"artifactLocation", {{"uri", percent_encoded(where.path)}}},
            {"region", {{"startLine", where.line}, {"startColumn", 1}, {"endLine", where.line}, {"endColumn", width + 1}}}}},
          {"logicalLocations", Json::array({{{"fullyQualifiedName", endpoint_name(target)}, {"kind", "resource"}}})}};
}

/// What may fail for more now is not seen to be as it was.
std::string_view baseline_state(Requirement const& requirement) {
  if (requirement.baseline == Baseline::added) return "new";
  return counted_verdict(requirement) == Verdict::waived ? "unchanged" : "updated";
}

Json result(Finding const& finding, SarifRules const& rules, ReportOptions const& options) {
  Requirement const& requirement = *finding.requirement;
  bool const open = requirement.verdict == Verdict::inconclusive;
  std::string const id = rule_id(*finding.assessment, requirement);
  Json out{{"ruleId", id},
           {"ruleIndex", rules.index(id)},
           {"kind", open ? "open" : "fail"},
           {"level", open ? "none" : sarif_level(requirement.severity)},  // section 3.27.10: no other level for what is open
           {"message", text_message(message(finding))},
           {"locations", Json::array({location(finding.endpoint->target, options)})},
           {"partialFingerprints", {{"primaryLocationLineHash", finding.fingerprint + ":1"}}}};
  if (requirement.verdict == Verdict::waived) {
    out["suppressions"] = Json::array(
        {{{"kind", "external"}, {"status", "accepted"}, {"justification", cut(printable(waiver_phrase(requirement)), kMessage)}}});
  }
  if (requirement.baseline) out["baselineState"] = baseline_state(requirement);
  out["properties"] = {{"verdict", name(requirement.verdict)}, {"severity", name(requirement.severity)}};
  if (std::string_view const known = baseline_phrase(requirement); !known.empty()) out["properties"]["baseline"] = known;
  if (requirement.verdict == Verdict::fail && requirement.waived_by)
    out["properties"]["waiver"] = cut(printable(waiver_phrase(requirement)), kMessage);
  return out;
}

Json notification(std::string_view level, std::string text, Target const* target, ReportOptions const& options) {
  Json out{{"level", level}, {"message", text_message(std::move(text))}};
  if (target != nullptr) out["locations"] = Json::array({location(*target, options)});
  return out;
}

Json invocation(Document const& document, std::size_t left_out, ReportOptions const& options) {
  std::vector<Gap> const missing = gaps(document);
  Json executed = Json::array();
  for (Gap const& gap : missing)
    executed.push_back(notification("error", gap.text, gap.endpoint != nullptr ? &gap.endpoint->target : nullptr, options));
  for (Endpoint const& endpoint : document.endpoints) {
    if (!measured(endpoint)) continue;
    for (ErrorNote const& error : endpoint.errors) {
      executed.push_back(
          notification("warning", fmt::format("{}: {}: {}", place(endpoint.target), error.where, error.what), &endpoint.target, options));
    }
  }
  if (left_out > 0) {
    executed.push_back(notification(
        "warning", fmt::format("{} are left out, the least grave: GitHub takes at most {}", counted(left_out, "result"), kResults), nullptr,
        options));
  }
  Json configured = Json::array();
  for (std::string const& warning : document.run.warnings) configured.push_back(notification("warning", warning, nullptr, options));
  Json out{{"executionSuccessful", missing.empty()}};
  if (std::string const started = known_time(document.run.started_at); !started.empty()) out["startTimeUtc"] = started;
  if (std::string const finished = known_time(document.run.finished_at); !finished.empty()) out["endTimeUtc"] = finished;
  out["toolExecutionNotifications"] = std::move(executed);
  out["toolConfigurationNotifications"] = std::move(configured);
  return out;
}

Json driver(Tool const& tool, SarifRules const& rules) {
  Json out{{"name", printable(tool.name)}};
  bool const numbers = !tool.version.empty() && tool.version.find_first_not_of("0123456789.") == std::string::npos &&
                       std::ranges::count(tool.version, '.') == 2;
  out[numbers ? "semanticVersion" : "version"] = printable(tool.version);
  out["rules"] = rules.json();
  return out;
}

/// What GitHub tells analyses apart by, "tlsgauge/nginx-recommended/", and when this one was, as far as that is known.
std::string run_id(Document const& document) {
  std::vector<std::string> names;
  for (Endpoint const& endpoint : document.endpoints) {
    for (Assessment const& assessment : endpoint.assessments) {
      std::string profile = cut_printable(assessment.profile.name, 100);
      std::ranges::replace(profile, '/', '_');
      if (std::ranges::find(names, profile) == names.end() && names.size() < 20) names.push_back(std::move(profile));
    }
  }
  return fmt::format("tlsgauge/{}/{}", join(names, "+"), known_time(document.run.started_at));
}

}  // namespace

std::string write_sarif(Document const& document, ReportOptions const& options) {
  std::vector<Finding> all = findings(document, {Verdict::fail, Verdict::inconclusive, Verdict::waived}, options.fail_on, options.gate);
  SarifRules const rules{document, all};
  std::size_t const left_out = all.size() - std::min(all.size(), kResults);
  if (left_out > 0) {
    std::ranges::stable_sort(all, [](Finding const& a, Finding const& b) { return a.requirement->severity > b.requirement->severity; });
    all.resize(kResults);
  }
  Json results = Json::array();
  for (Finding const& finding : all) results.push_back(result(finding, rules, options));
  Json const log{{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
                 {"version", "2.1.0"},
                 {"runs", Json::array({{{"tool", {{"driver", driver(document.tool, rules)}}},
                                        {"automationDetails", {{"id", run_id(document)}}},
                                        {"columnKind", "utf16CodeUnits"},
                                        {"invocations", Json::array({invocation(document, left_out, options)})},
                                        {"results", std::move(results)}}})}};
  return log.dump(2) + "\n";
}

}  // namespace tlsgauge::report
