#include "report/text_dns.hpp"

#include <fmt/format.h>

#include "base/text.hpp"

namespace tlsgauge::report {
namespace {

constexpr std::size_t kColumn = 12;
constexpr std::size_t kMaxShown = 8;  // records of a kind

/// True when there is no more to say.
bool unanswered(FactSheet& sheet, std::string const& label, Value const& facts) {
  if (!facts.is_object()) return true;
  if (facts["bogus"].is_string()) {
    sheet.labelled(2, {label}, kColumn, {"bogus: " + facts["bogus"].as_string(), Tone::bad});
    return true;
  }
  if (facts["not_checked"].is_string()) {
    sheet.labelled(2, {label}, kColumn, {"not checked: " + facts["not_checked"].as_string(), Tone::dim});
    return true;
  }
  return false;
}

std::string_view validated(Value const& facts) { return facts["secure"].as_bool() ? ", secure" : ", not secured by DNSSEC"; }

void caa(FactSheet& sheet, Value const& facts) {
  if (unanswered(sheet, "CAA", facts)) return;
  if (!facts["at"].is_string()) return sheet.labelled(2, {"CAA"}, kColumn, {"no record: any CA may issue", Tone::dim});
  std::vector<std::string> shown;
  for (Value const& record : facts["records"].items()) {
    if (shown.size() == kMaxShown) {
      shown.emplace_back("...");
      break;
    }
    shown.push_back(record["tag"].as_string() + " " + record["value"].as_string());
  }
  sheet.labelled(2, {"CAA"}, kColumn, {fmt::format("at {}{}: {}", facts["at"].as_string(), validated(facts), join(shown, ", "))});
  for (Value const& chain : facts["chains"].items()) {
    std::string const issuer = chain["issuer"].is_string() ? chain["issuer"].as_string() : "the issuer";
    std::string const& permitted = chain["permitted"].as_string();
    if (permitted == "yes") sheet.labelled(2, {}, kColumn, {issuer + " may issue", Tone::good});
    if (permitted == "no") sheet.labelled(2, {}, kColumn, {issuer + " may not issue: " + chain["reason"].as_string(), Tone::bad});
    if (permitted == "unknown") sheet.labelled(2, {}, kColumn, {issuer + ": " + chain["reason"].as_string(), Tone::dim});
  }
}

void tlsa(FactSheet& sheet, Value const& facts) {
  if (unanswered(sheet, "TLSA", facts)) return;
  std::string const& result = facts["result"].as_string();
  std::string const& name = facts["name"].as_string();
  if (result == "none") return sheet.labelled(2, {"TLSA"}, kColumn, {"no record", Tone::dim});
  if (result == "matches") sheet.labelled(2, {"TLSA"}, kColumn, {"matches, at " + name, Tone::good});
  if (result == "no_match") sheet.labelled(2, {"TLSA"}, kColumn, {"does not match, at " + name, Tone::bad});
  if (result == "insecure")
    sheet.labelled(2, {"TLSA"}, kColumn, {"not secured by DNSSEC, so it counts for nothing, at " + name, Tone::fair});
  if (result == "unusable") sheet.labelled(2, {"TLSA"}, kColumn, {"no record that can be used, at " + name, Tone::fair});
  if (facts["inconclusive"].is_string()) {
    sheet.labelled(2, {"TLSA"}, kColumn, {"inconclusive: " + facts["inconclusive"].as_string(), Tone::fair});
  }
  std::size_t shown = 0;
  for (Value const& record : facts["records"].items()) {
    if (++shown > kMaxShown) break;
    if (!record["usage"].is_int()) {
      sheet.labelled(2, {}, kColumn, {record["reason"].as_string(), Tone::fair});
      continue;
    }
    std::string text = fmt::format("{} {} {} {:.16}", record["usage"].as_int(), record["selector"].as_int(),
                                   record["matching_type"].as_int(), record["data"].as_string());
    if (record["matches"] == Value{false} && record["reason"].is_string()) text += ": " + record["reason"].as_string();
    sheet.labelled(2, {}, kColumn, {text, Tone::dim});
  }
}

void https(FactSheet& sheet, Value const& facts) {
  if (unanswered(sheet, "HTTPS", facts)) return;
  if (facts["records"].items().empty()) return sheet.labelled(2, {"HTTPS"}, kColumn, {"no record", Tone::dim});
  std::size_t shown = 0;
  for (Value const& record : facts["records"].items()) {
    if (++shown > kMaxShown) break;
    Cell const label{shown == 1 ? "HTTPS" : ""};
    if (record["unreadable"].is_string()) {
      sheet.labelled(2, label, kColumn, {record["unreadable"].as_string(), Tone::fair});
      continue;
    }
    std::string const target = record["target"].is_string() ? record["target"].as_string() : ".";
    if (record["priority"] == Value{0}) {
      sheet.labelled(2, label, kColumn, {"alias of " + target});
      continue;
    }
    std::string text = fmt::format("{} {}", record["priority"].as_int(), target);
    std::vector<std::string> alpn;
    for (Value const& id : record["alpn"].items()) alpn.push_back(id.as_string());
    if (!alpn.empty()) text += ", ALPN " + join(alpn, " ");
    if (record["port"].is_int()) text += fmt::format(", port {}", record["port"].as_int());
    if (record["ech"].is_object()) {
      text += ", ECH";
      if (record["ech"]["public_name"].is_string()) text += " with public name " + record["ech"]["public_name"].as_string();
    }
    sheet.labelled(2, label, kColumn, {text});
  }
}

}  // namespace

void write_dns(FactSheet& sheet, Value const& dns) {
  if (!dns["caa"].is_object() && !dns["tlsa"].is_object() && !dns["https"].is_object()) return;
  sheet.heading("DNS");
  if (dns["validating"] == Value{false}) sheet.labelled(2, {"DNSSEC"}, kColumn, {"not validated: there is no trust anchor", Tone::fair});
  caa(sheet, dns["caa"]);
  tlsa(sheet, dns["tlsa"]);
  https(sheet, dns["https"]);
}

}  // namespace tlsgauge::report
