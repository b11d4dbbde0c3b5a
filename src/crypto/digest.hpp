#pragma once
// Digests of any octets, parsable or not.

#include <string>

#include "base/bytes.hpp"

namespace tlsgauge::crypto {

/// Lower-case hexadecimal.
[[nodiscard]] std::string sha256_hex(ByteView bytes);

/// For fingerprints that are defined with them, never for security. Empty where this libcrypto has none.
[[nodiscard]] std::string md5_hex(ByteView bytes);
[[nodiscard]] std::string sha1_hex(ByteView bytes);

}  // namespace tlsgauge::crypto
