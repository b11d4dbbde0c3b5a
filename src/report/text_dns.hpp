#pragma once
// What is shown of facts.dns.

#include "report/fact_sheet.hpp"
#include "tlsgauge/value.hpp"

namespace tlsgauge::report {

/// Nothing where DNS was not to be asked.
void write_dns(FactSheet& sheet, Value const& dns);

}  // namespace tlsgauge::report
