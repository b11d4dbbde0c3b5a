#pragma once
// What shows that a server did what the facts say. Every "yes" that is bad news carries it.

#include <string>
#include <string_view>
#include <vector>

#include "audit/answer.hpp"
#include "audit/handshake.hpp"
#include "tlsgauge/result.hpp"

namespace tlsgauge::probes {

/// {connection, hello_sha256, answer, reproduce}: the digest is of the octets that were sent, the answer the first 256 that came back, in
/// hexadecimal. `reproduce` is a command for a shell, or empty (null) where no common tool sends such a hello.
[[nodiscard]] Value evidence(audit::Reply const& reply, std::string const& reproduce);

[[nodiscard]] Value handshake_evidence(audit::HandshakeRecord const& record, std::string const& reproduce);

/// One for each.
[[nodiscard]] Value evidence_of_all(std::vector<audit::Reply> const& replies, std::string const& reproduce);

/// "openssl s_client -connect 192.0.2.1:443 -servername example.com OPTIONS </dev/null"
[[nodiscard]] std::string s_client(Target const& target, std::string_view options);
/// The same without the end: it reads what is piped into it.
[[nodiscard]] std::string s_client_reading(Target const& target, std::string_view options);
/// Its option for that version alone, "-tls1_2"; empty for SSL 2.0, which it does not speak.
[[nodiscard]] std::string s_client_version(wire::ProtocolVersion version);

}  // namespace tlsgauge::probes
