#include "net/connection.hpp"

#include <array>
#include <asio/buffer.hpp>
#include <asio/redirect_error.hpp>
#include <asio/socket_base.hpp>
#include <asio/steady_timer.hpp>
#include <asio/use_awaitable.hpp>
#include <asio/write.hpp>
#include <functional>
#include <optional>

#include "net/socket_error.hpp"
#include "net/tcp_info.hpp"

namespace tlsgauge::net {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::size_t kReadAtOnce = 4096;

}  // namespace

/// Shared with the deadline's handler only, which may still be queued when the connection is gone.
struct Connection::Impl : std::enable_shared_from_this<Connection::Impl> {
  explicit Impl(asio::any_io_executor const& executor) : socket(executor), timer(executor) {}

  /// Ends what is under way, and all that is tried later, with this error.
  void halt(Error why) {
    if (!halted) halted = std::move(why);
    timer.cancel();
    asio::error_code ignored;
    socket.close(ignored);
  }

  Error error(std::string_view doing, asio::error_code const& code) const {
    if (halted) return *halted;
    return socket_error(doing, code);
  }

  asio::ip::tcp::socket socket;
  asio::steady_timer timer;
  std::optional<Error> halted;
  std::optional<std::stop_callback<std::function<void()>>> on_stop;
  std::array<std::uint8_t, kReadAtOnce> buffer{};
  std::uint64_t sent = 0;
  std::uint64_t received = 0;
  double connect_ms = 0;
};

Connection::Connection(asio::any_io_executor const& executor, std::chrono::milliseconds limit, std::stop_token stop)
    : impl_(std::make_shared<Impl>(executor)) {
  set_limit(limit);
  impl_->on_stop.emplace(std::move(stop), [impl = impl_.get()] { impl->halt({ErrorKind::cancelled, "interrupted"}); });
}

Connection::~Connection() {
  impl_->on_stop.reset();
  impl_->timer.cancel();
  asio::error_code ignored;
  if (impl_->socket.is_open()) impl_->socket.set_option(asio::socket_base::linger(true, 0), ignored);
  impl_->socket.close(ignored);
}

void Connection::set_limit(std::chrono::milliseconds limit) {
  impl_->timer.expires_after(limit);
  impl_->timer.async_wait([weak = impl_->weak_from_this(), limit](asio::error_code const& cancelled) {
    auto const impl = weak.lock();
    if (!cancelled && impl) impl->halt({ErrorKind::timed_out, "nothing more within " + std::to_string(limit.count()) + " ms"});
  });
}

asio::awaitable<Result<void>> Connection::connect(asio::ip::tcp::endpoint to) {
  auto const impl = impl_;
  if (impl->halted) co_return *impl->halted;
  asio::error_code failed;
  impl->socket.open(to.protocol(), failed);
  if (failed) co_return impl->error("socket", failed);
  asio::error_code ignored;
  impl->socket.set_option(asio::ip::tcp::no_delay(true), ignored);
  Clock::time_point const start = Clock::now();
  co_await impl->socket.async_connect(to, asio::redirect_error(asio::use_awaitable, failed));
  if (failed) co_return impl->error("connect", failed);
  impl->connect_ms = std::chrono::duration<double, std::milli>(Clock::now() - start).count();
  co_return Result<void>{};
}

asio::awaitable<Result<void>> Connection::write(ByteView bytes) {
  auto const impl = impl_;
  if (impl->halted) co_return *impl->halted;
  asio::error_code failed;
  auto const buffer = asio::buffer(bytes.data(), bytes.size());
  std::size_t const written = co_await asio::async_write(impl->socket, buffer, asio::redirect_error(asio::use_awaitable, failed));
  impl->sent += written;
  if (failed) co_return impl->error("write", failed);
  co_return Result<void>{};
}

asio::awaitable<Result<ByteView>> Connection::read() {
  auto const impl = impl_;
  if (impl->halted) co_return *impl->halted;
  asio::error_code failed;
  auto const buffer = asio::buffer(impl->buffer);
  std::size_t const count = co_await impl->socket.async_read_some(buffer, asio::redirect_error(asio::use_awaitable, failed));
  impl->received += count;
  if (failed) co_return impl->error("read", failed);
  co_return ByteView{impl->buffer.data(), count};
}

asio::awaitable<Result<ByteView>> Connection::read_within(std::chrono::milliseconds limit) {
  struct State {
    bool over = false;
    bool expired = false;
  };
  auto const impl = impl_;
  auto const state = std::make_shared<State>();
  asio::steady_timer timer{impl->socket.get_executor(), limit};
  timer.async_wait([weak = impl->weak_from_this(), state](asio::error_code const& cancelled) {
    auto const alive = weak.lock();
    if (cancelled || !alive || state->over) return;
    state->expired = true;
    asio::error_code ignored;
    alive->socket.cancel(ignored);
  });
  Result<ByteView> const got = co_await read();
  state->over = true;
  timer.cancel();
  if (!got && state->expired && !impl->halted)
    co_return Error{ErrorKind::timed_out, "nothing within " + std::to_string(limit.count()) + " ms"};
  co_return got;
}

void Connection::close() {
  asio::error_code ignored;
  impl_->socket.shutdown(asio::socket_base::shutdown_send, ignored);
  impl_->socket.close(ignored);
}

std::uint64_t Connection::bytes_sent() const { return impl_->sent; }
std::uint64_t Connection::bytes_received() const { return impl_->received; }
double Connection::connect_ms() const { return impl_->connect_ms; }
double Connection::tcp_round_trip_ms() const { return impl_->socket.is_open() ? tcp_min_round_trip_ms(impl_->socket.native_handle()) : 0; }

Result<asio::ip::tcp::endpoint> endpoint_of(std::string const& address, std::uint16_t port) {
  asio::error_code failed;
  auto const parsed = asio::ip::make_address(address, failed);
  if (failed) return Error{ErrorKind::invalid_input, "\"" + address + "\" is no IP address"};
  return asio::ip::tcp::endpoint{parsed, port};
}

}  // namespace tlsgauge::net
