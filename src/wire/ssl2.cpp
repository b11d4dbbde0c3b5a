#include "wire/ssl2.hpp"

#include <cassert>

#include "wire/reader.hpp"
#include "wire/writer.hpp"

namespace tlsgauge::wire {
namespace {

enum class Ssl2MessageType : std::uint8_t { error = 0, client_hello = 1, server_hello = 4 };

constexpr std::size_t kServerHelloFixed = 11;  // type to CONNECTION-ID-LENGTH
constexpr std::size_t kErrorLength = 3;

Bytes copy(ByteView octets) { return {octets.begin(), octets.end()}; }

}  // namespace

Bytes Ssl2ClientHello::encode() const {
  assert(challenge.size() >= 16 && challenge.size() <= 32);
  Writer body;
  body.code(Ssl2MessageType::client_hello);
  body.code(ProtocolVersion::SSLv2);
  body.u16(static_cast<std::uint16_t>(cipher_specs.size() * 3));
  body.u16(0);  // SESSION-ID-LENGTH
  body.u16(static_cast<std::uint16_t>(challenge.size()));
  for (Ssl2CipherKind const kind : cipher_specs) body.u24(static_cast<std::uint32_t>(kind));
  body.bytes(challenge);

  Writer record;
  record.u16(static_cast<std::uint16_t>(0x8000U | body.size()));
  record.bytes(body.take());
  return record.take();
}

Result<Ssl2ServerHello> Ssl2ServerHello::parse(ByteView body) {
  Reader r{body};
  Ssl2ServerHello hello;
  if (r.code<Ssl2MessageType>() != Ssl2MessageType::server_hello) r.fail();
  hello.session_id_hit = r.u8() != 0;
  hello.certificate_type = r.u8();
  hello.version = r.code<ProtocolVersion>();
  std::size_t const certificate = r.u16();
  std::size_t const specs = r.u16();
  std::size_t const connection_id = r.u16();
  if (hello.version != ProtocolVersion::SSLv2 || specs % 3 != 0) r.fail();
  hello.certificate = copy(r.bytes(certificate));
  Reader kinds{r.bytes(specs)};
  while (kinds.more()) hello.cipher_specs.push_back(Ssl2CipherKind{kinds.u24()});
  hello.connection_id = copy(r.bytes(connection_id));
  return r.finish("SSLv2 SERVER-HELLO", std::move(hello));
}

Result<std::optional<Bytes>> read_ssl2_record(ByteView stream) {
  constexpr std::uint8_t kTwoOctetHeader = 0x80, kSecurityEscape = 0x40;
  Error const other{ErrorKind::malformed, "no SSLv2 record that holds a SERVER-HELLO or an ERROR"};
  if (stream.empty()) return std::optional<Bytes>{};
  bool const two = (stream[0] & kTwoOctetHeader) != 0;
  if (!two && (stream[0] & kSecurityEscape) != 0) return other;
  std::size_t const header = two ? 2 : 3;
  if (stream.size() < header) return std::optional<Bytes>{};

  std::size_t const length = (stream[0] & (two ? 0x7FU : 0x3FU)) << 8U | stream[1];
  std::size_t const padding = two ? 0 : stream[2];
  if (padding > length) return other;
  std::size_t const data = length - padding;
  if (data < kErrorLength || (data > kErrorLength && data < kServerHelloFixed)) return other;
  if (stream.size() == header) return std::optional<Bytes>{};
  auto const type = Ssl2MessageType{stream[header]};
  if (type != (data == kErrorLength ? Ssl2MessageType::error : Ssl2MessageType::server_hello)) return other;
  if (stream.size() - header < length) return std::optional<Bytes>{};
  return std::optional<Bytes>{copy(stream.subspan(header, data))};
}

}  // namespace tlsgauge::wire
