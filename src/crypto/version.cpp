#include <openssl/crypto.h>

#include "crypto/key_share.hpp"

namespace tlsgauge::crypto {

std::string openssl_version() { return OpenSSL_version(OPENSSL_VERSION); }

}  // namespace tlsgauge::crypto
