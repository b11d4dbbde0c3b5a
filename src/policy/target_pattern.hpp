#pragma once
// Which endpoints a waiver is for.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "policy/document.hpp"
#include "tlsgauge/result.hpp"

namespace tlsgauge::policy {

/// "*" stands for any characters, also none; everything else for itself. Time is the product of the lengths at most.
[[nodiscard]] bool matches_glob(std::string_view pattern, std::string_view text);
/// Whether every text that `narrow` matches is matched by `wide`, as far as can be told from the patterns alone.
[[nodiscard]] bool covers_glob(std::string_view wide, std::string_view narrow);

/// HOST, HOST:PORT, ADDRESS, [V6]:PORT, NETWORK/LENGTH:PORT; without a port, or with "*", any. HOST may hold "*" and is compared with the
/// target's host without regard to case. Addresses and networks are compared with the address that was connected to, and with the host
/// where that is an address literal.
struct TargetPattern {
  std::string text;  ///< as written
  std::string host;  ///< lower case; empty for addresses
  Bytes address;     ///< 4 or 16 octets, those behind the prefix zero; empty for names
  unsigned prefix = 0;
  std::optional<std::uint16_t> port;

  [[nodiscard]] bool matches(Target const& target) const;
  /// Whether all endpoints of `other` are this one's too, as far as can be told.
  [[nodiscard]] bool covers(TargetPattern const& other) const;
};

/// Throws ProfileError.
[[nodiscard]] TargetPattern read_target_pattern(Node const& node, std::string_view path);

}  // namespace tlsgauge::policy
