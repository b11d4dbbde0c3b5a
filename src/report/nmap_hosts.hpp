#pragma once
// A document as nmap sees it: hosts with ports. Endpoints at one address under one name are ports of one host.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tlsgauge/result.hpp"

namespace tlsgauge::report {

struct NmapPort {
  Endpoint const* endpoint = nullptr;
  std::string_view state;   ///< "open", "closed", "filtered"
  std::string_view reason;  ///< "syn-ack", "conn-refused", "no-response"
};

struct NmapHost {
  std::string address;  ///< printable
  std::string name;     ///< printable; empty where the target was an address
  bool up = true;       ///< false: no endpoint of it answered at all
  std::vector<NmapPort> ports;
};

struct NmapRun {
  std::vector<NmapHost> hosts;          ///< in the order of the document
  std::vector<std::string> unresolved;  ///< names without an address, printable
  std::optional<std::int64_t> started;  ///< seconds since 1970; empty: not known
  std::optional<std::int64_t> finished;
  std::string arguments;  ///< the command line, printable

  [[nodiscard]] std::size_t up() const;
  [[nodiscard]] std::optional<std::int64_t> seconds() const;  ///< that it took, no fewer than 0; empty: not known
};

[[nodiscard]] NmapRun nmap_run(Document const& document);

/// "tlsgauge done at Thu Nov 26 08:13:06 2026; 1 IP address (1 host up) scanned in 3.00 seconds"; `divider` behind the time. That the run
/// was interrupted, or that a time is not known, is said.
[[nodiscard]] std::string nmap_summary(Document const& document, NmapRun const& run, std::string_view divider);

/// "tcp" or "udp".
[[nodiscard]] std::string_view nmap_protocol(Target const& target);
/// The name of nmap-services for the port, "unknown" where it is none of those with TLS.
[[nodiscard]] std::string_view nmap_service(Target const& target);
/// "Thu Nov 26 08:13:03 2026", UTC; "at an unknown time".
[[nodiscard]] std::string nmap_time(std::optional<std::int64_t> seconds);

}  // namespace tlsgauge::report
