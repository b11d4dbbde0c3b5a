#include <algorithm>

#include "wire/handshake.hpp"
#include "wire/reader.hpp"

namespace tlsgauge::wire {
namespace {

constexpr std::uint8_t kNamedCurve = 3;

Bytes number(Reader& reader) {
  Bytes value;
  reader.vector16([&](Reader& data) {
    ByteView rest = data.rest();
    while (!rest.empty() && rest.front() == 0) rest = rest.subspan(1);
    value.assign(rest.begin(), rest.end());
  });
  return value;
}

void read_dh(Reader& reader, ServerKeyExchange& exchange) {
  exchange.dh_p = number(reader);
  exchange.dh_g = number(reader);
  exchange.dh_ys = number(reader);
}

// RFC 8422 section 5.4; explicit curves are obsolete but were sent once: RFC 4492 section 5.4.
void read_ecdh(Reader& reader, ServerKeyExchange& exchange) {
  if (reader.u8() != kNamedCurve) {
    reader.rest();
    return;
  }
  exchange.group = reader.code<NamedGroup>();
  reader.vector8([&](Reader& point) {
    ByteView const rest = point.rest();
    exchange.ec_point.assign(rest.begin(), rest.end());
  });
}

enum class Grammar { none, dh, ecdh, rsa, srp, unknown };

struct Shape {
  bool psk_hint = false;
  Grammar parameters = Grammar::unknown;
  bool is_signed = true;
};

Shape shape_of(CipherSuiteInfo const& suite) {
  auto const is = [&](std::string_view key_exchange) { return suite.key_exchange == key_exchange; };
  bool const anonymous = suite.authentication == "anon";
  if (is("ECDHE") || is("CECPQ1")) return {false, is("ECDHE") ? Grammar::ecdh : Grammar::unknown, !anonymous};
  if (is("DHE")) return {false, Grammar::dh, !anonymous};
  if (is("DH") && anonymous) return {false, Grammar::dh, false};
  if (is("ECDH") && anonymous) return {false, Grammar::ecdh, false};
  if (is("PSK") || is("RSA_PSK")) return {true, Grammar::none, false};
  if (is("DHE_PSK")) return {true, Grammar::dh, false};
  if (is("ECDHE_PSK")) return {true, Grammar::ecdh, false};
  if (is("RSA") && suite.export_grade) return {false, Grammar::rsa, true};
  if (is("SRP")) return {false, Grammar::srp, suite.authentication != "SRP"};
  return {};
}

}  // namespace

Result<ServerKeyExchange> ServerKeyExchange::parse(ByteView body, CipherSuite suite, ProtocolVersion version) {
  CipherSuiteInfo const* const info = find(suite);
  Shape const shape = info ? shape_of(*info) : Shape{};
  if (shape.parameters == Grammar::unknown) return Error{ErrorKind::unsupported, "the key exchange of " + name(suite) + " is not read"};
  Reader reader{body};
  ServerKeyExchange exchange;
  if (shape.psk_hint) reader.vector16([](Reader& hint) { hint.rest(); });
  switch (shape.parameters) {
    case Grammar::dh:
      read_dh(reader, exchange);
      break;
    case Grammar::ecdh:
      read_ecdh(reader, exchange);
      break;
    case Grammar::rsa:  // modulus, exponent
      (void)number(reader);
      (void)number(reader);
      break;
    case Grammar::srp:  // RFC 5054 section 2.5.3: N, g, s, B
      (void)number(reader);
      (void)number(reader);
      reader.vector8([](Reader& salt) { salt.rest(); });
      (void)number(reader);
      break;
    case Grammar::none:
    case Grammar::unknown:
      break;
  }
  if (shape.is_signed && reader.more()) {
    if (version == ProtocolVersion::TLSv1_2) exchange.scheme = reader.code<SignatureScheme>();
    reader.vector16([](Reader& signature) { signature.rest(); });
  }
  return reader.finish("ServerKeyExchange", std::move(exchange));
}

int ServerKeyExchange::dh_bits() const {
  if (dh_p.empty()) return 0;
  int bits = static_cast<int>(dh_p.size() - 1) * 8;
  for (unsigned top = dh_p.front(); top != 0; top >>= 1U) ++bits;
  return bits;
}

}  // namespace tlsgauge::wire
