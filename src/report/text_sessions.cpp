#include "report/text_sessions.hpp"

#include <fmt/core.h>

#include "base/text.hpp"

namespace tlsgauge::report {
namespace {

constexpr std::size_t kColumn = 26;

void means(FactSheet& sheet, std::string const& label, Value const& facts) {
  if (!facts.is_object()) return;
  std::string const& given = facts["given"].as_string();
  if (given == "no") return sheet.labelled(2, {label}, kColumn, {"not given", Tone::dim});
  std::vector<std::string> words;
  if (given == "yes") words.push_back(facts["count"].is_int() ? fmt::format("{} given", facts["count"].as_int()) : std::string{"given"});
  if (facts["resumed"] == Value{"yes"}) words.push_back("resumed");
  if (facts["resumed"] == Value{"no"}) words.push_back("not resumed");
  for (Value const& mode : facts["psk_modes"].items())
    words.push_back(mode == Value{"psk_ke"} ? "psk_ke (not forward secret)" : mode.as_string());
  if (facts["lifetime_s"].is_int() && facts["lifetime_s"].as_int() > 0) {
    words.push_back(fmt::format("lifetime {} s", facts["lifetime_s"].as_int()));
  }
  if (facts["reusable"] == Value{"yes"}) words.push_back("taken twice");
  if (facts["reusable"] == Value{"no"}) words.push_back("taken once only");
  if (!words.empty()) sheet.labelled(2, {label}, kColumn, {join(words, ", ")});
  if (facts["key_name"].is_string()) sheet.labelled(2, {}, kColumn, {"ticket key " + facts["key_name"].as_string(), Tone::dim});
  std::string const& reason = facts["inconclusive"].as_string();
  if (!reason.empty()) sheet.labelled(2, {words.empty() ? label : ""}, kColumn, {"inconclusive: " + reason, Tone::fair});
}

void early_data(FactSheet& sheet, Value const& facts) {
  if (!facts.is_object()) return;
  sheet.heading("Early data, TLSv1.3");
  if (facts["offered"] == Value{"no"}) return sheet.labelled(2, {"offered"}, kColumn, {"no", Tone::dim});
  if (facts["max_early_data_size"].is_int()) {
    sheet.labelled(2, {"offered"}, kColumn, {fmt::format("up to {} octets", facts["max_early_data_size"].as_int())});
  }
  if (facts["accepted"].is_string()) {
    std::string text = facts["accepted"].as_string();
    if (facts["answer"].is_int()) text += fmt::format(", answered with status {}", facts["answer"].as_int());
    sheet.labelled(2, {"accepted"}, kColumn, {text});
  }
  std::string const& replay = facts["replay"].as_string();
  if (replay == "accepted") sheet.labelled(2, {"the same again"}, kColumn, {"accepted: it can be replayed", Tone::bad});
  if (replay == "rejected") sheet.labelled(2, {"the same again"}, kColumn, {"rejected", Tone::good});
  if (replay == "too_early") sheet.labelled(2, {"the same again"}, kColumn, {"answered with 425 Too Early", Tone::good});
  if (replay == "deferred") sheet.labelled(2, {"the same again"}, kColumn, {"answered only after the handshake", Tone::good});
  std::string const& reason = facts["inconclusive"].as_string();
  if (!reason.empty()) sheet.labelled(2, {"inconclusive", Tone::fair}, kColumn, {reason});
}

void renegotiation(FactSheet& sheet, Value const& facts) {
  if (!facts.is_object()) return;
  sheet.heading("Renegotiation");
  std::string const label = "by the client, " + facts["protocol"].as_string();
  if (facts["client_initiated"] == Value{"yes"}) {
    std::string text = fmt::format("accepted, {} of 10 times", facts["count"].as_int());
    if (facts["refused_by"].is_string()) text += ", then refused: " + facts["refused_by"].as_string();
    sheet.labelled(2, {label}, kColumn, {text, Tone::bad});
  } else if (facts["client_initiated"] == Value{"no"}) {
    sheet.labelled(2, {label}, kColumn, {"refused: " + facts["refused_by"].as_string(), Tone::good});
  } else {
    sheet.labelled(2, {label}, kColumn, {"inconclusive: " + facts["inconclusive"].as_string(), Tone::fair});
  }
  if (!facts["secure"].is_bool()) return;
  bool const secure = facts["secure"].as_bool();
  sheet.labelled(2, {"RFC 5746"}, kColumn, {secure ? "supported" : "not supported", secure ? Tone::good : Tone::bad});
}

}  // namespace

void write_sessions(FactSheet& sheet, Value const& facts) {
  if (Value const& sessions = facts["sessions"]; sessions.is_object()) {
    sheet.heading("Sessions");
    means(sheet, "session IDs, TLSv1.2", sessions["tls12_session_ids"]);
    means(sheet, "tickets, TLSv1.2", sessions["tls12_tickets"]);
    means(sheet, "tickets, TLSv1.3", sessions["tls13_tickets"]);
  }
  early_data(sheet, facts["early_data"]);
  renegotiation(sheet, facts["renegotiation"]);
}

}  // namespace tlsgauge::report
