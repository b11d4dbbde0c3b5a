#include "net/listener.hpp"

#include <array>
#include <asio/buffer.hpp>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/post.hpp>
#include <asio/socket_base.hpp>
#include <asio/steady_timer.hpp>
#include <asio/write.hpp>
#include <set>
#include <thread>

#include "net/socket_error.hpp"

namespace tlsgauge::net {
namespace {

using asio::ip::tcp;
constexpr std::size_t kMaxConnections = 256;
constexpr std::chrono::seconds kIdle{30};
constexpr std::chrono::milliseconds kAcceptPause{50};  // after a failed accept, such as for want of descriptors

class Served;
using ServedSet = std::set<std::shared_ptr<Served>>;

/// One connection: alternates between waiting for octets and sending the reaction.
class Served : public std::enable_shared_from_this<Served> {
 public:
  Served(tcp::socket socket, std::unique_ptr<Handler> handler, ServedSet& all)
      : socket_(std::move(socket)), handler_(std::move(handler)), timer_(socket_.get_executor()), all_(all) {}

  void start() {
    asio::error_code ignored;
    socket_.set_option(tcp::no_delay(true), ignored);
    react(handler_->on_open());
  }

  void end(bool reset) {
    timer_.cancel();
    asio::error_code ignored;
    if (reset) socket_.set_option(asio::socket_base::linger(true, 0), ignored);
    if (!reset) socket_.shutdown(asio::socket_base::shutdown_both, ignored);
    socket_.close(ignored);
    all_.erase(shared_from_this());
  }

 private:
  void react(Handler::Reaction reaction) {
    now_ = std::move(reaction);
    watch(kIdle, false);
    if (now_.send.empty()) return sent({});
    asio::async_write(socket_, asio::buffer(now_.send),
                      [self = shared_from_this()](asio::error_code const& failed, std::size_t) { self->sent(failed); });
  }

  void sent(asio::error_code const& failed) {
    if (failed || !socket_.is_open()) return over();
    if (now_.close || now_.reset) return end(now_.reset);
    wait();
  }

  void wait() {
    if (now_.wake_after.count() > 0) {
      watch(now_.wake_after, true);
    } else {
      watch(kIdle, false);
    }
    socket_.async_read_some(asio::buffer(buffer_), [self = shared_from_this()](asio::error_code const& failed, std::size_t count) {
      self->arrived(failed, count);
    });
  }

  void arrived(asio::error_code const& failed, std::size_t count) {
    if (failed == asio::error::operation_aborted && woken_) {
      woken_ = false;
      return react(handler_->on_wake());
    }
    if (failed || !socket_.is_open()) return over();
    woken_ = false;
    react(handler_->on_bytes(ByteView{buffer_.data(), count}));
  }

  /// Cancels the read, to wake the handler; or, after too long an idle time, ends the connection.
  void watch(std::chrono::milliseconds time, bool wake) {
    timer_.expires_after(time);
    timer_.async_wait([weak = weak_from_this(), wake](asio::error_code const& cancelled) {
      auto const self = weak.lock();
      if (cancelled || !self || !self->socket_.is_open()) return;
      if (!wake) return self->end(true);
      self->woken_ = true;
      asio::error_code ignored;
      self->socket_.cancel(ignored);
    });
  }

  void over() {
    if (socket_.is_open()) end(false);
  }

  tcp::socket socket_;
  std::unique_ptr<Handler> handler_;
  asio::steady_timer timer_;
  ServedSet& all_;
  Handler::Reaction now_;
  std::array<std::uint8_t, 16 * 1024> buffer_{};
  bool woken_ = false;
};

}  // namespace

struct Listener::Impl {
  asio::io_context io{1};
  tcp::acceptor acceptor{io};
  asio::steady_timer pause{io};
  std::function<std::unique_ptr<Handler>()> make_handler;
  ServedSet served;
  std::uint16_t port = 0;
  std::thread thread;

  Result<void> bind(std::uint16_t wanted) {
    asio::error_code failed;
    tcp::endpoint const here{asio::ip::address_v4::loopback(), wanted};
    acceptor.open(here.protocol(), failed);
    if (!failed) acceptor.set_option(asio::socket_base::reuse_address(true), failed);
    if (!failed) acceptor.bind(here, failed);
    if (!failed) acceptor.listen(asio::socket_base::max_listen_connections, failed);
    if (!failed) port = acceptor.local_endpoint(failed).port();
    if (failed) return Error{ErrorKind::local, socket_error("listen on 127.0.0.1:" + std::to_string(wanted), failed).detail};
    return {};
  }

  void accept() {
    acceptor.async_accept([this](asio::error_code const& failed, tcp::socket socket) {
      if (!acceptor.is_open()) return;
      if (failed) {
        pause.expires_after(kAcceptPause);
        pause.async_wait([this](asio::error_code const& cancelled) {
          if (!cancelled) accept();
        });
        return;
      }
      if (served.size() < kMaxConnections) {
        auto const connection = std::make_shared<Served>(std::move(socket), make_handler(), served);
        served.insert(connection);
        connection->start();
      }
      accept();
    });
  }

  void stop() {
    asio::error_code ignored;
    acceptor.close(ignored);
    pause.cancel();
    ServedSet const all = served;
    for (auto const& connection : all) connection->end(true);
  }
};

Listener::Listener() : impl_(std::make_unique<Impl>()) {}

Listener::~Listener() {
  if (!impl_->thread.joinable()) return;
  asio::post(impl_->io, [impl = impl_.get()] { impl->stop(); });
  impl_->thread.join();
}

Result<std::unique_ptr<Listener>> Listener::start(std::uint16_t port, std::function<std::unique_ptr<Handler>()> make_handler) {
  std::unique_ptr<Listener> listener{new Listener};
  Impl& impl = *listener->impl_;
  impl.make_handler = std::move(make_handler);
  if (Result<void> const bound = impl.bind(port); !bound) return bound.error();
  impl.accept();
  impl.thread = std::thread([&impl] { impl.io.run(); });
  return listener;
}

std::uint16_t Listener::port() const { return impl_->port; }

}  // namespace tlsgauge::net
