#pragma once
// What the server did, for a terminal: protocols, suites, chains, HTTP, handshakes.

#include "report/text_page.hpp"
#include "tlsgauge/result.hpp"

namespace tlsgauge::report {

void write_facts(TextPage& page, Value const& facts, bool verbose);

}  // namespace tlsgauge::report
