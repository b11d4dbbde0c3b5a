#pragma once
// Certificate revocation lists, RFC 5280 section 5. Read in place, however long they are: no list of entries is built.

#include <string_view>

#include "crypto/revocation.hpp"

namespace tlsgauge::crypto {

/// What the list says of `certificate`, whose issuer must have signed it. `urls`: those of the certificate's distribution point that the
/// list was fetched from: a list with an IssuingDistributionPoint must name one of them, and be for that kind of certificate. Indirect and
/// delta lists, such for some reasons only, and unknown critical extensions are `unsupported`. DER, or one block of PEM. Never throws.
[[nodiscard]] RevocationAnswer read_crl(ByteView list, ByteView certificate, ByteView issuer, std::span<std::string const> urls, Moment at);

}  // namespace tlsgauge::crypto
