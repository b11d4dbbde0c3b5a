#include "peer/handshake.hpp"

#include <chrono>
#include <string>
#include <utility>

#include "crypto/session.hpp"

namespace tlsgauge::peer {
namespace {

using Clock = std::chrono::steady_clock;
using crypto::ClientSession;

constexpr std::chrono::milliseconds kTicketWait{500};  // for a TLS 1.3 server's NewSessionTicket
constexpr std::size_t kMaxOctets = 1024 * 1024;        // received until the handshake is over

double ms_since(Clock::time_point start) { return std::chrono::duration<double, std::milli>(Clock::now() - start).count(); }

struct Try {
  Try() = default;
  audit::HandshakeRecord record;
  bool may_repeat = false;  ///< the connection failed, not the handshake
};

/// Writes what the session has to say. True: something was sent.
asio::awaitable<Result<bool>> flush(net::Connection& connection, ClientSession& session) {
  Bytes const output = session.take_output();
  if (output.empty()) co_return false;
  Result<void> const sent = co_await connection.write(output);
  if (!sent) co_return sent.error();
  co_return true;
}

/// Until the session is established or has failed.
asio::awaitable<Result<void>> shake_hands(net::Connection& connection, ClientSession& session, audit::HandshakeRecord& record) {
  Clock::time_point const start = Clock::now();
  bool waiting = false;  // a flight was sent, and nothing has come back yet
  while (session.state() == ClientSession::State::wants_input) {
    Result<bool> const sent = co_await flush(connection, session);
    if (!sent) co_return sent.error();
    waiting |= *sent;
    Result<ByteView> const bytes = co_await connection.read();
    if (!bytes) co_return bytes.error();
    if (std::exchange(waiting, false)) ++record.round_trips;
    session.feed(*bytes);
    if (connection.bytes_received() > kMaxOctets) co_return Error{ErrorKind::too_large, "more than 1 MiB before the end of the handshake"};
  }
  record.time_ms = ms_since(start);
  Result<bool> const last = co_await flush(connection, session);  // Finished, or an alert
  if (!last) co_return last.error();
  co_return Result<void>{};
}

/// TLS 1.3 tickets come after the handshake, from many servers only with the first response.
asio::awaitable<void> wait_for_ticket(net::Connection& connection, ClientSession& session, std::string host) {
  connection.set_limit(kTicketWait);
  std::string const request = "GET / HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n";
  Result<void> const written = session.write(view(request));
  if (!written) co_return;
  Result<bool> const sent = co_await flush(connection, session);
  bool open = sent.has_value();
  while (open && session.session().empty()) {
    Result<ByteView> const bytes = co_await connection.read();
    open = bytes.has_value() && connection.bytes_received() <= kMaxOctets && session.feed(*bytes) == ClientSession::State::established;
    session.take_plain();
  }
}

/// The address has let us connect. `tried` is filled.
asio::awaitable<void> complete(Address& address, net::Connection& connection, ClientSession& session, Try& tried) {
  audit::HandshakeRecord& record = tried.record;
  record.connect_ms = connection.connect_ms();
  Result<void> const shaken = co_await shake_hands(connection, session, record);
  record.bytes_sent = connection.bytes_sent();
  record.bytes_received = connection.bytes_received();
  record.tcp_round_trip_ms = connection.tcp_round_trip_ms();
  record.established = shaken && session.state() == ClientSession::State::established;
  if (!record.established) {
    tried.may_repeat = !shaken;
    record.error = shaken ? session.error() : shaken.error().detail;
    co_return;
  }
  record.resumed = session.resumed();
  record.cipher_suite = session.cipher_suite();
  bool const ticket_follows = session.version() == wire::ProtocolVersion::TLSv1_3;
  Target const& target = address.target();
  if (ticket_follows) co_await wait_for_ticket(connection, session, target.server_name.empty() ? target.address : target.server_name);
  record.session = session.session();
  connection.close();
}

asio::awaitable<Try> try_once(Address& address, crypto::ClientSettings const& settings) {
  Try tried;
  Result<std::unique_ptr<ClientSession>> const session = ClientSession::start(settings);
  if (!session) {
    tried.record.error = session.error().detail;
    co_return tried;
  }
  net::Budget::Pass const pass = co_await address.budget.acquire(address.stop());
  if (!pass) {
    tried.record.error = "interrupted";
    co_return tried;
  }
  net::Connection connection{address.executor(), address.timing.full(), address.stop()};
  ++address.cost().connections;
  Result<void> const connected = co_await connection.connect(address.endpoint());
  if (connected) {
    co_await complete(address, connection, **session, tried);
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
  crypto::ClientSettings settings;
  settings.version = order.version;
  settings.server_name = address->target().server_name;
  settings.resume = std::move(order.resume);
  settings.groups = std::move(order.groups);
  constexpr int kTries = 3;
  for (int i = 1;; ++i) {
    Try tried = co_await try_once(*address, settings);
    bool const again = tried.may_repeat && i < kTries && !address->stop().stop_requested();
    if (!again) co_return std::move(tried.record);
  }
}

}  // namespace tlsgauge::peer
