#pragma once
// Protocols that ALPN can name (RFC 7301 section 6).

#include <string_view>

namespace tlsgauge::wire {

inline constexpr std::string_view kApplicationProtocols[] = {
#define X(identifier, id) id,
#define Y(id) id,
#include "wire/registry/alpn.inc"
#undef X
#undef Y
};

}  // namespace tlsgauge::wire
