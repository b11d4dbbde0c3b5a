#pragma once
// What is shown of resumption and of what comes with it.

#include "report/fact_sheet.hpp"
#include "tlsgauge/value.hpp"

namespace tlsgauge::report {

void write_sessions(FactSheet& sheet, Value const& facts);

}  // namespace tlsgauge::report
