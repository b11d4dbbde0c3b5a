#pragma once
// What is shown of HTTP beside the first page's HSTS.

#include "report/fact_sheet.hpp"
#include "tlsgauge/value.hpp"

namespace tlsgauge::report {

/// Rows that follow those of the first page.
void write_http_details(FactSheet& sheet, Value const& facts);

}  // namespace tlsgauge::report
