#pragma once
// OpenSSL's error queue as our errors.

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace tlsgauge::crypto {

/// OpenSSL's reason for the first error of this thread's queue, such as "no shared cipher", or `otherwise`. Empties the queue.
[[nodiscard]] std::string take_reason(std::string_view otherwise);

/// `what` and OpenSSL's reason. Empties the queue.
[[nodiscard]] Error fault(ErrorKind kind, std::string_view what);

}  // namespace tlsgauge::crypto
