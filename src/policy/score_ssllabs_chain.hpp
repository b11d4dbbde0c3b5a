#pragma once
// What the SSL Labs guide has against a certificate chain.

#include <string>
#include <vector>

#include "policy/score_ssllabs.hpp"

namespace tlsgauge::policy {

struct ChainFinding {
  SslLabsFault fault;
  bool inconclusive = false;
  std::string words;                      ///< what was observed, or why it is not known
  std::vector<std::string> members = {};  ///< the faults that were observed, in words that stay from day to day
};

/// `chain`: an entry of facts.certificates. A key or signature that this scanner's verification holds to be too weak does not make a chain
/// untrusted here, where the guide has rules of its own for it.
[[nodiscard]] std::vector<ChainFinding> judge_chain(Endpoint const& endpoint, Value const& chain);

}  // namespace tlsgauge::policy
