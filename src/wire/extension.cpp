#include "wire/extension.hpp"

#include "wire/writer.hpp"

namespace tlsgauge::wire {
namespace {

template <class F>
Extension made(ExtensionType type, F&& write) {
  Writer writer;
  std::forward<F>(write)(writer);
  return {type, writer.take()};
}

template <class T>
Extension list16(ExtensionType type, std::span<T const> codes) {
  return made(type, [&](Writer& w) {
    w.vector16([&](Writer& list) {
      for (T const code : codes) list.code(code);
    });
  });
}

}  // namespace

Extension const* find(std::vector<Extension> const& list, ExtensionType type) {
  for (Extension const& extension : list) {
    if (extension.type == type) return &extension;
  }
  return nullptr;
}

Extension server_name(std::string_view host) {
  return made(ExtensionType::server_name, [&](Writer& w) {
    w.vector16([&](Writer& list) {
      list.u8(0);  // host_name
      list.vector16([&](Writer& name) { name.bytes(view(host)); });
    });
  });
}

Extension supported_groups(std::span<NamedGroup const> groups) { return list16(ExtensionType::supported_groups, groups); }

Extension ec_point_formats() { return {ExtensionType::ec_point_formats, {3, 0, 1, 2}}; }

Extension signature_algorithms(std::span<SignatureScheme const> schemes) { return list16(ExtensionType::signature_algorithms, schemes); }

Extension supported_versions(std::span<ProtocolVersion const> versions) {
  return made(ExtensionType::supported_versions, [&](Writer& w) {
    w.vector8([&](Writer& list) {
      for (ProtocolVersion const version : versions) list.code(version);
    });
  });
}

Extension key_share(std::span<KeyShareEntry const> shares) {
  return made(ExtensionType::key_share, [&](Writer& w) {
    w.vector16([&](Writer& list) {
      for (KeyShareEntry const& share : shares) {
        list.code(share.group);
        list.vector16([&](Writer& key) { key.bytes(share.key_exchange); });
      }
    });
  });
}

Extension psk_key_exchange_modes() { return {ExtensionType::psk_key_exchange_modes, {2, 1, 0}}; }

Extension application_layer_protocol_negotiation(std::span<std::string const> protocols) {
  return made(ExtensionType::application_layer_protocol_negotiation, [&](Writer& w) {
    w.vector16([&](Writer& list) {
      for (std::string const& protocol : protocols) list.vector8([&](Writer& name) { name.bytes(view(protocol)); });
    });
  });
}

Extension renegotiation_info() { return {ExtensionType::renegotiation_info, {0}}; }
Extension extended_master_secret() { return {ExtensionType::extended_master_secret, {}}; }
Extension encrypt_then_mac() { return {ExtensionType::encrypt_then_mac, {}}; }
Extension session_ticket() { return {ExtensionType::session_ticket, {}}; }
Extension status_request() { return {ExtensionType::status_request, {1, 0, 0, 0, 0}}; }
Extension signed_certificate_timestamp() { return {ExtensionType::signed_certificate_timestamp, {}}; }
Extension heartbeat() { return {ExtensionType::heartbeat, {1}}; }
Extension padding(std::size_t octets) { return {ExtensionType::padding, Bytes(octets, 0)}; }

}  // namespace tlsgauge::wire
