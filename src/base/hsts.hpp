#pragma once
// The Strict-Transport-Security header field, read as a user agent must read it. RFC 6797 section 6.1.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tlsgauge {

/// A field that breaks the grammar counts for nothing: a user agent ignores it as a whole (RFC 6797 section 8.1). Then `valid`
/// is false, `errors` says why and the other members keep their defaults.
struct Hsts {
  Hsts() = default;
  bool valid = false;
  std::optional<std::int64_t> max_age;  ///< seconds, 0 to INT64_MAX; larger numbers are INT64_MAX
  bool include_subdomains = false;
  bool preload = false;             ///< no directive of the RFC: that of the browsers' preload lists
  std::vector<std::string> errors;  ///< at most 16, well-formed UTF-8
};

/// The value of one header field. Values over 8192 octets are an error.
[[nodiscard]] Hsts parse_hsts(std::string_view value);

}  // namespace tlsgauge
