#include "report/identity.hpp"

#include <fmt/format.h>

#include <map>

#include "base/address.hpp"
#include "base/text.hpp"
#include "report/wording.hpp"

namespace tlsgauge::report {

std::string canonical_host(std::string_view host) {
  if (auto const octets = parse_address(host)) {
    std::size_t const zone = host.find('%');
    std::string_view const after = zone == std::string_view::npos ? std::string_view{} : host.substr(zone);
    return address_text(*octets) + std::string{after.ends_with(']') ? after.substr(0, after.size() - 1) : after};
  }
  if (host.size() > 1 && host.ends_with('.')) host.remove_suffix(1);
  return ascii_lower(host);
}

std::string identity(Target const& target) {
  Target named;
  named.host = canonical_host(target.host);
  named.port = target.port;
  std::string text = fmt::format("{} {}", target.transport, place(named));
  std::string const sni = canonical_host(target.server_name);
  if (sni.empty() && !parse_address(named.host)) text += " without SNI";
  if (!sni.empty() && sni != named.host) text += " as " + sni;
  if (!target.starttls.empty()) text += " after STARTTLS " + target.starttls;
  return text;
}

std::vector<std::string> identities(Document const& document) {
  std::vector<Target const*> targets;
  for (Endpoint const& endpoint : document.endpoints) targets.push_back(&endpoint.target);
  return identities(targets);
}

std::vector<std::string> identities(std::vector<Target const*> const& targets) {
  std::vector<std::string> all;
  std::map<std::string, std::size_t> count;
  for (Target const* const target : targets) ++count[all.emplace_back(identity(*target))];
  std::map<std::string, std::size_t> seen;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (count[all[i]] > 1) all[i] += " at " + canonical_host(targets[i]->address);
    if (std::size_t const earlier = seen[all[i]]++; earlier > 0) all[i] += fmt::format(" #{}", earlier + 1);
  }
  return all;
}

}  // namespace tlsgauge::report
