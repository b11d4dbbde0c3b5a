#pragma once
// From where an address can be reached: what keeps strangers from sending us to our own machines.

#include <cstdint>
#include <string_view>

#include "base/bytes.hpp"

namespace tlsgauge::net {

enum class Reach : std::uint8_t {
  global,      ///< what is none of the others
  loopback,    ///< 127.0.0.0/8, ::1
  private_,    ///< RFC 1918, RFC 4193, and the old fec0::/10
  shared,      ///< RFC 6598, behind the NAT of a carrier
  link_local,  ///< RFC 3927, fe80::/10
  never,       ///< no host on its own: unspecified, multicast, reserved, documentation; metadata services of clouds, wherever they live
};

/// Of 4 or 16 octets; `never` for any other count. An IPv4-mapped address (::ffff:0:0/96) is the IPv4 address itself. What else carries an
/// IPv4 address (::/96, ::ffff:0:0:0/96, 64:ff9b::/96, 6to4, Teredo, ISATAP) is `global` where that one is, otherwise `never`.
[[nodiscard]] Reach reach_of(ByteView octets);
/// Of a literal; `never` when it is none.
[[nodiscard]] Reach reach_of(std::string_view literal);

/// Global addresses may be asked for anyone, those of another reach only for who is there already: of the same reach.
[[nodiscard]] constexpr bool may_lead(Reach from, Reach to) { return to == Reach::global || (to != Reach::never && from == to); }

/// "a loopback address"
[[nodiscard]] std::string_view words(Reach reach);

}  // namespace tlsgauge::net
