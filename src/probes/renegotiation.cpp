// May a client begin another handshake on its connection, and is that handshake bound to the first one?
//
// RFC 5246 section 7.4.1.1 leaves it to the server; each one costs it a private-key operation (CVE-2011-1473).
//
// RFC 5746 section 1:
//   [...] there is no cryptographic binding between the two. This creates the opportunity for an attack in which the attacker who can
//   intercept a client's transport layer connection can inject traffic of his own as a prefix to the client's interaction with the server.

#include "audit/probe.hpp"
#include "base/text.hpp"
#include "probes/evidence.hpp"

namespace tlsgauge::probes {
namespace {

using audit::HandshakeRecord;
using audit::Renegotiation;
using wire::ProtocolVersion;

constexpr std::string_view kKeys[] = {"renegotiation"};
constexpr std::string_view kNeeds[] = {"protocols"};
constexpr std::string_view kAfter[] = {"sessions"};
constexpr audit::Citation kCitations[] = {{"RFC 5246", "7.2.2"}, {"RFC 5746", "1"}, {"RFC 5746", "3.4"}};
constexpr ProtocolVersion kVersions[] = {ProtocolVersion::TLSv1_2, ProtocolVersion::TLSv1_1, ProtocolVersion::TLSv1_0};

ProtocolVersion const* newest(audit::Facts const& facts) {
  for (ProtocolVersion const& version : kVersions) {
    if (facts.support(version) == audit::Support::yes) return &version;
  }
  return nullptr;
}

audit::Applicability applies(audit::Facts const& facts) {
  if (newest(facts) == nullptr) return {.applies = false, .reason = "no version from TLSv1.0 to TLSv1.2 is known to be supported"};
  return {};
}

std::string reproduce(Target const& target, ProtocolVersion version) {
  return "(sleep 1; echo R; sleep 1) | " +
         s_client_reading(target, s_client_version(version) + " -legacy_renegotiation -cipher ALL:@SECLEVEL=0");
}

Value open(Value facts, std::string const& why, audit::Observation& seen) {
  std::string const reason = to_utf8(why);
  seen.open(reason);
  facts.set("client_initiated", "inconclusive").set("inconclusive", reason);
  return facts;
}

/// `sessions` renegotiates where its last connection is at hand.
HandshakeRecord const* tried(audit::Peer const& peer, ProtocolVersion version) {
  for (audit::HandshakeTranscript const& each : peer.handshakes()) {
    bool const alike = each.order.version == version && each.order.renegotiations == audit::kMostRenegotiations;
    if (alike && each.record.established) return &each.record;
  }
  return nullptr;
}

/// On another connection, before anything is said that one connection alone has shown.
asio::awaitable<Value> confirm(audit::Peer& peer, audit::HandshakeOrder order, HandshakeRecord first, audit::Observation& seen) {
  Value facts = Value::object();
  facts.set("protocol", wire::name(order.version)).set("secure", first.secure_renegotiation);
  bool const accepted = first.renegotiated > 0;
  if (accepted) order.renegotiations = 1;
  HandshakeRecord const second = co_await peer.handshake(order);
  if (!second.established) co_return open(std::move(facts), second.error, seen);
  if (accepted && second.renegotiated > 0) {
    facts.set("client_initiated", "yes").set("count", first.renegotiated);
    if (first.renegotiation == Renegotiation::refused) facts.set("refused_by", first.renegotiation_end);
    facts.set("evidence", handshake_evidence(second, reproduce(peer.target(), order.version)));
    co_return facts;
  }
  bool const torn_twice = first.renegotiation == Renegotiation::torn && second.renegotiation == Renegotiation::torn;
  if (!accepted && second.renegotiated == 0 && (torn_twice || second.renegotiation == Renegotiation::refused)) {
    facts.set("client_initiated", "no").set("refused_by", torn_twice ? "reset" : second.renegotiation_end);
    co_return facts;
  }
  bool const differ = accepted != (second.renegotiated > 0);
  co_return open(std::move(facts), differ ? "accepted on one connection, not on another" : second.renegotiation_end, seen);
}

asio::awaitable<audit::Observation> ask(audit::Peer& peer, audit::Facts const& known) {
  audit::Observation seen;
  audit::HandshakeOrder order;
  order.version = *newest(known);
  order.renegotiations = audit::kMostRenegotiations;
  HandshakeRecord first;
  if (HandshakeRecord const* const made = tried(peer, order.version)) {
    first = *made;
  } else {
    first = co_await peer.handshake(order);
  }
  Value facts = Value::object();
  facts.set("protocol", wire::name(order.version));
  if (!first.established) {
    facts = open(std::move(facts), first.error, seen);
  } else if (first.renegotiated == 0 && first.renegotiation == Renegotiation::refused) {
    facts.set("secure", first.secure_renegotiation).set("client_initiated", "no").set("refused_by", first.renegotiation_end);
  } else {
    facts = co_await confirm(peer, order, first, seen);
  }
  seen.fact("renegotiation", std::move(facts));
  co_return seen;
}

}  // namespace

extern constexpr audit::Probe renegotiation{
    .id = "renegotiation",
    .question = "May a client renegotiate, how often, and is the new handshake bound to the old one (RFC 5746)?",
    .connections = "0-2",
    .keys = kKeys,
    .citations = kCitations,
    .needs = kNeeds,
    .applies = applies,
    .ask = ask,
    .after = kAfter,
};

}  // namespace tlsgauge::probes
