// link: base
#include "base/hsts.hpp"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  tlsgauge::Hsts const hsts = tlsgauge::parse_hsts({reinterpret_cast<char const*>(data), size});
  // Valid, with a number; or in error, with nothing that a user agent could act on.
  if (hsts.valid != hsts.errors.empty() || hsts.valid != hsts.max_age.has_value() || hsts.max_age.value_or(0) < 0) std::abort();
  return 0;
}
