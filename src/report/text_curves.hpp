#pragma once
// What is shown of facts.curves.

#include "report/text_page.hpp"
#include "tlsgauge/value.hpp"

namespace tlsgauge::report {

void write_curves(TextPage& page, Value const& curves);

}  // namespace tlsgauge::report
