#include "crypto/address.hpp"

#include <arpa/inet.h>

#include <array>

namespace tlsgauge::crypto {

std::optional<Bytes> parse_address(std::string_view literal) {
  if (literal.size() > 2 && literal.front() == '[' && literal.back() == ']') literal = literal.substr(1, literal.size() - 2);
  bool const v6 = literal.find(':') != std::string_view::npos;
  if (v6) literal = literal.substr(0, literal.find('%'));
  if (literal.size() >= INET6_ADDRSTRLEN || literal.find('\0') != std::string_view::npos) return std::nullopt;
  Bytes octets(v6 ? 16 : 4);
  if (inet_pton(v6 ? AF_INET6 : AF_INET, std::string{literal}.c_str(), octets.data()) != 1) return std::nullopt;
  return octets;
}

std::string address_text(ByteView octets) {
  if (octets.size() != 4 && octets.size() != 16) return hex(octets);
  std::array<char, INET6_ADDRSTRLEN> text{};
  inet_ntop(octets.size() == 4 ? AF_INET : AF_INET6, octets.data(), text.data(), text.size());
  return text.data();
}

}  // namespace tlsgauge::crypto
