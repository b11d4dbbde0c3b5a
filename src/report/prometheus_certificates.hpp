#pragma once
// What the alerts of blackbox_exporter and ssl_exporter ask of certificates.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tlsgauge/result.hpp"

namespace tlsgauge::report {

/// Of the chains that are shown to the target's own name; those of other names on the same address are not its certificates.
struct ServedCertificates {
  std::vector<Value const*> certificates;  ///< each once, of those that can be parsed; the first to expire first
  std::vector<Value const*> leaves;        ///< the end entities among them
  std::optional<std::int64_t> earliest;    ///< notAfter of the first to expire, Unix time
  /// The first notAfter in a chain that is trusted, of what its path needs; of several chains the first, since each client gets one.
  std::optional<std::int64_t> chain_expiry;
};
[[nodiscard]] ServedCertificates served_certificates(Endpoint const& endpoint);

/// The values of an attribute ("commonName") of an RFC 4514 name, as attributes_of has them.
[[nodiscard]] std::vector<std::string> name_parts(std::string_view name, std::string_view type);

/// The names of a kind ("DNS", "IP", "email") among subjectAltNames.
[[nodiscard]] std::vector<std::string> alternative_names(Value const& certificate, std::string_view kind);

/// ",a,b,", so that `=~".*,a,.*"` finds one; empty for none. A comma within becomes "\2C".
[[nodiscard]] std::string multi_valued(std::vector<std::string> const& values);

/// A hexadecimal serial number in decimal as ssl_exporter has it; empty where it is no number, or over 64 octets.
[[nodiscard]] std::string decimal_serial(std::string_view hex);
/// ... in lower-case octets as blackbox_exporter has it.
[[nodiscard]] std::string octets_serial(std::string_view hex);

}  // namespace tlsgauge::report
