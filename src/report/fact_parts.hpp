#pragma once
// Parts of facts that writers of foreign formats look for alike.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "tlsgauge/value.hpp"

namespace tlsgauge::report {

/// The item of the list whose `member` is that version; null where there is none.
[[nodiscard]] Value const& of_protocol(Value const& list, std::string_view member, std::string_view version);
/// Why a part is not known, as it says itself in `inconclusive` or `reason`; empty: it does not say.
[[nodiscard]] std::string reason_of(Value const& part);
/// Seconds since 1970 of an RFC 3339 text; empty: it is none.
[[nodiscard]] std::optional<std::int64_t> unix_time(std::string_view moment);
/// The same in UTC, "2026-11-26T08:13:03Z", for fields that hold nothing but a time; empty: there is none.
[[nodiscard]] std::string known_time(std::string_view moment);

}  // namespace tlsgauge::report
