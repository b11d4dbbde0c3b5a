#include "crypto/digest.hpp"

#include <openssl/sha.h>

#include <array>

namespace tlsgauge::crypto {

std::string sha256_hex(ByteView bytes) {
  std::array<std::uint8_t, SHA256_DIGEST_LENGTH> digest{};
  SHA256(bytes.data(), bytes.size(), digest.data());
  return hex(digest);
}

}  // namespace tlsgauge::crypto
