#pragma once
// Where names of strangers meet: the public suffix list, as the system has it or as libpsl brings it.

#include <string>
#include <string_view>

namespace tlsgauge::crypto {

/// The name below a public suffix that `name` is or belongs to ("example.co.uk" of "www.example.co.uk"), in lower case; empty when there is
/// none. `name` is in A-labels.
[[nodiscard]] std::string registrable_domain(std::string_view name);

}  // namespace tlsgauge::crypto
