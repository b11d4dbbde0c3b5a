#pragma once
// The signed certificate timestamps that came with a certificate, and what they are worth. RFC 6962.

#include <string>
#include <vector>

#include "audit/peer.hpp"
#include "wire/sct.hpp"

namespace tlsgauge::probes {

enum class Carrier { certificate, tls, ocsp };

/// An end entity's certificate with all timestamp lists that were seen with it.
struct Timestamped {
  Timestamped() = default;
  std::vector<Bytes> chain;                           ///< as first sent, DER
  std::vector<std::pair<Carrier, Bytes>> timestamps;  ///< SerializedSCTs, each once, and lists that cannot be split as they are
};

/// Every certificate shown for the target's own name, from what was exchanged so far. At most 16.
[[nodiscard]] std::vector<Timestamped> timestamped_certificates(audit::Peer const& peer);

/// What the report says of one of them.
[[nodiscard]] Value timestamp_facts(Timestamped const& shown, audit::Settings const& settings);

}  // namespace tlsgauge::probes
