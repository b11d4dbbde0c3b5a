#pragma once
// What monitoring and inventories call an endpoint.

#include <string>
#include <vector>

#include "tlsgauge/result.hpp"

namespace tlsgauge::report {

/// Profile names of the endpoint's assessments in order, each once: a profile may be there in two versions.
[[nodiscard]] std::vector<std::string> profile_names(Endpoint const& endpoint);

/// Of each endpoint in order: identities() without a plain "tcp ", as printable text, each once: "www.example.com:443",
/// "www.example.com:443 at 192.0.2.1" where a name was scanned at several addresses.
[[nodiscard]] std::vector<std::string> instances(Document const& document);

/// The texts made printable and of 1,000 octets at most; those that then are the same get a number: "strict", "strict #2".
[[nodiscard]] std::vector<std::string> each_once(std::vector<std::string> const& texts);

}  // namespace tlsgauge::report
