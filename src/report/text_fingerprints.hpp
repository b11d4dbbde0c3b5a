#pragma once
// What is shown of facts.fingerprints.

#include "report/fact_sheet.hpp"
#include "tlsgauge/value.hpp"

namespace tlsgauge::report {

void write_fingerprints(FactSheet& sheet, Value const& fingerprints);

}  // namespace tlsgauge::report
