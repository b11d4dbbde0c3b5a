#pragma once
// What a CBOM asks of an endpoint's facts.

#include <string>
#include <vector>

#include "tlsgauge/result.hpp"

namespace tlsgauge::report {

/// "https://www.example.com:443", "smtp://mail.example.com:25"; "//www.example.com:8443" where no registered scheme says what is spoken.
/// Anything odd is percent-encoded.
[[nodiscard]] std::string endpoint_uri(Endpoint const& endpoint);

/// Where cryptography may be in use that the facts do not hold.
struct OpenFact {
  std::string where;  ///< "protocol:SSLv3", "certificates"
  std::string what;   ///< "inconclusive: timed out", "not measured"
};
[[nodiscard]] std::vector<OpenFact> open_facts(Value const& facts);

/// Names of the groups that were seen with a suite of facts.cipher_suites, or with its version and kind of key exchange.
[[nodiscard]] std::vector<std::string> suite_groups(Value const& facts, Value const& suite);

/// Names of the signature schemes that were seen with its version and kind of key.
[[nodiscard]] std::vector<std::string> suite_schemes(Value const& facts, Value const& suite);

}  // namespace tlsgauge::report
