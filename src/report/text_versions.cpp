#include "report/text_versions.hpp"

#include <string>
#include <string_view>
#include <utility>

namespace tlsgauge::report {
namespace {

constexpr std::size_t kColumn = 30;

/// One line for each answer that says something.
void answer(FactSheet& sheet, std::string const& label, Value const& word, Value const& reason) {
  std::string text = word.as_string();
  if (text.empty() || text == "not_applicable") return;
  Tone const tone = text == "yes" ? Tone::good : text == "no" ? Tone::bad : Tone::fair;
  if (text != "yes" && reason.is_string()) text += ": " + reason.as_string();
  sheet.labelled(2, {label}, kColumn, {text, tone});
}

}  // namespace

void write_downgrade(FactSheet& sheet, Value const& downgrade) {
  if (!downgrade.is_object()) return;
  sheet.heading("Downgrade protection");
  Value const& reasons = downgrade["reasons"];
  answer(sheet, "fallback refused (SCSV)", downgrade["fallback_scsv"], reasons["fallback_scsv"]);
  for (Value const& each : downgrade["sentinel"].items()) {
    std::string const& protocol = each["protocol"].as_string();
    answer(sheet, "downgrade mark in " + protocol, each["sent"], reasons["sentinel " + protocol]);
  }
  answer(sheet, "TLS 1.3 before TLS 1.2", downgrade["prefers_tls13"], reasons["prefers_tls13"]);
  answer(sheet, "unknown legacy_version", downgrade["tolerates_legacy_version"], reasons["tolerates_legacy_version"]);
  answer(sheet, "unknown supported_versions", downgrade["tolerates_supported_versions"], reasons["tolerates_supported_versions"]);
}

void write_tolerance(FactSheet& sheet, Value const& tolerance) {
  if (!tolerance.is_object()) return;
  constexpr std::pair<std::string_view, std::string_view> kLabels[] = {
      {"hello_256_511", "256 to 511 octets"},
      {"large_hello", "over 1500 octets"},
      {"many_suites", "over 128 suites"},
      {"grease", "GREASE"},
      {"unknown_extension", "unknown extension"},
      {"unknown_alpn", "unknown ALPN protocol"},
      {"record_version", "record version 0x0303"},
      {"two_segments", "two TCP segments"},
      {"two_records", "two records"},
  };
  sheet.heading("Tolerance of unusual hellos");
  Value const& reasons = tolerance["reasons"];
  std::string taken;
  for (auto const& [key, label] : kLabels) {
    if (tolerance[key].as_string() == "yes") {
      taken += (taken.empty() ? "" : ", ") + std::string{label};
    } else {
      answer(sheet, std::string{label}, tolerance[key], reasons[key]);
    }
  }
  if (!taken.empty()) sheet.labelled(2, {"tolerated"}, kColumn, {taken, Tone::good});
  // Neither good nor bad.
  if (std::string const& word = tolerance["ssl2_hello"].as_string(); word == "yes" || word == "no") {
    sheet.labelled(2, {"hello in SSLv2's format"}, kColumn, {word == "yes" ? "answered" : "not answered"});
  }
}

}  // namespace tlsgauge::report
