#pragma once
// All chains at once, for a scan that asks for nothing else: hellos side by side in place of what other probes would have learned.

#include <asio/awaitable.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "probes/chains.hpp"
#include "wire/registry/registry.hpp"

namespace tlsgauge::probes {

/// RFC 8446 section 4.2.3: may a key of that type sign a handshake with that scheme?
[[nodiscard]] bool signs_with(std::string_view key_type, wire::SignatureSchemeInfo const& scheme);

/// One round of hellos, each for a version and some kinds of key; more only where an answer calls for it.
asio::awaitable<void> collect_in_a_wave(audit::Peer& peer, ChainBook& book);

}  // namespace tlsgauge::probes
