#include "report/html_places.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "crypto/digest.hpp"
#include "report/findings.hpp"
#include "report/wording.hpp"

namespace tlsgauge::report {
namespace {

constexpr std::size_t kLongest = 80;

bool is_plain(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.'; }

std::string digits(std::string const& text, std::size_t count) {
  return crypto::sha256_hex({reinterpret_cast<unsigned char const*>(text.data()), text.size()}).substr(0, count);
}

/// Whether "host_port" says all of the identity.
bool is_told_by_host(std::string const& identity, Target const& target) {
  bool plain = !target.host.empty() && target.host.size() <= kLongest - 6;
  for (char const c : target.host) plain = plain && is_plain(c);
  return plain && identity == fmt::format("tcp {}:{}", target.host, target.port);
}

}  // namespace

std::string slug(std::string_view text) {
  std::string out;
  for (char const c : text.substr(0, kLongest)) out += is_plain(c) || c == '_' ? c : '-';
  return out.empty() ? "-" : out;
}

std::string UniqueNames::take(std::string wanted) {
  std::string name = wanted;
  for (std::size_t number = 2; !taken_.insert(name).second; ++number) name = fmt::format("{}-{}", wanted, number);
  return name;
}

std::vector<HtmlPlace> html_places(Document const& document) {
  std::vector<HtmlPlace> places;
  UniqueNames anchors;
  UniqueNames files;
  std::vector<std::string> const who = identities(document);
  for (std::size_t i = 0; i < document.endpoints.size(); ++i) {
    Endpoint const& endpoint = document.endpoints[i];
    HtmlPlace place;
    std::string const host = slug(endpoint.target.host).substr(0, kLongest - 6);
    std::string const name = fmt::format("{}_{}", host, endpoint.target.port);
    place.anchor = anchors.take(is_told_by_host(who[i], endpoint.target) ? name : fmt::format("{}-{}", name, digits(who[i], 8)));
    place.file = files.take(fmt::format("{}-{}", ascii_lower(name), digits(who[i], 12))) + ".html";
    for (std::size_t a = 0; a < endpoint.assessments.size(); ++a) {
      Assessment const& assessment = endpoint.assessments[a];
      // The first profile goes without its name, so that links live on when another is added.
      std::string const prefix = a == 0 ? place.anchor : fmt::format("{}--{}", place.anchor, slug(assessment.profile.name));
      std::vector<std::string>& list = place.findings.emplace_back();
      for (Requirement const& each : assessment.requirements) list.push_back(anchors.take(fmt::format("{}--{}", prefix, slug(each.id))));
    }
    places.push_back(std::move(place));
  }
  return places;
}

}  // namespace tlsgauge::report
