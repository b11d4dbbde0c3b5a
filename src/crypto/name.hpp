#pragma once
// Names of certificates as bounded text.

#include <openssl/x509.h>

#include <string>
#include <string_view>

namespace tlsgauge::crypto {

/// A certificate may be made of megabytes of names; what is longer is cut, in octets.
inline constexpr std::size_t kMaxNameText = 4096;

/// Well-formed UTF-8 of at most kMaxNameText octets, an ellipsis marking the cut.
[[nodiscard]] std::string bounded(std::string_view bytes);

/// RFC 4514, bounded. Where a value is not what its type says (a UTF8String that is no UTF-8), its octets are shown instead.
[[nodiscard]] std::string name_text(X509_NAME const* name);

}  // namespace tlsgauge::crypto
