#pragma once
// Moments as users read them.

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace tlsgauge {

using Moment = std::chrono::sys_seconds;

/// RFC 3339 in UTC with whole seconds: 2026-11-24T03:00:00Z.
[[nodiscard]] std::string rfc3339(Moment moment);

/// RFC 3339 date-time with any offset, or a bare date (midnight UTC). Empty if it is neither or names no real day.
[[nodiscard]] std::optional<Moment> parse_rfc3339(std::string_view text);

[[nodiscard]] Moment now();

}  // namespace tlsgauge
