#pragma once
// A host with an optional port, as users write it.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace tlsgauge::net {

struct HostPort {
  std::string scheme;  ///< "https" where one was written, else empty
  std::string host;    ///< lower-case A-labels without the root's dot, or an address literal without brackets
  std::optional<std::uint16_t> port;
};

/// host, host:port, [v6], [v6]:port, bare v6, https://host:port/path. Names in any script (RFC 5891, UTS 46 nontransitional); an underscore
/// is let pass. `invalid_input` says what is wrong; `unsupported` names a scheme that is not https.
[[nodiscard]] Result<HostPort> parse_host_port(std::string_view text);

/// A host name to lower-case A-labels: RFC 1035 section 2.3.4 lengths, letters, digits, hyphens, underscores.
[[nodiscard]] Result<std::string> to_a_labels(std::string_view name);

/// "192.0.2.1", "2001:db8::1", "fe80::1%eth0".
[[nodiscard]] bool is_address(std::string_view text);

}  // namespace tlsgauge::net
