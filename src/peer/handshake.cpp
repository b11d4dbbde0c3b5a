#include "peer/handshake.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "crypto/session.hpp"

namespace tlsgauge::peer {
namespace {

using Clock = std::chrono::steady_clock;
using crypto::ClientSession;

constexpr std::chrono::milliseconds kTicketWait{500};   // for a TLS 1.3 server's NewSessionTicket
constexpr std::chrono::milliseconds kMoreTickets{100};  // for the next one, once there is one
constexpr std::chrono::milliseconds kAnswerWait{3000};  // for what answers early data, before Finished is sent and after
constexpr double kPrompt = 250;                         // ms, and two round trips: what takes longer does not answer the Finished alone
constexpr std::size_t kMaxOctets = 5 * 1024 * 1024;     // received until the handshake is over
constexpr std::size_t kKeyName = 16;                    // octets: RFC 5077 section 4

double ms_since(Clock::time_point start) { return std::chrono::duration<double, std::milli>(Clock::now() - start).count(); }

struct Try {
  Try() = default;
  audit::HandshakeRecord record;
  bool may_repeat = false;  ///< the connection failed, not the handshake
};

void keep(Bytes& kept, ByteView bytes) {
  std::size_t const room = audit::Reply::kKeptOctets - std::min(kept.size(), audit::Reply::kKeptOctets);
  kept.insert(kept.end(), bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(std::min(room, bytes.size())));
}

/// Writes what the session has to say. True: something was sent.
asio::awaitable<Result<bool>> flush(net::Connection& connection, ClientSession& session, audit::HandshakeRecord& record) {
  Bytes output = session.take_output();
  if (output.empty()) co_return false;
  Result<void> const sent = co_await connection.write(output);
  if (!sent) co_return sent.error();
  if (record.sent.empty()) record.sent = std::move(output);
  co_return true;
}

/// What it has cost so far.
void note(audit::HandshakeRecord& record, net::Connection const& connection, Clock::time_point start) {
  record.time_ms = ms_since(start);
  record.bytes_sent = connection.bytes_sent();
  record.bytes_received = connection.bytes_received();
}

/// Until the session is established or has failed.
asio::awaitable<Result<void>> shake_hands(net::Connection& connection, ClientSession& session, audit::HandshakeRecord& record) {
  Clock::time_point const start = Clock::now();
  bool waiting = false;  // a flight was sent, and nothing has come back yet
  while (session.state() == ClientSession::State::wants_input) {
    Result<bool> const sent = co_await flush(connection, session, record);
    if (!sent) co_return sent.error();
    waiting |= *sent;
    if (record.time_ms <= 0) note(record, connection, start);
    Result<ByteView> const bytes = co_await connection.read();
    if (!bytes) co_return bytes.error();
    keep(record.received, *bytes);
    if (std::exchange(waiting, false)) ++record.round_trips;
    session.feed(*bytes);
    if (connection.bytes_received() > kMaxOctets) co_return Error{ErrorKind::too_large, "more than 5 MiB before the end of the handshake"};
  }
  double const time_ms = ms_since(start);
  if (session.state() == ClientSession::State::established && session.early_data_accepted()) {
    record.round_trips = 0;  // the first flight was all that it took; Finished waits for the answer
    co_return Result<void>{};
  }
  Result<bool> const last = co_await flush(connection, session, record);  // Finished, or an alert
  if (!last) co_return last.error();
  note(record, connection, start);
  record.time_ms = time_ms;
  co_return Result<void>{};
}

/// 0 where it is none.
int status_of(Bytes const& response) {
  std::string_view const text{reinterpret_cast<char const*>(response.data()), response.size()};
  int status = 0;
  if (text.size() < 12 || !text.starts_with("HTTP/1.") || text[8] != ' ') return 0;
  auto const [end, error] = std::from_chars(text.data() + 9, text.data() + 12, status);
  return error == std::errc{} && end == text.data() + 12 ? status : 0;
}

std::chrono::milliseconds left_until(Clock::time_point until) {
  return std::max(std::chrono::milliseconds{1}, std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now()));
}

/// TLS 1.3 tickets come after the handshake, from many servers only with the first response. False: the connection broke before anything
/// came.
asio::awaitable<bool> wait_for_tickets(net::Connection& connection, ClientSession& session, double handshake_ms, std::string host) {
  // The handshake took a round trip at least, and so will the tickets.
  std::chrono::milliseconds const patience = kTicketWait + std::chrono::milliseconds{static_cast<long>(2 * handshake_ms)};
  connection.set_limit(2 * patience);
  std::string const request = "GET / HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n";
  Result<void> const written = session.write(view(request));
  if (!written) co_return true;
  Bytes const output = session.take_output();
  Result<void> const sent = co_await connection.write(output);
  bool open = sent.has_value();
  bool broken = !open;
  bool answered = false;
  std::size_t count = session.tickets().size();
  Clock::time_point until = Clock::now() + (count > 0 ? kMoreTickets : patience);
  while (open && Clock::now() < until) {
    Result<ByteView> const bytes = co_await connection.read_within(left_until(until));
    broken = !bytes && (bytes.error().kind == ErrorKind::reset || bytes.error().kind == ErrorKind::closed);
    open = bytes.has_value() && connection.bytes_received() <= kMaxOctets && session.feed(*bytes) == ClientSession::State::established;
    answered = answered || !session.take_plain().empty();
    if (session.tickets().size() > count) until = Clock::now() + kMoreTickets;
    count = session.tickets().size();
    open = open && !session.ended() && !(answered && count > 0);
  }
  co_return !broken || answered || count > 0 || session.ended() || session.alert();
}

/// Until a status line is whole.
asio::awaitable<void> read_answer(net::Connection& connection, ClientSession& session, Bytes& plain) {
  constexpr std::size_t kStatusLine = 12;
  connection.set_limit(2 * kAnswerWait);
  Clock::time_point const until = Clock::now() + kAnswerWait;
  auto const take = [&] {
    Bytes const more = session.take_plain();
    plain.insert(plain.end(), more.begin(), more.end());
  };
  take();
  bool open = true;
  while (open && plain.size() < kStatusLine && !session.ended() && Clock::now() < until) {
    Result<ByteView> const bytes = co_await connection.read_within(left_until(until));
    open = bytes.has_value() && connection.bytes_received() <= kMaxOctets && session.feed(*bytes) == ClientSession::State::established;
    take();
  }
}

/// The request went as early data; only its answer is of interest. Who replays what others sent cannot make the Finished, so it is held
/// back: what is answered by then would be answered to a replay.
asio::awaitable<void> wait_for_answer(net::Connection& connection, ClientSession& session, audit::HandshakeRecord& record) {
  Bytes plain;
  co_await read_answer(connection, session, plain);
  record.answered_early = !plain.empty();
  if (plain.empty()) {
    Bytes const finished = session.take_output();
    Result<void> const sent = co_await connection.write(finished);
    Clock::time_point const start = Clock::now();
    if (sent) co_await read_answer(connection, session, plain);
    record.answered_late = !plain.empty() && ms_since(start) > kPrompt + 2 * record.time_ms;
  }
  record.http_status = status_of(plain);
}

/// Another handshake on the same connection. Empty: it is over, whatever came of it.
asio::awaitable<std::optional<Error>> shake_hands_again(net::Connection& connection, ClientSession& session) {
  while (session.renegotiating() && !session.ended()) {
    Bytes const output = session.take_output();
    if (!output.empty()) {
      Result<void> const sent = co_await connection.write(output);
      if (!sent) co_return sent.error();
    }
    Result<ByteView> const bytes = co_await connection.read();
    if (!bytes) co_return bytes.error();
    session.feed(*bytes);
    session.take_plain();
    if (connection.bytes_received() > kMaxOctets) co_return Error{ErrorKind::too_large, "more than 5 MiB"};
  }
  co_return std::nullopt;
}

/// The registry calls the alerts of older versions "..._RESERVED".
std::string alert_text(wire::AlertDescription alert) {
  constexpr std::string_view kOld = "_RESERVED";
  std::string text = "alert " + wire::name(alert);
  if (text.ends_with(kOld)) text.resize(text.size() - kOld.size());
  return text;
}

asio::awaitable<void> renegotiate(net::Connection& connection, ClientSession& session, unsigned times, std::chrono::milliseconds limit,
                                  audit::HandshakeRecord& record) {
  using audit::Renegotiation;
  record.renegotiation = Renegotiation::accepted;
  while (record.renegotiation == Renegotiation::accepted && record.renegotiated < times) {
    connection.set_limit(limit);
    Result<void> const begun = session.renegotiate();
    std::optional<Error> const broken = co_await shake_hands_again(connection, session);
    if (session.alert()) {
      record.renegotiation = Renegotiation::refused;
      record.renegotiation_end = alert_text(*session.alert());
    } else if (session.ended()) {
      record.renegotiation = Renegotiation::refused;
      record.renegotiation_end = "closed";
    } else if (broken || !begun || session.state() != ClientSession::State::established) {
      // Without a close_notify it may as well be the way that broke.
      bool const torn = broken && (broken->kind == ErrorKind::reset || broken->kind == ErrorKind::closed);
      record.renegotiation = torn ? Renegotiation::torn : Renegotiation::open;
      record.renegotiation_end = broken ? broken->detail : !begun ? begun.error().detail : session.error();
    } else {
      ++record.renegotiated;
    }
  }
}

std::vector<audit::Ticket> tickets_of(ClientSession const& session) {
  std::vector<audit::Ticket> out;
  for (crypto::SessionTicket const& each : session.tickets()) {
    audit::Ticket& ticket = out.emplace_back();
    ticket.octets = each.ticket.size();
    ticket.lifetime_s = each.lifetime_s;
    ticket.max_early_data = each.max_early_data;
    if (each.ticket.size() >= kKeyName) ticket.key_name = hex(ByteView{each.ticket}.first(kKeyName));
  }
  return out;
}

/// The address has let us connect. `tried` is filled.
asio::awaitable<void> complete(Address& address, net::Connection& connection, ClientSession& session, audit::HandshakeOrder const& order,
                               Try& tried) {
  audit::HandshakeRecord& record = tried.record;
  record.connect_ms = connection.connect_ms();
  Result<void> const shaken = co_await shake_hands(connection, session, record);
  record.tcp_round_trip_ms = connection.tcp_round_trip_ms();
  record.established = shaken && session.state() == ClientSession::State::established;
  if (!record.established) {
    tried.may_repeat = !shaken;
    record.error = shaken ? session.error() : shaken.error().detail;
    co_return;
  }
  record.resumed = session.resumed();
  record.cipher_suite = session.cipher_suite();
  record.key_exchanged = session.key_exchanged();
  record.secure_renegotiation = session.secure_renegotiation();
  if (!order.early_data.empty()) {
    record.early_data = session.early_data_accepted() ? audit::EarlyData::accepted : audit::EarlyData::rejected;
  }
  Target const& target = address.target();
  if (record.early_data == audit::EarlyData::accepted) {
    co_await wait_for_answer(connection, session, record);
  } else if (session.version() == wire::ProtocolVersion::TLSv1_3) {
    std::string const host = target.server_name.empty() ? target.address : target.server_name;
    bool const heard = co_await wait_for_tickets(connection, session, record.time_ms, host);
    tried.may_repeat = !heard;  // one that breaks off each time has no tickets
  }
  // RFC 8446 section 4.4.2.4: only now does a server of TLS 1.3 say that it wanted a certificate.
  if (session.alert()) record.error = alert_text(*session.alert());
  record.session_id_octets = session.session_id_octets();
  record.tickets = tickets_of(session);
  record.session = session.session();
  if (order.renegotiations > 0 && session.version() < wire::ProtocolVersion::TLSv1_3) {
    co_await renegotiate(connection, session, order.renegotiations, address.timing.full(), record);
  }
  session.close();
  Bytes const farewell = session.take_output();
  Result<void> const sent = co_await connection.write(farewell);
  if (sent) connection.close();
}

crypto::ClientSettings settings_for(Address const& address, audit::HandshakeOrder const& order) {
  crypto::ClientSettings settings;
  settings.version = order.version;
  settings.server_name = address.target().server_name;
  settings.resume = order.resume;
  settings.groups = order.groups;
  settings.tickets = order.tickets;
  settings.early_data = order.early_data;
  settings.renegotiate = order.renegotiations > 0;
  return settings;
}

asio::awaitable<Try> try_once(Address& address, audit::HandshakeOrder const& order) {
  Try tried;
  Result<std::unique_ptr<ClientSession>> const session = ClientSession::start(settings_for(address, order));
  if (!session) {
    tried.record.error = session.error().detail;
    co_return tried;
  }
  net::Budget::Pass const pass = co_await address.budget.acquire(address.stop());
  net::EndpointSlots::Place const place = co_await address.endpoint_slots.enter(address.stop(), net::Slots::Turn::next);
  if (!pass || !place) {
    tried.record.error = "interrupted";
    co_return tried;
  }
  net::Connection connection{address.executor(), address.timing.full(), address.stop()};
  tried.record.connection = static_cast<std::uint32_t>(++address.cost().connections);
  Result<void> const connected = co_await connection.connect(address.endpoint());
  if (connected) {
    co_await complete(address, connection, **session, order, tried);
  } else {
    tried.record.error = connected.error().detail;
    tried.may_repeat = true;
  }
  address.count(connection);
  if (tried.may_repeat) address.budget.trouble(net::Budget::era(pass));
  co_return tried;
}

}  // namespace

asio::awaitable<audit::HandshakeRecord> handshake(std::shared_ptr<Address> address, audit::HandshakeOrder order) {
  constexpr int kTries = 3;
  for (int i = 1;; ++i) {
    Try tried = co_await try_once(*address, order);
    bool const again = tried.may_repeat && i < kTries && !address->stop().stop_requested();
    if (again) continue;
    address->record(std::move(order), tried.record);
    co_return std::move(tried.record);
  }
}

}  // namespace tlsgauge::peer
