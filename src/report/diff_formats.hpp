#pragma once
// The writers behind diff_formats(), and the words they share.

#include <string>
#include <vector>

#include "tlsgauge/diff.hpp"

namespace tlsgauge::report {

[[nodiscard]] std::string write_diff_text(Comparison const& comparison, ReportOptions const& options);
[[nodiscard]] std::string write_diff_json(Comparison const& comparison, ReportOptions const& options);
[[nodiscard]] std::string write_diff_markdown(Comparison const& comparison, ReportOptions const& options);

/// "3 worse, 1 better, 57 same"; of nothing: "none".
[[nodiscard]] std::string counts_phrase(ChangeCounts const& counts);
/// "fail, was pass"; alike: "fail".
[[nodiscard]] std::string verdict_phrase(RequirementChange const& change);
/// "fail 41 F, was pass 100 A+", "not judged any more", "new: fail 41 F"
[[nodiscard]] std::string standing_phrase(AssessmentChange const& change);
/// What the server did otherwise, a row for each fact and what in it: {"suites of TLSv1.2", "new: A, B; gone: C"}.
struct FactRow {
  std::string label;
  std::string text;
};
[[nodiscard]] std::vector<FactRow> fact_rows(EndpointChange const& endpoint);
/// Where nothing is known of an endpoint now or was known before, its requirements say nothing one by one, but for those that are worse.
[[nodiscard]] bool is_worth_a_line(EndpointChange const& endpoint, RequirementChange const& change);
/// The endpoints that are not the same, the gravest first.
[[nodiscard]] std::vector<EndpointChange const*> changed_endpoints(Comparison const& comparison);

}  // namespace tlsgauge::report
