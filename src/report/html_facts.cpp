#include "report/html_facts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "base/clock.hpp"
#include "base/text.hpp"
#include "report/gauges.hpp"
#include "report/html_sheets.hpp"
#include "report/ladder.hpp"
#include "report/strength.hpp"
#include "report/text_trust.hpp"
#include "report/wording.hpp"

namespace tlsgauge::report {
namespace {

Value protocols(Value const& list) {
  Value out = Value::array();
  for (Value const& each : list.items()) {
    std::string const& name = each["name"].as_string();
    std::string const& support = each["support"].as_string();
    bool const current = name == "TLSv1.2" || name == "TLSv1.3";
    std::string const tone = support == "yes" ? (current ? "good" : "bad") : support == "no" ? "off" : "fair";
    out.push_back(Value::object()
                      .set("protocol_name", name)
                      .set("support", support)
                      .set("tone", tone)
                      .set("mark", support == "yes"  ? "\u2713"
                                   : support == "no" ? "\u2013"
                                                     : "?")
                      .set("support_reason", each["reason"].as_string()));
  }
  return out;
}

Value suite_view(Value const& suite) {
  Rating const rating = rate(suite);
  std::string details;
  auto const add = [&](std::string const& part) {
    if (part.empty() || details.find(part) != std::string::npos) return;  // "RC4" need not be said twice
    details += (details.empty() ? "" : " \u00b7 ") + part;
  };
  add(key_exchange_of(suite));
  add(encryption_of(suite));
  std::for_each(rating.reasons.begin(), rating.reasons.end(), add);
  return Value::object()
      .set("suite_name", suite["name"].as_string())
      .set("code", suite["code"].as_string())
      .set("openssl_name", suite["openssl_name"].as_string())
      .set("strength", name(rating.strength))
      .set("details", details);
}

Value suites(Value const& facts) {
  std::vector<std::string> protocols;
  auto const note = [&](Value const& each) {
    std::string const& protocol = each["protocol"].as_string();
    if (std::find(protocols.begin(), protocols.end(), protocol) == protocols.end()) protocols.push_back(protocol);
  };
  for (Value const& suite : facts["cipher_suites"].items()) note(suite);
  for (Value const& order : facts["cipher_order"].items()) note(order);
  Value out = Value::array();
  for (std::string const& protocol : protocols) {
    Value list = Value::array();
    for (Value const& suite : facts["cipher_suites"].items()) {
      if (suite["protocol"].as_string() == protocol) list.push_back(suite_view(suite));
    }
    std::string order_text;
    for (Value const& order : facts["cipher_order"].items()) {
      if (order["protocol"].as_string() == protocol) order_text = order_phrase(order);
    }
    out.push_back(Value::object().set("suite_protocol", protocol).set("order", order_text).set("suites", std::move(list)));
  }
  return out;
}

Value key_exchange(Value const& facts) {
  bool const listed = !facts["groups"].items().empty() || facts["group_order"].is_object();
  Value blocks = key_exchange_blocks(facts);
  if (!listed && blocks.items().empty()) return {};
  Value list = Value::array();
  for (Value const& group : facts["groups"].items()) {
    list.push_back(Value::object().set("group_name", group["name"].as_string()).set("post_quantum", group["post_quantum"].as_bool()));
  }
  return Value::object()
      .set("has_groups", listed)
      .set("group_list", std::move(list))
      .set("group_order", facts["group_order"].is_object() ? order_phrase(facts["group_order"]) : std::string{})
      .set("blocks", std::move(blocks));
}

std::string date(std::string const& moment) { return moment.substr(0, std::min<std::size_t>(10, moment.find('T'))); }

/// The moment that the chain was judged at: the run's, unless the days that are left tell of another (option --at).
std::optional<Moment> judged_at(Value const& chain, Run const& run) {
  std::optional<Moment> const started = parse_rfc3339(run.started_at);
  Value const& days_left = chain["days_left"];
  if (!days_left.is_int() || chain["chain"].items().empty()) return started;
  std::optional<Moment> const end = parse_rfc3339(chain["chain"].items().front()["not_after"].as_string());
  if (!end || std::abs(days_left.as_double()) > 4e6) return started;
  Moment const at = *end - std::chrono::days{days_left.as_int()} - std::chrono::hours{12};
  return started && std::chrono::abs(*started - at) < std::chrono::days{2} ? started : at;
}

std::string key_of(Value const& certificate) {
  Value const& key = certificate["key"];
  std::string text = fmt::format("{} {} bits", key["type"].as_string(), key["bits"].as_int());
  if (std::string const& curve = key["curve"].as_string(); !curve.empty()) text += " " + curve;
  return text;
}

Value certificate_view(Value const& certificate, std::optional<Moment> at, std::size_t number) {
  Value view = Value::object();
  view.set("number", std::to_string(number)).set("fingerprint", certificate["sha256"].as_string());
  if (certificate["unparsable"].as_bool()) return view.set("unparsable", true);
  std::optional<Moment> const begin = parse_rfc3339(certificate["not_before"].as_string());
  std::optional<Moment> const end = parse_rfc3339(certificate["not_after"].as_string());
  bool const known = begin && end && at;
  bool const current = known && *begin <= *at && *at <= *end;
  std::vector<std::string> names;
  for (Value const& each : certificate["subject_alt_names"].items()) names.push_back(each.as_string());
  std::string const& subject = certificate["subject"].as_string();
  return view.set("unparsable", false)
      .set("subject", subject.empty() ? "(empty subject)" : subject)
      .set("issuer", certificate["self_issued"].as_bool() ? "itself" : certificate["issuer"].as_string())
      .set("begin", date(certificate["not_before"].as_string()))
      .set("end", date(certificate["not_after"].as_string()))
      .set("validity_tone", !known    ? "off"
                            : current ? "good"
                                      : "bad")
      .set("svg_validity", known ? draw_validity(*begin, *end, *at) : std::string{})
      .set("certificate_days", known ? days(std::chrono::floor<std::chrono::days>(*end - *at).count()) : std::string{})
      .set("key", key_of(certificate))
      .set("signature", certificate["signature_algorithm"].as_string())
      .set("serial", certificate["serial"].as_string())
      .set("names", join(names, ", "));
}

Value trust_view(Value const& verification) {
  Value out = Value::object();
  if (verification["trusted"].as_bool()) {
    return out.set("trust", "Trusted by the store: " + verification["store"].as_string()).set("trust_tone", "good").set("trust_detail", "");
  }
  if (verification["inconclusive"].is_string()) {
    return out.set("trust", "Trust is inconclusive: " + verification["inconclusive"].as_string())
        .set("trust_tone", "fair")
        .set("trust_detail", "");
  }
  std::vector<std::string> faults;
  for (Value const& word : verification["errors"].items()) faults.push_back(trust_phrase(word.as_string()));
  if (faults.empty()) faults.push_back(trust_phrase(verification["error"].as_string()));
  return out.set("trust", "Not trusted: " + join(faults, ", "))
      .set("trust_tone", "bad")
      .set("trust_detail", verification["detail"].as_string());
}

Value chain_view(Value const& chain, Run const& run) {
  Value const& shown = chain["shown_for"];
  std::string title = shown["protocol"].as_string();
  for (Value const& also : shown["also"].items()) title += ", " + also.as_string();
  if (std::string const& kind = shown["authentication"].as_string(); !kind.empty()) title += " \u00b7 " + kind;
  title += shown["sni"].is_string() ? " \u00b7 for " + shown["sni"].as_string() : " \u00b7 without a name";
  Value view = Value::object();
  view.set("chain_title", title).set("chain_inconclusive", chain["inconclusive"].as_string());
  if (!chain["inconclusive"].as_string().empty()) return view.set("read", false);
  std::optional<Moment> const at = judged_at(chain, run);
  Value certificates = Value::array();
  std::size_t number = 0;
  for (Value const& each : chain["chain"].items()) certificates.push_back(certificate_view(each, at, ++number));
  Value more = Value::array();
  for (TrustLine const& line : trust_lines(chain)) {
    char const* const tone = line.tone == Tone::good ? "good" : line.tone == Tone::fair ? "fair" : line.tone == Tone::bad ? "bad" : "off";
    more.push_back(Value::object().set("more_label", line.label).set("more_text", line.text).set("more_tone", tone));
  }
  std::string const making = shape_faults(chain["shape"]);
  if (!making.empty()) more.push_back(Value::object().set("more_label", "shape").set("more_text", making).set("more_tone", "fair"));
  std::size_t place = 0;
  for (Value const& each : chain["chain"].items()) {
    ++place;
    std::string const weak = key_faults(each["key"]);
    if (weak.empty()) continue;
    more.push_back(
        Value::object().set("more_label", fmt::format("weak key of certificate {}", place)).set("more_text", weak).set("more_tone", "bad"));
  }
  Value const& hostname = chain["hostname"];
  bool const matches = hostname["matches"].as_bool();
  view.set("read", true)
      .set("trust", trust_view(chain["verification"]))
      .set("trust_more", std::move(more))
      .set("name_text", fmt::format("{} {}", matches ? "For" : "Not for", hostname["reference"].as_string()))
      .set("name_reason", hostname["reason"].as_string())
      .set("name_tone", matches ? "good" : "bad")
      .set("stapled", chain["ocsp_stapled"].as_bool() ? "OCSP response stapled" : "No OCSP response stapled")
      .set("certificates", std::move(certificates));
  return view;
}

Value http_view(Value const& http) {
  if (!http.is_object()) return {};
  Value view = Value::object();
  view.set("http_inconclusive", http["inconclusive"].as_string()).set("spoken", http["spoken"].as_bool());
  if (!http["spoken"].as_bool()) return view.set("silent", http["inconclusive"].as_string().empty());
  Value const& hsts = http["hsts"];
  bool const present = hsts["present"].as_bool();
  bool const valid = hsts["valid"].as_bool();
  std::string text = "HSTS is not set";
  if (present) {
    text = valid ? "HSTS" : "HSTS is not valid";
    if (hsts["max_age"].is_int()) text += fmt::format(" for {} days", hsts["max_age"].as_int() / 86400);
    if (hsts["include_subdomains"].as_bool()) text += ", with subdomains";
    if (hsts["preload"].as_bool()) text += ", preload";
  }
  Value errors = Value::array();
  for (Value const& error : hsts["errors"].items()) errors.push_back(Value::object().set("hsts_error", error.as_string()));
  return view.set("silent", false)
      .set("http_status", std::to_string(http["status"].as_int()))
      .set("redirect", http["redirect"].as_string())
      .set("hsts", text)
      .set("hsts_tone", present && valid ? "good" : "bad")
      .set("hsts_raw", hsts["raw"].as_string())
      .set("hsts_errors", std::move(errors));
}

Value handshakes(Value const& list) {
  double slowest = 0;
  for (Value const& each : list.items()) slowest = std::max(slowest, each["time_ms"].as_double());
  Value::Array views;
  for (Value const& each : list.items()) {
    Value view = Value::object();
    view.set("kind", each["kind"].as_string());
    std::int64_t const round_trips = each["round_trips"].as_int();
    std::string absent = each["inconclusive"].as_string();
    if (!absent.empty()) absent.insert(0, "Inconclusive: ");
    if (each["offered"].is_bool() && !each["offered"].as_bool()) absent = "Not offered by the server";
    view.set("absent", absent);
    if (!absent.empty()) {
      views.push_back(view.set("measured", false));
      continue;
    }
    std::vector<Flight> const drawn = flights(each["kind"].as_string(), round_trips, each["cipher_suite"].as_string());
    // Only a known kind has flights, so the label is one of ours.
    view.set("measured", true)
        .set("svg_ladder", drawn.empty() ? std::string{} : draw_ladder(drawn, "Flights of " + each["kind"].as_string()))
        .set("svg_time", draw_bar(each["time_ms"].as_double(), slowest))
        .set("trips", counted(static_cast<std::uint64_t>(std::max<std::int64_t>(round_trips, 0)), "round trip"))
        .set("time", milliseconds(each["time_ms"].as_double()))
        .set("traffic", fmt::format("{} out, {} in", octets(each["bytes_sent"].as_int()), octets(each["bytes_received"].as_int())))
        .set("handshake_suite", each["cipher_suite"].as_string())
        .set("differs", !drawn.empty() && drawn_round_trips(drawn) != round_trips);
    views.push_back(std::move(view));
  }
  // The full handshakes of both versions stand side by side, then the resumed ones.
  std::stable_partition(views.begin(), views.end(), [](Value const& view) { return view["kind"].as_string().ends_with(" full"); });
  return views;
}

}  // namespace

void add_facts(Value& view, Value const& facts, Run const& run) {
  Value chains = Value::array();
  Value others = Value::array();
  for (Value const& chain : facts["certificates"].items()) {
    if (!is_for_others(chain)) {
      chains.push_back(chain_view(chain, run));
      continue;
    }
    TrustLine const line = others_line(chain, facts["certificates"]);
    others.push_back(Value::object().set("others_label", line.label).set("others_text", line.text));
  }
  Value cards = fact_cards(facts);
  view.set("has_cards", !cards.items().empty()).set("cards", std::move(cards));
  view.set("protocols", protocols(facts["protocols"]))
      .set("has_protocols", !facts["protocols"].items().empty())
      .set("suite_lists", suites(facts))
      .set("key_exchange", key_exchange(facts))
      .set("has_suites", !facts["cipher_suites"].items().empty() || !facts["cipher_order"].items().empty())
      .set("chains", std::move(chains))
      .set("others", std::move(others))
      .set("has_chains", !facts["certificates"].items().empty())
      .set("http", http_view(facts["http"]))
      .set("handshakes", handshakes(facts["handshakes"]))
      .set("has_handshakes", !facts["handshakes"].items().empty());
}

}  // namespace tlsgauge::report
