// link: base
#include <cstdint>
#include <cstdlib>

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "base/text.hpp"

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  using namespace tlsgauge;
  std::string_view const text{reinterpret_cast<char const*>(data), size};
  std::string const utf8 = to_utf8(text);
  std::string const shown = printable(text);
  if (to_utf8(utf8) != utf8 || printable(shown) != shown || to_utf8(shown) != shown) std::abort();
  for (char const c : shown) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) std::abort();
  }
  if (display_width(shown) > shown.size()) std::abort();
  if (auto const moment = parse_rfc3339(text); moment && rfc3339(*moment).size() != 20) std::abort();
  if (auto const bytes = from_hex(text); bytes && from_hex(hex(*bytes)) != bytes) std::abort();
  return 0;
}
