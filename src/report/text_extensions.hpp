#pragma once
// What is shown of extensions, protocols above TLS, names and client certificates.

#include "report/text_page.hpp"
#include "tlsgauge/value.hpp"

namespace tlsgauge::report {

void write_extensions(TextPage& page, Value const& facts);

}  // namespace tlsgauge::report
