#include "report/text_fingerprints.hpp"

namespace tlsgauge::report {

void write_fingerprints(FactSheet& sheet, Value const& fingerprints) {
  if (!fingerprints.is_object()) return;
  sheet.heading("Fingerprints");
  if (fingerprints["jarm"].is_string()) sheet.labelled(2, {"JARM"}, 8, {fingerprints["jarm"].as_string()});
  if (fingerprints["inconclusive"].is_string()) {
    sheet.labelled(2, {"JARM"}, 8, {"inconclusive: " + fingerprints["inconclusive"].as_string(), Tone::fair});
  }
  for (auto const& [hello, each] : fingerprints["ja3s"].members()) {
    if (each["md5"].is_string()) sheet.labelled(2, {"JA3S"}, 8, {each["md5"].as_string() + ", to JARM's " + hello});
  }
}

}  // namespace tlsgauge::report
