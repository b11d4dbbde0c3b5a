#include "net/url.hpp"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <idn2.h>

#include <algorithm>
#include <charconv>
#include <memory>

#include "base/text.hpp"

namespace tlsgauge::net {
namespace {

constexpr std::size_t kMaxText = 2048;
constexpr std::size_t kMaxName = 253;
constexpr std::size_t kMaxLabel = 63;

Error bad(std::string why) { return {ErrorKind::invalid_input, std::move(why)}; }

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool may_stand_in_name(char c) { return (c >= 'a' && c <= 'z') || is_digit(c) || c == '-' || c == '_'; }

bool is_v6(std::string_view text) {
  std::string const address{text.substr(0, text.find('%'))};
  in6_addr parsed{};
  if (inet_pton(AF_INET6, address.c_str(), &parsed) != 1) return false;
  std::string_view const scope = text.substr(address.size());
  return scope.empty() || (scope.size() > 1 && std::all_of(scope.begin() + 1, scope.end(), [](char c) {
                             return may_stand_in_name(c) || c == '.' || (c >= 'A' && c <= 'Z');
                           }));
}

bool is_v4(std::string_view text) {
  in_addr parsed{};
  return inet_pton(AF_INET, std::string{text}.c_str(), &parsed) == 1;
}

Result<std::uint16_t> port_from(std::string_view text) {
  unsigned value = 0;
  auto const [at, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  bool const number = error == std::errc{} && at == text.data() + text.size() && is_digit(text.empty() ? ' ' : text.front());
  if (!number || value < 1 || value > 65535) return bad("\"" + printable(text) + "\" is no port from 1 to 65535");
  return static_cast<std::uint16_t>(value);
}

Result<HostPort> name_or_v4(std::string_view host) {
  HostPort result;
  if (is_v4(host)) {
    result.host = host;
    return result;
  }
  Result<std::string> name = to_a_labels(host);
  if (!name) return name.error();
  result.host = std::move(*name);
  return result;
}

Result<HostPort> from_authority(std::string_view text) {
  if (text.empty()) return bad("a host is missing");
  if (text.find('@') != std::string_view::npos) return bad("user names have no place here");
  HostPort result;
  std::string_view rest;
  if (text.front() == '[') {
    std::size_t const end = text.find(']');
    if (end == std::string_view::npos) return bad("a \"]\" is missing");
    std::string_view const inside = text.substr(1, end - 1);
    if (!is_v6(inside)) return bad("\"" + printable(inside) + "\" is no IPv6 address");
    result.host = inside;
    rest = text.substr(end + 1);
    if (!rest.empty() && rest.front() != ':') return bad("only a port may follow \"]\"");
  } else if (is_v6(text)) {
    result.host = text;
    return result;
  } else {
    std::size_t const colon = text.find(':');
    if (colon != std::string_view::npos && text.find(':', colon + 1) != std::string_view::npos) {
      return bad("more than one colon, but no IPv6 address");
    }
    Result<HostPort> host = name_or_v4(text.substr(0, colon));
    if (!host) return host;
    result = std::move(*host);
    rest = colon == std::string_view::npos ? std::string_view{} : text.substr(colon);
  }
  if (rest.empty()) return result;
  Result<std::uint16_t> const port = port_from(rest.substr(1));
  if (!port) return port.error();
  result.port = *port;
  return result;
}

using Url = std::unique_ptr<CURLU, decltype(&curl_url_cleanup)>;

/// A part of the URL; empty when it has none.
std::string part(Url const& url, CURLUPart which) {
  char* text = nullptr;
  if (curl_url_get(url.get(), which, &text, 0) != CURLUE_OK || text == nullptr) return {};
  std::string const copy{text};
  curl_free(text);
  return copy;
}

/// libcurl takes the URL apart; host and port then go the same strict way as those that stand alone.
Result<HostPort> from_url(std::string_view text) {
  std::string const scheme = ascii_lower(text.substr(0, text.find("://")));
  if (scheme != "https") {
    return Error{ErrorKind::unsupported, "the scheme \"" + printable(scheme) + "\" is not supported; https is"};
  }
  Url const url{curl_url(), &curl_url_cleanup};
  if (!url) return Error{ErrorKind::local, "out of memory"};
  CURLUcode const code = curl_url_set(url.get(), CURLUPART_URL, std::string{text}.c_str(), 0);
  if (code != CURLUE_OK) return bad(curl_url_strerror(code));
  std::string_view authority = text.substr(text.find("://") + 3);
  authority = authority.substr(0, authority.find_first_of("/?#"));
  if (!part(url, CURLUPART_USER).empty() || !part(url, CURLUPART_PASSWORD).empty()) return bad("user names have no place here");
  std::string plain{authority};
  if (std::size_t const at = plain.find("%25"); plain.starts_with('[') && at != std::string::npos) plain.erase(at + 1, 2);  // RFC 6874
  Result<HostPort> result = from_authority(plain);
  if (result) result->scheme = scheme;
  return result;
}

}  // namespace

bool is_address(std::string_view text) { return is_v4(text) || is_v6(text); }

Result<std::string> to_a_labels(std::string_view name) {
  if (name.ends_with('.')) name.remove_suffix(1);  // the root
  if (name.empty()) return bad("a host is missing");
  if (name.size() > 4 * kMaxName) return bad("a host name has at most 253 characters");
  std::string ascii = ascii_lower(name);
  bool const only_ascii = std::all_of(name.begin(), name.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  if (!only_ascii) {
    std::uint8_t* found = nullptr;
    std::string const terminated{name};
    if (terminated.find('\0') != std::string::npos) return bad("a NUL stands in the host name");
    auto const* const input = reinterpret_cast<std::uint8_t const*>(terminated.c_str());
    int const code = idn2_lookup_u8(input, &found, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
    if (code != IDN2_OK) return bad("\"" + printable(name) + "\" is no internationalised host name: " + idn2_strerror(code));
    ascii = reinterpret_cast<char const*>(found);
    idn2_free(found);
    ascii = ascii_lower(ascii);
  }
  if (ascii.size() > kMaxName) return bad("a host name has at most 253 characters");
  std::vector<std::string_view> const labels = split(ascii, '.');
  for (std::string_view const label : labels) {
    if (label.empty()) return bad("a label of the host name is empty");
    if (label.size() > kMaxLabel) return bad("a label of a host name has at most 63 characters");
    auto const stray = std::find_if_not(label.begin(), label.end(), may_stand_in_name);
    if (stray != label.end()) return bad("\"" + printable(std::string_view{&*stray, 1}) + "\" cannot stand in a host name");
    if (label.front() == '-' || label.back() == '-') return bad("a label of a host name cannot begin or end with a hyphen");
  }
  // As browsers have it (URL Standard, "ends in a number"): no name ends so, and half an address is none.
  std::string_view const last = labels.back();
  if (std::all_of(last.begin(), last.end(), is_digit)) return bad("\"" + ascii + "\" is neither an address nor a name");
  return ascii;
}

Result<HostPort> parse_host_port(std::string_view text) {
  if (text.empty()) return bad("a host is missing");
  if (text.size() > kMaxText) return bad("a target has at most 2048 characters");
  auto const blank = [](char c) { return static_cast<unsigned char>(c) <= 0x20 || c == 0x7f; };
  if (std::any_of(text.begin(), text.end(), blank)) return bad("blanks and control characters have no place here");
  if (text.find("://") != std::string_view::npos) return from_url(text);
  if (text.find('/') != std::string_view::npos) return bad("a path has no place here without https://");
  return from_authority(text);
}

}  // namespace tlsgauge::net
