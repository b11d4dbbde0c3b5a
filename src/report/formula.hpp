#pragma once

#include <string_view>

namespace tlsgauge::report {

/// Whether a spreadsheet would take a cell with that text for a formula (CWE-1236): it begins with =, +, - or @, the full-width forms too,
/// behind what importers drop. An apostrophe in front keeps it a text.
[[nodiscard]] bool is_formula(std::string_view text);

}  // namespace tlsgauge::report
