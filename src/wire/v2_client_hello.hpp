#pragma once
// RFC 5246 appendix E.2: a ClientHello of TLS in the format of SSL 2.0, as clients once sent it to servers of unknown age.

#include <span>

#include "base/bytes.hpp"
#include "wire/registry/registry.hpp"

namespace tlsgauge::wire {

/// With the two-octet record header. `challenge` has 32 octets and becomes ClientHello.random.
[[nodiscard]] Bytes v2_client_hello(ProtocolVersion version, std::span<CipherSuite const> suites, ByteView challenge);

}  // namespace tlsgauge::wire
