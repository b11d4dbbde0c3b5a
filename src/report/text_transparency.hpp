#pragma once
// facts.transparency for people.

#include "report/fact_sheet.hpp"
#include "tlsgauge/value.hpp"

namespace tlsgauge::report {

void write_transparency(FactSheet& sheet, Value const& facts);

}  // namespace tlsgauge::report
