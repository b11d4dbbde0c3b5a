#pragma once
// What is shown of facts.fingerprints.

#include "report/text_page.hpp"
#include "tlsgauge/value.hpp"

namespace tlsgauge::report {

void write_fingerprints(TextPage& page, Value const& fingerprints);

}  // namespace tlsgauge::report
