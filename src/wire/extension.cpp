#include "wire/extension.hpp"

#include <algorithm>

#include "wire/extension_list.hpp"

namespace tlsgauge::wire {
namespace {

template <class F>
Extension make(ExtensionType type, F&& write) {
  Writer w;
  std::forward<F>(write)(w);
  return {type, w.take()};
}

template <class E>
Extension list_of(ExtensionType type, std::span<E const> codes) {
  return make(type, [&](Writer& w) {
    w.vector16([&](Writer& list) {
      for (E const code : codes) list.code(code);
    });
  });
}

}  // namespace

Extension const* find(std::vector<Extension> const& list, ExtensionType type) {
  auto const at = std::find_if(list.begin(), list.end(), [type](Extension const& e) { return e.type == type; });
  return at == list.end() ? nullptr : &*at;
}

void read_extensions(Reader& r, std::vector<Extension>& into) {
  r.vector16([&](Reader& list) {
    while (list.more()) {
      if (into.size() == kMaxExtensions) return list.fail();
      Extension& extension = into.emplace_back();
      extension.type = list.code<ExtensionType>();
      list.vector16([&](Reader& data) {
        ByteView const content = data.rest();
        extension.data.assign(content.begin(), content.end());
      });
    }
  });
}

void write_extensions(Writer& w, std::vector<Extension> const& list) {
  w.vector16([&](Writer& all) {
    for (Extension const& extension : list) {
      all.code(extension.type);
      all.vector16([&](Writer& data) { data.bytes(extension.data); });
    }
  });
}

Extension server_name(std::string_view host) {
  // RFC 6066 section 3: "represented as a byte string using ASCII encoding without a trailing dot".
  if (host.ends_with('.')) host.remove_suffix(1);
  return make(ExtensionType::server_name, [&](Writer& w) {
    w.vector16([&](Writer& list) {
      list.u8(0);  // host_name
      list.vector16([&](Writer& name) { name.bytes(view(host)); });
    });
  });
}

Extension supported_groups(std::span<NamedGroup const> groups) { return list_of(ExtensionType::supported_groups, groups); }

Extension ec_point_formats() { return {ExtensionType::ec_point_formats, {3, 0, 1, 2}}; }

Extension signature_algorithms(std::span<SignatureScheme const> schemes) { return list_of(ExtensionType::signature_algorithms, schemes); }

Extension supported_versions(std::span<ProtocolVersion const> versions) {
  return make(ExtensionType::supported_versions, [&](Writer& w) {
    w.vector8([&](Writer& list) {
      for (ProtocolVersion const version : versions) list.code(version);
    });
  });
}

Extension key_share(std::span<KeyShareEntry const> shares) {
  return make(ExtensionType::key_share, [&](Writer& w) {
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
  return make(ExtensionType::application_layer_protocol_negotiation, [&](Writer& w) {
    w.vector16([&](Writer& list) {
      for (std::string const& protocol : protocols) {
        list.vector8([&](Writer& name) { name.bytes(view(protocol)); });
      }
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
Extension srp(std::string_view user) {
  return make(ExtensionType::srp, [&](Writer& w) { w.vector8([&](Writer& name) { name.bytes(view(user)); }); });
}
Extension server_certificate_type() { return {ExtensionType::server_certificate_type, {2, 0, 2}}; }
Extension padding(std::size_t octets) { return {ExtensionType::padding, Bytes(octets, 0)}; }

}  // namespace tlsgauge::wire
