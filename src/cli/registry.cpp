#include "wire/registry/registry.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/output.hpp"

namespace tlsgauge::cli {
namespace {

bool is_wanted(std::string const& wanted, std::string const& code, std::string_view name, std::string_view other = {}) {
  if (wanted.empty()) return true;
  std::string const lower = ascii_lower(wanted);
  return lower == ascii_lower(code) || lower == ascii_lower(name) || (!other.empty() && lower == ascii_lower(other));
}

std::string suite_line(wire::CipherSuiteInfo const& suite, int digits) {
  return fmt::format("0x{:0{}X}  {:<52} {:<32} kx={} au={} enc={} bits={} mac={} fs={} {} {}\n", suite.code, digits, suite.name,
                     suite.openssl_name.empty() ? "-" : suite.openssl_name, suite.key_exchange, suite.authentication, suite.encryption,
                     suite.key_bits, suite.mac, suite.forward_secrecy ? "yes" : "no", suite.status, suite.rfc);
}

}  // namespace

int registry_command(std::string const& table, std::string const& wanted) {
  std::string text;
  if (table == "ciphers") {
    for (auto const& suite : wire::cipher_suites()) {
      if (is_wanted(wanted, fmt::format("0x{:04X}", suite.code), suite.name, suite.openssl_name)) text += suite_line(suite, 4);
    }
    for (auto const& suite : wire::ssl2_cipher_kinds()) {
      if (is_wanted(wanted, fmt::format("0x{:06X}", suite.code), suite.name)) text += suite_line(suite, 6);
    }
  } else if (table == "groups") {
    for (auto const& group : wire::named_groups()) {
      if (!is_wanted(wanted, wire::code_text(group.code), group.name)) continue;
      text += fmt::format("{}  {:<32} {:<20} bits={} tls13={} {} {}\n", wire::code_text(group.code), group.name, group.kind,
                          group.security_bits, group.usable_in_tls13 ? "yes" : "no", group.status, group.rfc);
    }
  } else {
    for (auto const& scheme : wire::signature_schemes()) {
      if (!is_wanted(wanted, wire::code_text(scheme.code), scheme.name)) continue;
      text += fmt::format("{}  {:<40} {:<12} {:<10} tls12={} tls13={} {} {}\n", wire::code_text(scheme.code), scheme.name, scheme.algorithm,
                          scheme.hash, scheme.tls12, scheme.tls13, scheme.status, scheme.rfc);
    }
  }
  if (text.empty()) throw UsageError(fmt::format("registry {}: '{}' is not in it", table, printable(wanted)));
  write_stdout(text);
  return kMeets;
}

}  // namespace tlsgauge::cli
