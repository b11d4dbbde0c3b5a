// GitLab's code quality report: a JSON array of issues in the form of Code Climate. GitLab takes an issue that is gone for one that was
// solved and knows no "unknown": so what is inconclusive stays an issue with the fingerprint that it has when it fails, and says so. Nor
// does it know a baseline but the branch it merges into: what ours knows is "info", the least, and says so, as does
// what may fail for more than it knows: that is inconclusive.

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "base/utf8.hpp"
#include "report/finding_text.hpp"
#include "report/formats.hpp"

namespace tlsgauge::report {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kDescription = 2000;  // octets; the merge request shows it in one piece

std::string_view severity_word(Finding const& finding) {
  Requirement const& requirement = *finding.requirement;
  if (counted_verdict(requirement) != Verdict::fail) return "info";
  switch (requirement.severity) {
    case Severity::critical:
      return "blocker";
    case Severity::high:
      return "critical";
    case Severity::medium:
      return "major";
    case Severity::low:
      return "minor";
    case Severity::info:
      break;
  }
  return "info";
}

Json issue(std::string const& check, std::string const& text, std::string_view severity, std::string const& fingerprint,
           SourcePlace const& where) {
  return {{"type", "issue"},
          {"check_name", check},
          {"description", cut_printable(text, kDescription)},
          {"categories", Json::array({"Security"})},
          {"severity", severity},
          {"fingerprint", fingerprint},
          {"location", {{"path", printable(where.path)}, {"lines", {{"begin", where.line}}}}}};
}

}  // namespace

std::string write_gitlab(Document const& document, ReportOptions const& options) {
  Json issues = Json::array();
  for (Gap const& gap : gaps(document)) {
    SourcePlace const where = gap.endpoint != nullptr ? source_place(gap.endpoint->target, options.base) : SourcePlace{"tls", 1};
    issues.push_back(issue(std::string{gap.lacks}, gap.text, "major", gap.fingerprint, where));
  }
  for (Finding const& finding :
       findings(document, {Verdict::fail, Verdict::inconclusive, Verdict::waived}, options.fail_on, options.gate)) {
    std::string_view const known = baseline_phrase(*finding.requirement);
    std::string const text = known.empty() ? message(finding) : fmt::format("{} ({})", message(finding), known);
    issues.push_back(issue(rule_id(*finding.assessment, *finding.requirement), text, severity_word(finding), finding.fingerprint,
                           source_place(finding.endpoint->target, options.base)));
  }
  return issues.dump(2) + "\n";
}

}  // namespace tlsgauge::report
