#pragma once
// The ClientHello of a resumption that no TLS library sends: a PSK without an ephemeral key beside it (RFC 8446 section 4.2.9, psk_ke).

#include <string>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace tlsgauge::crypto {

/// In a record. `session` is a TLS 1.3 session of ClientSession::session(). Shares are offered too, so that a server that refuses the PSK
/// can go on with a full handshake.
[[nodiscard]] Result<Bytes> psk_ke_hello(std::string const& server_name, Bytes const& session);

}  // namespace tlsgauge::crypto
