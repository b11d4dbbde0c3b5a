#pragma once
// The head of a result document: which tool, when, asked for what.

#include <string>
#include <vector>

#include "tlsgauge/result.hpp"

namespace tlsgauge::cli {

/// Without endpoints; started now.
[[nodiscard]] Document new_document(std::vector<std::string> const& arguments);

}  // namespace tlsgauge::cli
