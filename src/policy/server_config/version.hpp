#pragma once
// Versions of servers.

#include <optional>
#include <string_view>

namespace tlsgauge::policy {

/// Whether the server is at least that version; empty where its version is not known.
[[nodiscard]] std::optional<bool> at_least(std::string_view version, int major, int minor, int patch);

}  // namespace tlsgauge::policy
