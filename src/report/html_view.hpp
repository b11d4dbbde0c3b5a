#pragma once
// The result document as the HTML templates want it: words and lists ready to be placed. Strings are as they came; the renderer
// makes them safe, except those whose key begins with "svg_", which hold drawings of our own.

#include <string>

#include "tlsgauge/result.hpp"

namespace tlsgauge::report {

/// The anchor of the n-th endpoint, counted from 1.
[[nodiscard]] std::string anchor(std::size_t number);
/// The page around the endpoints: headline, run, overview.
[[nodiscard]] Value page_view(Document const& document);
/// For endpoint.mustache. `open`: unfolded from the start.
[[nodiscard]] Value endpoint_view(Endpoint const& endpoint, Run const& run, std::size_t number, bool open);

/// "good", "bad", "fair" or "off": the class that colours a verdict.
[[nodiscard]] std::string class_of(Verdict verdict);

}  // namespace tlsgauge::report
