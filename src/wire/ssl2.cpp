#include "wire/ssl2.hpp"

#include "wire/reader.hpp"
#include "wire/writer.hpp"

namespace tlsgauge::wire {
namespace {

constexpr std::uint8_t kError = 0;
constexpr std::uint8_t kClientHello = 1;
constexpr std::uint8_t kServerHello = 4;

Bytes copy(ByteView bytes) { return {bytes.begin(), bytes.end()}; }

}  // namespace

Bytes Ssl2ClientHello::encode() const {
  Writer body;
  body.u8(kClientHello);
  body.code(ProtocolVersion::SSLv2);
  body.u16(static_cast<std::uint16_t>(cipher_specs.size() * 3));
  body.u16(0);  // session id
  body.u16(static_cast<std::uint16_t>(challenge.size()));
  for (Ssl2CipherKind const kind : cipher_specs) body.u24(static_cast<std::uint32_t>(kind));
  body.bytes(challenge);
  Writer record;
  record.u16(static_cast<std::uint16_t>(0x8000U | body.size()));  // two-octet header, no padding
  record.bytes(body.take());
  return record.take();
}

Result<Ssl2ServerHello> Ssl2ServerHello::parse(ByteView body) {
  Reader reader{body};
  Ssl2ServerHello hello;
  if (reader.u8() != kServerHello) reader.fail();
  hello.session_id_hit = reader.u8() != 0;
  hello.certificate_type = reader.u8();
  hello.version = reader.code<ProtocolVersion>();
  std::size_t const certificate = reader.u16();
  std::size_t const specs = reader.u16();
  std::size_t const connection_id = reader.u16();
  hello.certificate = copy(reader.bytes(certificate));
  Reader list{reader.bytes(specs)};
  if (specs % 3 != 0) reader.fail();
  while (list.remaining() >= 3) hello.cipher_specs.push_back(static_cast<Ssl2CipherKind>(list.u24()));
  hello.connection_id = copy(reader.bytes(connection_id));
  return reader.finish("SSLv2 SERVER-HELLO", std::move(hello));
}

Result<std::optional<Bytes>> read_ssl2_record(ByteView stream) {
  if (stream.empty()) return std::optional<Bytes>{};
  bool const short_header = (stream[0] & 0x80U) != 0;
  std::size_t const header = short_header ? 2 : 3;
  if (stream.size() < header) return std::optional<Bytes>{};
  std::size_t const length = (static_cast<std::size_t>(stream[0]) & (short_header ? 0x7FU : 0x3FU)) << 8U | stream[1];
  std::size_t const padding = short_header ? 0 : stream[2];
  if (length == 0 || padding >= length) return Error{ErrorKind::malformed, "the octets begin no SSLv2 record"};
  if (stream.size() == header) return std::optional<Bytes>{};
  if (stream[header] != kServerHello && stream[header] != kError) {
    return Error{ErrorKind::malformed, "an SSLv2 record holds message type " + std::to_string(stream[header])};
  }
  if (stream.size() - header < length) return std::optional<Bytes>{};
  return std::optional<Bytes>{copy(stream.subspan(header, length - padding))};
}

}  // namespace tlsgauge::wire
