#include "report/testssl_rows.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"

namespace tlsgauge::report {
namespace {

using wire::ProtocolVersion;
using Known = TestsslFacts::Known;

Value const& of_protocol(Value const& list, std::string_view member, std::string const& version) {
  static Value const none;
  for (Value const& each : list.items()) {
    if (each[member].as_string() == version) return each;
  }
  return none;
}

std::string reason_of(Value const& part) {
  std::string const& open = part["inconclusive"].as_string();
  return open.empty() ? part["reason"].as_string() : open;
}

}  // namespace

std::string inconclusive_finding(std::string const& reason) {
  return printable("test inconclusive" + (reason.empty() ? std::string{} : ": " + reason));
}

std::string testssl_host(Target const& target) {
  return printable(target.host + "/" + (target.address.empty() ? target.host : target.address));
}

std::string suite_names(std::vector<Value const*> const& suites) {
  std::vector<std::string> out;
  for (Value const* const suite : suites) {
    std::string const& openssl = (*suite)["openssl_name"].as_string();
    std::string name = printable(openssl.empty() ? (*suite)["name"].as_string() : openssl);
    if (std::ranges::find(out, name) == out.end()) out.push_back(std::move(name));
  }
  return join(out, " ");
}

std::vector<Value const*> TestsslFacts::suites(ProtocolVersion version) const {
  std::vector<Value const*> out;
  std::string const name = wire::name(version);
  for (Value const& suite : endpoint_.facts["cipher_suites"].items()) {
    if (suite["protocol"].as_string() == name) out.push_back(&suite);
  }
  return out;
}

Known TestsslFacts::version(ProtocolVersion version) const {
  if (!suites(version).empty()) return Known::yes;
  std::string const& word = of_protocol(endpoint_.facts["protocols"], "name", wire::name(version))["support"].as_string();
  return word == "yes" ? Known::yes : word == "no" ? Known::no : Known::unknown;
}

Known TestsslFacts::only_tls13() const {
  Known out = version(ProtocolVersion::TLSv1_3);
  for (ProtocolVersion const each : wire::kAllVersions) {
    if (each == ProtocolVersion::TLSv1_3) continue;
    if (version(each) == Known::yes) return Known::no;
    if (version(each) == Known::unknown && out == Known::yes) out = Known::unknown;
  }
  return out;
}

bool TestsslFacts::complete(ProtocolVersion version) const {
  Known const accepted = this->version(version);
  if (accepted == Known::no) return true;
  bool const whole = of_protocol(endpoint_.facts["cipher_order"], "protocol", wire::name(version))["complete"].as_bool();
  return accepted == Known::yes && whole && !suites(version).empty();
}

std::string TestsslFacts::reason(ProtocolVersion version) const {
  std::string const name = wire::name(version);
  Value const& protocols = endpoint_.facts["protocols"];
  if (this->version(version) == Known::unknown) {
    std::string const why = reason_of(of_protocol(protocols, "name", name));
    return why.empty() ? reason_of(protocols) : why;
  }
  std::string const why = reason_of(of_protocol(endpoint_.facts["cipher_order"], "protocol", name));
  return why.empty() ? reason_of(endpoint_.facts["cipher_suites"]) : why;
}

std::string TestsslFacts::reason() const {
  for (ProtocolVersion const version : wire::kAllVersions) {
    if (version == ProtocolVersion::SSLv2 || complete(version)) continue;
    std::string const why = reason(version);
    return fmt::format("{} {}{}{}", wire::name(version), this->version(version) == Known::yes ? "may have more suites" : "may be accepted",
                       why.empty() ? "" : ", ", why);
  }
  return {};
}

std::vector<TestsslRow> testssl_rows(Endpoint const& endpoint, std::int64_t now) {
  std::vector<TestsslRow> rows;
  std::string const place =
      fmt::format("{}:{}", endpoint.target.address.empty() ? endpoint.target.host : endpoint.target.address, endpoint.target.port);
  if (endpoint.status == Status::unreachable || endpoint.status == Status::not_tls) {
    std::string finding = endpoint.status == Status::unreachable ? fmt::format("Can't connect to '{}'", place)
                                                                 : fmt::format("{} doesn't seem to be a TLS/SSL enabled server", place);
    for (ErrorNote const& error : endpoint.errors) finding += "; " + error.what;
    rows.push_back({.id = "scanProblem", .severity = "FATAL", .finding = printable(finding)});
    return rows;
  }
  TestsslFacts const facts{endpoint};
  if (facts.http()) rows.push_back({.id = "service", .severity = "INFO", .finding = "HTTP"});
  add_protocol_rows(rows, facts);
  if (endpoint.facts.find("cipher_suites") != nullptr) {
    add_cipher_rows(rows, facts);
    add_preference_rows(rows, facts);
    add_exchange_rows(rows, facts);
  }
  add_session_rows(rows, facts);
  add_certificate_rows(rows, facts, now);
  add_http_rows(rows, facts);
  add_vulnerability_rows(rows, facts);
  add_rating_rows(rows, endpoint);
  return rows;
}

}  // namespace tlsgauge::report
