#pragma once
// Who an endpoint is from run to run.

#include <string>
#include <string_view>
#include <vector>

#include "tlsgauge/result.hpp"

namespace tlsgauge::report {

/// A name in lower case without the dot of the root; the one spelling of an address (RFC 5952), without brackets, with its zone.
[[nodiscard]] std::string canonical_host(std::string_view host);

/// Who an endpoint is from run to run: "tcp www.example.com:443", with its SNI name and STARTTLS where they are not plain, however its
/// name or address was spelled. A name that was asked for without SNI is another endpoint ("without SNI"): a server may answer with
/// another certificate, and by other rules. The address is no part of it, since names move.
[[nodiscard]] std::string identity(Target const& target);

/// `identity` of each endpoint of the document in its order, with the address (and then a number) where several would be the same.
/// That a second address appears changes all of a name, the first too: were one of them plain, then which one would be a matter of order,
/// and an alert that people dismissed at one address could hide that of another. `compare` and baselines match by name and address.
[[nodiscard]] std::vector<std::string> identities(Document const& document);
[[nodiscard]] std::vector<std::string> identities(std::vector<Target const*> const& targets);

}  // namespace tlsgauge::report
