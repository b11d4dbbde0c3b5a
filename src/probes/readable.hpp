#pragma once
// Flights of TLS 1.3 that are read to their end: asked for with a key share of our own.

#include <asio/awaitable.hpp>
#include <string>

#include "audit/facts.hpp"
#include "audit/peer.hpp"

namespace tlsgauge::probes {

struct ReadableFlight {
  ReadableFlight() = default;
  audit::Reply reply;
  std::string failure;   ///< why there is no whole flight; empty when there is one
  bool refused = false;  ///< there is none to be had in this way
};

/// The usual hello with those of the server's suites that can be decrypted, for a probe to put its own extensions into. Without any
/// suite when there are none.
[[nodiscard]] wire::ClientHello readable_hello(audit::Peer const& peer, audit::Facts const& facts);

/// Asks with a share of the group that the server likes, once more where it names another one, and a few times where the flight breaks
/// off: a share opens the answer of one connection only.
asio::awaitable<ReadableFlight> ask_readable(audit::Peer& peer, wire::ClientHello hello, std::string purpose);

}  // namespace tlsgauge::probes
