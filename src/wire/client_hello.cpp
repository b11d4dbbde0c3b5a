#include <algorithm>

#include "wire/extension_list.hpp"
#include "wire/handshake.hpp"
#include "wire/record.hpp"

namespace tlsgauge::wire {
namespace {

constexpr std::size_t kUsualOctets = 512;  // of all that is no suite

}  // namespace

std::span<std::uint8_t> random_of(Bytes& hello) { return std::span{hello}.subspan(4 + 2, Random{}.size()); }

Bytes ClientHello::encode() const {
  Writer w;
  w.reserve(kUsualOctets + 2 * cipher_suites.size());
  w.code(HandshakeType::client_hello);
  w.vector24([&](Writer& body) {
    body.code(legacy_version);
    body.bytes(random);
    body.vector8([&](Writer& id) { id.bytes(legacy_session_id); });
    body.vector16([&](Writer& suites) { suites.codes(cipher_suites); });
    body.vector8([&](Writer& methods) { methods.bytes(legacy_compression_methods); });
    if (!extensions.empty()) write_extensions(body, extensions);
  });
  return w.take();
}

Bytes ClientHello::encode_in_records() const { return encode_in_records(kMaxPlaintext); }

Bytes ClientHello::encode_in_records(std::size_t most) const {
  return encode_records(ContentType::handshake, record_version, encode(), most);
}

Result<ClientHello> ClientHello::parse(ByteView message) {
  Reader r{message};
  ClientHello hello;
  if (r.code<HandshakeType>() != HandshakeType::client_hello) r.fail();
  r.vector24([&](Reader& body) {
    hello.legacy_version = body.code<ProtocolVersion>();
    std::ranges::copy(body.bytes(hello.random.size()), hello.random.begin());
    body.vector8([&](Reader& id) {
      if (id.remaining() > 32) return id.fail();
      ByteView const octets = id.rest();
      hello.legacy_session_id.assign(octets.begin(), octets.end());
    });
    hello.cipher_suites = read_codes<CipherSuite>(body);
    body.vector8([&](Reader& methods) {
      if (!methods.more()) return methods.fail();
      ByteView const octets = methods.rest();
      hello.legacy_compression_methods.assign(octets.begin(), octets.end());
    });
    if (body.more()) read_extensions(body, hello.extensions);
  });
  return r.finish("ClientHello", std::move(hello));
}

}  // namespace tlsgauge::wire
