#pragma once
// What is shown of groups, of what is post-quantum, and of signatures.

#include "report/fact_sheet.hpp"
#include "tlsgauge/value.hpp"

namespace tlsgauge::report {

/// A line below the groups of TLS 1.3.
void write_group_retry(FactSheet& sheet, Value const& retry);
void write_curves(FactSheet& sheet, Value const& curves);
void write_post_quantum(FactSheet& sheet, Value const& facts);
void write_signature_schemes(FactSheet& sheet, Value const& list);

}  // namespace tlsgauge::report
