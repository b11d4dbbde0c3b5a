// DefectDojo's "Generic Findings Import" (dojo/tools/generic/json_parser.py), which refuses any key that it does not know.
//
// A re-import closes what is gone and knows findings by title and severity, or by unique_id_from_tool, as it was set up. It never opens
// again what was imported as an accepted risk. So what is inconclusive keeps the identity of what fails ("under review"), and what is
// waived is a finding of its own: when the waiver expires, the one is closed and the other opened. What a baseline knows is as real as
// what is new, and stays active: it is told by a tag, "baseline-known" or "baseline-new", and in words.

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "base/utf8.hpp"
#include "report/fact_parts.hpp"
#include "report/finding_text.hpp"
#include "report/formats.hpp"
#include "report/instances.hpp"
#include "report/markdown_text.hpp"
#include "report/wording.hpp"

namespace tlsgauge::report {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kTitle = 400;  // octets; the column has 511
constexpr std::size_t kText = 8000;
constexpr std::size_t kWord = 200;

std::string_view severity_word(Severity severity) {
  switch (severity) {
    case Severity::critical:
      return "Critical";
    case Severity::high:
      return "High";
    case Severity::medium:
      return "Medium";
    case Severity::low:
      return "Low";
    case Severity::info:
      break;
  }
  return "Info";
}

Json endpoint(Target const& target) {
  std::string const protocol = !target.starttls.empty() ? target.starttls : target.transport == "tcp" ? "tls" : target.transport;
  return {{"protocol", cut(printable(protocol), 20)}, {"host", cut(printable(target.host), kWord)}, {"port", target.port}};
}

/// Markdown: what comes from an endpoint stands in blocks of code.
std::string description(Finding const& finding) {
  Requirement const& r = *finding.requirement;
  std::string text = r.verdict == Verdict::fail           ? "Not met.\n"
                     : r.verdict == Verdict::inconclusive ? "Could not be judged: it is not known whether this is met.\n"
                                                          : "Not met, and waived.\n";
  if (std::string_view const known = baseline_phrase(r); !known.empty()) text += fmt::format("\nThis is {}.\n", known);
  auto const block = [&](std::string_view head, std::string_view body) {
    if (!trim(body).empty()) text += fmt::format("\n{}:\n\n{}", head, code_block(cut(std::string{body}, kText / 4), ""));
  };
  block("Endpoint", fmt::format("{} {}", place(finding.endpoint->target), manner(finding.endpoint->target)));
  block("Profile", fmt::format("{} {}", finding.assessment->profile.name, finding.assessment->profile.version));
  block("Expected", r.expected);
  block("Observed", r.observed);
  block("Waiver", waiver_phrase(r));
  return text;
}

Json entry(Finding const& finding, std::string const& where, std::string const& profile, std::string const& date) {
  Requirement const& r = *finding.requirement;
  bool const waived = r.verdict == Verdict::waived;
  // True of what fails and of what is inconclusive: they share it.
  std::string const title = fmt::format("{}: not seen to be met: {} ({})", where, r.title, profile);
  Json out{{"title", cut_printable(title, kTitle) + (waived ? " - waived" : "")},
           {"severity", severity_word(r.severity)},
           {"description", description(finding)},
           {"date", date},
           {"active", !waived},
           {"verified", r.verdict != Verdict::inconclusive},
           {"risk_accepted", waived},
           {"under_review", r.verdict == Verdict::inconclusive},
           {"static_finding", false},
           {"dynamic_finding", true},
           {"vuln_id_from_tool", rule_id(*finding.assessment, r)},
           {"unique_id_from_tool", finding.fingerprint + (waived ? "-waived" : "")},
           {"endpoints", Json::array({endpoint(finding.endpoint->target)})},
           {"tags", Json::array({std::string{"tlsgauge"}, std::string{name(r.verdict)}})}};
  if (date.empty()) out.erase("date");
  if (r.baseline) out["tags"].push_back(fmt::format("baseline-{}", name(*r.baseline)));
  if (!r.why.empty()) out["impact"] = prose(r.why, kText);
  if (!r.fix.empty()) out["mitigation"] = markdown_fixes(r);
  std::vector<std::string> references;
  for (std::string const& each : r.references) references.push_back(markdown_reference(each));
  if (!references.empty()) out["references"] = join(references, "\n\n");
  return out;
}

Json entry(Gap const& gap, std::string const& where, std::string const& date) {
  std::string const title = gap.endpoint == nullptr ? "The run is not complete" : fmt::format("{}: not {}", where, gap.lacks);
  Json out{{"title", cut_printable(title, kTitle)},
           {"severity", "Info"},
           {"description", fmt::format("Nothing is known of what was not {}.\n\n{}", gap.lacks, code_block(gap.text, ""))},
           {"date", date},
           {"active", true},
           {"verified", true},
           {"under_review", true},
           {"static_finding", false},
           {"dynamic_finding", true},
           {"vuln_id_from_tool", gap.lacks},
           {"unique_id_from_tool", gap.fingerprint},
           {"tags", Json::array({std::string{"tlsgauge"}, fmt::format("not_{}", gap.lacks)})}};
  if (date.empty()) out.erase("date");
  if (gap.endpoint != nullptr) out["endpoints"] = Json::array({endpoint(gap.endpoint->target)});
  return out;
}

}  // namespace

std::string write_defectdojo(Document const& document, ReportOptions const& options) {
  std::string const date = known_time(document.run.started_at).substr(0, 10);
  Json list = Json::array();
  // A title for each: of several addresses of one name, or versions of one profile, too.
  std::vector<std::string> const names = instances(document);
  std::vector<std::vector<std::string>> profiles;
  for (Endpoint const& each : document.endpoints) profiles.push_back(profile_names(each));
  auto const place_of = [&](Endpoint const* each) { return static_cast<std::size_t>(each - document.endpoints.data()); };
  for (Gap const& gap : gaps(document)) list.push_back(entry(gap, gap.endpoint == nullptr ? "" : names[place_of(gap.endpoint)], date));
  for (Finding const& finding :
       findings(document, {Verdict::fail, Verdict::inconclusive, Verdict::waived}, options.fail_on, options.gate)) {
    std::size_t const at = place_of(finding.endpoint);
    auto const profile = static_cast<std::size_t>(finding.assessment - finding.endpoint->assessments.data());
    list.push_back(entry(finding, names[at], profiles[at][profile], date));
  }
  Json const report{{"name", "tlsgauge"},   {"type", "tlsgauge"},   {"version", cut(printable(document.tool.version), kWord)},
                    {"dynamic_tool", true}, {"static_tool", false}, {"findings", std::move(list)}};
  return report.dump(2) + "\n";
}

}  // namespace tlsgauge::report
