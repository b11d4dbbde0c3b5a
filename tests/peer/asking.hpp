#pragma once
// A real peer with an io_context of its own, for tests that ask a server on loopback.

#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/io_context.hpp>
#include <chrono>
#include <memory>
#include <vector>

#include "peer/peer.hpp"
#include "support/scripted_server.hpp"
#include "wire/hello.hpp"

namespace tlsgauge::peer {

using std::chrono::milliseconds;
using wire::CipherSuite;
using wire::ProtocolVersion;
using Clock = std::chrono::steady_clock;

inline constexpr CipherSuite kServed = CipherSuite::TLS_RSA_WITH_AES_128_CBC_SHA;
inline constexpr CipherSuite kOther = CipherSuite::TLS_RSA_WITH_AES_256_CBC_SHA;

inline double ms_since(Clock::time_point start) { return std::chrono::duration<double, std::milli>(Clock::now() - start).count(); }

inline audit::Question question(std::vector<CipherSuite> suites, ProtocolVersion version = ProtocolVersion::TLSv1_2) {
  audit::Question asked;
  asked.hello = wire::hello_for(version, std::move(suites), "example.test");
  return asked;
}

/// A peer with an io_context of its own, asking a server on loopback.
class Asking {
 public:
  explicit Asking(std::uint16_t port, milliseconds timeout = milliseconds{400}, unsigned per_host = 8, std::uint16_t http_port = 0) {
    Target target;
    target.host = "example.test";
    target.server_name = "example.test";
    target.address = "127.0.0.1";
    target.port = port;
    audit::Settings settings;
    settings.timeout = timeout;
    settings.http_port = http_port;
    peer_ = make_peer(io_.get_executor(), target, settings,
                      std::make_shared<net::Budget>(io_.get_executor(), net::Limits{io_.get_executor(), 100, 0}, per_host));
  }

  audit::Reply ask(audit::Question asked) {
    std::vector<audit::Reply> replies = ask_all({std::move(asked)});
    return replies.front();
  }

  std::vector<audit::Reply> ask_all(std::vector<audit::Question> questions) {
    std::vector<audit::Reply> replies(questions.size());
    for (std::size_t i = 0; i < questions.size(); ++i) {
      asio::co_spawn(io_, keep(*peer_, std::move(questions[i]), replies[i]), asio::detached);
    }
    run();
    return replies;
  }

  void run() {
    io_.restart();
    io_.run();
  }

  template <class T>
  T await(asio::awaitable<T> task) {
    T out;
    asio::co_spawn(io_, keep_value(std::move(task), out), asio::detached);
    run();
    return out;
  }

  [[nodiscard]] LivePeer& peer() { return *peer_; }
  [[nodiscard]] asio::io_context& io() { return io_; }

 private:
  static asio::awaitable<void> keep(audit::Peer& peer, audit::Question asked, audit::Reply& out) {
    audit::Reply reply = co_await peer.exchange(std::move(asked));
    out = std::move(reply);
  }
  template <class T>
  static asio::awaitable<void> keep_value(asio::awaitable<T> task, T& out) {
    T value = co_await std::move(task);
    out = std::move(value);
  }

  asio::io_context io_;
  std::unique_ptr<LivePeer> peer_;
};

}  // namespace tlsgauge::peer
