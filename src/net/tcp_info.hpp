#pragma once
// What the kernel measured on a TCP connection.

namespace tlsgauge::net {

/// The shortest round trip on this socket, in milliseconds; 0 when it is not known (Linux only).
[[nodiscard]] double tcp_min_round_trip_ms(int socket);

}  // namespace tlsgauge::net
