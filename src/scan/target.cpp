#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <asio/ip/address.hpp>
#include <charconv>

#include "base/text.hpp"
#include "net/url.hpp"
#include "tlsgauge/scan.hpp"

namespace tlsgauge {
namespace {

constexpr std::uint64_t kMaxHosts = 65536;
constexpr std::uint16_t kDefaultPort = 443;

/// Why a text is no target; parse_target adds the text.
struct Reason {
  std::string words;
};

std::optional<unsigned> number(std::string_view digits) {
  unsigned value = 0;
  auto const [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc{} || end != digits.data() + digits.size() || digits.empty()) return {};
  return value;
}

std::uint16_t port_from(std::string_view digits) {
  std::optional<unsigned> const port = number(digits);
  if (!port || *port == 0 || *port > 65535) throw Reason{fmt::format("\"{}\" is no port; ports are 1 to 65535", printable(digits))};
  return static_cast<std::uint16_t>(*port);
}

std::optional<asio::ip::address> literal(std::string_view text) {
  asio::error_code error;
  asio::ip::address const address = asio::ip::make_address(std::string{text}, error);
  if (error) return {};
  return address;
}

Target target_of(std::string_view input, std::string host, std::uint16_t port) {
  Target target;
  target.input = input;
  target.server_name = net::is_address(host) ? std::string{} : host;  // RFC 6066 section 3: no address literals
  target.host = std::move(host);
  target.port = port;
  return target;
}

using Octets = std::array<std::uint8_t, 16>;

/// Adds one to the number in the first `width` octets.
void step(Octets& octets, std::size_t width) {
  for (std::size_t i = width; i-- > 0;) {
    if (++octets[i] != 0) return;
  }
}

std::string text_of(Octets const& octets, bool v4) {
  if (!v4) return asio::ip::address_v6{octets}.to_string();
  return asio::ip::address_v4{{octets[0], octets[1], octets[2], octets[3]}}.to_string();
}

/// ADDRESS/LENGTH or ADDRESS/LENGTH:PORT. RFC 4632 section 3.1, RFC 4291 section 2.3. In IPv4 the network's and the broadcast address
/// are no hosts, but where there are at most two addresses (RFC 3021).
std::vector<Target> network(std::string_view input, std::string_view before, std::string_view after) {
  if (before.starts_with('[') && before.ends_with(']')) before = before.substr(1, before.size() - 2);
  std::optional<asio::ip::address> const address = literal(before);
  if (!address || before.find('%') != std::string_view::npos) {
    throw Reason{"only an address can have a /length; a URL begins with https://"};
  }
  std::size_t const colon = after.find(':');
  std::uint16_t const port = colon == std::string_view::npos ? kDefaultPort : port_from(after.substr(colon + 1));
  std::string_view const digits = after.substr(0, colon);
  unsigned const bits = address->is_v4() ? 32 : 128;
  std::optional<unsigned> const length = number(digits);
  if (!length || *length > bits) throw Reason{fmt::format("\"/{}\" is no prefix length of 0 to {}", printable(digits), bits)};
  unsigned const host_bits = bits - *length;
  if (host_bits > 16) throw Reason{fmt::format("/{} has more than {} hosts; the shortest prefix is /{}", *length, kMaxHosts, bits - 16)};

  Octets octets{};
  if (address->is_v4()) {
    auto const four = address->to_v4().to_bytes();
    std::copy(four.begin(), four.end(), octets.begin());
  } else {
    octets = address->to_v6().to_bytes();
  }
  std::size_t const width = bits / 8;
  for (unsigned bit = *length; bit < bits; ++bit) octets[bit / 8] &= static_cast<std::uint8_t>(~(0x80U >> (bit % 8)));
  std::uint64_t count = std::uint64_t{1} << host_bits;
  if (address->is_v4() && host_bits > 1) {
    step(octets, width);
    count -= 2;
  }
  std::vector<Target> targets;
  targets.reserve(count);
  for (; count > 0; --count, step(octets, width)) targets.push_back(target_of(input, text_of(octets, address->is_v4()), port));
  return targets;
}

std::vector<Target> parse(std::string_view text) {
  std::size_t const slash = text.find('/');
  if (slash != std::string_view::npos && text.find("://") == std::string_view::npos) {
    return network(text, text.substr(0, slash), text.substr(slash + 1));
  }
  Result<net::HostPort> const parsed = net::parse_host_port(text);
  if (!parsed) throw Reason{parsed.error().detail};
  return {target_of(text, parsed->host, parsed->port.value_or(kDefaultPort))};
}

}  // namespace

std::vector<Target> parse_target(std::string_view text) {
  try {
    return parse(text);
  } catch (Reason const& reason) {
    throw TargetError{std::string{text}, reason.words};
  }
}

}  // namespace tlsgauge
