#include "report/text_revocation.hpp"

#include <fmt/format.h>

namespace tlsgauge::report {
namespace {

constexpr std::size_t kColumn = 14;

Cell status_of(Value const& entry) {
  std::string const& status = entry["status"].as_string();
  std::string const& why = entry["why"].as_string();
  std::string const because = why.empty() ? "" : ": " + why;
  if (status == "revoked") return {"REVOKED", Tone::bad};
  if (status == "good") return {"not revoked", Tone::good};
  if (status == "unknown") return {"unknown" + because, Tone::fair};
  if (status == "none_needed") return {"none needed" + because, Tone::good};
  if (status == "no_source") return {"no source" + because, Tone::plain};
  if (status == "not_checked") return {"not checked" + because, Tone::dim};
  return {status + because, Tone::fair};
}

Cell source_of(Value const& source) {
  std::string const& status = source["status"].as_string();
  std::string const& error = source["error"].as_string();
  std::string text = status.empty() ? error : error.empty() ? status : status + ", but " + error;
  if (std::string const& reason = source["reason"].as_string(); !reason.empty()) text += ", " + reason;
  if (source["revoked_at"].is_string()) text += ", since " + source["revoked_at"].as_string();
  if (source["next_update"].is_string()) text += ", until " + source["next_update"].as_string();
  if (source["url"].is_string()) text += ", by " + source["url"].as_string();
  return {text, status == "revoked" ? Tone::bad : error.empty() ? Tone::plain : Tone::fair};
}

std::string subject_of(Value const& facts, std::string const& sha256) {
  for (Value const& chain : facts["certificates"].items()) {
    for (Value const& each : chain["chain"].items()) {
      if (each["sha256"].as_string() == sha256) return each["subject"].as_string();
    }
  }
  return sha256.empty() ? "above the certificate" : sha256;
}

}  // namespace

void write_revocation(FactSheet& sheet, Value const& facts) {
  bool begun = false;
  auto const begin = [&] {
    if (!begun) sheet.heading("Revocation");
    begun = true;
  };
  for (Value const& entry : facts["revocation"].items()) {
    // A CA that was not asked about is no news.
    if (!entry["leaf"].as_bool() && entry["sources"].items().empty() && !entry.find("inconclusive")) continue;
    begin();
    sheet.labelled(2, {entry["leaf"].as_bool() ? "certificate" : "CA"}, kColumn,
                   {subject_of(facts, entry["sha256"].as_string()), Tone::bold});
    sheet.labelled(2, {"status"}, kColumn, status_of(entry));
    for (Value const& source : entry["sources"].items()) sheet.labelled(2, {source["kind"].as_string()}, kColumn, source_of(source));
  }
  for (Value const& chain : facts["certificates"].items()) {
    if (chain["revocation"]["must_staple"] != Value{true} || chain["shown_for"]["named"].is_string()) continue;
    begin();
    bool const stapled = chain["ocsp_stapled"].as_bool();
    sheet.labelled(2, {"must-staple"}, kColumn,
                   {stapled ? "demanded, and there is a staple" : "demanded, and there is no staple", stapled ? Tone::plain : Tone::bad});
  }
}

}  // namespace tlsgauge::report
