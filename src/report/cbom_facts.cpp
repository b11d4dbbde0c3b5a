#include "report/cbom_facts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/address.hpp"

namespace tlsgauge::report {
namespace {

void once(std::vector<std::string>& names, std::string const& name) {
  if (std::ranges::find(names, name) == names.end()) names.push_back(name);
}

/// Whether a suite of the version is signed for with keys of that kind.
bool pairs(Value const& suite, Value const& signatures) {
  if (signatures["protocol"].as_string() != suite["protocol"].as_string()) return false;
  if (signatures["authentication"].is_null()) return true;
  bool const signs = suite["key_exchange"].as_string() == "ECDHE" || suite["key_exchange"].as_string() == "DHE";
  return signs && signatures["authentication"].as_string() == suite["authentication"].as_string();
}

/// What is not known to be whole. That a list ended says so itself: an absent one, or an empty one of what must be there, was not measured.
class OpenFacts {
 public:
  explicit OpenFacts(Value const& facts) : facts_(facts) {
    for (Value const& each : facts["protocols"].items()) {
      if (each["support"].as_string() == "yes") once(spoken_, each["name"].as_string());
    }
  }

  void protocols() {
    if (inconclusive("protocols")) return;
    if (facts_["protocols"].items().size() < kVersions) add("protocols", "not measured");
    for (Value const& each : facts_["protocols"].items()) {
      if (each["support"].as_string() == "inconclusive") doubt("protocol:" + each["name"].as_string(), each["reason"]);
    }
  }

  void suites() {
    if (inconclusive("cipher_suites") || inconclusive("cipher_order") || not_measured("cipher_suites", !spoken_.empty())) return;
    for (std::string const& version : spoken_) {
      std::string const where = "cipher_suites:" + version;
      auto const of_version = [&](Value const& each) { return each["protocol"].as_string() == version; };
      auto const& orders = facts_["cipher_order"].items();
      auto const order = std::ranges::find_if(orders, of_version);
      if (order == orders.end() || std::ranges::none_of(facts_["cipher_suites"].items(), of_version)) {
        add(where, "not measured");
      } else {
        demand_whole(where, *order);
      }
    }
  }

  void schemes() {
    if (inconclusive("signature_schemes") || not_measured("signature_schemes", speaks_old() || speaks("TLSv1.3"))) return;
    std::vector<std::string> kinds;  // of the keys of TLS 1.2
    for (Value const& suite : facts_["cipher_suites"].items()) {
      if (signs(suite) && suite["protocol"].as_string() == "TLSv1.2") once(kinds, suite["authentication"].as_string());
    }
    auto const demand = [&](std::string const& version, std::string const& kind) {
      bool const there = std::ranges::any_of(facts_["signature_schemes"].items(), [&](Value const& each) {
        return each["protocol"].as_string() == version && (kind.empty() || each["authentication"].as_string() == kind);
      });
      if (!there) add("signature_schemes:" + version, "not measured");
    };
    if (speaks("TLSv1.3")) demand("TLSv1.3", "");
    for (std::string const& kind : kinds) demand("TLSv1.2", kind);
    for (Value const& each : facts_["signature_schemes"].items()) {
      std::string const where = "signature_schemes:" + each["protocol"].as_string();
      each["inconclusive"].is_string() ? doubt(where, each["inconclusive"]) : demand_whole(where, each);
    }
  }

  void groups() {
    if (speaks("TLSv1.3") && !inconclusive("groups") && !inconclusive("group_order")) {
      facts_["groups"].items().empty() ? add("groups", "not measured") : demand_whole("groups", facts_["group_order"]);
    }
    Value const& curves = facts_["curves"];
    if (!inconclusive("curves") && !not_measured("curves", speaks_old())) {
      if (exchanges("ECDHE")) {
        curves["groups"].items().empty() ? add("curves", "not measured") : demand_whole("curves", curves["order"]);
      }
      if (curves["ffdhe"]["inconclusive"].is_string()) {
        doubt("ffdhe", curves["ffdhe"]["inconclusive"]);
      } else if (curves["ffdhe"]["order"].is_object()) {
        demand_whole("ffdhe", curves["ffdhe"]["order"]);
      }
    }
    if (inconclusive("dh_parameters") || not_measured("dh_parameters", speaks_old())) return;
    bool const seen = !facts_["dh_parameters"]["groups"].items().empty() || !curves["ffdhe"]["groups"].items().empty();
    if (exchanges("DHE") && !seen) add("dh_parameters", "not measured");
  }

