#pragma once
// Hello extensions: raw as they travel, and one function to build each that we send.

#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "wire/registry/registry.hpp"

namespace tlsgauge::wire {

struct Extension {
  Extension() = default;
  Extension(ExtensionType t, Bytes d) : type(t), data(std::move(d)) {}
  ExtensionType type{};
  Bytes data;
  friend bool operator==(Extension const&, Extension const&) = default;
};

/// The extension of that type, or nullptr.
[[nodiscard]] Extension const* find(std::vector<Extension> const& list, ExtensionType type);

struct KeyShareEntry {
  KeyShareEntry() = default;
  KeyShareEntry(NamedGroup g, Bytes k) : group(g), key_exchange(std::move(k)) {}
  NamedGroup group{};
  Bytes key_exchange;
};

// Names of the functions are the registry's names of the extensions, with `_extension` where both would collide.
[[nodiscard]] Extension server_name(std::string_view host);                              // RFC 6066 section 3
[[nodiscard]] Extension supported_groups(std::span<NamedGroup const> groups);            // RFC 8446 section 4.2.7
[[nodiscard]] Extension ec_point_formats();                                              // RFC 8422 section 5.1.2: all three
[[nodiscard]] Extension signature_algorithms(std::span<SignatureScheme const> schemes);  // RFC 8446 section 4.2.3
[[nodiscard]] Extension supported_versions(std::span<ProtocolVersion const> versions);   // RFC 8446 section 4.2.1
[[nodiscard]] Extension key_share(std::span<KeyShareEntry const> shares);                // RFC 8446 section 4.2.8; may be empty
[[nodiscard]] Extension psk_key_exchange_modes();                                        // RFC 8446 section 4.2.9: psk_ke, psk_dhe_ke
[[nodiscard]] Extension application_layer_protocol_negotiation(std::span<std::string const> protocols);  // RFC 7301
[[nodiscard]] Extension renegotiation_info();                                                            // RFC 5746, initial handshake
[[nodiscard]] Extension extended_master_secret();                                                        // RFC 7627
[[nodiscard]] Extension encrypt_then_mac();                                                              // RFC 7366
[[nodiscard]] Extension session_ticket();                                                                // RFC 5077, empty
[[nodiscard]] Extension status_request();                                                                // RFC 6066 section 8, OCSP
[[nodiscard]] Extension signed_certificate_timestamp();                                                  // RFC 6962 section 3.3.1
[[nodiscard]] Extension heartbeat();                                                                     // RFC 6520, peer_allowed_to_send
[[nodiscard]] Extension srp(std::string_view user);                                                      // RFC 5054 section 2.8.1
[[nodiscard]] Extension server_certificate_type();                                                       // RFC 7250: X.509, raw public key
[[nodiscard]] Extension padding(std::size_t octets);                                                     // RFC 7685

}  // namespace tlsgauge::wire
