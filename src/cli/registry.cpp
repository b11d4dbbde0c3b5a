#include "wire/registry/registry.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/output.hpp"
#include "policy/server_config/openssl.hpp"

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

std::string group_line(wire::NamedGroupInfo const& group) {
  return fmt::format("{}  {:<32} {:<20} bits={} tls13={} {} {}\n", wire::code_text(group.code), group.name, group.kind, group.security_bits,
                     group.usable_in_tls13 ? "yes" : "no", group.status, group.rfc);
}

std::string table_text(std::string const& table, std::string const& wanted) {
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
      text += group_line(group);
    }
  } else {
    for (auto const& scheme : wire::signature_schemes()) {
      if (!is_wanted(wanted, wire::code_text(scheme.code), scheme.name)) continue;
      text += fmt::format("{}  {:<40} {:<12} {:<10} tls12={} tls13={} {} {}\n", wire::code_text(scheme.code), scheme.name, scheme.algorithm,
                          scheme.hash, scheme.tls12, scheme.tls13, scheme.status, scheme.rfc);
    }
  }
  return text;
}

std::string named(std::string_view what, std::vector<std::string> const& words) {
  return words.empty() ? "" : fmt::format("{}: {}\n", what, printable(join(words, " ")));
}

/// What a list of a server's configuration selects.
struct Read {
  std::string text;
  bool refused = false;
};

Read read_ciphers(std::string const& list, policy::OpensslBuild const& build) {
  policy::CipherList const read = policy::read_cipher_string(list, build);
  Read out{.text = {}, .refused = read.suites.empty()};
  for (auto const* const suite : read.suites) {
    bool const offered = std::ranges::find(read.offered, suite) != read.offered.end();
    std::string line = suite_line(*suite, 4);
    if (!offered) line.insert(line.size() - 1, " (not offered at this security level)");
    out.text += line;
  }
  out.text += named("selects nothing", read.ignored);
  out.text += named("without effect, TLS 1.3 has a list of its own", read.tls13_names);
  return out;
}

Read read_suites_of_tls13(std::string const& list, policy::OpensslBuild const& build) {
  policy::CiphersuiteList const read = policy::read_ciphersuites(list, build);
  Read out{.text = {}, .refused = read.refused};
  for (auto const* const suite : read.suites) out.text += suite_line(*suite, 4);
  if (read.suites.empty() && !read.refused) out.text += "TLS 1.3 is off\n";
  out.text += named("selects nothing", read.unknown);
  return out;
}

Read read_groups(std::string const& list, policy::OpensslBuild const& build) {
  policy::GroupList const read = policy::read_groups_list(list, build);
  Read out{.text = {}, .refused = read.refused};
  for (auto const* const group : read.groups) out.text += group_line(*group);
  out.text += named("unknown", read.unknown);
  return out;
}

policy::OpensslBuild build_of(RegistryCommand const& command) {
  bool const digit = !command.openssl_version.empty() && command.openssl_version.front() >= '1' && command.openssl_version.front() <= '9';
  if (!digit && !command.openssl_version.empty()) {
    throw UsageError(fmt::format("--openssl-version: '{}' is no version such as 3.0.19", printable(command.openssl_version)));
  }
  policy::OpensslBuild build = policy::openssl_build(command.openssl_version);
  build.weak_ciphers = command.weak_ciphers;
  return build;
}

}  // namespace

int registry_command(RegistryCommand const& command) {
  if (command.openssl || command.ciphersuites) {
    bool const ciphers = command.table == "ciphers";
    if (!ciphers && (command.ciphersuites || command.table != "groups")) {
      throw UsageError(fmt::format("registry {}: OpenSSL has no such list", command.table));
    }
    policy::OpensslBuild const build = build_of(command);
    Read const read = command.ciphersuites ? read_suites_of_tls13(*command.ciphersuites, build)
                      : ciphers            ? read_ciphers(*command.openssl, build)
                                           : read_groups(*command.openssl, build);
    write_stdout(read.text);
    if (!read.refused) return kMeets;
    say_why(fmt::format("OpenSSL {}.{} refuses this list", build.major, build.minor));
    return kUnmet;
  }
  std::string const text = table_text(command.table, command.wanted);
  if (text.empty()) throw UsageError(fmt::format("registry {}: '{}' is not in it", command.table, printable(command.wanted)));
  write_stdout(text);
  return kMeets;
}

}  // namespace tlsgauge::cli
