#include "report/text_dh.hpp"

#include <fmt/core.h>

namespace tlsgauge::report {

void write_dh_parameters(FactSheet& sheet, Value const& dh) {
  bool const points_reused = dh["ecdh_reused"] == Value{true};
  if (dh["groups"].items().empty() && !points_reused && !dh["inconclusive"].is_string()) return;
  sheet.heading("Diffie-Hellman parameters");
  for (Value const& group : dh["groups"].items()) {
    std::string text = group["name"].is_string() ? group["name"].as_string() : std::string{"a prime without a name"};
    bool const composite = group["prime"] == Value{false}, reused = group["reused"] == Value{true};
    if (composite) {
      text += ", NOT PRIME";
    } else if (group["prime"].is_null()) {
      text += ", too long to be tested";
    } else {
      text += group["safe_prime"].as_bool() ? ", safe prime" : ", not a safe prime";
    }
    if (reused) text += ", key reused";
    sheet.labelled(2, {fmt::format("{} bits", group["bits"].as_int())}, 14, {text, composite || reused ? Tone::bad : Tone::plain});
  }
  if (points_reused) sheet.labelled(2, {"ECDHE"}, 14, {"key reused", Tone::bad});
  if (dh["inconclusive"].is_string()) sheet.labelled(2, {"inconclusive", Tone::fair}, 16, {dh["inconclusive"].as_string()});
}

}  // namespace tlsgauge::report
