#include "wire/handshake.hpp"
#include "wire/reader.hpp"
#include "wire/record.hpp"
#include "wire/writer.hpp"

namespace tlsgauge::wire {

Bytes ClientHello::encode() const {
  Writer writer;
  writer.code(HandshakeType::client_hello);
  writer.vector24([&](Writer& body) {
    body.code(legacy_version);
    body.bytes(random);
    body.vector8([&](Writer& id) { id.bytes(legacy_session_id); });
    body.vector16([&](Writer& list) {
      for (CipherSuite const suite : cipher_suites) list.code(suite);
    });
    body.vector8([&](Writer& list) { list.bytes(legacy_compression_methods); });
    if (extensions.empty()) return;
    body.vector16([&](Writer& list) {
      for (Extension const& extension : extensions) {
        list.code(extension.type);
        list.vector16([&](Writer& data) { data.bytes(extension.data); });
      }
    });
  });
  return writer.take();
}

Bytes ClientHello::encode_in_records() const { return encode_records(ContentType::handshake, record_version, encode()); }

Result<ClientHello> ClientHello::parse(ByteView message) {
  Reader reader{message};
  ClientHello hello;
  if (reader.code<HandshakeType>() != HandshakeType::client_hello) reader.fail();
  reader.vector24([&](Reader& body) {
    hello.legacy_version = body.code<ProtocolVersion>();
    ByteView const random = body.bytes(hello.random.size());
    std::copy(random.begin(), random.end(), hello.random.begin());
    body.vector8([&](Reader& id) {
      ByteView const rest = id.rest();
      if (rest.size() > 32) id.fail();
      hello.legacy_session_id.assign(rest.begin(), rest.end());
    });
    body.vector16([&](Reader& list) {
      while (list.more()) hello.cipher_suites.push_back(list.code<CipherSuite>());
    });
    body.vector8([&](Reader& list) {
      ByteView const rest = list.rest();
      hello.legacy_compression_methods.assign(rest.begin(), rest.end());
    });
    if (!body.more()) return;
    body.vector16([&](Reader& list) {
      while (list.more()) {
        Extension& extension = hello.extensions.emplace_back();
        extension.type = list.code<ExtensionType>();
        list.vector16([&](Reader& data) {
          ByteView const rest = data.rest();
          extension.data.assign(rest.begin(), rest.end());
        });
      }
    });
  });
  return reader.finish("ClientHello", std::move(hello));
}

}  // namespace tlsgauge::wire
