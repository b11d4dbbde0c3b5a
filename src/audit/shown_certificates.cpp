#include "audit/shown_certificates.hpp"

#include "base/text.hpp"

namespace tlsgauge::audit {

std::vector<Value const*> certificates_of(Endpoint const& endpoint, Value const& all) {
  std::vector<Value const*> out;
  std::string const own = ascii_lower(endpoint.target.server_name);
  bool named = false;
  auto const for_others = [&](Value const& shown) {
    return shown["named"].is_string() || (shown["sni"].is_string() && ascii_lower(shown["sni"].as_string()) != own);
  };
  for (Value const& each : all.items()) named = named || (each["shown_for"]["sni"].is_string() && !for_others(each["shown_for"]));
  for (Value const& each : all.items()) {
    // What could not be read may have been shown for the name.
    bool const unnamed = named && !each["shown_for"]["sni"].is_string() && !each.find("inconclusive");
    if (!unnamed && !for_others(each["shown_for"])) out.push_back(&each);
  }
  return out;
}

}  // namespace tlsgauge::audit
