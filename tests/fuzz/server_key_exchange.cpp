// link: wire
#include <cstdint>
#include <cstdlib>

#include "wire/handshake.hpp"

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  using namespace tlsgauge;
  if (size < 3) return 0;
  // Two octets of suite and one of version stand before the message.
  auto const suite = static_cast<wire::CipherSuite>(data[0] << 8U | data[1]);
  auto const version = static_cast<wire::ProtocolVersion>(0x0300U | data[2]);
  auto const exchange = wire::ServerKeyExchange::parse({data + 3, size - 3}, suite, version);
  if (!exchange) return 0;
  if (exchange->dh_bits() < 0 || exchange->dh_p.size() * 8 > size * 8) std::abort();
  if (!exchange->dh_p.empty() && (exchange->dh_p.front() == 0 || exchange->group)) std::abort();
  if (exchange->dh_p.empty() != (exchange->dh_bits() == 0)) std::abort();
  (void)wire::find_dh_prime(exchange->dh_p);
  return 0;
}
