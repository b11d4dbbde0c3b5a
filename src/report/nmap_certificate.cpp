// nmap's script ssl-cert.

#include <fmt/format.h>

#include <utility>

#include "audit/shown_certificates.hpp"
#include "base/text.hpp"
#include "crypto/certificate.hpp"
#include "crypto/digest.hpp"
#include "report/names.hpp"
#include "report/nmap_scripts.hpp"

namespace tlsgauge::report {
namespace {

ScriptValue elem(std::string key, std::string const& text) { return {.key = std::move(key), .text = printable(text)}; }

/// nmap's order where it prints a name in one line.
std::string name_line(std::vector<Attribute> const& name) {
  std::string out;
  for (std::string_view const wanted : {"commonName", "organizationName", "stateOrProvinceName", "countryName"}) {
    for (Attribute const& each : name) {
      if (each.type == wanted) out += fmt::format("{}{}={}", out.empty() ? "" : "/", each.type, printable(each.value));
    }
  }
  return out;
}

ScriptValue name_table(std::string key, std::vector<Attribute> const& name) {
  ScriptValue out{.key = std::move(key), .text = {}, .table = true};
  for (Attribute const& each : name) out.items.push_back(elem(printable(each.type), each.value));
  return out;
}

/// nmap writes no zone: 2026-11-26T08:13:02.
std::string without_zone(std::string const& moment) { return moment.ends_with('Z') ? moment.substr(0, moment.size() - 1) : moment; }

}  // namespace

Script ssl_cert_script(Endpoint const& endpoint) {
  Value const* leaf = nullptr;
  for (Value const* const chain : audit::certificates_of(endpoint, endpoint.facts["certificates"])) {
    if (leaf == nullptr && !(*chain)["chain"].items().empty()) leaf = &(*chain)["chain"].items().front();
  }
  if (leaf == nullptr || (*leaf)["unparsable"].as_bool()) return {};
  Value const& certificate = *leaf;
  std::vector<Attribute> const subject = attributes_of(certificate["subject"].as_string());
  std::vector<Attribute> const issuer = attributes_of(certificate["issuer"].as_string());
  std::string const type = certificate["key"]["type"].as_string() == "ecdsa" ? "ec" : certificate["key"]["type"].as_string();
  std::string const bits = fmt::format("{}", certificate["key"]["bits"].as_int());
  std::string const& algorithm = certificate["signature_algorithm"].as_string();
  std::string const begins = without_zone(certificate["not_before"].as_string());
  std::string const ends = without_zone(certificate["not_after"].as_string());
  std::string names;
  for (Value const& each : certificate["subject_alt_names"].items()) names += (names.empty() ? "" : ", ") + printable(each.as_string());
  Bytes const der = crypto::from_pem(certificate["pem"].as_string());

  Script out{.id = "ssl-cert", .output = "Subject: " + name_line(subject), .values = {}};
  if (!names.empty()) out.output += "\nSubject Alternative Name: " + names;
  out.output += fmt::format("\nIssuer: {}\nPublic Key type: {}\nPublic Key bits: {}\nSignature Algorithm: {}", name_line(issuer),
                            printable(type), bits, printable(algorithm));
  out.output += fmt::format("\nNot valid before: {}\nNot valid after:  {}", printable(begins), printable(ends));
  out.values.push_back(name_table("subject", subject));
  out.values.push_back(name_table("issuer", issuer));
  ScriptValue key{.key = "pubkey", .text = {}, .table = true, .items = {elem("type", type), elem("bits", bits)}};
  if (std::string const& curve = certificate["key"]["curve"].as_string(); !curve.empty()) {
    ScriptValue parameters{
        .key = "curve_params", .text = {}, .table = true, .items = {elem("ec_curve_type", "namedcurve"), elem("curve", curve)}};
    key.items.push_back({.key = "ecdhparams", .text = {}, .table = true, .items = {std::move(parameters)}});
  }
  out.values.push_back(std::move(key));
  if (!names.empty()) {
    ScriptValue extension{
        .key = {}, .text = {}, .table = true, .items = {elem("name", "X509v3 Subject Alternative Name"), elem("value", names)}};
    out.values.push_back({.key = "extensions", .text = {}, .table = true, .items = {std::move(extension)}});
  }
  out.values.push_back(elem("sig_algo", algorithm));
  out.values.push_back({.key = "validity", .text = {}, .table = true, .items = {elem("notBefore", begins), elem("notAfter", ends)}});
  if (der.empty()) return out;
  std::string const md5 = crypto::md5_hex(der);
  std::string const sha1 = crypto::sha1_hex(der);
  out.output += fmt::format("\nMD5:   {}\nSHA-1: {}", md5, sha1);
  out.values.push_back(elem("md5", md5));
  out.values.push_back(elem("sha1", sha1));
  out.values.push_back({.key = "pem", .text = crypto::pem(der)});
  return out;
}

}  // namespace tlsgauge::report
