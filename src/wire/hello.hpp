#pragma once
// The hellos that probes start from. Each looks like a well-meant client of its time, so that a refusal is about what
// was asked and not about the shape of the asking.

#include <span>
#include <string_view>
#include <vector>

#include "wire/handshake.hpp"

namespace tlsgauge::wire {

/// Fresh octets from the system's generator for randoms and session ids.
void fill_random(std::span<std::uint8_t> out);

/// A hello for exactly this version with these suites and with every extension that a suite, certificate or group could need:
/// server_name (unless empty), all groups and signature schemes of the registry that the version knows, ec_point_formats,
/// renegotiation_info, extended_master_secret, encrypt_then_mac, session_ticket, status_request, ALPN (h2, http/1.1).
/// SSLv3 carries no extension, but TLS_EMPTY_RENEGOTIATION_INFO_SCSV behind up to 127 suites. Up to TLS 1.2 no ffdhe group is
/// named (naming them hides a weak DH group); `with_ffdhe` names them. TLS 1.3 gets an empty key_share, so that a
/// HelloRetryRequest names group and suite.
[[nodiscard]] ClientHello hello_for(ProtocolVersion version, std::vector<CipherSuite> suites, std::string_view server_name,
                                    bool with_ffdhe = false);

/// TLS 1.2 and 1.3 together, twelve popular suites, under 256 octets with a host name of up to 99: what any living server
/// answers. Control hello.
[[nodiscard]] ClientHello canary_hello(std::string_view server_name);

/// Suites that make sense to offer at a version: all of the registry but SCSVs, GREASE and SSLv2 kinds; for TLS 1.3 those of TLS 1.3.
[[nodiscard]] std::vector<CipherSuite> offerable_suites(ProtocolVersion version);

/// Adds an extension, or replaces the one of its type. Like `drop`, sets the padding anew, unless it is padding itself.
void put(ClientHello& hello, Extension extension);
/// Removes the extension of that type, if there.
void drop(ClientHello& hello, ExtensionType type);

}  // namespace tlsgauge::wire
