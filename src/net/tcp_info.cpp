#include "net/tcp_info.hpp"

// A file of its own: glibc's <netinet/tcp.h>, which Asio includes, has another tcp_info, without tcpi_min_rtt.
#ifdef __linux__
#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cstddef>
#include <cstdint>
#endif

namespace tlsgauge::net {

double tcp_min_round_trip_ms([[maybe_unused]] int socket) {
#ifdef __linux__
  tcp_info info{};
  socklen_t size = sizeof info;
  if (getsockopt(socket, IPPROTO_TCP, TCP_INFO, &info, &size) != 0) return 0;
  bool const given = size >= offsetof(tcp_info, tcpi_min_rtt) + sizeof info.tcpi_min_rtt;  // old kernels know less
  if (!given || info.tcpi_min_rtt == UINT32_MAX) return 0;                                 // the latter: nothing measured yet
  return info.tcpi_min_rtt / 1000.0;
#else
  return 0;
#endif
}

}  // namespace tlsgauge::net
