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

/// Whether the chain is shown to others than the target: without a server name, or for one that nobody has.
[[nodiscard]] bool is_for_others(Value const& chain);
/// What others get to see, in a line. `all` is facts.certificates.
[[nodiscard]] TrustLine others_line(Value const& chain, Value const& all);

/// What is wrong with the making of the chain, or of a key; empty where nothing is.
[[nodiscard]] std::string shape_faults(Value const& shape);
[[nodiscard]] std::string key_faults(Value const& key);

}  // namespace tlsgauge::report
