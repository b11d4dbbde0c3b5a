// What does a handshake cost: how many round trips, milliseconds and octets, full and resumed?
//
// RFC 8446 section 2.2:
//   Once a handshake has completed, the server can send the client a PSK identity that corresponds to a unique key derived from
//   the initial handshake [...]. The client can then use that PSK identity in future handshakes [...].

#include "audit/probe.hpp"
#include "base/text.hpp"

namespace tlsgauge::probes {
namespace {

using wire::ProtocolVersion;

constexpr std::string_view kKeys[] = {"handshakes"};
constexpr std::string_view kNeeds[] = {"protocols"};
constexpr audit::Citation kCitations[] = {{"RFC 5246", "7.3"}, {"RFC 8446", "2"}, {"RFC 8446", "2.2"}};
constexpr ProtocolVersion kVersions[] = {ProtocolVersion::TLSv1_2, ProtocolVersion::TLSv1_3};

audit::Applicability applies(audit::Facts const& facts) {
  for (ProtocolVersion const version : kVersions) {
    if (facts.support(version) == audit::Support::yes) return {};
  }
  return {.applies = false, .reason = "neither TLSv1.2 nor TLSv1.3 is known to be supported"};
}

Value entry(std::string const& kind) {
  Value value = Value::object();
  value.set("kind", kind);
  return value;
}

Value measured(std::string const& kind, audit::HandshakeRecord const& record) {
  Value value = entry(kind);
  value.set("round_trips", record.round_trips)
      .set("time_ms", record.time_ms)
      .set("bytes_sent", record.bytes_sent)
      .set("bytes_received", record.bytes_received)
      .set("cipher_suite", wire::name(record.cipher_suite));
  return value;
}

Value open(std::string const& kind, std::string const& reason, audit::Observation& seen) {
  seen.open(kind + ": " + reason);
  Value value = entry(kind);
  value.set("inconclusive", reason);
  return value;
}

// Full, then with the session that it left: one after the other, so that neither waits for the other's answer.
asio::awaitable<void> measure(audit::Peer& peer, ProtocolVersion version, Value& list, audit::Observation& seen) {
  std::string const full_kind = wire::name(version) + " full";
  std::string const resumed_kind = wire::name(version) + " resumed";
  audit::HandshakeOrder order;
  order.version = version;
  audit::HandshakeRecord const full = co_await peer.handshake(order);
  if (!full.established) {
    std::string const reason = to_utf8(full.error);
    list.push_back(open(full_kind, reason, seen));
    list.push_back(open(resumed_kind, "there is no full handshake to resume", seen));
    co_return;
  }
  list.push_back(measured(full_kind, full));
  if (full.session.empty()) {
    Value none = entry(resumed_kind);
    none.set("offered", false);
    list.push_back(std::move(none));
    co_return;
  }
  order.resume = full.session;
  audit::HandshakeRecord const resumed = co_await peer.handshake(order);
  if (!resumed.established) {
    list.push_back(open(resumed_kind, to_utf8(resumed.error), seen));
  } else if (resumed.resumed) {
    list.push_back(measured(resumed_kind, resumed));
  } else {
    Value none = entry(resumed_kind);
    none.set("offered", false);
    list.push_back(std::move(none));
  }
}

asio::awaitable<audit::Observation> ask(audit::Peer& peer, audit::Facts const& facts) {
  audit::Observation seen;
  Value list = Value::array();
  for (ProtocolVersion const version : kVersions) {
    if (facts.support(version) == audit::Support::yes) co_await measure(peer, version, list, seen);
  }
  seen.fact("handshakes", std::move(list));
  co_return seen;
}

}  // namespace

extern constexpr audit::Probe handshakes{
    .id = "handshakes",
    .question = "What does a handshake cost: round trips, milliseconds and octets, full and resumed?",
    .keys = kKeys,
    .citations = kCitations,
    .needs = kNeeds,
    .applies = applies,
    .ask = ask,
    .alone = true,
};

}  // namespace tlsgauge::probes
