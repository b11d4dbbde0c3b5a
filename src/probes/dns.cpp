// What does DNS say of the endpoint's certificates and service, and does the endpoint keep to it?
//
// RFC 8659 section 1:
//   CAA records MAY be used by Certificate Evaluators as a possible indicator of a security policy violation. Such use SHOULD take into
//   account the possibility that published CAA records changed between the time a certificate was issued and the time at which the
//   certificate was observed by the Certificate Evaluator.
//
// No connection to the endpoint. What cannot be had says why (not_checked) and stops nothing.

#include <algorithm>

#include "audit/probe.hpp"
#include "base/address.hpp"
#include "base/text.hpp"
#include "probes/dns_caa.hpp"
#include "probes/dns_tlsa.hpp"

namespace tlsgauge::probes {
namespace {

constexpr std::string_view kKeys[] = {"dns"};
constexpr std::string_view kNeeds[] = {"protocols", "certificates"};
constexpr audit::Citation kCitations[] = {{"RFC 8659", "3"}, {"RFC 6698", "2"}, {"RFC 7671", "5"}, {"RFC 9460", "9"}};
constexpr std::size_t kMaxRecords = 32;
constexpr std::size_t kMaxShown = 255;  // octets of a text that are kept
constexpr std::size_t kMaxListed = 32;

audit::Applicability applies(audit::Facts const& facts) {
  if (facts.supported_versions().empty()) return {.applies = false, .reason = "no protocol version is known to be supported"};
  return {};
}

std::string name_of(Target const& target) {
  std::string name = ascii_lower(target.server_name.empty() ? target.host : target.server_name);
  if (name.ends_with('.')) name.pop_back();
  return parse_address(name) ? std::string{} : name;
}

/// RFC 6761, RFC 6762, RFC 7686: names that the public DNS does not know. Empty: it may be asked.
std::string why_not_asked(std::string const& name, audit::Settings const& settings) {
  if (settings.offline) return "offline";
  if (name.empty()) return "the target has no name";
  std::size_t const dot = name.rfind('.');
  std::string const top = dot == std::string::npos ? name : name.substr(dot + 1);
  if (top == "localhost") return "names under localhost are not in DNS";
  if (!settings.dns_server.empty()) return {};
  if (dot == std::string::npos) return "a name of one label is not in the public DNS";
  for (std::string_view const special : {"test", "example", "invalid", "local", "onion", "internal"}) {
    if (top == special) return "names under " + top + " are not in the public DNS";
  }
  return {};
}

Value texts(std::vector<std::string> const& list) {
  Value array = Value::array();
  for (std::size_t i = 0; i < std::min(list.size(), kMaxListed); ++i) array.push_back(to_utf8(list[i].substr(0, kMaxShown)));
  return array;
}

Value service_facts(Bytes const& rdata) {
  Value facts = Value::object();
  Result<wire::SvcbRecord> const record = wire::read_svcb(rdata);
  if (!record) {
    facts.set("unreadable", record.error().detail);
    return facts;
  }
  facts.set("priority", unsigned{record->priority}).set("target", record->target.empty() ? Value{} : Value{record->target});
  if (record->priority == 0) return facts;
  facts.set("alpn", texts(record->alpn))
      .set("no_default_alpn", record->no_default_alpn)
      .set("port", record->port ? Value{unsigned{*record->port}} : Value{})
      .set("ipv4_hints", texts(record->ipv4_hints))
      .set("ipv6_hints", texts(record->ipv6_hints));
  Value ech;
  if (record->ech) {
    std::string const& name = record->ech->public_name;
    ech.set("octets", static_cast<std::int64_t>(record->ech->octets))
        .set("configurations", static_cast<std::int64_t>(record->ech->count))
        .set("public_name", name.empty() ? Value{} : Value{to_utf8(name)});
  }
  facts.set("ech", std::move(ech));
  return facts;
}

/// RFC 9460 section 2.3: ports other than 443 are a prefix of the name.
asio::awaitable<Value> https_facts(DnsQuestions& questions, std::string name, std::uint16_t port) {
  std::string const owner = port == 443 ? name : "_" + std::to_string(port) + "._https." + name;
  Result<audit::DnsAnswer> const answer = co_await questions.ask(owner, wire::kDnsHttps);
  if (!answer) {
    Value none = no_answer(answer.error());
    none.set("name", owner);
    co_return none;
  }
  Value records = Value::array();
  for (std::size_t i = 0; i < std::min(answer->records.size(), kMaxRecords); ++i) records.push_back(service_facts(answer->records[i]));
  Value facts = Value::object();
  facts.set("name", owner).set("secure", answer->secure).set("records", std::move(records));
  co_return facts;
}

asio::awaitable<audit::Observation> ask(audit::Peer& peer, audit::Facts const& facts) {
  std::string const name = name_of(peer.target());
  Value dns = Value::object();
  dns.set("name", name.empty() ? Value{} : Value{to_utf8(name)});
  audit::Observation seen;
  std::string const why_not = why_not_asked(name, peer.settings());
  if (!why_not.empty()) {
    dns.set("not_checked", why_not);
    seen.fact("dns", std::move(dns));
    co_return seen;
  }
  DnsQuestions questions{peer};
  std::vector<NamedChain> const chains = chains_of_name(facts);
  bool const unread = some_chain_is_unread(facts);
  Value caa = co_await caa_facts(questions, name, chains);
  Value tlsa = co_await tlsa_facts(questions, peer.target(), name, chains, unread, peer.settings());
  Value https = co_await https_facts(questions, name, peer.target().port);
  dns.set("validating", questions.validating() ? Value{*questions.validating()} : Value{});
  dns.set("caa", std::move(caa)).set("tlsa", std::move(tlsa)).set("https", std::move(https));
  seen.fact("dns", std::move(dns));
  co_return seen;
}

}  // namespace

extern constexpr audit::Probe dns{
    .id = "dns",
    .question = "What does DNS say of the endpoint's certificates and service (CAA, TLSA, HTTPS), and does the endpoint keep to it?",
    .connections = "0",
    .keys = kKeys,
    .citations = kCitations,
    .needs = kNeeds,
    .applies = applies,
    .ask = ask,
};

}  // namespace tlsgauge::probes
