#pragma once
// Address literals as the octets of an iPAddress (RFC 5280 section 4.2.1.6), and back.

#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.hpp"

namespace tlsgauge {

/// 4 octets of a dotted quad, 16 of an IPv6 literal with or without brackets and zone; empty when it is neither.
[[nodiscard]] std::optional<Bytes> parse_address(std::string_view literal);

/// The canonical literal (RFC 5952) of 4 or 16 octets; hexadecimal of any other count.
[[nodiscard]] std::string address_text(ByteView octets);

}  // namespace tlsgauge
