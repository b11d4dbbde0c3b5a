#pragma once
// What is shown of facts.revocation, and of certificates that demand a staple.

#include "report/fact_sheet.hpp"
#include "tlsgauge/value.hpp"

namespace tlsgauge::report {

void write_revocation(FactSheet& sheet, Value const& facts);

}  // namespace tlsgauge::report
