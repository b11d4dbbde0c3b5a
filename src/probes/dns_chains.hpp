#pragma once
// The chains of facts.certificates that a name's DNS records speak of.

#include <string>
#include <string_view>
#include <vector>

#include "audit/facts.hpp"
#include "base/bytes.hpp"

namespace tlsgauge::probes {

struct NamedChain {
  NamedChain() = default;
  std::vector<Bytes> certificates;  ///< DER
  std::string sha256;               ///< of the end entity's certificate
  std::string issuer;               ///< of the end entity's certificate (RFC 4514)
  std::vector<std::string> names;   ///< dNSName, in lower case
};

/// Those shown to a hello with server_name, or all where none was sent.
[[nodiscard]] std::vector<NamedChain> chains_of_name(audit::Facts const& facts);

/// There is one more that could not be read.
[[nodiscard]] bool some_chain_is_unread(audit::Facts const& facts);

/// The first value of an attribute ("O") in a name in its RFC 4514 form, without escapes; empty when there is none.
[[nodiscard]] std::string attribute_of(std::string_view distinguished_name, std::string_view type);

}  // namespace tlsgauge::probes
