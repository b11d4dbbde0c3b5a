#pragma once
// A question put once, on one connection.

#include <asio/awaitable.hpp>
#include <asio/ip/tcp.hpp>
#include <cstdint>
#include <string>

#include "audit/answer.hpp"
#include "net/connection.hpp"

namespace tlsgauge::peer {

/// What one connection brought.
struct Attempt {
  enum class Kind : std::uint8_t {
    answered,     ///< a flight to its end
    alerted,      ///< a fatal alert
    malformed,    ///< TLS against its grammar
    foreign,      ///< no TLS
    closed,       ///< in order, before the end of a flight
    reset,        ///< before the end of a flight
    silent,       ///< the deadline passed before the end of a flight
    unconnected,  ///< no TCP connection came about
    local,        ///< this machine's fault
    cancelled,
  };

  Attempt() = default;
  Kind kind = Kind::cancelled;
  wire::Flight flight;
  std::string detail;         ///< in words
  bool refused_tcp = false;   ///< unconnected, and at once
  bool keys_started = false;  ///< the question's keys were used up
  std::uint32_t connection = 0;
  std::uint64_t era = 0;         ///< of the budget
  std::size_t hello_octets = 0;  ///< on the wire
  Bytes sent;
  Bytes received;  ///< the beginning
  double connect_ms = 0;
  double first_byte_ms = 0;
  double answer_ms = 0;  ///< hello sent to the end of the flight
};

/// Connects, asks, reads until it is clear what was answered. `question` and `connection` are the caller's.
[[nodiscard]] asio::awaitable<Attempt> attempt(net::Connection& connection, asio::ip::tcp::endpoint to, audit::Question const& question);

}  // namespace tlsgauge::peer
