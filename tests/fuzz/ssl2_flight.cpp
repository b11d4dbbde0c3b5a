// link: wire
#include <cstdint>
#include <cstdlib>

#include "wire/flight.hpp"

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  using namespace tlsgauge;
  using State = wire::FlightReader::State;
  wire::FlightReader whole{{}, nullptr, true};
  wire::FlightReader cut{{}, nullptr, true};
  whole.feed({data, size});
  for (std::size_t i = 0; i < size; ++i) cut.feed({data + i, 1});
  if (whole.state() != cut.state()) std::abort();
  if (whole.state() == State::complete) {
    if (!whole.flight().ssl2 || whole.flight().ssl2->version != wire::ProtocolVersion::SSLv2) std::abort();
    if (whole.flight().ssl2->certificate != cut.flight().ssl2->certificate) std::abort();
  } else if (whole.flight().answered()) {
    std::abort();  // nothing but a SERVER-HELLO of SSLv2 answers an SSLv2 hello
  }
  (void)wire::Ssl2ServerHello::parse({data, size});
  return 0;
}
