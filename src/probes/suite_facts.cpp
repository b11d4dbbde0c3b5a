#include "probes/suite_facts.hpp"

#include <fmt/core.h>

namespace tlsgauge::probes {
namespace {

struct Exchange {
  std::string group;  ///< empty: none seen
  int dh_bits = 0;
};

Exchange exchange_of(wire::ProtocolVersion version, wire::CipherSuite suite, audit::Peer const& peer) {
  Exchange seen;
  for (audit::Transcript const& transcript : peer.transcripts()) {
    wire::ServerHello const* const hello = transcript.reply.server_hello();
    if (!hello || hello->version() != version || hello->cipher_suite != suite) continue;
    if (seen.group.empty() && hello->key_share_group()) seen.group = wire::name(*hello->key_share_group());
    std::optional<wire::ServerKeyExchange> const& exchange = transcript.reply.flight.server_key_exchange;
    if (!exchange) continue;
    if (seen.group.empty() && exchange->group) seen.group = wire::name(*exchange->group);
    int const bits = exchange->dh_bits();
    if (bits > 0 && (seen.dh_bits == 0 || bits < seen.dh_bits)) seen.dh_bits = bits;
  }
  return seen;
}

Value describe(wire::ProtocolVersion version, std::string code, std::string name, wire::CipherSuiteInfo const* info) {
  Value value = Value::object();
  value.set("protocol", wire::name(version)).set("code", std::move(code)).set("name", std::move(name));
  wire::CipherSuiteInfo const unknown{};
  wire::CipherSuiteInfo const& known = info ? *info : unknown;
  value.set("openssl_name", known.openssl_name.empty() ? Value{} : Value{known.openssl_name})
      .set("key_exchange", known.key_exchange)
      .set("authentication", known.authentication)
      .set("encryption", known.encryption)
      .set("key_bits", known.key_bits)
      .set("block_bits", known.block_bits)
      .set("mode", known.mode)
      .set("mac", known.mac)
      .set("aead", known.aead())
      .set("forward_secrecy", known.forward_secrecy)
      .set("export", known.export_grade)
      .set("group", nullptr)
      .set("dh_bits", nullptr);
  return value;
}

}  // namespace

Value suite_fact(wire::ProtocolVersion version, wire::CipherSuite suite, audit::Peer const& peer) {
  Value value = describe(version, wire::code_text(suite), wire::name(suite), wire::find(suite));
  Exchange const seen = exchange_of(version, suite, peer);
  if (!seen.group.empty()) value.set("group", seen.group);
  if (seen.dh_bits > 0) value.set("dh_bits", seen.dh_bits);
  return value;
}

Value suite_fact(wire::Ssl2CipherKind kind) {
  return describe(wire::ProtocolVersion::SSLv2, fmt::format("0x{:06X}", static_cast<std::uint32_t>(kind)), wire::name(kind),
                  wire::find(kind));
}

}  // namespace tlsgauge::probes
