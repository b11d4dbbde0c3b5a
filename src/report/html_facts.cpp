#include "report/html_facts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>

#include "base/text.hpp"
#include "report/gauges.hpp"
#include "report/html_chain.hpp"
#include "report/html_sheets.hpp"
#include "report/ladder.hpp"
#include "report/strength.hpp"
#include "report/wording.hpp"

namespace tlsgauge::report {
namespace {

constexpr std::size_t kSuites = 1000;    // that are listed, of all versions; a server has hundreds at most
constexpr std::size_t kSuiteLists = 20;  // of versions
constexpr std::size_t kUnfolded = 16;    // of a version, where there are more than a few others
constexpr std::size_t kFewFolded = 4;

/// What is known of a version's suites: how many, the weakest, whether they have forward secrecy.
void add_suites_of(Value& row, Value const& facts, std::string const& protocol) {
  std::size_t number = 0;
  std::size_t secret = 0;
  Strength weakest = Strength::strong;
  for (Value const& suite : facts["cipher_suites"].items()) {
    if (suite["protocol"].as_string() != protocol) continue;
    ++number;
    if (suite["forward_secrecy"].as_bool()) ++secret;
    weakest = std::max(weakest, rate(suite).strength);
  }
  if (number == 0) return;
  row.set("suite_count", std::to_string(number))
      .set("weakest", name(weakest))
      .set("secrecy", secret == number ? "all"
                      : secret == 0    ? "none"
                                       : fmt::format("{} of {}", secret, number))
      .set("secrecy_tone", secret == number ? "good" : "bad");
}

Value suite_view(Value const& suite) {
  Rating const rating = rate(suite);
  std::string details;
  auto const add = [&](std::string const& part) {
    if (part.empty() || details.find(part) != std::string::npos) return;  // "RC4" need not be said twice
    details += (details.empty() ? "" : " \u00b7 ") + part;
  };
  if (suite["forward_secrecy"].as_bool()) add("forward secrecy");
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

/// "and 9800 more: 3 broken, 9797 strong": what is left out or folded is told by its strength.
std::string more_suites(std::map<Strength, std::size_t> const& hidden) {
  std::size_t sum = 0;
  std::vector<std::string> parts;
  for (auto at = hidden.rbegin(); at != hidden.rend(); ++at) {
    sum += at->second;
    parts.push_back(fmt::format("{} {}", at->second, name(at->first)));
  }
  return sum == 0 ? std::string{} : fmt::format("and {} more: {}", sum, join(parts, ", "));
}

struct SuiteList {
  Value::Array shown;
  std::vector<Strength> strengths;  // of those
  std::map<Strength, std::size_t> hidden;
  std::string order;
  bool chosen = false;
};

void add_suites(Value& view, Value const& facts) {
  std::vector<std::string> protocols;
  std::map<std::string, SuiteList> lists;
  auto const list_of = [&](Value const& each) -> SuiteList& {
    auto const [at, is_new] = lists.try_emplace(each["protocol"].as_string());
    if (is_new) protocols.push_back(at->first);
    return at->second;
  };
  std::size_t room = kSuites;
  for (Value const& suite : facts["cipher_suites"].items()) {
    SuiteList& list = list_of(suite);
    if (room > 0 && protocols.size() <= kSuiteLists) {
      list.shown.push_back(suite_view(suite));
      list.strengths.push_back(rate(suite).strength);
      --room;
    } else {
      ++list.hidden[rate(suite).strength];
    }
  }
  for (Value const& order : facts["cipher_order"].items()) {
    SuiteList& list = list_of(order);
    list.order = order_phrase(order);
    list.chosen = order["chooser"].as_string() == "server";
  }
  Value out = Value::array();
  for (std::size_t i = 0; i < std::min(protocols.size(), kSuiteLists); ++i) {
    SuiteList& list = lists.at(protocols[i]);
    Value::Array folded;
    std::map<Strength, std::size_t> of_folded;
    if (list.shown.size() > kUnfolded + kFewFolded) {
      auto const from = list.shown.begin() + kUnfolded;
      folded.assign(std::make_move_iterator(from), std::make_move_iterator(list.shown.end()));
      list.shown.erase(from, list.shown.end());
      for (std::size_t at = kUnfolded; at < list.strengths.size(); ++at) ++of_folded[list.strengths[at]];
    }
    out.push_back(Value::object()
                      .set("suite_protocol", protocols[i])
                      .set("order", list.order)
                      .set("chosen", list.chosen)
                      .set("suites", std::move(list.shown))
                      .set("has_folded", !folded.empty())
                      .set("folded", more_suites(of_folded))
                      .set("suites_folded", std::move(folded))
                      .set("suites_more", more_suites(list.hidden)));
  }
  std::size_t const more = protocols.size() - out.items().size();
  view.set("suite_lists", std::move(out))
      .set("has_suites", !protocols.empty())
      .set("versions_more", more > 0 ? fmt::format("{} not listed", counted(more, "version")) : std::string{});
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

/// "on the way 20.1 ms, work 4.93 ms": what the measured time is made of.
std::string pace_phrase(LadderTime const& time, std::int64_t round_trips) {
  std::optional<double> const way = way_ms(time, round_trips);
  if (!way || round_trips < 1) return {};
  constexpr double kLeast = 0.005;  // that is not shown as none
  return fmt::format("on the way {}, work {}", *way < kLeast ? "< 0.01 ms" : milliseconds(*way), milliseconds(time.whole_ms - *way));
}

std::vector<Flight> flights_of(Value const& handshake) {
  return flights(handshake["kind"].as_string(), handshake["round_trips"].as_int(), handshake["cipher_suite"].as_string());
}

/// What of the ladders was measured, and what was not.
std::string scale_phrase(Value const& list) {
  bool paced = false;
  bool whole = false;
  bool early = false;
  for (Value const& each : list.items()) {
    if (!known_ms(each["time_ms"])) continue;
    std::vector<Flight> const drawn = flights_of(each);
    bool const one_way = !drawn.empty() && drawn_round_trips(drawn) == 0;  // its ladder ends before the server answers
    (one_way ? early : known_ms(each["tcp_round_trip_ms"]) ? paced : whole) = true;
  }
  std::string out;
  if (paced) out = "To scale: the whole and TCP's round trip, so the time on the way, are measured; the work (blue) is spread evenly.";
  if (whole && paced) out += " Where TCP's round trip is not known, flights share the measured whole evenly.";
  if (whole && !paced) out = "To scale: the whole is measured; the flights within it are spread evenly.";
  if (early) out += fmt::format("{}Of 0-RTT only the way of its data is drawn.", out.empty() ? "" : " ");
  return out;
}

Value handshakes(Value const& list) {
  double slowest = 0;
  for (Value const& each : list.items()) slowest = std::max(slowest, known_ms(each["time_ms"]).value_or(0));
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
    std::optional<double> const whole = known_ms(each["time_ms"]);
    std::vector<Flight> const drawn = whole ? flights_of(each) : std::vector<Flight>{};
    LadderTime const time{whole.value_or(0), slowest, known_ms(each["tcp_round_trip_ms"])};
    // Only a known kind has flights, so the label is one of ours.
    view.set("measured", true)
        .set("svg_ladder", drawn.empty() ? std::string{} : draw_ladder(drawn, "Flights of " + each["kind"].as_string(), time))
        .set("svg_time", whole ? draw_bar(*whole, slowest, round_trips > 0 ? way_ms(time, round_trips) : std::nullopt) : std::string{})
        .set("pace", whole ? pace_phrase(time, round_trips) : std::string{})
        .set("trips", counted(static_cast<std::uint64_t>(std::max<std::int64_t>(round_trips, 0)), "round trip"))
        .set("time", whole ? milliseconds(*whole) : "time not known")
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

Value protocols_view(Value const& facts) {
  Value out = Value::array();
  for (Value const& each : facts["protocols"].items()) {
    std::string const& name = each["name"].as_string();
    std::string const& support = each["support"].as_string();
    bool const current = name == "TLSv1.2" || name == "TLSv1.3";
    std::string const tone = support == "yes" ? (current ? "good" : "bad") : support == "no" ? "off" : "fair";
    Value row = Value::object();
    row.set("protocol_name", name)
        .set("support", support)
        .set("tone", tone)
        .set("mark", support == "yes"  ? "\u2713"
                     : support == "no" ? "\u2013"
                                       : "?")
        .set("support_reason", support == "inconclusive" ? each["reason"].as_string() : std::string{});
    if (support != "no") add_suites_of(row, facts, name);
    out.push_back(std::move(row));
  }
  return out;
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

void add_facts(Value& view, Value const& facts, Run const& run) {
  view.set("cards", fact_cards(facts))
      .set("protocols", protocols_view(facts))
      .set("has_protocols", !facts["protocols"].items().empty())
      .set("key_exchange", key_exchange(facts))
      .set("http", http_view(facts["http"]))
      .set("handshakes", handshakes(facts["handshakes"]))
      .set("scale", scale_phrase(facts["handshakes"]))
      .set("has_handshakes", !facts["handshakes"].items().empty());
  add_suites(view, facts);
  add_chains(view, facts, run);
  auto const has = [&view](std::string_view key) { return view[key].as_bool() || view[key].is_object(); };
  bool const pair = has("has_protocols") || has("has_chains") || has("http");
  bool const cards = !view["cards"].items().empty();
  view.set("has_pair", pair).set("has_cards", cards);
  view.set("has_facts", pair || cards || has("key_exchange") || has("has_suites") || has("has_handshakes"));
}

}  // namespace tlsgauge::report
