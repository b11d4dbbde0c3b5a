// link: wire
#include <cstdint>
#include <cstdlib>

#include "wire/handshake.hpp"

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  using namespace tlsgauge;
  auto const hello = wire::ServerHello::parse({data, size});
  if (!hello) {
    if (hello.error().kind != ErrorKind::malformed || hello.error().detail.empty()) std::abort();
    return 0;
  }
  if (hello->legacy_session_id_echo.size() > 32) std::abort();
  (void)hello->version();
  (void)hello->downgrade_sentinel();
  if (!hello->key_share().empty() && (hello->is_hello_retry_request() || !hello->key_share_group())) std::abort();
  return 0;
}
