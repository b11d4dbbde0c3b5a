#pragma once
// Distinguished names taken apart.

#include <string>
#include <string_view>
#include <vector>

namespace tlsgauge::report {

struct Attribute {
  std::string type;   ///< "commonName"; as it stands where no long name is known
  std::string value;  ///< unescaped, any octets
};

/// The attributes of a name in the text form of RFC 4514, in its order; a value with an escape that is none is kept as it is.
[[nodiscard]] std::vector<Attribute> attributes_of(std::string_view name);

}  // namespace tlsgauge::report
