#include "policy/server_config/possible.hpp"

#include <algorithm>

namespace tlsgauge::policy {
namespace {

using wire::CipherSuiteInfo;
using wire::ProtocolVersion;

/// Suites that need a key of their own making, which no web server is configured for by these files.
bool needs_shared_key(CipherSuiteInfo const& suite) {
  return suite.name.find("PSK") != std::string_view::npos || suite.name.find("SRP") != std::string_view::npos ||
         suite.name.find("KRB5") != std::string_view::npos;
}

bool keys_allow(CipherSuiteInfo const& suite, KeyKinds const& keys) {
  if (!keys || suite.authentication == "anon") return true;
  auto const has = [&](auto... kinds) {
    return std::ranges::any_of(*keys, [&](std::string const& key) { return ((key == kinds) || ...); });
  };
  if (suite.key_exchange == "RSA") return has("rsa");
  if (suite.authentication == "RSA") return has("rsa", "rsa-pss");
  if (suite.authentication == "ECDSA") return has("ecdsa", "ed25519", "ed448");
  if (suite.authentication == "DSS" || suite.authentication == "DSA") return has("dsa");
  return true;
}

bool is_static_dh(CipherSuiteInfo const& suite) { return suite.key_exchange == "DH" || suite.key_exchange == "ECDH"; }

}  // namespace

int security_level(CipherList const& list) { return list.security_level >= 0 ? list.security_level : 1; }

std::optional<std::vector<ProtocolVersion>> possible_protocols(VirtualHost const& host, OpensslBuild const& build) {
  if (!host.protocols) return std::nullopt;
  bool const modern = build.major >= 3;
  std::optional<int> level;
  if (host.ciphers) level = security_level(read_cipher_string(host.ciphers->value, build));
  std::vector<ProtocolVersion> out;
  for (ProtocolVersion const version : host.protocols->value) {
    if (version == ProtocolVersion::SSLv2) continue;
    bool const tls13 = version == ProtocolVersion::TLSv1_3;
    if (version <= ProtocolVersion::SSLv3) {
      if (!modern) return std::nullopt;
      continue;  // a build that has it would be a special one
    }
    if (version <= ProtocolVersion::TLSv1_1) {
      if (!modern || !level) return std::nullopt;
      if (*level > 0) continue;
    }
    if (tls13 && build.major < 3 && (build.minor < 1 || build.patch < 1)) continue;  // since 1.1.1
    // An empty list of suites switches TLS 1.3 off.
    bool const emptied = tls13 && host.ciphersuites && host.ciphersuites->place.line > 0 && host.ciphersuites->value.empty();
    if (!emptied) out.push_back(version);
  }
  return out;
}

std::optional<std::vector<CipherSuiteInfo const*>> possible_suites(VirtualHost const& host, ProtocolVersion version,
                                                                   OpensslBuild const& build, KeyKinds const& keys) {
  std::vector<CipherSuiteInfo const*> out;
  if (version == ProtocolVersion::TLSv1_3) {
    if (!host.ciphersuites) return std::nullopt;
    if (host.ciphersuites->place.line == 0) return default_ciphersuites(build);
    return read_ciphersuites(host.ciphersuites->value, build).suites;
  }
  if (!host.ciphers || !host.dh_parameters) return std::nullopt;
  CipherList const list = read_cipher_string(host.ciphers->value, build);
  for (CipherSuiteInfo const* const suite : list.offered) {
    bool const dhe = suite->key_exchange == "DHE";
    bool const fits = version >= suite->min_version && version <= std::max(suite->max_version, ProtocolVersion::TLSv1_2);
    if (fits && !needs_shared_key(*suite) && !is_static_dh(*suite) && keys_allow(*suite, keys) && (!dhe || host.dh_parameters->value)) {
      out.push_back(suite);
    }
  }
  return out;
}

std::optional<std::vector<wire::NamedGroupInfo const*>> possible_groups(VirtualHost const& host, OpensslBuild const& build) {
  if (!host.groups) return std::nullopt;
  std::vector<wire::NamedGroupInfo const*> all =
      host.groups->place.line == 0 ? default_groups(build) : read_groups_list(host.groups->value, build).groups;
  std::erase_if(all, [](wire::NamedGroupInfo const* group) { return !group->usable_in_tls13; });
  return all;
}

}  // namespace tlsgauge::policy
