#pragma once
// One TCP connection, with one deadline for all that is done on it.

#include <asio/any_io_executor.hpp>
#include <asio/awaitable.hpp>
#include <asio/ip/tcp.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <stop_token>
#include <string>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace tlsgauge::net {

/// Errors are values: timed_out when the deadline has passed, cancelled when stopped, else as socket_error() says. Destruction closes with
/// RST, which leaves no TIME_WAIT behind: thousands of connections to one port would run out of ports.
class Connection {
 public:
  /// Deadline from now.
  Connection(asio::any_io_executor const& executor, std::chrono::milliseconds limit, std::stop_token stop);
  Connection(Connection const&) = delete;
  Connection& operator=(Connection const&) = delete;
  ~Connection();

  [[nodiscard]] asio::awaitable<Result<void>> connect(asio::ip::tcp::endpoint to);
  /// All of it. The caller keeps the octets alive.
  [[nodiscard]] asio::awaitable<Result<void>> write(ByteView bytes);
  /// What has arrived, at least one octet; valid until the next read.
  [[nodiscard]] asio::awaitable<Result<ByteView>> read();
  /// The same, but after `limit` it is timed_out and the connection is as good as before.
  [[nodiscard]] asio::awaitable<Result<ByteView>> read_within(std::chrono::milliseconds limit);

  /// Replaces the deadline.
  void set_limit(std::chrono::milliseconds limit);
  /// In order, with FIN.
  void close();

  [[nodiscard]] std::uint64_t bytes_sent() const;
  [[nodiscard]] std::uint64_t bytes_received() const;
  [[nodiscard]] double connect_ms() const;  ///< 0 before it is connected
  /// The kernel's shortest sample so far; 0 when it has none or is not Linux.
  [[nodiscard]] double tcp_round_trip_ms() const;

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

/// `address` is a literal: no resolver is asked. An IPv6 address may carry a scope, "fe80::1%eth0".
[[nodiscard]] Result<asio::ip::tcp::endpoint> endpoint_of(std::string const& address, std::uint16_t port);

}  // namespace tlsgauge::net
