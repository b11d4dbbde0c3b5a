#pragma once
// What of a host's settings can be served at all: by OpenSSL as it is built, and with the certificates that are there.

#include <optional>
#include <string>
#include <vector>

#include "policy/server_config/model.hpp"
#include "policy/server_config/openssl.hpp"

namespace tlsgauge::policy {

/// The kinds of the host's keys, "rsa", "ecdsa", "ed25519" ...; empty: not known.
using KeyKinds = std::optional<std::vector<std::string>>;

/// The security level that @SECLEVEL sets; where it is not set, the build's own is at least 1.
[[nodiscard]] int security_level(CipherList const& list);

/// The versions that a handshake can end in. Empty: not known. TLS 1.0 and 1.1 need security level 0 in OpenSSL 3 (their signatures rest
/// on SHA-1); before OpenSSL 3 that depends on the distribution, hence it is not known where they are named.
[[nodiscard]] std::optional<std::vector<wire::ProtocolVersion>> possible_protocols(VirtualHost const& host, OpensslBuild const& build);

/// The suites that can be chosen in that version, in the list's order; empty optional: not known. Without keys of a known kind, all that
/// some certificate would allow.
[[nodiscard]] std::optional<std::vector<wire::CipherSuiteInfo const*>> possible_suites(VirtualHost const& host,
                                                                                       wire::ProtocolVersion version,
                                                                                       OpensslBuild const& build, KeyKinds const& keys);

/// The groups of TLS 1.3; empty optional: not known.
[[nodiscard]] std::optional<std::vector<wire::NamedGroupInfo const*>> possible_groups(VirtualHost const& host, OpensslBuild const& build);

}  // namespace tlsgauge::policy
