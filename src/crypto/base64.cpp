#include "crypto/base64.hpp"

#include <openssl/err.h>
#include <openssl/evp.h>

namespace tlsgauge::crypto {

std::optional<Bytes> from_base64(std::string_view text) {
  if (text.empty() || text.size() % 4 != 0 || text.size() > 1U << 20U) return std::nullopt;
  std::size_t padding = 0;
  while (padding < 2 && text[text.size() - 1 - padding] == '=') ++padding;
  Bytes out(text.size() / 4 * 3);
  int const size = EVP_DecodeBlock(out.data(), reinterpret_cast<unsigned char const*>(text.data()), static_cast<int>(text.size()));
  ERR_clear_error();
  if (size != static_cast<int>(out.size()) || text[text.size() - 1 - padding] == '=') return std::nullopt;
  out.resize(out.size() - padding);
  return out;
}

}  // namespace tlsgauge::crypto
