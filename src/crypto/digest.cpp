#include "crypto/digest.hpp"

#include <openssl/evp.h>
#include <openssl/sha.h>

#include <array>

namespace tlsgauge::crypto {

std::string sha256_hex(ByteView bytes) {
  std::array<std::uint8_t, SHA256_DIGEST_LENGTH> digest{};
  SHA256(bytes.data(), bytes.size(), digest.data());
  return hex(digest);
}

std::string md5_hex(ByteView bytes) {
  std::array<std::uint8_t, 16> digest{};
  std::size_t size = digest.size();
  // "-fips": also where the configuration prefers approved algorithms, of which MD5 is none.
  if (EVP_Q_digest(nullptr, "MD5", "-fips", bytes.data(), bytes.size(), digest.data(), &size) != 1) return {};
  return hex(digest);
}

}  // namespace tlsgauge::crypto
