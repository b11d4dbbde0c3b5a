#pragma once
// Whether the chains that a server shows lead to an anchor, and for whom and how long.

#include <asio/awaitable.hpp>

#include "audit/peer.hpp"
#include "probes/chains.hpp"

namespace tlsgauge::probes {

/// Sets `Chain::trust` of every chain in the book: the members verification, verifications, repair, hostname and lifetime of its facts.
/// Fetches a missing issuer from where the certificate says, to see whether a browser would succeed: at most three documents a chain
/// and six in all; none for what others than the target are shown.
asio::awaitable<void> judge_chains(audit::Peer& peer, ChainBook& book);

}  // namespace tlsgauge::probes
