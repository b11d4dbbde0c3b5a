// A comparison for a comment on a change, in GitHub's and GitLab's Markdown.

#include <fmt/format.h>

#include "report/diff_formats.hpp"
#include "report/markdown_text.hpp"
#include "report/wording.hpp"

namespace tlsgauge::report {
namespace {

// In all less than the 65,536 characters of a comment on GitHub.
constexpr std::size_t kWorseShare = 24'000;
constexpr std::size_t kListShare = 7'000;
constexpr std::size_t kTableShare = 12'000;
constexpr std::size_t kLineReserve = 100;

std::string headline(Comparison const& comparison, DiffOutcome const& end) {
  switch (end.result) {
    case DiffResult::worse:
      return "## \xE2\x9D\x8C TLS: something got worse\n\n";
    case DiffResult::unknown:
      return "## \xE2\x9A\xA0\xEF\xB8\x8F TLS: not everything could be compared\n\n";
    case DiffResult::not_worse:
      break;
  }
  std::size_t const same = comparison.endpoint_counts.at(static_cast<std::size_t>(Change::same));
  return same == comparison.endpoints.size() ? "## \xE2\x9C\x85 TLS: nothing changed\n\n" : "## \xE2\x9C\x85 TLS: nothing got worse\n\n";
}

std::string where(Target const& target, bool in_table = false) {
  std::string out = code_span(place(target), in_table, 120);
  if (!target.server_name.empty() && target.server_name != target.host) out += " as " + code_span(target.server_name, in_table, 80);
  if (!target.starttls.empty()) out += " " + prose("STARTTLS " + target.starttls, 40);
  return out;
}

/// While there is room, then how many more there are.
std::string list(std::vector<std::string> const& lines, std::size_t share) {
  std::string out;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (out.size() + lines[i].size() + kLineReserve > share) return out + fmt::format("- … and {} more\n", lines.size() - i);
    out += lines[i];
  }
  return out;
}

std::string section(std::string_view heading, std::vector<std::string> const& lines, std::size_t share) {
  return lines.empty() ? "" : fmt::format("\n### {}\n\n{}", heading, list(lines, share));
}

std::string line(EndpointChange const& endpoint, AssessmentChange const& profile, RequirementChange const& r) {
  std::string const title = r.title.empty() ? r.id : r.title;
  std::string out = fmt::format("- **{}** {} at {}, {}: {}", name(r.severity ? *r.severity : r.severity_before.value_or(Severity::info)),
                                prose(title, 160), where(endpoint.target), prose(profile.profile, 60), prose(verdict_phrase(r), 60));
  if (!r.note.empty()) out += "; " + prose(r.note, 200);
  if (r.verdict && !r.observed.empty()) out += ". Now: " + prose(r.observed, 240);
  if (r.verdict_before && r.observed_before != r.observed) out += ". Was: " + prose(r.observed_before, 160);
  return out + "\n";
}

struct Lists {
  std::vector<std::string> worse;
  std::vector<std::string> unknown;
  std::vector<std::string> better;
  std::vector<std::string> other;
};

void sort_into(Lists& lists, EndpointChange const& endpoint) {
  if (!endpoint.note.empty()) lists.unknown.push_back(fmt::format("- {}: {}\n", where(endpoint.target), prose(endpoint.note, 200)));
  for (AssessmentChange const& profile : endpoint.profiles) {
    for (std::string const& note : profile.notes)
      lists.other.push_back(fmt::format("- {}: {}, {}\n", where(endpoint.target), prose(profile.profile, 60), prose(note, 160)));
    if (profile.grade_fell)
      lists.worse.push_back(fmt::format("- **{}** The grade fell at {}, {}: {}\n", name(*profile.grade_fell), where(endpoint.target),
                                        prose(profile.profile, 60), prose(standing_phrase(profile), 120)));
    for (RequirementChange const& r : profile.requirements) {
      if (!is_worth_a_line(endpoint, r)) continue;
      std::vector<std::string>& into = r.worsening                   ? lists.worse
                                       : r.change == Change::unknown ? lists.unknown
                                       : r.change == Change::better  ? lists.better
                                                                     : lists.other;
      into.push_back(line(endpoint, profile, r));
    }
  }
}

std::string table(std::vector<EndpointChange const*> const& changed) {
  if (changed.empty()) return "";
  std::string out = "| Endpoint | Change | Profile | Verdict, score, grade |\n|:--|:--|:--|:--|\n";
  for (std::size_t i = 0; i < changed.size(); ++i) {
    EndpointChange const& each = *changed[i];
    std::string rows;
    for (AssessmentChange const& profile : each.profiles)
      rows += fmt::format("| {} | {} | {} | {} |\n", where(each.target, true), name(each.change), prose(profile.profile, 60),
                          prose(standing_phrase(profile), 120));
    if (rows.empty()) rows = fmt::format("| {} | {} | | |\n", where(each.target, true), name(each.change));
    if (out.size() + rows.size() + kLineReserve > kTableShare) return out + fmt::format("\n… and {} more\n", changed.size() - i);
    out += rows;
  }
  return out;
}

std::string side(std::string_view which, Document const& document, std::size_t endpoints) {
  std::string const when = document.run.finished_at.empty() ? "at an unknown time" : prose(document.run.finished_at, 40);
  return fmt::format("{}: {}, {}{}", which, when, counted(endpoints, "endpoint"), document.run.interrupted ? ", interrupted" : "");
}

}  // namespace

std::string write_diff_markdown(Comparison const& comparison, ReportOptions const& options) {
  DiffOutcome const end = outcome(comparison, options.fail_on);
  std::vector<EndpointChange const*> const changed = changed_endpoints(comparison);
  Lists lists;
  std::vector<std::string> facts;
  for (EndpointChange const* const each : changed) {
    sort_into(lists, *each);
    for (FactRow const& fact : fact_rows(*each))
      facts.push_back(fmt::format("- {}: {}: {}\n", where(each->target), prose(fact.label, 120), prose(fact.text, 400)));
  }
  std::string out = headline(comparison, end);
  if (!end.reason.empty()) out += prose(end.reason, 300) + "\n\n";
  out += fmt::format("Endpoints: {}. Requirements: {}. {}; {}.\n\n", counts_phrase(comparison.endpoint_counts),
                     counts_phrase(comparison.requirements), side("Old", comparison.before, comparison.endpoints_before),
                     side("new", comparison.now, comparison.endpoints_now));
  for (std::string const& warning : comparison.warnings) out += fmt::format("**Warning:** {}\n\n", prose(warning, 400));
  out += table(changed);
  out += section("Worse", lists.worse, kWorseShare);
  out += section("Unknown now", lists.unknown, kListShare);
  out += section("Better", lists.better, kListShare);
  out += section("Changed otherwise", lists.other, kListShare);
  return out + section("What the servers do otherwise", facts, kListShare);
}

}  // namespace tlsgauge::report
