#include <algorithm>
#include <bit>

#include "wire/handshake.hpp"
#include "wire/reader.hpp"

namespace tlsgauge::wire {
namespace {

Bytes octets16(Reader& r) {
  Bytes octets;
  r.vector16([&](Reader& content) {
    ByteView const all = content.rest();
    octets.assign(all.begin(), all.end());
  });
  return octets;
}

/// A number; the grammar lets it have leading zeros, but not be empty.
Bytes number16(Reader& r) {
  Bytes number = octets16(r);
  if (number.empty()) r.fail();
  number.erase(number.begin(), std::ranges::find_if(number, [](std::uint8_t octet) { return octet != 0; }));
  return number;
}

void skip8(Reader& r) {
  r.vector8([](Reader& content) { content.rest(); });
}

/// RFC 4492 section 5.4: a curve that is written out instead of named.
void skip_explicit_curve(Reader& r, bool prime) {
  if (prime) {
    skip8(r);  // prime_p
  } else {
    r.u16();  // m
    std::uint8_t const basis = r.u8();
    if (basis != 1 && basis != 2) return r.fail();
    for (int k = 0; k < (basis == 1 ? 1 : 3); ++k) skip8(r);  // trinomial, pentanomial
  }
  for (int field = 0; field < 5; ++field) skip8(r);  // a, b, base, order, cofactor
}

void read_ecdh(Reader& r, ServerKeyExchange& exchange) {
  constexpr std::uint8_t kExplicitPrime = 1, kExplicitChar2 = 2, kNamedCurve = 3;
  std::uint8_t const type = r.u8();
  if (type == kNamedCurve) {
    exchange.group = r.code<NamedGroup>();
  } else if (type == kExplicitPrime || type == kExplicitChar2) {
    skip_explicit_curve(r, type == kExplicitPrime);
  } else {
    return r.fail();
  }
  r.vector8([&](Reader& point) {
    if (!point.more()) return point.fail();
    ByteView const all = point.rest();
    exchange.ec_point.assign(all.begin(), all.end());
  });
}

void read_dh(Reader& r, ServerKeyExchange& exchange) {
  exchange.dh_p = number16(r);
  exchange.dh_g = number16(r);
  exchange.dh_ys = number16(r);
}

int bits(Bytes const& number) {
  if (number.empty()) return 0;
  return static_cast<int>(number.size() - 1) * 8 + static_cast<int>(std::bit_width(unsigned{number.front()}));
}

}  // namespace

Result<ServerKeyExchange> ServerKeyExchange::parse(ByteView body, CipherSuite suite, ProtocolVersion version) {
  CipherSuiteInfo const* const info = find(suite);
  if (!info) return Error{ErrorKind::unsupported, "ServerKeyExchange of the unknown suite " + name(suite)};
  std::string_view const exchanged = info->key_exchange;
  bool const signs = info->authentication == "RSA" || info->authentication == "ECDSA" || info->authentication == "DSS";

  Reader r{body};
  ServerKeyExchange exchange;
  bool has_signature = signs;
  if (exchanged == "ECDHE") {
    read_ecdh(r, exchange);
  } else if (exchanged == "DHE") {
    read_dh(r, exchange);
  } else if (exchanged == "PSK" || exchanged == "RSA_PSK") {  // RFC 4279 sections 2 and 4
    octets16(r);                                              // psk_identity_hint
    has_signature = false;
  } else if (exchanged == "DHE_PSK") {  // RFC 4279 section 3
    octets16(r);
    read_dh(r, exchange);
    has_signature = false;
  } else if (exchanged == "ECDHE_PSK") {  // RFC 5489 section 2
    octets16(r);
    read_ecdh(r, exchange);
    has_signature = false;
  } else if (exchanged == "SRP") {  // RFC 5054 section 2.8.2
    octets16(r);                    // N
    octets16(r);                    // g
    skip8(r);                       // s
    octets16(r);                    // B
  } else if (exchanged == "RSA") {  // RFC 2246 section 7.4.3: an export suite's key of 512 bits
    exchange.rsa_modulus = number16(r);
    exchange.rsa_exponent = number16(r);
  } else {
    return Error{ErrorKind::unsupported, "ServerKeyExchange of " + std::string{exchanged}};
  }
  if (has_signature) {
    if (version == ProtocolVersion::TLSv1_2) exchange.scheme = r.code<SignatureScheme>();
    octets16(r);  // signature
  }
  return r.finish("ServerKeyExchange", std::move(exchange));
}

int ServerKeyExchange::dh_bits() const { return bits(dh_p); }
int ServerKeyExchange::rsa_bits() const { return bits(rsa_modulus); }

}  // namespace tlsgauge::wire
