#include "crypto/digest.hpp"

#include <openssl/evp.h>
#include <openssl/sha.h>

#include <array>

namespace tlsgauge::crypto {
namespace {

// "-fips": also where the configuration prefers approved algorithms, of which these are none.
std::string digest_hex(char const* algorithm, ByteView bytes) {
  std::array<std::uint8_t, EVP_MAX_MD_SIZE> digest{};
  std::size_t size = digest.size();
  if (EVP_Q_digest(nullptr, algorithm, "-fips", bytes.data(), bytes.size(), digest.data(), &size) != 1) return {};
  return hex(ByteView{digest.data(), size});
}

}  // namespace

std::string sha256_hex(ByteView bytes) {
  std::array<std::uint8_t, SHA256_DIGEST_LENGTH> digest{};
  SHA256(bytes.data(), bytes.size(), digest.data());
  return hex(digest);
}

std::string md5_hex(ByteView bytes) { return digest_hex("MD5", bytes); }

std::string sha1_hex(ByteView bytes) { return digest_hex("SHA1", bytes); }

}  // namespace tlsgauge::crypto
