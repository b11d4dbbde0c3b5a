#pragma once
// Suites of export grade, without encryption or without authentication are bad news: two connections must have shown each such class.

#include <map>
#include <string>
#include <vector>

#include "audit/peer.hpp"

namespace tlsgauge::probes {

struct SuiteProof {
  SuiteProof() = default;
  std::map<wire::CipherSuite, Value>
      evidence;                     ///< of each suite of such a class: the connections in which it was picked, or one of its class
  std::vector<std::string> doubts;  ///< of the classes that one connection alone has shown
};

/// Opens one connection at most for a class, and none where two have shown it already.
[[nodiscard]] asio::awaitable<SuiteProof> prove(audit::Peer& peer, wire::ProtocolVersion version, wire::ClientHello model,
                                                std::vector<wire::CipherSuite> accepted);

}  // namespace tlsgauge::probes
