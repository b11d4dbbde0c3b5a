#pragma once
// Endpoints by requirements: which of them fails what.

#include <vector>

#include "report/html_overview.hpp"

namespace tlsgauge::report {

/// Adds `matrix` to the page's view: a column for each requirement that any endpoint fails, the gravest first, and a row for each endpoint,
/// the worst first. At most 60 rows and 30 columns; a line says what is left out, and a last column how many
/// requirements of an endpoint that have no column are not met or inconclusive. Nothing where nothing fails.
void add_matrix(Value& page, Document const& document, HtmlLinks const& links, std::vector<Rule> const& rules);

}  // namespace tlsgauge::report
