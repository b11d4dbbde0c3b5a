#pragma once
// The text report of what a server does with versions and hellos that it does not know.

#include "report/text_page.hpp"
#include "tlsgauge/value.hpp"

namespace tlsgauge::report {

void write_downgrade(TextPage& page, Value const& downgrade);
void write_tolerance(TextPage& page, Value const& tolerance);

}  // namespace tlsgauge::report
