#pragma once
// How OpenSSL reads the lists in servers' configurations, worked out over our own registry: ciphers(1), SSL_CTX_set_ciphersuites(3),
// SSL_CTX_set1_groups_list(3). What a list means depends on the version and on what a distribution compiled in.

#include <string>
#include <string_view>
#include <vector>

#include "wire/registry/registry.hpp"

namespace tlsgauge::policy {

struct OpensslBuild {
  int major = 3;
  int minor = 0;
  int patch = 0;
  bool weak_ciphers = false;  ///< built with enable-weak-ssl-ciphers (RC4, 3DES, IDEA, SEED ...); Debian is not
};

/// "3.0.19", "1.1.1w"; Debian 12's where the text is empty or no version.
[[nodiscard]] OpensslBuild openssl_build(std::string_view version);

struct CipherList {
  std::vector<wire::CipherSuiteInfo const*> suites;  ///< of TLS 1.2 and older, in order; empty: OpenSSL refuses it ("no cipher match")
  /// Of `suites`, those that the security level lets a server offer and choose: what a configuration promises.
  std::vector<wire::CipherSuiteInfo const*> offered;
  std::vector<std::string> ignored;      ///< additions that select nothing in this build, and words that no OpenSSL knows
  std::vector<std::string> tls13_names;  ///< suites of TLS 1.3 that stand there without effect
  int security_level = -1;               ///< by @SECLEVEL; -1: none said
};
[[nodiscard]] CipherList read_cipher_string(std::string_view text, OpensslBuild const& build);

struct CiphersuiteList {
  std::vector<wire::CipherSuiteInfo const*> suites;
  std::vector<std::string> unknown;
  bool refused = false;  ///< OpenSSL reports an error
};
/// An empty text switches TLS 1.3 off.
[[nodiscard]] CiphersuiteList read_ciphersuites(std::string_view text, OpensslBuild const& build);
/// The suites of TLS 1.3 without any setting, in order.
[[nodiscard]] std::vector<wire::CipherSuiteInfo const*> default_ciphersuites(OpensslBuild const& build);

struct GroupList {
  std::vector<wire::NamedGroupInfo const*> groups;  ///< in order
  std::vector<std::string> unknown;
  bool refused = false;  ///< OpenSSL reports an error
};
/// `prime256v1:X25519`, since 3.5 also `?name`, `*name`, tuples with `/`, `-name` and DEFAULT.
[[nodiscard]] GroupList read_groups_list(std::string_view text, OpensslBuild const& build);
[[nodiscard]] std::vector<wire::NamedGroupInfo const*> default_groups(OpensslBuild const& build);

}  // namespace tlsgauge::policy
