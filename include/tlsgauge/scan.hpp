#pragma once
// Measures endpoints.

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "tlsgauge/ct.hpp"
#include "tlsgauge/result.hpp"

namespace tlsgauge {

enum class AddressFamily { any, v4, v6 };

struct ScanOptions {
  std::vector<std::string> only;  ///< probe ids; empty: all but those on request. What they need is run too
  std::vector<std::string> also;  ///< beside those, such as are asked on request only
  std::vector<std::string> skip;
  std::optional<std::string> server_name;  ///< replaces the host in SNI, Host and hostname verification
  std::string connect_host;                ///< connect here instead; empty: to the target's host
  std::uint16_t connect_port = 0;          ///< 0: the target's port
  AddressFamily family = AddressFamily::any;
  bool all_addresses = false;
  std::string ca_file;
  std::vector<std::string> trust_stores;              ///< "system", "mozilla", a name in a folder of stores, or a path; empty: "system"
  std::shared_ptr<std::vector<CtLog> const> ct_logs;  ///< Certificate Transparency logs; null: none is known
  std::uint16_t http_port = 0;                        ///< of plain HTTP; 0: 80 for targets at port 443, and not asked for others
  std::string dns_server;                             ///< address or address@port; empty: the system's
  std::string dns_anchor;                             ///< file with the root's DNSKEY or DS; empty: the system's
  bool offline = false;
  std::optional<std::chrono::sys_seconds> at;  ///< judge certificates as of this moment
  std::chrono::milliseconds timeout{10'000};   ///< per connection
  unsigned concurrency = 64;                   ///< connections in flight in all
  unsigned per_host = 8;                       ///< connections in flight per address
  double rate = 0;                             ///< new connections a second in all; 0: no limit
};

struct ProbeSummary {
  std::string_view id;
  std::string_view question;
  std::string_view connections;  ///< how many it usually opens
  bool on_request = false;       ///< asked only when it is named
  std::string references;        ///< "RFC 8446 4.2.1, RFC 5246 7.4.1.3"
};

/// The questions that can be asked, in the order of the report.
[[nodiscard]] std::vector<ProbeSummary> list_probes();

struct TargetError {
  std::string text;  ///< the target as written
  std::string reason;
};

/// host, host:port, [v6]:port, https://host:port/, CIDR with an optional :port. Opens no connection, resolves nothing.
/// Returns one target, or for CIDR all of its hosts (at most 65536). Throws TargetError.
[[nodiscard]] std::vector<Target> parse_target(std::string_view text);

struct Progress {
  std::size_t finished = 0;
  std::size_t total = 0;
  std::uint64_t connections = 0;
};

/// A question that was asked of an endpoint, and what came of it.
struct Exchange {
  std::string purpose;           ///< "TLSv1.2 suites, 112 offered"
  std::string outcome;           ///< answered, refused, refused_silently, inconclusive, malformed, not_tls, unreachable
  std::string detail;            ///< in words; empty when answered
  std::uint32_t connection = 0;  ///< the one that gave this answer, numbered from 1
  unsigned attempts = 0;         ///< connections that it took
  std::string sent;              ///< hexadecimal
  std::string received;          ///< hexadecimal, the first 256 octets
  double connect_ms = 0;
  double first_byte_ms = 0;
};

struct ScanEvents {
  std::function<void(Endpoint const&)> finished;  ///< called as each endpoint ends, from the scanning thread
  /// Called before `finished`, with every raw hello of the endpoint and its answer, in the order in which they ended.
  std::function<void(Endpoint const&, std::vector<Exchange> const&)> exchanges;
  std::function<void(Progress const&)> progress;  ///< called about five times a second
};

/// Measures all targets and returns the endpoints in the order of the targets. When `stop` is requested, ends within a second; endpoints
/// that were under way are returned as `partial` with what they had, untouched ones are left out. Throws std::invalid_argument for options
/// that cannot be served (an unknown probe, a CA file that cannot be read), before any connection.
[[nodiscard]] std::vector<Endpoint> scan(std::vector<Target> const& targets, ScanOptions const& options, ScanEvents const& events,
                                         std::stop_token stop);

}  // namespace tlsgauge
