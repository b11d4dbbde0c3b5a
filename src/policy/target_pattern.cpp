#include "policy/target_pattern.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/address.hpp"
#include "base/text.hpp"
#include "policy/fields.hpp"

namespace tlsgauge::policy {
namespace {

std::optional<unsigned> number(std::string_view digits, unsigned highest) {
  unsigned value = 0;
  char const* const end = digits.data() + digits.size();
  auto const [rest, error] = std::from_chars(digits.data(), end, value);
  if (digits.empty() || error != std::errc{} || rest != end || value > highest) return std::nullopt;
  return value;
}

// The bits of octet `at` that belong to the prefix.
std::uint8_t mask(unsigned prefix, std::size_t at) {
  std::size_t const bits = prefix <= 8 * at ? 0 : std::min<std::size_t>(prefix - 8 * at, 8);
  return static_cast<std::uint8_t>(0xFF00U >> bits);
}

bool in_network(Bytes const& network, unsigned prefix, Bytes const& address) {
  if (network.size() != address.size()) return false;
  for (std::size_t i = 0; i < network.size(); ++i) {
    if (((network[i] ^ address[i]) & mask(prefix, i)) != 0) return false;
  }
  return true;
}

// The part before the port, and the port's text; the colons of IPv6 stand in brackets or before a prefix length.
std::pair<std::string_view, std::string_view> split_port(std::string_view text, Node const& node, std::string_view path) {
  std::size_t const mark = text.find_last_of("]/");
  std::size_t const colon = text.find(':', mark == std::string_view::npos ? 0 : mark);
  if (colon == std::string_view::npos) return {text, "*"};
  if (text.find(':', colon + 1) != std::string_view::npos) fail(node, path, "an IPv6 address stands in brackets: [2001:db8::1]:443");
  return {text.substr(0, colon), text.substr(colon + 1)};
}

void read_address(Node const& node, std::string_view path, std::string_view text, std::size_t slash, TargetPattern& out) {
  std::optional<Bytes> const address = parse_address(text.substr(0, slash));
  if (!address || text.find('%') != std::string_view::npos) fail(node, path, "only an address can have a /length, and a URL is no target");
  out.address = *address;
  auto const bits = static_cast<unsigned>(8 * address->size());
  out.prefix = bits;
  if (slash == std::string_view::npos) return;
  std::optional<unsigned> const length = number(text.substr(slash + 1), bits);
  if (!length) fail(node, path, fmt::format("the length of a prefix is 0 to {}", bits));
  out.prefix = *length;
  for (std::size_t i = 0; i < out.address.size(); ++i) {
    if ((out.address[i] & ~mask(out.prefix, i) & 0xFF) != 0) fail(node, path, "there are bits behind the prefix");
  }
}

}  // namespace

bool matches_glob(std::string_view pattern, std::string_view text) {
  std::size_t p = 0;
  std::size_t t = 0;
  std::size_t star = std::string_view::npos;
  std::size_t resume = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = t;
    } else if (p < pattern.size() && pattern[p] == text[t]) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

// A star of the narrow pattern is taken for a character of its own, which only a star of the wide one matches.
bool covers_glob(std::string_view wide, std::string_view narrow) { return matches_glob(wide, narrow); }

bool TargetPattern::matches(Target const& target) const {
  if (port && *port != target.port) return false;
  if (address.empty()) return matches_glob(host, ascii_lower(target.host));
  for (std::string const& literal : {target.address, target.host}) {
    std::optional<Bytes> const octets = parse_address(literal);
    if (octets && in_network(address, prefix, *octets)) return true;
  }
  return false;
}

bool TargetPattern::covers(TargetPattern const& other) const {
  if (port && port != other.port) return false;
  if (address.empty() != other.address.empty()) return false;
  if (address.empty()) return covers_glob(host, other.host);
  return prefix <= other.prefix && in_network(address, prefix, other.address);
}

TargetPattern read_target_pattern(Node const& node, std::string_view path) {
  TargetPattern out;
  out.text = expect_line(node, path);
  if (out.text.find("://") != std::string::npos) fail(node, path, "is a host, with :port or without, and no URL");
  auto const [place, port] = split_port(out.text, node, path);
  if (port != "*") {
    std::optional<unsigned> const value = number(port, 65535);
    if (!value || *value == 0) fail(node, path, fmt::format("\"{}\" is no port; ports are 1 to 65535, or *", port));
    out.port = static_cast<std::uint16_t>(*value);
  }
  std::size_t const slash = place.find('/');
  if (slash != std::string_view::npos || place.starts_with('[') || parse_address(place)) {
    read_address(node, path, place, slash, out);
    return out;
  }
  out.host = ascii_lower(place);
  if (out.host.ends_with('.')) out.host.pop_back();
  bool const plain = std::ranges::all_of(
      out.host, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_' || c == '*'; });
  if (out.host.empty() || !plain)
    fail(node, path, "is a host name in ASCII (xn--... for others), in which * stands for anything, or an address");
  return out;
}

}  // namespace tlsgauge::policy
