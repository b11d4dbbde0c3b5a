#include "wire/v2_client_hello.hpp"

#include <cassert>

#include "wire/writer.hpp"

namespace tlsgauge::wire {

Bytes v2_client_hello(ProtocolVersion version, std::span<CipherSuite const> suites, ByteView challenge) {
  assert(challenge.size() == 32);
  constexpr std::size_t kSpec = 3;
  Writer body;
  body.u8(1);  // msg_type
  body.code(version);
  body.u16(static_cast<std::uint16_t>(suites.size() * kSpec));
  body.u16(0);  // session_id_length
  body.u16(static_cast<std::uint16_t>(challenge.size()));
  for (CipherSuite const suite : suites) body.u24(static_cast<std::uint16_t>(suite));
  body.bytes(challenge);

  Writer record;
  record.u16(static_cast<std::uint16_t>(0x8000U | body.size()));
  record.bytes(body.take());
  return record.take();
}

}  // namespace tlsgauge::wire
