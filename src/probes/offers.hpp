#pragma once
// Hellos for questions about versions, suites and groups, and what their answers mean to an enumeration.

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "audit/facts.hpp"
#include "audit/peer.hpp"
#include "solve/enumeration.hpp"
#include "wire/hello.hpp"

namespace tlsgauge::probes {

/// The usual hello of a version. In TLS 1.3 the groups stand in the order of the enumeration of groups, so that its answers count there.
[[nodiscard]] wire::ClientHello usual_hello(wire::ProtocolVersion version, std::vector<wire::CipherSuite> suites,
                                            std::string_view server_name);
/// As short as can be while still offering what most servers need: for those that drop long hellos, and those that choke on an extension.
/// In TLS 1.3 it holds a share of x25519.
[[nodiscard]] wire::ClientHello short_hello(wire::ProtocolVersion version, std::vector<wire::CipherSuite> suites,
                                            std::string_view server_name);
/// `hello` with shares of those groups that a share can be made of; empty when there is none.
[[nodiscard]] std::optional<wire::ClientHello> with_shares(wire::ClientHello hello, std::span<wire::NamedGroup const> groups);

/// What supported_versions lists; empty without it.
[[nodiscard]] std::vector<wire::ProtocolVersion> supported_versions_of(wire::ClientHello const& hello);
/// Where an extension's answer is best looked for: TLS 1.2, since it is not encrypted there, else TLS 1.3, else what there is.
[[nodiscard]] std::optional<wire::ProtocolVersion> version_to_ask(audit::Facts const& facts);

/// The only version that a hello can be answered with; empty when it offers several, or one that no server can know.
[[nodiscard]] std::optional<wire::ProtocolVersion> only_version(wire::ClientHello const& hello);
/// The hello that this endpoint was first seen to answer at that version, to change one thing in; the usual one when there is none.
[[nodiscard]] wire::ClientHello model_hello(audit::Peer const& peer, wire::ProtocolVersion version);
/// Sent for the target's own name, or for none where it has none: questions about other names say nothing of the target.
[[nodiscard]] bool for_target(audit::Peer const& peer, wire::ClientHello const& hello);
/// The name that hellos for no host of the server's carry. RFC 6761 section 6.4: nobody has it.
inline constexpr std::string_view kUnknownName = "tlsgauge.invalid";
/// Same extensions, groups and kind of key share: answers to one hold for the other.
[[nodiscard]] bool same_shape(wire::ClientHello const& a, wire::ClientHello const& b);

/// The model with these suites, and the SCSVs that it has.
[[nodiscard]] wire::ClientHello offering(wire::ClientHello model, std::vector<wire::CipherSuite> suites);
[[nodiscard]] wire::ClientHello offering(wire::ClientHello model, std::span<wire::NamedGroup const> groups);
/// The model with these schemes for the handshake; those inside the chain stay free.
[[nodiscard]] wire::ClientHello signed_with(wire::ClientHello model, std::span<wire::SignatureScheme const> schemes);
/// Without SCSVs.
[[nodiscard]] std::vector<wire::CipherSuite> suites_of(wire::ClientHello const& hello);
[[nodiscard]] std::vector<wire::NamedGroup> named_groups_of(wire::ClientHello const& hello);
[[nodiscard]] std::vector<wire::SignatureScheme> schemes_of(wire::ClientHello const& hello);
[[nodiscard]] bool has_shares(wire::ClientHello const& hello);

[[nodiscard]] bool holds(std::vector<solve::Code> const& list, solve::Code code);
[[nodiscard]] std::vector<wire::CipherSuite> suites_of(std::vector<solve::Code> const& codes);
[[nodiscard]] std::vector<solve::Code> codes_of(std::vector<wire::CipherSuite> const& suites);
[[nodiscard]] std::vector<wire::NamedGroup> groups_of(std::vector<solve::Code> const& codes);
[[nodiscard]] std::vector<solve::Code> codes_of(std::vector<wire::NamedGroup> const& groups);
[[nodiscard]] std::vector<wire::SignatureScheme> schemes_of(std::vector<solve::Code> const& codes);
[[nodiscard]] std::vector<solve::Code> codes_of(std::vector<wire::SignatureScheme> const& schemes);

/// Alerts that are about something else than the versions, suites and groups that were offered.
[[nodiscard]] bool beside_the_point(wire::AlertDescription alert);

/// What a reply says of the suites of a hello that could be answered with that version only.
[[nodiscard]] solve::Answer suite_answer(wire::ProtocolVersion version, audit::Reply const& reply);
/// The same of the groups of a TLS 1.3 hello.
[[nodiscard]] solve::Answer group_answer(audit::Reply const& reply);

/// Up to TLS 1.2, of hellos whose suites all come with a ServerKeyExchange: its curve, the RFC 7919 group of its prime (0: it has no such
/// name), its signature scheme. A code that was not offered comes as picked all the same.
enum class Part { curve, ffdhe, scheme };
[[nodiscard]] solve::Answer exchange_answer(wire::ProtocolVersion version, Part part, audit::Reply const& reply);

[[nodiscard]] std::string_view name(solve::Chooser chooser);

}  // namespace tlsgauge::probes
