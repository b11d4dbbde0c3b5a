#pragma once
// The result document as the HTML templates want it: words and lists ready to be placed. Strings are as they came; the renderer
// makes them safe, except those whose key begins with "svg_", which hold drawings of our own.

#include <string>
#include <vector>

#include "report/html_overview.hpp"
#include "tlsgauge/result.hpp"

namespace tlsgauge::report {

/// The page around the endpoints: headline, run, overview where there is more than one.
[[nodiscard]] Value page_view(Document const& document, HtmlLinks const& links, std::vector<Rule> const& rules);
/// For endpoint.mustache. `open`: unfolded from the start.
[[nodiscard]] Value endpoint_view(Endpoint const& endpoint, Run const& run, HtmlPlace const& at, bool open);

/// For compact.mustache: one of very many endpoints. What a requirement says is left to the group that it links to, what was measured
/// is said in lines, long lists are cut; all that is unmet or waived is there, and what is open is counted by reason. `rules`: the anchors
/// of the groups by assessment and requirement.
[[nodiscard]] Value compact_view(Endpoint const& endpoint, Run const& run, HtmlPlace const& at,
                                 std::vector<std::vector<std::string>> const& rules);

}  // namespace tlsgauge::report
