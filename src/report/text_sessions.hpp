#pragma once
// What is shown of resumption and of what comes with it.

#include "report/text_page.hpp"
#include "tlsgauge/value.hpp"

namespace tlsgauge::report {

void write_sessions(TextPage& page, Value const& facts);

}  // namespace tlsgauge::report
