#pragma once
// What is shown of facts.curves and facts.signature_schemes.

#include "report/text_page.hpp"
#include "tlsgauge/value.hpp"

namespace tlsgauge::report {

void write_curves(TextPage& page, Value const& curves);
void write_signature_schemes(TextPage& page, Value const& list);

}  // namespace tlsgauge::report
