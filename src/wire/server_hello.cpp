#include <algorithm>

#include "wire/extension_list.hpp"
#include "wire/handshake.hpp"

namespace tlsgauge::wire {

Result<ServerHello> ServerHello::parse(ByteView body) {
  Reader r{body};
  ServerHello hello;
  hello.legacy_version = r.code<ProtocolVersion>();
  std::ranges::copy(r.bytes(hello.random.size()), hello.random.begin());
  r.vector8([&](Reader& id) {
    if (id.remaining() > 32) return id.fail();
    ByteView const octets = id.rest();
    hello.legacy_session_id_echo.assign(octets.begin(), octets.end());
  });
  hello.cipher_suite = r.code<CipherSuite>();
  hello.legacy_compression_method = r.u8();
  if (r.more()) read_extensions(r, hello.extensions);
  return r.finish("ServerHello", std::move(hello));
}

bool ServerHello::is_hello_retry_request() const {
  constexpr Random kRetry = {0xCF, 0x21, 0xAD, 0x74, 0xE5, 0x9A, 0x61, 0x11, 0xBE, 0x1D, 0x8C, 0x02, 0x1E, 0x65, 0xB8, 0x91,
                             0xC2, 0xA2, 0x11, 0x16, 0x7A, 0xBB, 0x8C, 0x5E, 0x07, 0x9E, 0x09, 0xE2, 0xC8, 0xA8, 0x33, 0x9C};
  return random == kRetry;
}

ProtocolVersion ServerHello::version() const {
  if (Extension const* const selected = find(extensions, ExtensionType::supported_versions)) {
    Reader r{selected->data};
    auto const version = r.code<ProtocolVersion>();
    if (!r.failed() && !r.more()) return version;
  }
  return legacy_version;
}

std::optional<NamedGroup> ServerHello::key_share_group() const {
  Extension const* const share = find(extensions, ExtensionType::key_share);
  if (!share) return std::nullopt;
  Reader r{share->data};
  auto const group = r.code<NamedGroup>();
  if (r.failed()) return std::nullopt;
  return group;
}

Bytes ServerHello::key_share() const {
  Extension const* const share = find(extensions, ExtensionType::key_share);
  if (!share || is_hello_retry_request()) return {};
  Reader r{share->data};
  Bytes key;
  r.code<NamedGroup>();
  r.vector16([&](Reader& octets) {
    ByteView const all = octets.rest();
    key.assign(all.begin(), all.end());
  });
  if (r.failed() || r.more()) return {};
  return key;
}

std::optional<ProtocolVersion> ServerHello::downgrade_sentinel() const {
  // RFC 8446 section 4.1.3: "DOWNGRD" and 1 from a server of TLS 1.3 that answers TLS 1.2, 0 from one that answers TLS 1.1 or below.
  constexpr std::array<std::uint8_t, 7> kMark = {0x44, 0x4F, 0x57, 0x4E, 0x47, 0x52, 0x44};
  if (!std::equal(kMark.begin(), kMark.end(), random.end() - 8)) return std::nullopt;
  if (random.back() == 1) return ProtocolVersion::TLSv1_3;
  if (random.back() == 0) return ProtocolVersion::TLSv1_2;
  return std::nullopt;
}

}  // namespace tlsgauge::wire
