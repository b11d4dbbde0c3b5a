#pragma once
// The one table of colours: how what was judged, or changed, is told on a terminal and in HTML.

#include <string>

#include "report/fact_sheet.hpp"
#include "report/overview.hpp"
#include "tlsgauge/diff.hpp"
#include "tlsgauge/result.hpp"

namespace tlsgauge::report {

[[nodiscard]] Tone tone_of(Verdict verdict);
[[nodiscard]] Tone tone_of(Severity severity);
[[nodiscard]] Tone tone_of(State state);
[[nodiscard]] Tone tone_of(Change change);

/// The class that colours it in HTML: "good", "fair", "bad", or "off" for what needs no colour.
[[nodiscard]] std::string class_of(Tone tone);
template <typename Judged>
[[nodiscard]] std::string class_of(Judged judged) {
  return class_of(tone_of(judged));
}

}  // namespace tlsgauge::report
