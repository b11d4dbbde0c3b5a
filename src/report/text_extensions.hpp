#pragma once
// What is shown of extensions, protocols above TLS, names and client certificates.

#include "report/fact_sheet.hpp"
#include "tlsgauge/value.hpp"

namespace tlsgauge::report {

/// Extensions and ALPN.
void write_hello_extensions(FactSheet& sheet, Value const& facts);
/// What asks for certificates, chooses them and packs them.
void write_certificate_messages(FactSheet& sheet, Value const& facts);
/// Both.
void write_extensions(FactSheet& sheet, Value const& facts);

}  // namespace tlsgauge::report
