#include "probes/http_facts.hpp"

#include <algorithm>
#include <charconv>

#include "base/hsts.hpp"
#include "base/text.hpp"

namespace tlsgauge::probes {
namespace {

constexpr std::size_t kMaxShown = 4096;  // octets of a header field or address that are kept
constexpr std::size_t kMaxName = 256;
constexpr std::size_t kMaxCookies = 50;

std::string_view before(std::string_view text, std::string_view ends) { return text.substr(0, text.find_first_of(ends)); }

}  // namespace

std::string kept(std::string_view text) { return to_utf8(text.substr(0, kMaxShown)); }

std::string const* header_field(audit::HttpReply const& reply, std::string_view name) {
  auto const at =
      std::find_if(reply.headers.begin(), reply.headers.end(), [&](auto const& field) { return ascii_lower(field.first) == name; });
  return at == reply.headers.end() ? nullptr : &at->second;
}

Value hsts_facts(audit::HttpReply const& reply) {
  constexpr std::string_view kField = "strict-transport-security";
  std::string const* const first = header_field(reply, kField);
  auto const count =
      std::count_if(reply.headers.begin(), reply.headers.end(), [&](auto const& field) { return ascii_lower(field.first) == kField; });
  Hsts const hsts = first ? parse_hsts(*first) : Hsts{};
  Value errors = Value::array();
  for (std::string const& error : hsts.errors) errors.push_back(error);
  Value facts = Value::object();
  facts.set("present", first != nullptr)
      .set("valid", hsts.valid)
      .set("max_age", hsts.max_age ? Value{*hsts.max_age} : Value{})
      .set("include_subdomains", hsts.include_subdomains)
      .set("preload", hsts.preload)
      .set("raw", first ? Value{kept(*first)} : Value{})
      .set("count", std::int64_t{count})
      .set("errors", std::move(errors));
  return facts;
}

// RFC 6265 section 5.2: what a user agent takes of a Set-Cookie header field.
void CookieJar::add(audit::HttpReply const& reply) {
  for (auto const& [field, value] : reply.headers) {
    if (ascii_lower(field) != "set-cookie" || list_.items().size() == kMaxCookies) continue;
    std::string_view rest = value;
    std::string_view const pair = before(rest, ";");
    if (pair.find('=') == std::string_view::npos) continue;
    std::string const name = to_utf8(trim(before(pair, "=")).substr(0, kMaxName));
    if (name.empty()) continue;
    bool const known =
        std::any_of(list_.items().begin(), list_.items().end(), [&](Value const& cookie) { return cookie["name"].as_string() == name; });
    if (known) continue;
    bool secure = false;
    bool http_only = false;
    Value same_site;
    while (rest.find(';') != std::string_view::npos) {
      rest.remove_prefix(rest.find(';') + 1);
      std::string_view const attribute = before(rest, ";");
      std::string const word = ascii_lower(trim(before(attribute, "=")));
      secure |= word == "secure";
      http_only |= word == "httponly";
      if (word != "samesite" || attribute.find('=') == std::string_view::npos) continue;
      std::string const mode = ascii_lower(trim(attribute.substr(attribute.find('=') + 1)));
      same_site = mode == "strict" || mode == "lax" || mode == "none" ? Value{mode} : Value{};
    }
    list_.push_back(Value::object().set("name", name).set("secure", secure).set("http_only", http_only).set("same_site", same_site));
  }
}

std::optional<WebPlace> web_place(std::string_view url) {
  WebPlace place;
  std::string const scheme = ascii_lower(url.substr(0, std::min<std::size_t>(url.find(':'), 5)));
  place.secure = scheme == "https";
  if (!place.secure && scheme != "http") return {};
  url.remove_prefix(scheme.size());
  if (!url.starts_with("://")) return {};
  url.remove_prefix(3);
  std::string_view authority = before(url, "/?#");
  url.remove_prefix(authority.size());
  if (std::size_t const at = authority.rfind('@'); at != std::string_view::npos) authority.remove_prefix(at + 1);
  std::size_t const bracket = authority.rfind(']');
  std::size_t const colon = authority.find(':', bracket == std::string_view::npos ? 0 : bracket);
  std::string_view host = authority.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  if (host.ends_with('.')) host.remove_suffix(1);
  place.host = ascii_lower(host);
  place.port = place.secure ? 443 : 80;
  if (colon != std::string_view::npos && colon + 1 < authority.size()) {
    std::string_view const digits = authority.substr(colon + 1);
    auto const [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), place.port);
    if (error != std::errc{} || end != digits.data() + digits.size()) return {};
  }
  place.path = before(url, "#");
  if (!place.path.starts_with('/')) place.path.insert(0, 1, '/');
  if (place.host.empty()) return {};
  return place;
}

std::string web_host(Target const& target) {
  std::string host = ascii_lower(target.server_name.empty() ? target.address : target.server_name);
  if (host.ends_with('.')) host.pop_back();
  return host;
}

}  // namespace tlsgauge::probes
