// Is the key exchange safe from a quantum computer of the future, and is a certificate?
//
// No connection: the groups of TLS 1.3 and the certificates are known by now.

#include <algorithm>

#include "audit/probe.hpp"

namespace tlsgauge::probes {
namespace {

constexpr std::string_view kKeys[] = {"post_quantum"};
constexpr std::string_view kNeeds[] = {"protocols", "groups", "certificates"};
constexpr audit::Citation kCitations[] = {{"RFC 8446", "4.2.7"}, {"FIPS 203", "1"}, {"FIPS 204", "1"}};

audit::Applicability applies(audit::Facts const& facts) {
  if (facts.supported_versions().empty()) return {.applies = false, .reason = "no protocol version is known to be supported"};
  return {};
}

/// Groups of TLS 1.3 only: no older version has one that is safe.
std::string_view key_exchange(audit::Facts const& facts) {
  audit::Support const tls13 = facts.support(wire::ProtocolVersion::TLSv1_3);
  if (tls13 != audit::Support::yes) return tls13 == audit::Support::no ? "absent" : "inconclusive";
  auto const& groups = facts.document()["groups"].items();
  Value const& order = facts.document()["group_order"];
  auto const safe = [](Value const& group) { return group["post_quantum"].as_bool(); };
  if (!std::any_of(groups.begin(), groups.end(), safe)) return order["complete"] == Value{true} ? "absent" : "inconclusive";
  bool const first = order["chooser"] == Value{"server"} && safe(groups.front());
  return first || std::all_of(groups.begin(), groups.end(), safe) ? "preferred" : "accepted";
}

/// A libcrypto without ML-DSA names it by its object identifier (RFC 9881 section 2: ML-DSA-44, 65 and 87).
bool is_ml_dsa(std::string_view type) {
  return type.starts_with("ml-dsa") || type == "2.16.840.1.101.3.4.3.17" || type == "2.16.840.1.101.3.4.3.18" ||
         type == "2.16.840.1.101.3.4.3.19";
}

std::string_view certificates(audit::Facts const& facts) {
  auto const& chains = facts.document()["certificates"].items();
  if (chains.empty()) return "inconclusive";
  bool const any = std::any_of(chains.begin(), chains.end(), [](Value const& chain) {
    auto const& list = chain["chain"].items();
    if (chain["shown_for"]["named"].is_string()) return false;  // not for the target
    return !list.empty() && is_ml_dsa(list.front()["key"]["type"].as_string());
  });
  if (any) return "yes";
  bool const read = std::all_of(chains.begin(), chains.end(), [](Value const& chain) {
    auto const& list = chain["chain"].items();
    return chain["shown_for"]["named"].is_string() || (!list.empty() && list.front()["key"]["type"].is_string());
  });
  return read ? "no" : "inconclusive";
}

asio::awaitable<audit::Observation> ask(audit::Peer&, audit::Facts const& facts) {
  Value out = Value::object();
  out.set("key_exchange", key_exchange(facts)).set("certificates", certificates(facts));
  audit::Observation seen;
  seen.fact("post_quantum", std::move(out));
  co_return seen;
}

}  // namespace

extern constexpr audit::Probe post_quantum{
    .id = "post_quantum",
    .question = "Is a post-quantum key exchange preferred, accepted or absent, and is there such a certificate?",
    .connections = "0",
    .keys = kKeys,
    .citations = kCitations,
    .needs = kNeeds,
    .applies = applies,
    .ask = ask,
};

}  // namespace tlsgauge::probes
