#pragma once
// A cipher suite as the facts tell it.

#include "audit/peer.hpp"
#include "tlsgauge/value.hpp"

namespace tlsgauge::probes {

/// An entry of facts.cipher_suites. Group and size of the Diffie-Hellman prime are of the flights in which the server picked the suite;
/// where it used several, the smallest prime.
[[nodiscard]] Value suite_fact(wire::ProtocolVersion version, wire::CipherSuite suite, audit::Peer const& peer);
[[nodiscard]] Value suite_fact(wire::Ssl2CipherKind kind);

}  // namespace tlsgauge::probes
