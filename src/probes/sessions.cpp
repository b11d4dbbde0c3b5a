// By which means does the server let a client come back, and for how long?
//
// RFC 5077 section 3.3:
//   The ticket_lifetime_hint field contains a hint from the server about how long the ticket should be stored.
//
// RFC 8446 appendix C.4:
//   Clients SHOULD NOT reuse a ticket for multiple connections.
//
// Most of it is in the handshakes that were made to be timed. What is left: session IDs, which a client only gets for want of tickets,
// and the same ticket once more.

#include <algorithm>
#include <deque>
#include <optional>

#include "audit/probe.hpp"
#include "base/text.hpp"
#include "crypto/psk_hello.hpp"
#include "probes/evidence.hpp"

namespace tlsgauge::probes {
namespace {

using audit::HandshakeOrder;
using audit::HandshakeRecord;
using audit::HandshakeTranscript;
using wire::ProtocolVersion;

constexpr std::string_view kKeys[] = {"sessions"};
constexpr std::string_view kNeeds[] = {"protocols", "handshakes"};
constexpr audit::Citation kCitations[] = {{"RFC 5246", "7.3"},   {"RFC 5077", "3.3"},   {"RFC 5077", "4"},
                                          {"RFC 8446", "4.2.9"}, {"RFC 8446", "4.6.1"}, {"RFC 8446", "C.4"}};

audit::Applicability applies(audit::Facts const& facts) {
  for (ProtocolVersion const version : {ProtocolVersion::TLSv1_2, ProtocolVersion::TLSv1_3}) {
    if (facts.support(version) == audit::Support::yes) return {};
  }
  return {.applies = false, .reason = "neither TLSv1.2 nor TLSv1.3 is known to be supported"};
}

/// The handshakes of one version that the client began in the same way.
std::vector<HandshakeRecord const*> made(audit::Peer const& peer, ProtocolVersion version, bool resuming) {
  std::vector<HandshakeRecord const*> out;
  for (HandshakeTranscript const& each : peer.handshakes()) {
    HandshakeOrder const& order = each.order;
    bool const alike = order.version == version && order.tickets && order.early_data.empty() && order.resume.empty() != resuming;
    if (alike) out.push_back(&each.record);
  }
  return out;
}

Value open(std::string const& what, std::string const& error, audit::Observation& seen) {
  std::string const reason = to_utf8(error.empty() ? "no handshake was made" : error);
  seen.open(what + ": " + reason);
  Value facts = Value::object();
  facts.set("given", "inconclusive").set("inconclusive", reason);
  return facts;
}

/// One that was resumed is enough: behind one address there may be machines that know nothing of each other.
void set_resumed(Value& facts, std::string const& what, std::vector<HandshakeRecord const*> const& tries, audit::Observation& seen) {
  auto const any = [&](auto const& is) { return std::any_of(tries.begin(), tries.end(), is); };
  if (any([](HandshakeRecord const* each) { return each->established && each->resumed; })) {
    facts.set("resumed", "yes");
  } else if (any([](HandshakeRecord const* each) { return each->established; })) {
    facts.set("resumed", "no");
  } else {
    std::string const reason = tries.empty() ? "resumption was not tried" : to_utf8(tries.back()->error);
    facts.set("resumed", "inconclusive").set("inconclusive", reason);
    seen.open(what + ": resumption: " + reason);
  }
}

/// By two handshakes of any version: a name that changes from one to the next is no name.
bool seen_twice(audit::Peer const& peer, std::string const& key_name) {
  auto const has_it = [&](HandshakeTranscript const& each) {
    auto const& tickets = each.record.tickets;
    return std::any_of(tickets.begin(), tickets.end(), [&](audit::Ticket const& ticket) { return ticket.key_name == key_name; });
  };
  return std::count_if(peer.handshakes().begin(), peer.handshakes().end(), has_it) > 1;
}

/// What all handshakes say alike.
void set_tickets(Value& facts, audit::Peer const& peer, ProtocolVersion version, std::vector<HandshakeRecord const*> const& full) {
  std::size_t count = 0;
  std::uint32_t lifetime = 0;
  std::string const* name = nullptr;
  bool stable = true;
  for (HandshakeRecord const* const record : full) {
    count = std::max(count, record->tickets.size());
    for (audit::Ticket const& ticket : record->tickets) {
      lifetime = std::max(lifetime, ticket.lifetime_s);
      if (name == nullptr) name = &ticket.key_name;
      stable = stable && ticket.key_name == *name;
    }
  }
  facts.set("given", count > 0 ? "yes" : "no");
  if (count == 0) return;
  if (version == ProtocolVersion::TLSv1_3) facts.set("count", static_cast<std::uint64_t>(count));
  facts.set("lifetime_s", std::uint64_t{lifetime});
  if (stable && !name->empty() && seen_twice(peer, *name)) facts.set("key_name", *name);
}

bool gave_tickets(std::vector<HandshakeRecord const*> const& records) {
  return std::any_of(records.begin(), records.end(), [](HandshakeRecord const* each) { return !each->tickets.empty(); });
}

std::size_t established(std::vector<HandshakeRecord const*> const& records) {
  return static_cast<std::size_t>(std::count_if(records.begin(), records.end(), [](auto const* each) { return each->established; }));
}

/// Full ones: two, where the name of the key that the first one's tickets have was not met again.
asio::awaitable<std::vector<HandshakeRecord const*>> full_handshakes(audit::Peer& peer, ProtocolVersion version) {
  std::vector<HandshakeRecord const*> full = made(peer, version, false);
  HandshakeOrder order;
  order.version = version;
  if (established(full) == 1 && gave_tickets(full) && !seen_twice(peer, full.front()->tickets.front().key_name)) {
    co_await peer.handshake(order);
    full = made(peer, version, false);
  }
  co_return full;
}

asio::awaitable<Value> session_ids(audit::Peer& peer, bool tickets, audit::Observation& seen) {
  std::string const what = "TLSv1.2 session IDs";
  Value facts = Value::object();
  HandshakeOrder order;
  order.version = ProtocolVersion::TLSv1_2;
  order.tickets = !tickets;  // where there are no tickets, the handshakes so far show it
  std::vector<HandshakeRecord const*> full = made(peer, order.version, false);
  std::vector<HandshakeRecord const*> again = made(peer, order.version, true);
  HandshakeRecord first;
  HandshakeRecord second;
  if (tickets) {
    first = co_await peer.handshake(order);
    full = {&first};
    again.clear();
    if (!first.session.empty()) {
      order.resume = first.session;
      order.renegotiations = audit::kMostRenegotiations;  // not to be measured, so another question may ride on it
      second = co_await peer.handshake(order);
      again = {&second};
    }
  }
  if (established(full) == 0) co_return open(what, full.empty() ? "" : full.back()->error, seen);
  bool const given = std::any_of(full.begin(), full.end(), [](auto const* each) { return each->session_id_octets > 0; });
  facts.set("given", given ? "yes" : "no");
  if (given) set_resumed(facts, what, again, seen);
  co_return facts;
}

asio::awaitable<Value> old_tickets(audit::Peer& peer, bool& given, audit::Observation& seen) {
  std::string const what = "TLSv1.2 tickets";
  std::vector<HandshakeRecord const*> const full = co_await full_handshakes(peer, ProtocolVersion::TLSv1_2);
  if (established(full) == 0) co_return open(what, full.empty() ? "" : full.back()->error, seen);
  Value facts = Value::object();
  set_tickets(facts, peer, ProtocolVersion::TLSv1_2, full);
  given = gave_tickets(full);
  if (given) set_resumed(facts, what, made(peer, ProtocolVersion::TLSv1_2, true), seen);
  co_return facts;
}

/// The very ticket that has just been taken.
asio::awaitable<void> reuse(audit::Peer& peer, Value& facts, audit::Observation& seen) {
  HandshakeOrder order;
  for (HandshakeTranscript const& each : peer.handshakes()) {
    bool const taken = each.order.version == ProtocolVersion::TLSv1_3 && each.record.resumed && each.order.early_data.empty();
    if (taken) order = each.order;
  }
  if (order.resume.empty()) co_return;
  HandshakeRecord const again = co_await peer.handshake(order);
  facts.set("reusable", !again.established ? "inconclusive" : again.resumed ? "yes" : "no");
  if (again.established) co_return;
  facts.set("inconclusive", to_utf8(again.error));
  seen.open("TLSv1.3 tickets: the same one again: " + to_utf8(again.error));
}

/// Tickets nobody has used; where they may be used twice, any.
std::vector<Bytes> usable_sessions(audit::Peer const& peer, bool reusable) {
  std::deque<HandshakeTranscript> const& all = peer.handshakes();
  std::vector<Bytes> out;
  for (HandshakeTranscript const& each : all) {
    Bytes const& session = each.record.session;
    if (each.order.version != ProtocolVersion::TLSv1_3 || session.empty()) continue;
    bool const used = std::any_of(all.begin(), all.end(), [&](HandshakeTranscript const& other) { return other.order.resume == session; });
    if (!used || reusable) out.push_back(session);
  }
  return out;
}

/// Whether a reply took up the PSK without an ephemeral key. Empty: it does not tell.
std::optional<bool> took_psk_alone(audit::Reply const& reply) {
  if (reply.refused()) return false;
  wire::ServerHello const* const hello = reply.server_hello();
  if (hello == nullptr) return {};
  return wire::find(hello->extensions, wire::ExtensionType::pre_shared_key) != nullptr && !hello->key_share_group();
}

/// psk_ke: the traffic is then only as safe as the ticket's key.
asio::awaitable<void> ask_psk_alone(audit::Peer& peer, Value& facts, Value& modes, audit::Observation& seen) {
  std::vector<Bytes> sessions = usable_sessions(peer, facts["reusable"] == Value{"yes"});
  std::optional<bool> taken;
  audit::Reply reply;
  for (int i = 0; i < 2 && !sessions.empty(); ++i) {
    Result<Bytes> const hello = crypto::psk_ke_hello(peer.target().server_name, sessions.back());
    sessions.pop_back();
    if (!hello) co_return;  // it cannot be asked
    audit::Question question;
    question.raw = *hello;
    question.purpose = "TLSv1.3 resumption by psk_ke";
    reply = co_await peer.exchange(question);
    std::optional<bool> const now = took_psk_alone(reply);
    bool const confirmed = i == 1 && now == true;
    if (confirmed) {
      modes.push_back("psk_ke");
      facts.set("evidence", evidence(reply, ""));
      co_return;
    }
    taken = i == 0 ? now : std::nullopt;
    if (taken != true) break;
  }
  if (taken == false || reply.attempts == 0) co_return;
  std::string const reason = reply.answered() ? "taken on one connection alone" : to_utf8(reply.why());
  facts.set("inconclusive", "psk_ke: " + reason);
  seen.open("TLSv1.3 tickets: psk_ke: " + reason);
}

asio::awaitable<Value> new_tickets(audit::Peer& peer, audit::Observation& seen) {
  std::string const what = "TLSv1.3 tickets";
  std::vector<HandshakeRecord const*> const full = co_await full_handshakes(peer, ProtocolVersion::TLSv1_3);
  if (established(full) == 0) co_return open(what, full.empty() ? "" : full.back()->error, seen);
  Value facts = Value::object();
  set_tickets(facts, peer, ProtocolVersion::TLSv1_3, full);
  if (!gave_tickets(full)) co_return facts;
  std::vector<HandshakeRecord const*> const again = made(peer, ProtocolVersion::TLSv1_3, true);
  set_resumed(facts, what, again, seen);
  Value modes = Value::array();
  bool const fresh = std::any_of(again.begin(), again.end(), [](auto const* each) { return each->resumed && each->key_exchanged; });
  if (fresh) modes.push_back("psk_dhe_ke");
  co_await reuse(peer, facts, seen);
  if (fresh) co_await ask_psk_alone(peer, facts, modes, seen);
  facts.set("psk_modes", std::move(modes));
  co_return facts;
}

asio::awaitable<audit::Observation> ask(audit::Peer& peer, audit::Facts const& facts) {
  audit::Observation seen;
  Value sessions = Value::object();
  if (facts.support(ProtocolVersion::TLSv1_2) == audit::Support::yes) {
    bool given = false;
    Value tickets = co_await old_tickets(peer, given, seen);
    Value ids = co_await session_ids(peer, given, seen);
    sessions.set("tls12_session_ids", std::move(ids)).set("tls12_tickets", std::move(tickets));
  }
  if (facts.support(ProtocolVersion::TLSv1_3) == audit::Support::yes) {
    Value tickets = co_await new_tickets(peer, seen);
    sessions.set("tls13_tickets", std::move(tickets));
  }
  seen.fact("sessions", std::move(sessions));
  co_return seen;
}

}  // namespace

extern constexpr audit::Probe sessions{
    .id = "sessions",
    .question = "By which means can a client resume: session IDs, tickets, and may a ticket be used twice?",
    .connections = "1-5",
    .keys = kKeys,
    .citations = kCitations,
    .needs = kNeeds,
    .applies = applies,
    .ask = ask,
};

}  // namespace tlsgauge::probes
