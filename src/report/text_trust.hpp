#pragma once
// What there is to say of a chain's trust beside the verdict: other stores, a missing issuer, the lifetime.

#include <string>
#include <vector>

#include "report/text_page.hpp"
#include "tlsgauge/value.hpp"

namespace tlsgauge::report {

struct TrustLine {
  std::string label;
  std::string text;
  Tone tone = Tone::plain;
};

/// Of an item of facts.certificates.
[[nodiscard]] std::vector<TrustLine> trust_lines(Value const& chain);

/// What is wrong with the making of the chain, or of a key; empty where nothing is.
[[nodiscard]] std::string shape_faults(Value const& shape);
[[nodiscard]] std::string key_faults(Value const& key);

}  // namespace tlsgauge::report
