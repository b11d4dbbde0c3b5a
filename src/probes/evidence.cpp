#include "probes/evidence.hpp"

#include <fmt/core.h>

#include "base/bytes.hpp"
#include "crypto/digest.hpp"

namespace tlsgauge::probes {

namespace {

Value evidence_of(std::uint32_t connection, Bytes const& sent, Bytes const& received, std::string const& reproduce) {
  Value out = Value::object();
  out.set("connection", connection)
      .set("hello_sha256", sent.empty() ? Value{} : Value{crypto::sha256_hex(sent)})
      .set("answer", hex(received))
      .set("reproduce", reproduce.empty() ? Value{} : Value{reproduce});
  return out;
}

}  // namespace

Value evidence(audit::Reply const& reply, std::string const& reproduce) {
  return evidence_of(reply.connection, reply.sent, reply.received, reproduce);
}

Value handshake_evidence(audit::HandshakeRecord const& record, std::string const& reproduce) {
  return evidence_of(record.connection, record.sent, record.received, reproduce);
}

Value evidence_of_all(std::vector<audit::Reply> const& replies, std::string const& reproduce) {
  Value out = Value::array();
  for (audit::Reply const& reply : replies) out.push_back(evidence(reply, reproduce));
  return out;
}

std::string s_client(Target const& target, std::string_view options) { return s_client_reading(target, options) + " </dev/null"; }

std::string s_client_reading(Target const& target, std::string_view options) {
  // Addresses and A-labels hold nothing that a shell would read as more than a word.
  bool const v6 = target.address.find(':') != std::string::npos;
  std::string const name = target.server_name.empty() ? std::string{"-noservername"} : "-servername " + target.server_name;
  return fmt::format("openssl s_client -connect {}{}{}:{} {} {}", v6 ? "[" : "", target.address, v6 ? "]" : "", target.port, name, options);
}

std::string s_client_version(wire::ProtocolVersion version) {
  switch (version) {
    case wire::ProtocolVersion::SSLv3:
      return "-ssl3";
    case wire::ProtocolVersion::TLSv1_0:
      return "-tls1";
    case wire::ProtocolVersion::TLSv1_1:
      return "-tls1_1";
    case wire::ProtocolVersion::TLSv1_2:
      return "-tls1_2";
    case wire::ProtocolVersion::TLSv1_3:
      return "-tls1_3";
    default:
      return {};
  }
}

}  // namespace tlsgauge::probes
