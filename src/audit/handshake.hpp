#pragma once
// How one complete handshake is to go, and how it went.

#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "wire/registry/registry.hpp"

namespace tlsgauge::audit {

/// Renegotiations that are tried at most: some servers stop after 3, 5 or 9.
inline constexpr unsigned kMostRenegotiations = 10;

struct HandshakeOrder {
  HandshakeOrder() = default;
  wire::ProtocolVersion version = wire::ProtocolVersion::TLSv1_2;
  Bytes resume;                          ///< a session of an earlier one; empty: full handshake
  std::vector<wire::NamedGroup> groups;  ///< to offer, in TLS 1.3 with a share of the first; empty: the usual ones
  bool tickets = true;                   ///< false: up to TLS 1.2 no session_ticket extension, so that only session IDs are left
  Bytes early_data;                      ///< goes with the ClientHello; `resume` must hold a ticket that allows it
  unsigned renegotiations = 0;           ///< to try once established, one after the other until one fails
};

/// A session ticket, as it came; its octets stay in the session.
struct Ticket {
  Ticket() = default;
  std::size_t octets = 0;
  std::uint32_t lifetime_s = 0;      ///< the hint of TLS 1.2 (0: unspecified), ticket_lifetime of TLS 1.3
  std::string key_name;              ///< its first 16 octets in hexadecimal: what most servers find their ticket key by
  std::uint32_t max_early_data = 0;  ///< max_early_data_size; 0: no early data
};

enum class EarlyData : std::uint8_t { not_sent, accepted, rejected };

enum class Renegotiation : std::uint8_t {
  not_tried,
  accepted,  ///< as often as was ordered
  refused,   ///< by an alert, or the connection was closed in order
  torn,      ///< the connection was reset: a refusal where it happens each time
  open,      ///< none of these
};

struct HandshakeRecord {
  HandshakeRecord() = default;
  bool established = false;
  bool resumed = false;
  std::string error;  ///< when not established, or the alert that came right after
  wire::CipherSuite cipher_suite{};
  int round_trips = 0;  ///< times that the client waited for the server before it could send application data; TCP's own not counted
  double time_ms = 0;   ///< first octet of the ClientHello sent to application data possible
  double connect_ms = 0;
  double tcp_round_trip_ms = 0;  ///< the shortest that the kernel saw on this connection; 0: unknown
  std::uint64_t bytes_sent = 0;  ///< until application data was possible
  std::uint64_t bytes_received = 0;
  Bytes session;  ///< to resume with; empty when the server offered none

  std::uint32_t connection = 0;       ///< number of the connection, from 1
  Bytes sent;                         ///< the first flight
  Bytes received;                     ///< the first Reply::kKeptOctets of what came back
  std::size_t session_id_octets = 0;  ///< of the session ID that the server gave; up to TLS 1.2 and without a ticket
  std::vector<Ticket> tickets;        ///< in the order in which they came
  bool key_exchanged = false;         ///< an ephemeral key went into it; false: none, or RSA, or the PSK alone
  EarlyData early_data = EarlyData::not_sent;
  int http_status = 0;                ///< of what came in answer to the early data; 0: no HTTP status line came
  bool answered_late = false;         ///< it came so long after the Finished that the request may have been begun before
  bool answered_early = false;        ///< it came before the client's Finished was sent, so without any proof that this is no replay
  bool secure_renegotiation = false;  ///< RFC 5746
  Renegotiation renegotiation = Renegotiation::not_tried;
  unsigned renegotiated = 0;      ///< how often
  std::string renegotiation_end;  ///< what the server did when it refused; else why it is not known
};

/// A handshake kept for every probe that can learn from it.
struct HandshakeTranscript {
  HandshakeTranscript() = default;
  HandshakeOrder order;
  HandshakeRecord record;
};

}  // namespace tlsgauge::audit
