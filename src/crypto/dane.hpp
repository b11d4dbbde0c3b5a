#pragma once
// Does a chain match a TLSA record? RFC 6698 section 2 and RFC 7671, by OpenSSL.

#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "crypto/verify.hpp"

namespace tlsgauge::crypto {

struct Association {
  Association() = default;
  std::uint8_t usage = 0;
  std::uint8_t selector = 0;
  std::uint8_t matching_type = 0;
  Bytes data;
};

enum class Match { yes, no, unusable };

struct AssociationMatch {
  AssociationMatch() = default;
  Match match = Match::no;
  std::string reason;  ///< why not, in words
};

/// `chain` as sent, end entity first. Usages 0 and 1 need an anchor of `store` as well, and all but 3 the name.
[[nodiscard]] AssociationMatch match_association(std::vector<Bytes> const& chain, Association const& association, std::string const& name,
                                                 TrustStore const& store, Moment at);

}  // namespace tlsgauge::crypto
