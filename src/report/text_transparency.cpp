#include "report/text_transparency.hpp"

#include <string>

namespace tlsgauge::report {
namespace {

Cell row(Value const& timestamp) {
  std::string const& status = timestamp["status"].as_string();
  std::string text = timestamp["log"].is_string() ? timestamp["log"].as_string() : timestamp["log_id"].as_string().substr(0, 16);
  if (text.empty()) text = "unreadable";
  if (timestamp["time"].is_string()) text += ", " + timestamp["time"].as_string();
  std::string const& source = timestamp["source"].as_string();
  if (source != "certificate") text += source == "tls" ? ", by TLS" : ", by OCSP";
  std::string words = status == "bad_signature" ? "WRONG SIGNATURE" : status == "unknown_log" ? "of an unknown log" : status;
  if (words == "in_future") words = "of the future";
  if (timestamp["detail"].is_string()) words += ": " + timestamp["detail"].as_string();
  bool const bad = status == "bad_signature" || status == "malformed" || status == "in_future";
  return {text + ": " + words, bad ? Tone::bad : status == "valid" ? Tone::plain : Tone::dim};
}

}  // namespace

void write_transparency(FactSheet& sheet, Value const& facts) {
  for (Value const& entry : facts.items()) {
    Value::Array const& list = entry["timestamps"].items();
    if (list.empty() && !entry["inconclusive"].is_string()) continue;
    sheet.heading("Certificate transparency, " + entry["sha256"].as_string().substr(0, 16));
    for (std::size_t i = 0; i < list.size(); ++i) sheet.labelled(2, {i == 0 ? "timestamps" : ""}, 17, row(list[i]));
    Value const& satisfied = entry["satisfied"];
    std::string const verdict = !satisfied.is_bool() ? "not verified" : satisfied.as_bool() ? "enough" : "too few";
    sheet.labelled(2, {"for browsers"}, 17,
                   {verdict + ": " + entry["detail"].as_string(), satisfied.is_bool() && !satisfied.as_bool() ? Tone::fair : Tone::plain});
    if (entry["inconclusive"].is_string()) sheet.labelled(2, {"inconclusive", Tone::fair}, 17, {entry["inconclusive"].as_string()});
  }
}

}  // namespace tlsgauge::report
