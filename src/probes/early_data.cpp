// Does the server take data before the handshake is over, and does it take the same data twice?
//
// RFC 8446 section 8:
//   TLS does not provide inherent replay protections for 0-RTT data.
//
// RFC 8470 section 5.2:
//   A 425 (Too Early) status code indicates that the server is unwilling to risk processing a request that might be replayed.
//
// A server may also wait for the client's Finished before it acts (section 3), which no replay brings.
//
// The tickets say whether it is offered, and `handshakes` has sent it once. Only then is there something to replay.

#include <algorithm>

#include "audit/probe.hpp"
#include "base/text.hpp"
#include "probes/evidence.hpp"

namespace tlsgauge::probes {
namespace {

using audit::EarlyData;
using audit::HandshakeRecord;
using audit::HandshakeTranscript;
using wire::ProtocolVersion;

constexpr std::string_view kKeys[] = {"early_data"};
constexpr std::string_view kNeeds[] = {"protocols", "handshakes"};
constexpr audit::Citation kCitations[] = {
    {"RFC 8446", "2.3"}, {"RFC 8446", "4.2.10"}, {"RFC 8446", "8"}, {"RFC 8470", "3"}, {"RFC 8470", "5.2"}};
constexpr int kTooEarly = 425;

audit::Applicability applies(audit::Facts const& facts) {
  if (facts.support(ProtocolVersion::TLSv1_3) != audit::Support::yes) {
    return {.applies = false, .reason = "TLS 1.3 is not known to be supported"};
  }
  return {};
}

std::string reproduce(Target const& target) {
  auto const client = [&](std::string_view options) { return "sleep 1 | " + s_client_reading(target, options); };
  std::string const host = target.server_name.empty() ? target.address : target.server_name;
  return "printf 'GET / HTTP/1.1\\r\\nHost: " + host + "\\r\\nConnection: close\\r\\n\\r\\n' >early; " +
         client("-tls1_3 -sess_out ticket") + "; for i in 1 2; do " + client("-tls1_3 -sess_in ticket -early_data early") +
         " | grep -i 'early data was'; done";
}

enum class Taken { yes, rejected, too_early, deferred, unclear, open };

Taken taken(HandshakeRecord const& record) {
  if (!record.established) return Taken::open;
  if (record.early_data != EarlyData::accepted) return Taken::rejected;
  if (record.http_status == kTooEarly) return Taken::too_early;
  // Without an answer, what the application made of it is not known; TLS has passed it on.
  if (record.http_status == 0 || record.answered_early) return Taken::yes;
  return record.answered_late ? Taken::unclear : Taken::deferred;
}

Value open(Value facts, std::string_view key, std::string const& why, audit::Observation& seen) {
  std::string const reason = to_utf8(why);
  seen.open(reason);
  facts.set(key, "inconclusive").set("inconclusive", reason);
  return facts;
}

/// What was taken once goes to the server again with the same ticket, and once more where it is taken then.
asio::awaitable<Value> replay(audit::Peer& peer, audit::HandshakeOrder order, Value facts, audit::Observation& seen) {
  HandshakeRecord const second = co_await peer.handshake(order);
  switch (taken(second)) {
    case Taken::open:
      co_return open(std::move(facts), "replay", "replay: " + second.error, seen);
    case Taken::rejected:
      co_return facts.set("replay", "rejected");
    case Taken::too_early:
      co_return facts.set("replay", "too_early");
    case Taken::deferred:
      co_return facts.set("replay", "deferred");
    case Taken::unclear:
      co_return open(std::move(facts), "replay", "replay: the answer is so slow that it may have been begun before the Finished", seen);
    case Taken::yes:
      break;
  }
  HandshakeRecord const third = co_await peer.handshake(order);
  if (taken(third) == Taken::yes) {
    co_return facts.set("replay", "accepted").set("evidence", handshake_evidence(third, reproduce(peer.target())));
  }
  co_return open(std::move(facts), "replay", third.established ? "replay: accepted on one connection, not on another" : third.error, seen);
}

/// 0: no ticket allows any.
std::uint32_t largest(std::deque<HandshakeTranscript> const& made) {
  std::uint32_t most = 0;
  for (HandshakeTranscript const& each : made) {
    for (audit::Ticket const& ticket : each.record.tickets) most = std::max(most, ticket.max_early_data);
  }
  return most;
}

asio::awaitable<Value> learn(audit::Peer& peer, audit::Observation& seen) {
  Value facts = Value::object();
  HandshakeTranscript const* first = nullptr;
  HandshakeTranscript const* failed = nullptr;
  bool known = false;
  for (HandshakeTranscript const& each : peer.handshakes()) {
    if (each.order.version != ProtocolVersion::TLSv1_3) continue;
    if (!each.order.early_data.empty() && first == nullptr) first = &each;
    known = known || each.record.established;
    if (!each.record.established) failed = &each;
  }
  std::uint32_t const most = largest(peer.handshakes());
  if (most == 0) {
    if (!known) co_return open(std::move(facts), "offered", failed == nullptr ? "no handshake was made" : failed->record.error, seen);
    co_return facts.set("offered", "no");
  }
  facts.set("offered", "yes").set("max_early_data_size", most);
  if (first == nullptr) co_return open(std::move(facts), "accepted", "no unused ticket was left to send any with", seen);
  HandshakeRecord const& record = first->record;
  if (!record.established) co_return open(std::move(facts), "accepted", record.error, seen);
  if (record.early_data != EarlyData::accepted) co_return facts.set("accepted", "no");
  facts.set("accepted", "yes").set("answer", record.http_status == 0 ? Value{} : Value{record.http_status});
  Value all = co_await replay(peer, first->order, std::move(facts), seen);
  co_return all;
}

asio::awaitable<audit::Observation> ask(audit::Peer& peer, audit::Facts const&) {
  audit::Observation seen;
  Value facts = co_await learn(peer, seen);
  seen.fact("early_data", std::move(facts));
  co_return seen;
}

}  // namespace

extern constexpr audit::Probe early_data{
    .id = "early_data",
    .question = "Does the server take early data (0-RTT), and the same early data a second time?",
    .connections = "0-2",
    .keys = kKeys,
    .citations = kCitations,
    .needs = kNeeds,
    .applies = applies,
    .ask = ask,
};

}  // namespace tlsgauge::probes
