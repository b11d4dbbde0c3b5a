#pragma once
// Which ways lead from an end entity's certificate to an anchor. RFC 4158: a certificate may have several issuers of the same name.

#include <span>
#include <vector>

#include "crypto/handles.hpp"
#include "crypto/trust_store.hpp"

namespace tlsgauge::crypto {

struct ChainParts {
  X509Handle leaf;                ///< null when it cannot be parsed
  std::vector<X509Handle> owned;  ///< what else was sent, each once, what cannot be parsed left out; at most 32
  std::vector<X509*> helpers;     ///< of `owned`
};
[[nodiscard]] ChainParts parse_chain(std::span<Bytes const> chain);

struct Path {
  std::vector<X509*> between;  ///< from the end entity's issuer upwards
  X509* anchor = nullptr;
  X509Handle held;  ///< `anchor`
};
/// At most 64, of at most 10 certificates between, shortest first. By names and key identifiers only: no signature is looked at.
[[nodiscard]] std::vector<Path> paths_to_anchors(ChainParts const& parts, TrustStore const& store);

[[nodiscard]] X509StackHandle stack_of(std::vector<X509*> const& certificates);

}  // namespace tlsgauge::crypto
