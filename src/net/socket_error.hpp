#pragma once
// What an error of the socket layer means for a question that was being asked.

#include <asio/error_code.hpp>
#include <string_view>

#include "base/result.hpp"

namespace tlsgauge::net {

/// "connect: Connection refused" as `refused`. Kinds: refused, reset, closed, timed_out, unreachable, cancelled, and `local` for what this
/// machine lacks (descriptors, ports, buffers), which is never evidence about the peer.
[[nodiscard]] Error socket_error(std::string_view doing, asio::error_code const& code);

}  // namespace tlsgauge::net
