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

bool speaks(Value const& facts, std::initializer_list<std::string_view> versions) {
  return std::ranges::any_of(facts["protocols"].items(), [&](Value const& each) {
    return each["support"].as_string() == "yes" && std::ranges::find(versions, each["name"].as_string()) != versions.end();
  });
}

/// Whether a suite of the version is signed for with keys of that kind.
bool pairs(Value const& suite, Value const& signatures) {
  if (signatures["protocol"].as_string() != suite["protocol"].as_string()) return false;
  if (signatures["authentication"].is_null()) return true;
  bool const signs = suite["key_exchange"].as_string() == "ECDHE" || suite["key_exchange"].as_string() == "DHE";
  return signs && signatures["authentication"].as_string() == suite["authentication"].as_string();
}

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
  std::vector<OpenFact> out;
  auto const open = [&](std::string where, Value const& reason) {
    out.push_back({std::move(where), reason.as_string().empty() ? "inconclusive" : "inconclusive: " + reason.as_string()});
  };
  auto const unless_complete = [&](std::string where, Value const& order) {
    if (order["complete"].is_bool() && !order["complete"].as_bool()) open(std::move(where), order["reason"]);
  };
  for (Value const& each : facts["protocols"].items()) {
    if (each["support"].as_string() == "inconclusive") open("protocol:" + each["name"].as_string(), each["reason"]);
  }
  for (Value const& each : facts["cipher_order"].items()) unless_complete("cipher_suites:" + each["protocol"].as_string(), each);
  for (Value const& each : facts["signature_schemes"].items()) unless_complete("signature_schemes:" + each["protocol"].as_string(), each);
  unless_complete("groups", facts["group_order"]);
  unless_complete("curves", facts["curves"]["order"]);
  unless_complete("ffdhe", facts["curves"]["ffdhe"]["order"]);
  for (std::string_view const key : {"curves", "dh_parameters"}) {
    if (facts[key]["inconclusive"].is_string()) open(std::string{key}, facts[key]["inconclusive"]);
  }
  for (Value const& chain : facts["certificates"].items()) {
    if (chain["inconclusive"].is_string()) open("certificates", chain["inconclusive"]);
    if (chain["cut"].is_object()) out.push_back({"certificates", "a chain was too large to be kept whole"});
  }
  // A part of the scan that was left out.
  bool const old = speaks(facts, {"TLSv1.0", "TLSv1.1", "TLSv1.2"}), newest = speaks(facts, {"TLSv1.3"});
  auto const unless_asked = [&](std::string_view key, bool expected) {
    if (expected && !facts[key].is_array() && !facts[key].is_object()) out.push_back({std::string{key}, "not measured"});
  };
  for (std::string_view const key : {"cipher_suites", "certificates", "signature_schemes"}) unless_asked(key, old || newest);
  for (std::string_view const key : {"curves", "dh_parameters"}) unless_asked(key, old);
  unless_asked("groups", newest);
  return out;
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
