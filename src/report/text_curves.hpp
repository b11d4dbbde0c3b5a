#pragma once
// What is shown of facts.curves and facts.signature_schemes.

#include "report/text_page.hpp"
#include "tlsgauge/value.hpp"

namespace tlsgauge::report {

/// A line below the groups of TLS 1.3.
void write_group_retry(TextPage& page, Value const& retry);
void write_curves(TextPage& page, Value const& curves);
void write_signature_schemes(TextPage& page, Value const& list);

}  // namespace tlsgauge::report
