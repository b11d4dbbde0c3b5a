#include <algorithm>

#include "wire/handshake.hpp"
#include "wire/reader.hpp"

namespace tlsgauge::wire {
namespace {

// RFC 8446 section 4.1.3: SHA-256 of "HelloRetryRequest".
constexpr Random kHelloRetryRequest = {0xCF, 0x21, 0xAD, 0x74, 0xE5, 0x9A, 0x61, 0x11, 0xBE, 0x1D, 0x8C, 0x02, 0x1E, 0x65, 0xB8, 0x91,
                                       0xC2, 0xA2, 0x11, 0x16, 0x7A, 0xBB, 0x8C, 0x5E, 0x07, 0x9E, 0x09, 0xE2, 0xC8, 0xA8, 0x33, 0x9C};

constexpr std::size_t kMaxExtensions = 256;

}  // namespace

Result<ServerHello> ServerHello::parse(ByteView body) {
  Reader reader{body};
  ServerHello hello;
  hello.legacy_version = reader.code<ProtocolVersion>();
  ByteView const random = reader.bytes(hello.random.size());
  std::copy(random.begin(), random.end(), hello.random.begin());
  reader.vector8([&](Reader& id) {
    ByteView const rest = id.rest();
    if (rest.size() > 32) id.fail();
    hello.legacy_session_id_echo.assign(rest.begin(), rest.end());
  });
  hello.cipher_suite = reader.code<CipherSuite>();
  hello.legacy_compression_method = reader.u8();
  if (reader.more()) {
    reader.vector16([&](Reader& list) {
      while (list.more()) {
        if (hello.extensions.size() == kMaxExtensions) list.fail();
        Extension& extension = hello.extensions.emplace_back();
        extension.type = list.code<ExtensionType>();
        list.vector16([&](Reader& data) {
          ByteView const rest = data.rest();
          extension.data.assign(rest.begin(), rest.end());
        });
      }
    });
  }
  return reader.finish("ServerHello", std::move(hello));
}

bool ServerHello::is_hello_retry_request() const { return random == kHelloRetryRequest; }

ProtocolVersion ServerHello::version() const {
  Extension const* const chosen = find(extensions, ExtensionType::supported_versions);
  if (!chosen) return legacy_version;
  Reader reader{chosen->data};
  auto const version = reader.code<ProtocolVersion>();
  return reader.failed() || reader.more() ? legacy_version : version;
}

std::optional<NamedGroup> ServerHello::key_share_group() const {
  Extension const* const share = find(extensions, ExtensionType::key_share);
  if (!share) return std::nullopt;
  Reader reader{share->data};
  auto const group = reader.code<NamedGroup>();
  if (reader.failed()) return std::nullopt;
  return group;
}

Bytes ServerHello::key_share() const {
  Extension const* const share = find(extensions, ExtensionType::key_share);
  if (!share || is_hello_retry_request()) return {};
  Reader reader{share->data};
  (void)reader.code<NamedGroup>();
  Bytes key;
  reader.vector16([&](Reader& data) {
    ByteView const rest = data.rest();
    key.assign(rest.begin(), rest.end());
  });
  return reader.failed() || reader.more() ? Bytes{} : key;
}

std::optional<ProtocolVersion> ServerHello::downgrade_sentinel() const {
  // RFC 8446 section 4.1.3: "DOWNGRD" and 01 for a server that could do TLS 1.2, 00 for TLS 1.1 or below.
  constexpr std::array<std::uint8_t, 7> kDowngrade = {0x44, 0x4F, 0x57, 0x4E, 0x47, 0x52, 0x44};
  if (!std::equal(kDowngrade.begin(), kDowngrade.end(), random.end() - 8)) return std::nullopt;
  if (random.back() == 1) return ProtocolVersion::TLSv1_3;
  if (random.back() == 0) return ProtocolVersion::TLSv1_2;
  return std::nullopt;
}

}  // namespace tlsgauge::wire
