// Does the server take hellos that are correct but unusual?
//
// RFC 8446 section 9.3:
//   A server receiving a ClientHello MUST correctly ignore all unrecognized cipher suites, extensions, and other parameters. Otherwise, it
//   may fail to interoperate with newer clients.
//
// All of it is in two hellos, which downgrade has sent: what answers those tolerates everything. Only otherwise is each asked for alone,
// and a "no" believed when a plain hello is answered right after.

#include <algorithm>

#include "audit/probe.hpp"
#include "base/text.hpp"
#include "probes/oddities.hpp"
#include "probes/offers.hpp"
#include "wire/hello.hpp"
#include "wire/v2_client_hello.hpp"

namespace tlsgauge::probes {
namespace {

using wire::CipherSuite;
using wire::ProtocolVersion;

constexpr std::string_view kKeys[] = {"tolerance"};
constexpr std::string_view kNeeds[] = {"protocols", "cipher_suites", "downgrade"};
constexpr audit::Citation kCitations[] = {{"RFC 8446", "9.3"}, {"RFC 8446", "5.1"}, {"RFC 8701", "3"},
                                          {"RFC 7685", "1"},   {"RFC 5246", "E.2"}, {"RFC 6176", "3"}};

/// SSL 3.0 has no extensions to be tolerant of.
std::vector<ProtocolVersion> versions_of(audit::Facts const& facts) {
  std::vector<ProtocolVersion> versions = facts.supported_versions();
  std::erase_if(versions, [](ProtocolVersion version) { return version < ProtocolVersion::TLSv1_0; });
  return versions;
}

audit::Applicability applies(audit::Facts const& facts) {
  if (versions_of(facts).empty()) return {.applies = false, .reason = "no version from TLS 1.0 on is known to be supported"};
  return {};
}

/// Suites without a signature where there are such: a hello in this format has no room to say which signatures are known.
std::vector<CipherSuite> suites_for_v2(audit::Facts const& facts, ProtocolVersion version) {
  std::vector<CipherSuite> const accepted = facts.suites(version);
  std::vector<CipherSuite> unsigned_ones;
  std::copy_if(accepted.begin(), accepted.end(), std::back_inserter(unsigned_ones), [](CipherSuite suite) {
    wire::CipherSuiteInfo const* const info = wire::find(suite);
    return info != nullptr && info->key_exchange == "RSA";
  });
  if (!unsigned_ones.empty()) return unsigned_ones;
  return accepted.empty() ? wire::offerable_suites(version) : accepted;
}

asio::awaitable<Tolerance> ssl2_hello(audit::Peer& peer, audit::Facts const& facts, std::vector<ProtocolVersion> versions) {
  Tolerance result;
  // Who sends it knows nothing of TLS 1.2: such a hello has no room for the signatures that the client can check.
  std::erase_if(versions, [](ProtocolVersion version) { return version > ProtocolVersion::TLSv1_1; });
  if (versions.empty()) {
    result.answer = "not_applicable";
    co_return result;
  }
  ProtocolVersion const version = versions.back();
  wire::Random challenge{};
  wire::fill_random(challenge);
  audit::Question question;
  question.raw = wire::v2_client_hello(version, suites_for_v2(facts, version), challenge);
  question.purpose = wire::name(version) + " in a hello of SSLv2's format";
  audit::Reply const reply = co_await peer.exchange(std::move(question));
  if (reply.server_hello() != nullptr) {
    result.answer = "yes";
  } else {
    if (reply.refused()) result.answer = "no";
    result.reason = to_utf8(reply.why());
  }
  co_return result;
}

asio::awaitable<Tolerance> tolerance_of(audit::Peer& peer, ProtocolVersion newest, Oddity oddity) {
  Tolerance result;
  if (shown(peer, oddity)) {
    result.answer = "yes";
    co_return result;
  }
  wire::ClientHello const plain = plain_hello(peer, newest);
  audit::Question question = odd(plain, oddity);
  if (!has(question, oddity)) {
    result.reason = "no such hello could be made";
    co_return result;
  }
  audit::Question control{plain};
  control.purpose = "tolerance: a plain hello";
  result = co_await tolerated(peer, std::move(question), std::move(control));
  co_return result;
}

asio::awaitable<audit::Observation> ask(audit::Peer& peer, audit::Facts const& facts) {
  std::vector<ProtocolVersion> const versions = versions_of(facts);
  audit::Observation seen;
  Value out = Value::object(), reasons = Value::object();
  std::string open;
  auto const take = [&](std::string_view key, Tolerance const& each) {
    out.set(key, each.answer);
    if (!each.reason.empty()) reasons.set(key, each.reason);
    if (each.answer == "inconclusive" && open.empty()) open = std::string{key} + ": " + each.reason;
  };
  for (Oddity const oddity : kOddities) {
    Tolerance const each = co_await tolerance_of(peer, versions.back(), oddity);
    take(name(oddity), each);
  }
  Tolerance const v2 = co_await ssl2_hello(peer, facts, versions);
  take("ssl2_hello", v2);
  out.set("reasons", std::move(reasons));
  if (!open.empty()) {
    out.set("inconclusive", open);
    seen.open(open);
  }
  seen.fact("tolerance", std::move(out));
  co_return seen;
}

}  // namespace

extern constexpr audit::Probe tolerance{
    .id = "tolerance",
    .question = "Does the server take hellos that are correct but unusual, as newer clients will send them?",
    .connections = "1-2",
    .keys = kKeys,
    .citations = kCitations,
    .needs = kNeeds,
    .applies = applies,
    .ask = ask,
};

}  // namespace tlsgauge::probes
