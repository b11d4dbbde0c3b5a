#pragma once
// The text report of what a server does with versions and hellos that it does not know.

#include "report/fact_sheet.hpp"
#include "tlsgauge/value.hpp"

namespace tlsgauge::report {

void write_downgrade(FactSheet& sheet, Value const& downgrade);
void write_tolerance(FactSheet& sheet, Value const& tolerance);

}  // namespace tlsgauge::report
