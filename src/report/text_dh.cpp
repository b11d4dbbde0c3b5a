#include "report/text_dh.hpp"

#include <fmt/core.h>

namespace tlsgauge::report {

void write_dh_parameters(FactSheet& sheet, Value const& dh) {
  bool const points_reused = dh["ecdh_reused"] == Value{true};
  if (dh["groups"].items().empty() && !points_reused && !dh["inconclusive"].is_string()) return;
  sheet.heading("Diffie-Hellman parameters");
  for (Value const& group : dh["groups"].items()) {
    std::string const& names = group["name"].as_string();  // one prime may have several: "A | B"
    std::string text = names.empty() ? "a prime without a name" : names.substr(0, names.find(" | "));
    std::int64_t const bits = group["bits"].as_int();
    bool const composite = group["prime"] == Value{false}, reused = group["reused"] == Value{true};
    if (composite) {
      text += ", NOT PRIME";
    } else if (group["prime"].is_null()) {
      text += ", too long to be tested";
    } else {
      text += group["safe_prime"].as_bool() ? ", safe prime" : ", not a safe prime";
    }
    if (reused) text += ", key reused";
    // The sizes are those that rate() tells weak and broken by.
    Tone const tone = composite || reused || bits < 1024 ? Tone::bad : bits < 2048 ? Tone::fair : Tone::plain;
    sheet.labelled(2, {fmt::format("{} bits", bits)}, 14, {text, tone});
  }
  if (points_reused) sheet.labelled(2, {"ECDHE"}, 14, {"key reused", Tone::bad});
  if (dh["inconclusive"].is_string()) sheet.labelled(2, {"inconclusive", Tone::fair}, 16, {dh["inconclusive"].as_string()});
}

}  // namespace tlsgauge::report
