#include "report/testssl_rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "base/utf8.hpp"
#include "report/fact_parts.hpp"

namespace tlsgauge::report {
namespace {

using wire::ProtocolVersion;
using Known = TestsslFacts::Known;

constexpr std::size_t kMaxName = 1'000;  // octets of what stands in each row

}  // namespace

std::string inconclusive_finding(std::string const& reason) {
  return printable("test inconclusive" + (reason.empty() ? std::string{} : ": " + reason));
}

std::string testssl_host(Target const& target) {
  return cut(printable(target.host), kMaxName) + "/" + cut(printable(target.address.empty() ? target.host : target.address), kMaxName);
}

std::string suite_names(std::vector<Value const*> const& suites) {
  std::vector<std::string> out;
  std::set<std::string> seen;
  for (Value const* const suite : suites) {
    std::string const& openssl = (*suite)["openssl_name"].as_string();
    std::string name = printable(openssl.empty() ? (*suite)["name"].as_string() : openssl);
    if (seen.insert(name).second) out.push_back(std::move(name));
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

Known TestsslFacts::http() const {
  Value const& spoken = endpoint_.facts["http"]["spoken"];
  return !spoken.is_bool() ? Known::unknown : spoken.as_bool() ? Known::yes : Known::no;
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
  if (Value const* const strange = not_described(version); strange != nullptr && complete(version))
    return "no registry knows " + (*strange)["code"].as_string();
  std::string const why = reason_of(of_protocol(endpoint_.facts["cipher_order"], "protocol", name));
  return why.empty() ? reason_of(endpoint_.facts["cipher_suites"]) : why;
}

Value const* TestsslFacts::not_described(ProtocolVersion version) const {
  std::vector<Value const*> const all = suites(version);
  auto const at = std::ranges::find_if(all, [](Value const* suite) { return !is_described(*suite); });
  return at == all.end() ? nullptr : *at;
}

std::string TestsslFacts::reason() const {
  for (ProtocolVersion const version : wire::kAllVersions) {
    if (version == ProtocolVersion::SSLv2 || (complete(version) && not_described(version) == nullptr)) continue;
    std::string const why = reason(version);
    if (complete(version)) return wire::name(version) + ", " + why;
    return fmt::format("{} {}{}{}", wire::name(version), this->version(version) == Known::yes ? "may have more suites" : "may be accepted",
                       why.empty() ? "" : ", ", why);
  }
  return {};
}

std::vector<TestsslRow> testssl_rows(Endpoint const& endpoint, std::optional<std::int64_t> now) {
  std::vector<TestsslRow> rows;
  std::string const place =
      fmt::format("{}:{}", cut(printable(endpoint.target.address.empty() ? endpoint.target.host : endpoint.target.address), kMaxName),
                  endpoint.target.port);
  if (endpoint.status == Status::unreachable || endpoint.status == Status::not_tls) {
    std::string finding = endpoint.status == Status::unreachable ? fmt::format("Can't connect to '{}'", place)
                                                                 : fmt::format("{} doesn't seem to be a TLS/SSL enabled server", place);
    for (ErrorNote const& error : endpoint.errors) finding += "; " + error.what;
    rows.push_back({.id = "scanProblem", .severity = "FATAL", .finding = printable(finding)});
    return rows;
  }
  TestsslFacts const facts{endpoint};
  if (facts.http() == Known::yes) rows.push_back({.id = "service", .severity = "INFO", .finding = "HTTP"});
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
  if (rows.empty()) {
    std::string finding = "nothing was measured at " + place;
    for (ErrorNote const& error : endpoint.errors) finding += "; " + error.what;
    rows.push_back({.id = "scanProblem", .severity = "WARN", .finding = printable(finding)});
  }
  add_rating_rows(rows, endpoint);
  return rows;
}

}  // namespace tlsgauge::report
