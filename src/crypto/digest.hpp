#pragma once
// SHA-256 of any octets, parsable or not.

#include <string>

#include "base/bytes.hpp"

namespace tlsgauge::crypto {

/// Lower-case hexadecimal.
[[nodiscard]] std::string sha256_hex(ByteView bytes);

}  // namespace tlsgauge::crypto
