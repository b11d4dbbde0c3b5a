// link: wire
#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "wire/jarm.hpp"

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  using namespace tlsgauge;
  wire::JarmAnswer const answer = wire::jarm_answer({data, size});
  if (wire::jarm_characters(answer).size() != 3) std::abort();
  bool const picked = !answer.cipher_suite.empty();
  if (picked != (answer.version.size() == 4) || (!picked && answer.text() != "|||")) std::abort();
  // Five characters for each extension, but for the hyphen before the first; an extension takes four octets.
  if (answer.extensions.size() > 5 * size / 4 || answer.alpn.size() > size) std::abort();
  return 0;
}
