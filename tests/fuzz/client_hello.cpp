// link: wire
#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "wire/handshake.hpp"
#include "wire/hello.hpp"

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  using namespace tlsgauge;
  auto hello = wire::ClientHello::parse({data, size});
  if (!hello) return 0;
  // What was understood is written back as it came; only a list of no extensions is written as none.
  Bytes const again = hello->encode();
  bool const same = again.size() == size ? ByteView{again}.size() == size && std::equal(again.begin(), again.end(), data)
                                         : hello->extensions.empty() && again.size() + 2 == size;
  if (!same) std::abort();
  if (again.size() < 60'000) {
    wire::put(*hello, wire::renegotiation_info());
    wire::drop(*hello, wire::ExtensionType::renegotiation_info);
    if (!wire::ClientHello::parse(hello->encode())) std::abort();
  }
  return 0;
}
