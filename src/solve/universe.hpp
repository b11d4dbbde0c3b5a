#pragma once
// What there is to ask for: code points in the order in which a careful server is expected to prefer them, and orders that
// real servers are known to have.

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "wire/registry/registry.hpp"

namespace tlsgauge::solve {

/// A cipher suite, a named group or a signature scheme.
using Code = std::uint16_t;

/// What a code point does to a server when it leads a hello. Some servers look at the first entry alone: Go takes another of its two
/// lists when it is not AES-GCM, OpenSSL with SSL_OP_PRIORITIZE_CHACHA moves ChaCha20 up when it is ChaCha20.
enum class Role : std::uint8_t { plain, leads, chacha };

struct Candidate {
  Code code = 0;
  Role role = Role::plain;
};

struct Universe {
  std::vector<Candidate> members;         ///< most expected first, no code twice, at most kMaxUniverse
  std::size_t core = 0;                   ///< so many of the first go into one query and carry the order
  std::vector<std::vector<Code>> orders;  ///< predictions only: they decide what is asked when, never what is reported
  bool as_listed = false;                 ///< offered in the order of `members`, as our usual hellos do, so that their answers count
};

inline constexpr std::size_t kMaxUniverse = 640;
/// In one hello. 128 is what strict servers take (peers.md 2.21); room is left for an SCSV.
inline constexpr std::size_t kMaxOffer = 126;

struct ServerOrder {
  std::string_view name;
  std::vector<Code> suites;
};

/// data/server_orders.json: TLS 1.2 orders of real servers, most preferred first.
[[nodiscard]] std::vector<ServerOrder> const& server_orders();

/// Some implementation is known to use the suite at that version.
[[nodiscard]] bool known_at(wire::ProtocolVersion version, wire::CipherSuite suite);

/// Every suite that can be offered at a version, SSLv3 to TLS 1.3. Made once.
[[nodiscard]] Universe const& suite_universe(wire::ProtocolVersion version);
/// The same out of a list of one's own.
[[nodiscard]] Universe suite_universe(wire::ProtocolVersion version, std::span<wire::CipherSuite const> offerable);
/// Every group that may be named in TLS 1.3. Made once.
[[nodiscard]] Universe const& group_universe();
[[nodiscard]] Universe group_universe(std::span<wire::NamedGroup const> groups);
/// Groups up to TLS 1.2, and signature schemes: offered in the order of the list.
[[nodiscard]] Universe curve_universe(std::span<wire::NamedGroup const> groups);
[[nodiscard]] Universe scheme_universe(std::span<wire::SignatureScheme const> schemes);

}  // namespace tlsgauge::solve
