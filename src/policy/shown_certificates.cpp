#include "policy/shown_certificates.hpp"

namespace tlsgauge::policy {

std::vector<Value const*> certificates_of(Endpoint const& endpoint, Value const& all) {
  std::vector<Value const*> out;
  std::string const& own = endpoint.target.server_name;
  bool named = false;
  auto const for_others = [&](Value const& shown) {
    return shown["named"].is_string() || (shown["sni"].is_string() && shown["sni"].as_string() != own);
  };
  for (Value const& each : all.items()) named = named || (each["shown_for"]["sni"].is_string() && !for_others(each["shown_for"]));
  for (Value const& each : all.items()) {
    bool const unnamed = named && !each["shown_for"]["sni"].is_string();
    if (!unnamed && !for_others(each["shown_for"])) out.push_back(&each);
  }
  return out;
}

}  // namespace tlsgauge::policy
