#pragma once
// What is shown of facts.dh_parameters.

#include "report/text_page.hpp"
#include "tlsgauge/value.hpp"

namespace tlsgauge::report {

void write_dh_parameters(TextPage& page, Value const& dh);

}  // namespace tlsgauge::report
