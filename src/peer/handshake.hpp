#pragma once
// A whole handshake, measured.

#include <asio/awaitable.hpp>
#include <memory>

#include "audit/peer.hpp"
#include "peer/address.hpp"

namespace tlsgauge::peer {

/// Repeated once when the connection failed rather than the handshake.
[[nodiscard]] asio::awaitable<audit::HandshakeRecord> handshake(std::shared_ptr<Address> address, audit::HandshakeOrder order);

}  // namespace tlsgauge::peer
