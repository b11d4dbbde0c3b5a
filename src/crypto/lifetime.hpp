#pragma once
// How long a certificate may be valid: CA/Browser Forum Baseline Requirements, section 6.3.2.

#include <cstdint>
#include <optional>

#include "base/clock.hpp"

namespace tlsgauge::crypto {

struct Lifetime {
  std::int64_t seconds = 0;       ///< both ends included, as RFC 5280 section 4.1.2.5 says
  std::int64_t days = 0;          ///< of 86,400 s; any excess is a day more
  std::optional<int> limit_days;  ///< of a public CA's certificate that begins then; empty before there was a schedule in days
  bool within_limit = true;       ///< also where there is no limit
  bool short_lived = false;       ///< needs no revocation (section 1.6.1)
  double fraction_left = 0;       ///< of its validity, at the moment asked: 1 and more before it begins counts as 1, 0 at the end
};

/// The beginning stands for the date of issue, which no certificate names.
[[nodiscard]] Lifetime lifetime(Moment not_before, Moment not_after, Moment at);

}  // namespace tlsgauge::crypto
