#include "peer/attempt.hpp"

#include <algorithm>
#include <chrono>
#include <memory>
#include <utility>

#include "net/pause.hpp"
#include "wire/flight.hpp"
#include "wire/hello.hpp"
#include "wire/record.hpp"

namespace tlsgauge::peer {
namespace {

using Clock = std::chrono::steady_clock;
using Kind = Attempt::Kind;

double ms_since(Clock::time_point start) { return std::chrono::duration<double, std::milli>(Clock::now() - start).count(); }

/// Passes on to the question's keys, and remembers that it did: keys are good for one connection only.
class WatchedKeys final : public wire::FlightKeys {
 public:
  explicit WatchedKeys(std::shared_ptr<wire::FlightKeys> keys) : keys_(std::move(keys)) {}
  Result<void> start(ByteView client_hello, ByteView server_hello, wire::ServerHello const& parsed) override {
    started_ = true;
    return keys_->start(client_hello, server_hello, parsed);
  }
  Result<wire::OpenedRecord> open(ByteView record) override { return keys_->open(record); }
  [[nodiscard]] bool started() const { return started_; }

 private:
  std::shared_ptr<wire::FlightKeys> keys_;
  bool started_ = false;
};

Kind failure_of(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::closed:
      return Kind::closed;
    case ErrorKind::timed_out:
      return Kind::silent;
    case ErrorKind::local:
      return Kind::local;
    case ErrorKind::cancelled:
      return Kind::cancelled;
    default:
      return Kind::reset;
  }
}

Kind failure_to_connect(ErrorKind kind) {
  return kind == ErrorKind::local || kind == ErrorKind::cancelled ? failure_of(kind) : Kind::unconnected;
}

Kind kind_of(wire::FlightReader::State state) {
  switch (state) {
    case wire::FlightReader::State::complete:
      return Kind::answered;
    case wire::FlightReader::State::alerted:
      return Kind::alerted;
    case wire::FlightReader::State::not_tls:
      return Kind::foreign;
    default:
      return Kind::malformed;
  }
}

std::string words_for(wire::FlightReader const& reader, Kind kind) {
  if (kind == Kind::answered) return {};
  if (kind != Kind::alerted) return reader.error();
  std::optional<wire::Alert> const alert = reader.flight().fatal_alert();
  return alert ? describe(*alert) : "an SSLv2 ERROR";
}

/// What came before the connection failed, in words.
std::string so_far(wire::Flight const& flight) {
  if (flight.answered()) return " after a ServerHello";
  return flight.alerts.empty() ? std::string{} : " after " + describe(flight.alerts.back());
}

constexpr std::chrono::milliseconds kBetweenSegments{50};

asio::awaitable<Result<void>> send(net::Connection& connection, ByteView octets, std::size_t first_segment) {
  if (first_segment > 0 && first_segment < octets.size()) {
    Result<void> const begun = co_await connection.write(octets.first(first_segment));
    if (!begun) co_return begun;
    std::stop_token const never;
    co_await net::pause(kBetweenSegments, never);
    octets = octets.subspan(first_segment);
  }
  Result<void> const sent = co_await connection.write(octets);
  co_return sent;
}

}  // namespace

asio::awaitable<Attempt> attempt(net::Connection& connection, asio::ip::tcp::endpoint to, audit::Question const& question) {
  Attempt result;
  Result<void> const connected = co_await connection.connect(to);
  if (!connected) {
    result.kind = failure_to_connect(connected.error().kind);
    result.refused_tcp = connected.error().kind == ErrorKind::refused;
    result.detail = connected.error().detail;
    co_return result;
  }
  result.connect_ms = connection.connect_ms();

  Bytes client_hello;
  Bytes octets = question.raw;
  if (octets.empty()) {
    client_hello = question.hello.encode();
    if (question.hello.random == wire::Random{}) wire::fill_random(wire::random_of(client_hello));
    std::size_t const most = question.delivery.record == 0 ? wire::kMaxPlaintext : question.delivery.record;
    octets = wire::encode_records(wire::ContentType::handshake, question.hello.record_version, client_hello, most);
  }
  result.hello_octets = octets.size();
  auto const keys = question.keys ? std::make_shared<WatchedKeys>(question.keys) : nullptr;
  wire::FlightReader reader{std::move(client_hello), keys, question.ssl2};

  Result<void> const sent = co_await send(connection, octets, question.delivery.segment);
  Clock::time_point const asked = Clock::now();
  // A peer that closes early may have answered before: what it sent is read even where our octets did not all get through.
  Error failure = sent ? Error{} : sent.error();
  bool over = !sent && sent.error().kind != ErrorKind::reset;
  while (!over && reader.state() == wire::FlightReader::State::more) {
    Result<ByteView> const bytes = co_await connection.read();
    if (!bytes) {
      failure = bytes.error();
      over = true;
      continue;
    }
    if (result.first_byte_ms == 0) result.first_byte_ms = std::max(ms_since(asked), 1e-3);
    ByteView const kept = bytes->first(std::min(bytes->size(), audit::Reply::kKeptOctets - result.received.size()));
    result.received.insert(result.received.end(), kept.begin(), kept.end());
    reader.feed(*bytes);
  }

  result.answer_ms = ms_since(asked);
  result.keys_started = keys && keys->started();
  if (reader.state() == wire::FlightReader::State::more) {
    result.kind = failure_of(failure.kind);
    result.detail = failure.detail + so_far(reader.flight());
  } else {
    result.kind = kind_of(reader.state());
    result.detail = words_for(reader, result.kind);
  }
  result.flight = reader.take();
  result.sent = std::move(octets);
  co_return result;
}

}  // namespace tlsgauge::peer
