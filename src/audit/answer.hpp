#pragma once
// What one question to a peer came to.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "wire/flight.hpp"
#include "wire/handshake.hpp"

namespace tlsgauge::audit {

enum class Outcome : std::uint8_t {
  answered,          ///< a flight came to its end; whether it is the answer hoped for is the probe's to say
  refused,           ///< a fatal alert (or SSLv2 ERROR): evidence of "no"
  refused_silently,  ///< closed, reset or silent every time, while control hellos in between succeeded: believed to be "no"
  inconclusive,      ///< nothing that can be believed; `detail` says what was met
  malformed,         ///< TLS against its grammar or picking what was not offered, again and again
  not_tls,           ///< the peer speaks something else
  unreachable,       ///< no connection could be made
  cancelled,         ///< the user interrupted
};

/// How a hello goes out. A server must not care (RFC 8446 section 5.1); some, and middleboxes before them, do.
struct Delivery {
  Delivery() = default;
  std::size_t record = 0;   ///< octets of the message in each record; 0: as many as fit
  std::size_t segment = 0;  ///< octets of the first TCP segment, the rest follows 50 ms later; 0: all at once
  [[nodiscard]] bool usual() const { return record == 0 && segment == 0; }
};

/// One connection: what is sent first, and how far to read.
struct Question {
  Question() = default;
  explicit Question(wire::ClientHello h) : hello(std::move(h)) {}
  wire::ClientHello hello;
  /// Sent in place of `hello` when not empty (SSLv2 hellos, deliberate oddities). Answers are then not checked against the hello.
  Bytes raw;
  bool ssl2 = false;   ///< the answer comes in SSLv2 records
  bool alone = false;  ///< to be asked while no more connections are open than the address is seen to bear: a refusal is not for the load
  /// Which suite is picked is all it asks: a suite that fails behind the ServerHello is believed to, once two such questions have met it.
  bool about_suites = false;
  Delivery delivery;
  std::shared_ptr<wire::FlightKeys> keys;  ///< reads on through the encrypted flight of TLS 1.3; good for one connection only
  std::string purpose;                     ///< for transcripts and errors: "TLSv1.2 suites, 112 offered"
};

/// What came of it.
struct Reply {
  Reply() = default;
  Outcome outcome = Outcome::inconclusive;
  wire::Flight flight;               ///< what was read, complete or not
  std::string detail = "not asked";  ///< in words, for every outcome but `answered`
  std::uint32_t connection = 0;      ///< number of the connection that gave this reply, from 1
  double connect_ms = 0;             ///< TCP connect
  double first_byte_ms = 0;          ///< hello sent to first octet back; 0 when none came
  unsigned attempts = 0;             ///< connections that this question took
  Bytes sent;                        ///< what that connection carried to the server: the hello in its records
  Bytes received;                    ///< the first kKeptOctets of what it brought back

  static constexpr std::size_t kKeptOctets = 256;

  [[nodiscard]] bool answered() const { return outcome == Outcome::answered; }
  /// A "no" that may be reported as one.
  [[nodiscard]] bool refused() const { return outcome == Outcome::refused || outcome == Outcome::refused_silently; }
  /// The ServerHello of an answered question, or nullptr.
  [[nodiscard]] wire::ServerHello const* server_hello() const {
    return answered() && flight.server_hello ? &*flight.server_hello : nullptr;
  }
  /// "fatal handshake_failure (40)" or `detail`.
  [[nodiscard]] std::string why() const;
};

/// A question with its reply, kept for every probe that can learn from it.
struct Transcript {
  Question question;
  Reply reply;
};

[[nodiscard]] std::string_view name(Outcome outcome);

/// Why this reply cannot be an honest answer to this hello: a suite, version, group or compression that was not offered. Empty when it can.
[[nodiscard]] std::string contradiction(wire::ClientHello const& hello, wire::Flight const& flight);

}  // namespace tlsgauge::audit
