#include "report/text_facts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/text.hpp"
#include "report/strength.hpp"
#include "report/text_curves.hpp"
#include "report/text_dh.hpp"
#include "report/text_dns.hpp"
#include "report/text_extensions.hpp"
#include "report/text_fingerprints.hpp"
#include "report/text_http.hpp"
#include "report/text_revocation.hpp"
#include "report/text_sessions.hpp"
#include "report/text_transparency.hpp"
#include "report/text_trust.hpp"
#include "report/text_versions.hpp"
#include "report/wording.hpp"

namespace tlsgauge::report {
namespace {

using Rows = std::vector<std::vector<Cell>>;

Tone tone_of(Strength strength) {
  switch (strength) {
    case Strength::strong:
      return Tone::good;
    case Strength::fair:
      return Tone::plain;
    case Strength::weak:
    case Strength::unknown:
      return Tone::fair;
    case Strength::broken:
      return Tone::bad;
  }
  return Tone::plain;
}

void protocols(TextPage& page, Value const& list) {
  if (list.items().empty()) return;
  page.heading("Protocols");
  for (Value const& each : list.items()) {
    std::string const& support = each["support"].as_string();
    Tone const tone = support == "yes" ? Tone::bold : support == "inconclusive" ? Tone::fair : Tone::dim;
    page.line({{fmt::format("{:<8}", each["name"].as_string()), tone},
               {support == "yes" || support == "no" ? support : support + ": " + each["reason"].as_string(), tone}},
              2);
  }
}

void cipher_suites(TextPage& page, Value const& facts) {
  Value::Array const& suites = facts["cipher_suites"].items();
  if (suites.empty() && facts["cipher_order"].items().empty()) return;
  page.heading("Cipher suites, in order of preference");
  std::vector<std::string> protocols;
  auto const note = [&](Value const& each) {
    std::string const& protocol = each["protocol"].as_string();
    if (std::find(protocols.begin(), protocols.end(), protocol) == protocols.end()) protocols.push_back(protocol);
  };
  std::for_each(suites.begin(), suites.end(), note);
  for (Value const& order : facts["cipher_order"].items()) note(order);
  for (std::string const& protocol : protocols) {
    std::string order_text;
    for (Value const& order : facts["cipher_order"].items()) {
      if (order["protocol"].as_string() == protocol) order_text = order_phrase(order);
    }
    page.labelled(2, {protocol, Tone::bold}, 12, {order_text, Tone::dim});
    Rows rows;
    for (Value const& suite : suites) {
      if (suite["protocol"].as_string() != protocol) continue;
      Rating const rating = rate(suite);
      rows.push_back({{std::string{name(rating.strength)}, tone_of(rating.strength)},
                      {page.width() >= 90 ? suite["code"].as_string() : ""},
                      {suite["name"].as_string()},
                      {key_exchange_of(suite)},
                      {page.width() >= 120 ? join(rating.reasons, ", ") : "", Tone::dim}});
    }
    page.table(4, rows);
  }
}

void groups(TextPage& page, Value const& facts) {
  if (facts["groups"].items().empty() && facts["group_order"].is_null()) return;
  std::vector<std::string> names;
  for (Value const& group : facts["groups"].items()) {
    names.push_back(group["name"].as_string() + (group["post_quantum"].as_bool() ? " (post-quantum)" : ""));
  }
  page.heading("Key exchange groups, TLSv1.3");
  if (!names.empty()) page.labelled(2, {}, 2, {join(names, ", ")});
  if (!facts["group_order"].is_null()) page.labelled(2, {}, 2, {order_phrase(facts["group_order"]), Tone::dim});
}

std::string usages(Value const& certificate) {
  std::vector<std::string> words;
  for (Value const& each : certificate["key_usage"].items()) words.push_back(each.as_string());
  for (Value const& each : certificate["extended_key_usage"].items()) words.push_back(each.as_string());
  return join(words, ", ");
}

void certificate(TextPage& page, Value const& each, bool verbose) {
  if (each["unparsable"].as_bool()) {
    page.labelled(4, {"cannot be parsed", Tone::bad}, 22, {"SHA-256 " + each["sha256"].as_string()});
    return;
  }
  page.labelled(4, {"subject"}, 14, {each["subject"].as_string(), Tone::bold});
  page.labelled(4, {"issuer"}, 14, {each["self_issued"].as_bool() ? "itself" : each["issuer"].as_string()});
  page.labelled(4, {"valid"}, 14, {fmt::format("{} to {}", each["not_before"].as_string(), each["not_after"].as_string())});
  Value const& key = each["key"];
  std::string key_text = fmt::format("{} {} bits", key["type"].as_string(), key["bits"].as_int());
  if (std::string const& curve = key["curve"].as_string(); !curve.empty()) key_text += " " + curve;
  page.labelled(4, {"key"}, 14, {key_text + ", signed with " + each["signature_algorithm"].as_string()});
  if (std::string const faults = key_faults(key); !faults.empty()) page.labelled(4, {"weakness"}, 14, {faults, Tone::bad});
  if (!verbose) return;
  page.labelled(4, {"serial"}, 14, {each["serial"].as_string()});
  if (std::string const usage = usages(each); !usage.empty()) page.labelled(4, {"usage"}, 14, {usage});
  page.labelled(4, {"SHA-256"}, 14, {each["sha256"].as_string()});
}

void chain(TextPage& page, Value const& each, bool verbose) {
  Value const& shown = each["shown_for"];
  std::string title = shown["protocol"].as_string();
  for (Value const& also : shown["also"].items()) title += ", " + also.as_string();
  if (std::string const& kind = shown["authentication"].as_string(); !kind.empty()) title += ", " + kind;
  title += shown["sni"].is_string() ? ", for " + shown["sni"].as_string() : ", without a name";
  page.labelled(2, {}, 2, {title, Tone::bold});
  if (std::string const& reason = each["inconclusive"].as_string(); !reason.empty()) {
    page.labelled(4, {"inconclusive", Tone::fair}, 18, {reason});
    return;
  }
  Value const& verification = each["verification"];
  if (verification["trusted"].as_bool()) {
    page.labelled(4, {"trust"}, 14, {"trusted by the store: " + verification["store"].as_string(), Tone::good});
  } else if (verification["inconclusive"].is_string()) {
    page.labelled(4, {"trust"}, 14, {"inconclusive: " + verification["inconclusive"].as_string(), Tone::fair});
  } else {
    std::vector<std::string> faults;
    for (Value const& word : verification["errors"].items()) faults.push_back(trust_phrase(word.as_string()));
    if (faults.empty()) faults.push_back(trust_phrase(verification["error"].as_string()));
    page.labelled(4, {"trust"}, 14, {"not trusted: " + join(faults, ", "), Tone::bad});
  }
  for (TrustLine const& line : trust_lines(each)) page.labelled(4, {line.label}, 14, {line.text, line.tone});
  Value const& hostname = each["hostname"];
  bool const matches = hostname["matches"].as_bool();
  page.labelled(4, {"name"}, 14,
                {fmt::format("{} {}: {}", matches ? "for" : "not for", hostname["reference"].as_string(), hostname["reason"].as_string()),
                 matches ? Tone::good : Tone::bad});
  if (each["days_left"].is_int()) {
    std::int64_t const left = each["days_left"].as_int();
    page.labelled(4, {"expiry"}, 14, {days(left), left < 0 ? Tone::bad : left < 14 ? Tone::fair : Tone::good});
  }
  if (std::string const faults = shape_faults(each["shape"]); !faults.empty()) page.labelled(4, {"shape"}, 14, {faults, Tone::fair});
  page.labelled(4, {"staple"}, 14, {each["ocsp_stapled"].as_bool() ? "an OCSP response is stapled" : "no OCSP response is stapled"});
  std::size_t number = 0;
  for (Value const& item : each["chain"].items()) {
    page.labelled(2, {}, 2, {fmt::format("certificate {} of {}", ++number, each["chain"].items().size()), Tone::dim});
    certificate(page, item, verbose);
  }
}

void certificates(TextPage& page, Value const& list, bool verbose) {
  if (list.items().empty()) return;
  page.heading("Certificate chains");
  for (Value const& each : list.items()) {
    if (!is_for_others(each)) chain(page, each, verbose);
  }
  for (Value const& each : list.items()) {
    if (!is_for_others(each)) continue;
    TrustLine const line = others_line(each, list);
    page.labelled(2, {line.label}, 24, {line.text, line.tone});
    for (Value const& item : each["chain"].items()) {
      if (verbose) certificate(page, item, verbose);
    }
  }
}

void http(TextPage& page, Value const& http) {
  if (!http.is_object()) return;
  page.heading("HTTP");
  if (std::string const& reason = http["inconclusive"].as_string(); !reason.empty()) {
    page.labelled(2, {"inconclusive", Tone::fair}, 16, {reason});
    return;
  }
  if (!http["spoken"].as_bool()) return page.labelled(2, {}, 2, {"The service does not speak HTTP."});
  std::string status = std::to_string(http["status"].as_int());
  if (http["redirect"].is_string()) status += ", redirects to " + http["redirect"].as_string();
  page.labelled(2, {"status"}, 12, {status});
  Value const& hsts = http["hsts"];
  if (!hsts["present"].as_bool()) return page.labelled(2, {"HSTS"}, 12, {"not set", Tone::bad});
  std::string text = hsts["max_age"].is_int()
                         ? fmt::format("max-age {} s ({} days)", hsts["max_age"].as_int(), hsts["max_age"].as_int() / 86400)
                         : "no max-age";
  if (hsts["include_subdomains"].as_bool()) text += ", includeSubDomains";
  if (hsts["preload"].as_bool()) text += ", preload";
  bool const valid = hsts["valid"].as_bool();
  page.labelled(2, {"HSTS"}, 12, {valid ? text : "not valid: " + hsts["raw"].as_string(), valid ? Tone::good : Tone::bad});
  for (Value const& error : hsts["errors"].items()) page.labelled(12, {}, 12, {error.as_string()});
}

void handshakes(TextPage& page, Value const& list) {
  if (list.items().empty()) return;
  page.heading("Handshakes compared");
  Rows rows{{{""}, {"round trips", Tone::dim, true}, {"time", Tone::dim, true}, {"sent", Tone::dim, true}, {"received", Tone::dim, true}}};
  Rows open;
  for (Value const& each : list.items()) {
    std::string const kind = fmt::format("{:<15}", each["kind"].as_string());
    if (each["inconclusive"].is_string()) {
      open.push_back({{kind}, {"inconclusive: " + each["inconclusive"].as_string(), Tone::fair}});
    } else if (each["offered"].is_bool() && !each["offered"].as_bool()) {
      open.push_back({{kind}, {"not offered by the server", Tone::dim}});
    } else {
      std::optional<double> const time = known_ms(each["time_ms"]);
      rows.push_back({{kind},
                      {std::to_string(each["round_trips"].as_int()), Tone::bold, true},
                      {time ? milliseconds(*time) : "not known", time ? Tone::plain : Tone::fair, true},
                      {octets(each["bytes_sent"].as_int()), Tone::plain, true},
                      {octets(each["bytes_received"].as_int()), Tone::plain, true}});
    }
  }
  if (rows.size() > 1) page.table(2, rows);
  page.table(2, open);
}

}  // namespace

void write_facts(TextPage& page, Value const& facts, bool verbose) {
  protocols(page, facts["protocols"]);
  cipher_suites(page, facts);
  groups(page, facts);
  write_group_retry(page, facts["group_retry"]);
  write_curves(page, facts["curves"]);
  write_signature_schemes(page, facts["signature_schemes"]);
  write_dh_parameters(page, facts["dh_parameters"]);
  certificates(page, facts["certificates"], verbose);
  write_transparency(page, facts["transparency"]);
  write_dns(page, facts["dns"]);
  write_revocation(page, facts);
  write_extensions(page, facts);
  write_post_quantum(page, facts["post_quantum"]);
  write_downgrade(page, facts["downgrade"]);
  write_tolerance(page, facts["tolerance"]);
  http(page, facts["http"]);
  write_http_details(page, facts);
  handshakes(page, facts["handshakes"]);
  write_fingerprints(page, facts["fingerprints"]);
  write_sessions(page, facts);
}

}  // namespace tlsgauge::report
