#pragma once
// What is shown of facts.dh_parameters.

#include "report/fact_sheet.hpp"
#include "tlsgauge/value.hpp"

namespace tlsgauge::report {

void write_dh_parameters(FactSheet& sheet, Value const& dh);

}  // namespace tlsgauge::report