  void certificates() {
    if (inconclusive("certificates") || not_measured("certificates", !spoken_.empty())) return;
    auto const& suites = facts_["cipher_suites"].items();
    bool const shown = suites.empty() || std::ranges::any_of(suites, authenticates);
    if (shown && !spoken_.empty() && facts_["certificates"].items().empty()) add("certificates", "not measured");
    for (Value const& chain : facts_["certificates"].items()) {
      if (chain["inconclusive"].is_string()) doubt("certificates", chain["inconclusive"]);
      if (chain["cut"].is_object()) add("certificates", "a chain was too large to be kept whole");
    }
  }

  std::vector<OpenFact> all() && { return std::move(out_); }

 private:
  static constexpr std::size_t kVersions = 6;  // SSL 2.0 to TLS 1.3

  static bool authenticates(Value const& suite) {
    std::string const& by = suite["authentication"].as_string();
    return by != "anon" && by != "PSK" && by != "NULL";
  }
  /// Up to TLS 1.2, where the suite says so.
  static bool signs(Value const& suite) {
    std::string const& exchange = suite["key_exchange"].as_string();
    return (exchange == "ECDHE" || exchange == "DHE") && authenticates(suite);
  }
  [[nodiscard]] bool speaks(std::string_view version) const { return std::ranges::find(spoken_, version) != spoken_.end(); }
  [[nodiscard]] bool speaks_old() const { return speaks("TLSv1.0") || speaks("TLSv1.1") || speaks("TLSv1.2"); }
  [[nodiscard]] bool exchanges(std::string_view how) const {
    return std::ranges::any_of(facts_["cipher_suites"].items(),
                               [&](Value const& suite) { return suite["key_exchange"].as_string() == how; });
  }

  void add(std::string where, std::string what) { out_.push_back({std::move(where), std::move(what)}); }
  void doubt(std::string where, Value const& reason) {
    add(std::move(where), reason.as_string().empty() ? "inconclusive" : "inconclusive: " + reason.as_string());
  }
  void demand_whole(std::string where, Value const& order) {
    if (!order["complete"].as_bool()) doubt(std::move(where), order["reason"]);
  }
  bool inconclusive(std::string_view key) {
    Value const& reason = facts_[key]["inconclusive"];
    if (reason.is_string()) doubt(std::string{key}, reason);
    return reason.is_string();
  }
  bool not_measured(std::string_view key, bool expected) {
    bool const there = facts_[key].is_array() || facts_[key].is_object();
    if (expected && !there) add(std::string{key}, "not measured");
    return !there;
  }

  Value const& facts_;
  std::vector<std::string> spoken_;
  std::vector<OpenFact> out_;
};

}  // namespace

std::string endpoint_uri(Endpoint const& endpoint) {
  constexpr std::array<std::string_view, 6> kSchemes = {"ftp", "imap", "ldap", "nntp", "smtp", "xmpp"};
  Target const& target = endpoint.target;
  std::string scheme;
  if (std::ranges::find(kSchemes, target.starttls) != kSchemes.end()) {
    scheme = target.starttls + ":";
  } else if (target.starttls == "pop3") {
    scheme = "pop:";
  } else if (target.starttls.empty() && endpoint.facts["http"]["spoken"].as_bool()) {
    scheme = "https:";
  }
  std::string host;
  if (target.host.find(':') != std::string::npos && parse_address(target.host)) {
    host = fmt::format("[{}]", target.host);
  } else {
    constexpr std::size_t kMaxHost = 1000;  // octets
    for (char const c : std::string_view{target.host}.substr(0, kMaxHost)) {
      bool const plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
      host += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return fmt::format("{}//{}:{}", scheme, host, target.port);
}

std::vector<OpenFact> open_facts(Value const& facts) {
  OpenFacts open{facts};
  open.protocols();
  open.suites();
  open.schemes();
  open.groups();
  open.certificates();
  return std::move(open).all();
}

std::vector<std::string> suite_groups(Value const& facts, Value const& suite) {
  std::vector<std::string> names;
  std::string const& protocol = suite["protocol"].as_string();
  std::string const& exchange = suite["key_exchange"].as_string();
  auto const take = [&](Value const& list) {
    for (Value const& each : list.items()) {
      if (each["protocol"].as_string() == protocol) once(names, each["name"].as_string());
    }
  };
  if (protocol == "TLSv1.3") take(facts["groups"]);
  if (exchange == "ECDHE") take(facts["curves"]["groups"]);
  if (exchange == "DHE") take(facts["curves"]["ffdhe"]["groups"]);
  if (suite["group"].is_string()) once(names, suite["group"].as_string());
  return names;
}

std::vector<std::string> suite_schemes(Value const& facts, Value const& suite) {
  std::vector<std::string> names;
  for (Value const& each : facts["signature_schemes"].items()) {
    if (!pairs(suite, each)) continue;
    for (Value const& scheme : each["schemes"].items()) once(names, scheme["name"].as_string());
  }
  return names;
}

}  // namespace tlsgauge::report
