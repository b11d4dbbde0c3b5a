// What does a handshake cost: how many round trips, milliseconds and octets, full, resumed, after a HelloRetryRequest and with early data?
//
// RFC 8446 section 2.2:
//   Once a handshake has completed, the server can send the client a PSK identity that corresponds to a unique key derived from
//   the initial handshake [...]. The client can then use that PSK identity in future handshakes [...].

#include <algorithm>
#include <cmath>

#include "audit/probe.hpp"
#include "base/text.hpp"

namespace tlsgauge::probes {
namespace {

using wire::ProtocolVersion;

constexpr std::string_view kKeys[] = {"handshakes"};
constexpr std::string_view kNeeds[] = {"protocols", "groups"};
constexpr audit::Citation kCitations[] = {{"RFC 5246", "7.3"}, {"RFC 8446", "2"},   {"RFC 8446", "2.1"},
                                          {"RFC 8446", "2.2"}, {"RFC 8446", "2.3"}, {"RFC 8446", "C.4"}};
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

/// As exact as the document keeps it (microseconds): a report of the stored result must not differ from the first one.
double kept(double milliseconds) { return std::round(milliseconds * 1000) / 1000; }

Value measured(std::string const& kind, audit::HandshakeRecord const& record) {
  Value value = entry(kind);
  value.set("round_trips", record.round_trips)
      .set("time_ms", kept(record.time_ms))
      .set("bytes_sent", record.bytes_sent)
      .set("bytes_received", record.bytes_received)
      .set("cipher_suite", wire::name(record.cipher_suite));
  if (record.tcp_round_trip_ms > 0) value.set("tcp_round_trip_ms", kept(record.tcp_round_trip_ms));
  return value;
}

Value open(std::string const& kind, std::string const& reason, audit::Observation& seen) {
  seen.open(kind + ": " + reason);
  Value value = entry(kind);
  value.set("inconclusive", reason);
  return value;
}

struct Pair {
  Pair() = default;
  audit::HandshakeRecord full;
  audit::HandshakeRecord resumed;  ///< only asked for when `full` left a session
};

// Full, then with the session that it left: one after the other, and each session once, as TLS 1.3 wants it (RFC 8446 appendix C.4).
asio::awaitable<Pair> sample(audit::Peer& peer, ProtocolVersion version) {
  Pair pair;
  audit::HandshakeOrder order;
  order.version = version;
  pair.full = co_await peer.handshake(order);
  if (!pair.full.established || pair.full.session.empty()) co_return pair;
  order.resume = pair.full.session;
  pair.resumed = co_await peer.handshake(order);
  co_return pair;
}

asio::awaitable<void> measure(audit::Peer& peer, ProtocolVersion version, Value& list, audit::Observation& seen) {
  std::string const full_kind = wire::name(version) + " full";
  std::string const resumed_kind = wire::name(version) + " resumed";
  Pair best = co_await sample(peer, version);
  if (best.resumed.established && !best.resumed.resumed) {
    // Perhaps another machine of a cluster: once more.
    Pair again = co_await sample(peer, version);
    if (again.resumed.established && again.resumed.resumed) best = std::move(again);
  }
  if (!best.full.established) {
    list.push_back(open(full_kind, to_utf8(best.full.error), seen));
    list.push_back(open(resumed_kind, "there is no full handshake to resume", seen));
    co_return;
  }
  list.push_back(measured(full_kind, best.full));
  if (best.resumed.established && best.resumed.resumed) {
    list.push_back(measured(resumed_kind, best.resumed));
  } else if (best.full.session.empty() || best.resumed.established) {
    Value none = entry(resumed_kind);
    none.set("offered", false);
    list.push_back(std::move(none));
  } else {
    list.push_back(open(resumed_kind, to_utf8(best.resumed.error), seen));
  }
}

// The small shares first: the hello stays within one segment.
constexpr wire::NamedGroup kShared[] = {wire::NamedGroup::x448,      wire::NamedGroup::secp521r1, wire::NamedGroup::secp384r1,
                                        wire::NamedGroup::secp256r1, wire::NamedGroup::x25519,    wire::NamedGroup::ffdhe2048};

/// A group that the server does not take, for the share, then those of ours that it takes. Empty: no retry can be forced.
std::vector<wire::NamedGroup> groups_to_retry(audit::Facts const& facts) {
  std::vector<wire::NamedGroup> taken;
  std::vector<wire::NamedGroup> refused;
  for (wire::NamedGroup const group : kShared) {
    bool found = false;
    for (Value const& each : facts.document()["groups"].items()) {
      found |= each["code"].as_string() == wire::code_text(group) && each["protocol"].as_string() == wire::name(ProtocolVersion::TLSv1_3);
    }
    (found ? taken : refused).push_back(group);
  }
  if (taken.empty() || refused.empty()) return {};
  taken.insert(taken.begin(), refused.front());
  return taken;
}

// RFC 8446 section 2.1: a share that the server cannot use costs a round trip.
asio::awaitable<void> measure_retry(audit::Peer& peer, audit::Facts const& facts, Value& list, audit::Observation& seen) {
  std::string const kind = "TLSv1.3 after HelloRetryRequest";
  audit::HandshakeOrder order;
  order.version = ProtocolVersion::TLSv1_3;
  order.groups = groups_to_retry(facts);
  if (order.groups.empty()) co_return;
  audit::HandshakeRecord const best = co_await peer.handshake(order);
  if (!best.established) {
    list.push_back(open(kind, to_utf8(best.error), seen));
  } else if (best.round_trips > 1) {  // else the share was taken after all
    list.push_back(measured(kind, best));
  }
}

/// With the newest ticket that allows early data and was not used yet; none: not offered.
audit::HandshakeOrder early_order(audit::Peer const& peer) {
  audit::HandshakeOrder order;
  order.version = ProtocolVersion::TLSv1_3;
  for (audit::HandshakeTranscript const& each : peer.handshakes()) {
    audit::HandshakeRecord const& record = each.record;
    bool const allowed = each.order.version == order.version && !record.tickets.empty() && record.tickets.back().max_early_data > 0;
    bool const used = std::any_of(peer.handshakes().begin(), peer.handshakes().end(),
                                  [&](audit::HandshakeTranscript const& other) { return other.order.resume == record.session; });
    if (allowed && !used) order.resume = record.session;
  }
  Target const& target = peer.target();
  std::string const request =
      "GET / HTTP/1.1\r\nHost: " + (target.server_name.empty() ? target.address : target.server_name) + "\r\nConnection: close\r\n\r\n";
  order.early_data.assign(request.begin(), request.end());
  return order;
}

// RFC 8446 section 2.3: the first flight carries application data. Whether the server takes it is for `early_data` to tell.
asio::awaitable<void> measure_early_data(audit::Peer& peer, Value& list, audit::Observation& seen) {
  std::string const kind = "TLSv1.3 0-RTT";
  audit::HandshakeOrder const order = early_order(peer);
  if (order.resume.empty()) co_return;
  audit::HandshakeRecord const record = co_await peer.handshake(order);
  if (!record.established) {
    list.push_back(open(kind, to_utf8(record.error), seen));
  } else if (record.early_data == audit::EarlyData::accepted) {
    list.push_back(measured(kind, record));
  }
}

asio::awaitable<audit::Observation> ask(audit::Peer& peer, audit::Facts const& facts) {
  audit::Observation seen;
  Value list = Value::array();
  for (ProtocolVersion const version : kVersions) {
    if (facts.support(version) == audit::Support::yes) co_await measure(peer, version, list, seen);
  }
  if (facts.support(ProtocolVersion::TLSv1_3) == audit::Support::yes) {
    co_await measure_retry(peer, facts, list, seen);
    co_await measure_early_data(peer, list, seen);
  }
  seen.fact("handshakes", std::move(list));
  co_return seen;
}

}  // namespace

extern constexpr audit::Probe handshakes{
    .id = "handshakes",
    .question =
        "What does a handshake cost: round trips, milliseconds and octets, full, resumed, after a HelloRetryRequest and with early data?",
    .connections = "2-6",
    .keys = kKeys,
    .citations = kCitations,
    .needs = kNeeds,
    .applies = applies,
    .ask = ask,
    .alone = true,
};

}  // namespace tlsgauge::probes
