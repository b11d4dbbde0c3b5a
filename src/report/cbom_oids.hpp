#pragma once
// Object identifiers of algorithms, for the field that CycloneDX has for them.

#include <string_view>

namespace tlsgauge::report {

/// In dotted form, of an Algorithm by its name: hashes and HMAC of them, ciphers with their mode, RSA encryption, signatures as X.509 names
/// them, curves, ML-KEM and kinds of public keys. Empty for what has none of its own (suites, combinations, Diffie-Hellman, CCM with a
/// short tag, TLS' uses of PSS) and for what is not known.
[[nodiscard]] std::string_view algorithm_oid(std::string_view name);

}  // namespace tlsgauge::report
