#include "report/text_http.hpp"

#include <fmt/core.h>

#include <string>
#include <vector>

#include "base/text.hpp"

namespace tlsgauge::report {
namespace {

constexpr std::size_t kColumn = 24;

/// HSTS of another page than the first.
void page_hsts(FactSheet& sheet, std::string const& label, Value const& page, bool expected) {
  if (!page.is_object()) return;
  if (page["inconclusive"].is_string())
    return sheet.labelled(2, {label}, kColumn, {"inconclusive: " + page["inconclusive"].as_string(), Tone::fair});
  Value const& hsts = page["hsts"];
  std::string const status = std::to_string(page["status"].as_int());
  if (hsts["valid"].as_bool()) return sheet.labelled(2, {label}, kColumn, {fmt::format("set ({})", status), Tone::good});
  std::string const text = fmt::format("{} ({})", hsts["present"].as_bool() ? "not valid" : "not set", status);
  sheet.labelled(2, {label}, kColumn, {text, expected ? Tone::bad : Tone::dim});
}

void cookies(FactSheet& sheet, std::string const& label, Value const& list) {
  std::string row = label;
  for (Value const& cookie : list.items()) {
    bool const secure = cookie["secure"].as_bool();
    std::string text = cookie["name"].as_string() + (secure ? ": Secure" : ": not Secure");
    if (cookie["http_only"].as_bool()) text += ", HttpOnly";
    if (cookie["same_site"].is_string()) text += ", SameSite=" + cookie["same_site"].as_string();
    sheet.labelled(2, {row}, kColumn, {text, secure ? Tone::plain : Tone::bad});
    row.clear();
  }
}

void plain(FactSheet& sheet, Value const& plain) {
  if (!plain.is_object()) return;
  std::string const label = "plain HTTP";
  if (plain["inconclusive"].is_string())
    return sheet.labelled(2, {label}, kColumn, {"inconclusive: " + plain["inconclusive"].as_string(), Tone::fair});
  std::string const& state = plain["state"].as_string();
  if (state != "open") return sheet.labelled(2, {label}, kColumn, {"the port is " + state, Tone::dim});
  if (!plain["http"].as_bool()) return sheet.labelled(2, {label}, kColumn, {"the port is open, for something else", Tone::dim});
  std::string text = std::to_string(plain["status"].as_int());
  text += plain["redirect"].is_string() ? ", redirects to " + plain["redirect"].as_string() : ", no redirect to HTTPS";
  bool const straight = plain["redirects_to_https"].as_bool() && plain["same_host"].as_bool();
  sheet.labelled(2, {label}, kColumn, {text, straight ? Tone::good : plain["redirects_to_https"].as_bool() ? Tone::fair : Tone::bad});
  if (plain["hsts"].as_bool()) sheet.labelled(2, {}, kColumn, {"HSTS is sent, which browsers ignore here", Tone::dim});
  cookies(sheet, "cookies in the clear", plain["cookies"]);
}

void preload(FactSheet& sheet, Value const& facts) {
  if (!facts.is_object()) return;
  Value const& eligible = facts["eligible"];
  std::vector<std::string> reasons;
  for (Value const& reason : facts["reasons"].items()) reasons.push_back(reason.as_string());
  if (eligible.as_bool()) return sheet.labelled(2, {"HSTS preload"}, kColumn, {"the name may be preloaded", Tone::good});
  sheet.labelled(2, {"HSTS preload"}, kColumn,
                 {(eligible.is_null() ? "not established: " : "not possible: ") + join(reasons, "; "), Tone::dim});
}

}  // namespace

void write_http_details(FactSheet& sheet, Value const& facts) {
  Value const& http = facts["http"];
  if (http["spoken"].as_bool()) {
    page_hsts(sheet, "HSTS behind redirect", http["hsts_behind_redirect"], true);
    page_hsts(sheet, "HSTS on error page", http["hsts_on_error"], http["hsts"]["valid"].as_bool());
    if (http["version"].is_string()) sheet.labelled(2, {"version"}, kColumn, {http["version"].as_string()});
    if (http["http2"]["error"].is_string()) {
      sheet.labelled(2, {"HTTP/2"}, kColumn, {"chosen, and does not work: " + http["http2"]["error"].as_string(), Tone::bad});
    }
    if (http["alt_svc"].is_string()) sheet.labelled(2, {"Alt-Svc"}, kColumn, {http["alt_svc"].as_string()});
    if (http["server"].is_string()) sheet.labelled(2, {"Server"}, kColumn, {http["server"].as_string()});
    cookies(sheet, "cookies", http["cookies"]);
    std::vector<std::string> obsolete;
    for (Value const& name : http["obsolete"].items()) obsolete.push_back(name.as_string());
    if (!obsolete.empty()) sheet.labelled(2, {"obsolete headers"}, kColumn, {join(obsolete, ", "), Tone::fair});
  }
  plain(sheet, facts["plain_http"]);
  preload(sheet, facts["hsts_preload"]);
}

}  // namespace tlsgauge::report
