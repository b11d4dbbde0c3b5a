#pragma once
// RFC 4648 section 4.

#include <optional>
#include <string_view>

#include "base/bytes.hpp"

namespace tlsgauge::crypto {

/// Padded base64 without line breaks; empty when it is none.
[[nodiscard]] std::optional<Bytes> from_base64(std::string_view text);

}  // namespace tlsgauge::crypto
