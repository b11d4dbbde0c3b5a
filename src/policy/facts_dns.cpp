// Facts about what DNS says of the endpoint's name. What could not be asked makes no requirement fail or stay open: the service is as
// good without DNS.

#include <algorithm>

#include "policy/readers.hpp"

namespace tlsgauge::policy {
namespace {

constexpr std::size_t kMaxDetail = 160;
constexpr std::string_view kParts[] = {"caa", "tlsa", "https"};

/// A part of facts.dns that was answered; else why there is none.
Section answered(Endpoint const& endpoint, std::string_view part) {
  auto const none = [](std::string why) { return Section{.value = nullptr, .missing = Observed::not_applicable(std::move(why))}; };
  if (endpoint.facts.find("dns") == nullptr) return none("DNS was not asked");
  Value const& dns = endpoint.facts["dns"];
  Value const& found = dns[part];
  if (dns["not_checked"].is_string()) return none("DNS was not asked: " + bounded(dns["not_checked"].as_string(), kMaxDetail));
  if (!found.is_object()) return {.value = nullptr, .missing = Observed::unknown("what DNS says was not read")};
  if (found["not_checked"].is_string()) return none("no answer from DNS: " + bounded(found["not_checked"].as_string(), kMaxDetail));
  if (found["bogus"].is_string()) return none("the answer from DNS is bogus");
  return {.value = &found, .missing = {}};
}

Observed read_dns_bogus(Subject const& subject, wire::ProtocolVersion) {
  Value const& dns = subject.endpoint->facts["dns"];
  bool any = false;
  for (std::string_view const part : kParts) {
    if (std::string const& reason = dns[part]["bogus"].as_string(); !reason.empty()) {
      return Observed::boolean(true, bounded(reason, kMaxDetail));
    }
    any = any || answered(*subject.endpoint, part).value != nullptr;
  }
  if (!any) return answered(*subject.endpoint, kParts[0]).missing;
  if (!dns["validating"].as_bool()) return Observed::not_applicable("DNSSEC is not validated: there is no trust anchor");
  return Observed::boolean(false);
}

Observed read_tlsa_matches(Subject const& subject, wire::ProtocolVersion) {
  Section const tlsa = answered(*subject.endpoint, "tlsa");
  if (!tlsa.value) return tlsa.missing;
  if (tlsa.value->find("inconclusive")) return Observed::unknown(reason_of(*tlsa.value, "not established"));
  std::string const& result = (*tlsa.value)["result"].as_string();
  std::string const name = bounded((*tlsa.value)["name"].as_string(), 80);
  if (result == "none") return Observed::not_applicable("there is no TLSA record");
  if (result == "insecure") return Observed::not_applicable("the TLSA records are not secured by DNSSEC");
  if (result == "unusable") return Observed::not_applicable("no TLSA record can be used");
  if (result == "matches") return Observed::boolean(true);
  if (result != "no_match") return Observed::unknown("not established");
  std::string reason;
  for (Value const& record : (*tlsa.value)["records"].items()) {
    if (reason.empty()) reason = record["reason"].as_string();
  }
  return Observed::boolean(false, name + (reason.empty() ? "" : ": " + bounded(reason, kMaxDetail)));
}

Observed read_https_alpn_served(Subject const& subject, wire::ProtocolVersion) {
  Endpoint const& endpoint = *subject.endpoint;
  Section const https = answered(endpoint, "https");
  if (!https.value) return https.missing;
  Value const& alpn = endpoint.facts["alpn"];
  Value::Array const& taken = alpn["protocols"].items();
  bool any = false;
  for (Value const& record : (*https.value)["records"].items()) {
    // Only of this very endpoint: another name or port is another one.
    bool const here = !record["target"].is_string() && (record["port"].is_null() || record["port"].as_int() == endpoint.target.port);
    if (!here || record["priority"].as_int() == 0) continue;
    for (Value const& id : record["alpn"].items()) {
      if (id != Value{"h2"} && id != Value{"http/1.1"}) continue;  // h3 is spoken over UDP
      any = true;
      if (!alpn["protocols"].is_array()) return Observed::not_applicable("which protocols are taken by ALPN was not asked");
      if (std::find(taken.begin(), taken.end(), id) != taken.end()) continue;
      if (alpn.find("inconclusive")) return Observed::unknown(reason_of(alpn, "not established"));
      return Observed::boolean(false, bounded(id.as_string(), 20));
    }
  }
  return any ? Observed::boolean(true) : Observed::not_applicable("no HTTPS record promises a protocol of this endpoint");
}

Observed read_caa_permits(Subject const& subject, wire::ProtocolVersion) {
  Section const caa = answered(*subject.endpoint, "caa");
  if (!caa.value) return caa.missing;
  if (!(*caa.value)["at"].is_string()) return Observed::boolean(true, "there is no CAA record");
  if (subject.certificate->find("inconclusive"))
    return Observed::unknown(reason_of(*subject.certificate, "the certificate could not be read"));
  Value::Array const& chain = (*subject.certificate)["chain"].items();
  std::string const sha256 = chain.empty() ? std::string{} : chain.front()["sha256"].as_string();
  for (Value const& each : (*caa.value)["chains"].items()) {
    if (sha256.empty() || each["sha256"].as_string() != sha256) continue;
    std::string const reason = bounded(each["reason"].as_string(), kMaxDetail);
    if (each["permitted"] == Value{"yes"}) return Observed::boolean(true, reason);
    if (each["permitted"] == Value{"no"}) return Observed::boolean(false, reason);
    return Observed::not_applicable(reason.empty() ? "not established" : reason);
  }
  return Observed::not_applicable("the chain was not held against CAA records");
}

}  // namespace

void add_dns_facts(std::vector<FactSpec>& all) {
  all.push_back({.name = "certificate.caa_permits",
                 .type = Type::boolean,
                 .scope = Scope::certificate,
                 .sentence = "the CAA records of the name permit the issuer, as they are now; not applicable when the issuer is not known",
                 .noun = "CAA",
                 .read = read_caa_permits,
                 .affirmed = "the issuer is permitted by CAA",
                 .denied = "the issuer is not permitted by CAA"});
  all.push_back({.name = "dns.bogus",
                 .type = Type::boolean,
                 .scope = Scope::endpoint,
                 .sentence = "DNSSEC proves an answer about the name to be forged or broken",
                 .noun = "DNSSEC",
                 .read = read_dns_bogus,
                 .affirmed = "an answer is bogus",
                 .denied = "no answer is bogus"});
  all.push_back({.name = "dns.tlsa.matches",
                 .type = Type::boolean,
                 .scope = Scope::endpoint,
                 .sentence = "every chain matches the TLSA records; not applicable without usable records that DNSSEC secures",
                 .noun = "TLSA",
                 .read = read_tlsa_matches,
                 .affirmed = "the chain matches the TLSA records",
                 .denied = "the chain does not match the TLSA records"});
  all.push_back({.name = "dns.https.alpn_served",
                 .type = Type::boolean,
                 .scope = Scope::endpoint,
                 .sentence = "the endpoint takes every protocol over TCP that its HTTPS record promises; not applicable without a promise",
                 .noun = "the HTTPS record",
                 .read = read_https_alpn_served,
                 .affirmed = "every promised protocol is taken",
                 .denied = "a promised protocol is not taken"});
}

}  // namespace tlsgauge::policy
