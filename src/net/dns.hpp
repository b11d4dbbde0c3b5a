#pragma once
// Records from DNS, validated by DNSSEC (RFC 4033 to 4035), by libunbound.

#include <asio/awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <stop_token>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace tlsgauge::net {

struct DnsSettings {
  DnsSettings() = default;
  std::string server;  ///< address or address@port, asked for everything; empty: the servers of /etc/resolv.conf
  std::string anchor;  ///< file with the root's DS or DNSKEY; empty: where Debian has it, and where that is not, nothing is validated
  friend bool operator<(DnsSettings const& a, DnsSettings const& b) { return std::tie(a.server, a.anchor) < std::tie(b.server, b.anchor); }
};

struct DnsRecords {
  DnsRecords() = default;
  std::vector<Bytes> records;  ///< RDATA, in canonical order
  bool name_exists = true;     ///< false: NXDOMAIN
  bool secure = false;         ///< validated
  bool validating = true;      ///< there was an anchor to begin with
};

/// Whether DnsSettings::server can be that: "192.0.2.53", "2001:db8::53@5353".
[[nodiscard]] bool is_dns_server(std::string_view text);

/// One RRset of class IN. All questions of an io_context share one client and its cache, which is made with the first. Errors: `malformed`
/// when DNSSEC proves the answer bogus; `refused` when the server answers with an error; `unsupported` where the server passes no
/// DNSSEC on, or libunbound is not installed; timed_out (also for all that is asked later of a server that never answered), cancelled,
/// local.
[[nodiscard]] asio::awaitable<Result<DnsRecords>> look_up(DnsSettings settings, std::string name, std::uint16_t type,
                                                          std::chrono::milliseconds limit, std::stop_token stop);

}  // namespace tlsgauge::net
