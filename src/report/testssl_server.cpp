// testssl.sh: sessions, client authentication, HTTP headers.

#include <fmt/format.h>

#include "base/text.hpp"
#include "report/fact_parts.hpp"
#include "report/testssl_rows.hpp"

namespace tlsgauge::report {
namespace {

constexpr std::int64_t kDay = 86400;
constexpr std::int64_t kHstsMinimum = 180 * kDay;

TestsslRow row(std::string id, std::string_view severity, std::string finding) {
  return {.id = std::move(id), .severity = severity, .finding = std::move(finding)};
}

/// Whether a session of that kind can be resumed, if asked.
void add_resumption(std::vector<TestsslRow>& rows, std::string id, Value const& kind, std::string_view not_given) {
  std::string const& given = kind["given"].as_string();
  std::string const& resumed = kind["resumed"].as_string();
  if (given == "no") rows.push_back(row(std::move(id), "INFO", std::string{not_given}));
  if (given == "inconclusive") rows.push_back(row(std::move(id), "WARN", inconclusive_finding(kind["inconclusive"].as_string())));
  if (given != "yes") return;
  if (resumed == "yes") rows.push_back(row(std::move(id), "INFO", "supported"));
  if (resumed == "no") rows.push_back(row(std::move(id), "INFO", "not supported"));
  if (resumed == "inconclusive") rows.push_back(row(std::move(id), "WARN", inconclusive_finding(kind["inconclusive"].as_string())));
}

std::string_view phrase_of(std::int64_t status) {
  constexpr std::pair<int, std::string_view> kPhrases[] = {{200, "OK"},
                                                           {204, "No Content"},
                                                           {301, "Moved Permanently"},
                                                           {302, "Found"},
                                                           {303, "See Other"},
                                                           {304, "Not Modified"},
                                                           {307, "Temporary Redirect"},
                                                           {308, "Permanent Redirect"},
                                                           {400, "Bad Request"},
                                                           {401, "Unauthorized"},
                                                           {403, "Forbidden"},
                                                           {404, "Not Found"},
                                                           {500, "Internal Server Error"},
                                                           {502, "Bad Gateway"},
                                                           {503, "Service Unavailable"}};
  for (auto const& [code, phrase] : kPhrases) {
    if (code == status) return phrase;
  }
  return {};
}

void add_hsts(std::vector<TestsslRow>& rows, Value const& hsts) {
  if (!hsts["present"].is_bool()) {
    rows.push_back(row("HSTS", "WARN", inconclusive_finding(reason_of(hsts))));
    return;
  }
  if (!hsts["present"].as_bool()) {
    rows.push_back(row("HSTS", "LOW", "not offered"));
    return;
  }
  if (hsts["count"].as_int() > 1)
    rows.push_back(row("HSTS_multiple", "MEDIUM", printable("Multiple HSTS headers. Using first header: " + hsts["raw"].as_string())));
  Value const& age = hsts["max_age"];
  std::int64_t const seconds = age.as_int();
  if (!age.is_number() || !hsts["valid"].as_bool()) {
    rows.push_back(row("HSTS_time", "MEDIUM", "misconfiguration, parameter max-age (recommended > 15552000 seconds = 180 days) missing"));
  } else if (seconds == 0) {
    rows.push_back(row("HSTS_time", "LOW", "0. HSTS is disabled"));
  } else if (seconds >= kHstsMinimum) {
    rows.push_back(row("HSTS_time", "OK", fmt::format("{} days (={} seconds) > {} seconds", seconds / kDay, seconds, kHstsMinimum)));
  } else {
    rows.push_back(row("HSTS_time", "MEDIUM",
                       fmt::format("max-age too short. {} days (={} seconds) < {} seconds", seconds / kDay, seconds, kHstsMinimum)));
  }
  bool const all = hsts["include_subdomains"].as_bool();
  bool const listed = hsts["preload"].as_bool();
  rows.push_back(row("HSTS_subdomains", all ? "OK" : "INFO", all ? "includes subdomains" : "only for this domain"));
  rows.push_back(
      row("HSTS_preload", listed ? "OK" : "INFO", listed ? "domain IS marked for preloading" : "domain is NOT marked for preloading"));
}

}  // namespace

void add_session_rows(std::vector<TestsslRow>& rows, TestsslFacts const& facts) {
  Value const& tickets = facts["sessions"]["tls12_tickets"];
  Value const& ids = facts["sessions"]["tls12_session_ids"];
  std::string const& given = tickets["given"].as_string();
  std::int64_t const lifetime = tickets["lifetime_s"].as_int();
  if (given == "no" || (given == "yes" && lifetime == 0)) rows.push_back(row("TLS_session_ticket", "INFO", "no -- no lifetime advertised"));
  if (given == "inconclusive") rows.push_back(row("TLS_session_ticket", "WARN", inconclusive_finding(tickets["inconclusive"].as_string())));
  if (given == "yes" && lifetime > 0)
    rows.push_back(row("TLS_session_ticket", lifetime > kDay ? "LOW" : "INFO",
                       lifetime > kDay ? fmt::format("valid for {} seconds (>daily)", lifetime)
                                       : fmt::format("valid for {} seconds only (<daily)", lifetime)));
  std::string const& id_given = ids["given"].as_string();
  if (id_given == "yes" || id_given == "no") rows.push_back(row("SSL_sessionID_support", "INFO", id_given));
  add_resumption(rows, "sessionresumption_ticket", tickets, "not supported");
  add_resumption(rows, "sessionresumption_ID", ids, "No Session ID, no resumption");

  Value const& compression = facts["certificate_compression"];
  if (Value const* const why = compression.find("inconclusive"))
    rows.push_back(row("certificate_compression", "WARN", inconclusive_finding(why->as_string())));
  if (compression["algorithms"].is_array() && compression.find("inconclusive") == nullptr) {
    std::vector<std::string> names;
    for (Value const& each : compression["algorithms"].items()) names.push_back(printable(each.as_string()));
    rows.push_back(row("certificate_compression", "INFO", names.empty() ? "none" : join(names, " ")));
  }
  Value const& client = facts["client_authentication"];
  std::string const& requested = client["requested"].as_string();
  std::string const& required = client["required"].as_string();
  if (requested == "no") rows.push_back(row("clientAuth", "INFO", "none"));
  if (requested == "yes" && required == "yes") rows.push_back(row("clientAuth", "INFO", "required"));
  if (requested == "yes" && required == "no") rows.push_back(row("clientAuth", "INFO", "optional"));
  if (requested == "inconclusive" || (requested == "yes" && required == "inconclusive"))
    rows.push_back(row("clientAuth", "WARN", inconclusive_finding(client["inconclusive"].as_string())));
}

void add_http_rows(std::vector<TestsslRow>& rows, TestsslFacts const& facts) {
  Value const& http = facts["http"];
  if (http.find("inconclusive") != nullptr)
    rows.push_back(row("HTTP_status_code", "WARN", printable("HTTP header request failed: " + http["inconclusive"].as_string())));
  if (facts.http() != TestsslFacts::Known::yes) return;
  std::int64_t const status = http["status"].as_int();
  std::string_view const phrase = phrase_of(status);
  if (std::string const& redirect = http["redirect"].as_string(); redirect.starts_with("http://"))
    rows.push_back(row("insecure_redirect", "HIGH", printable("Redirect to insecure URL: \"" + redirect + "\"")));
  rows.push_back(row("HTTP_status_code", "INFO", fmt::format("{}{}{} ('/')", status, phrase.empty() ? "" : " ", phrase)));
  add_hsts(rows, http["hsts"]);
  if (std::string const& server = http["server"].as_string(); !server.empty())
    rows.push_back(row("banner_server", "INFO", printable(server)));
}

}  // namespace tlsgauge::report
