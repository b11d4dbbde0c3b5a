#pragma once
// OpenSSL's view of the registry: which suites a build has, and by which words of a cipher string it selects them (ciphers(1)).

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "policy/server_config/openssl.hpp"

namespace tlsgauge::policy {

/// What a word selects by. In each part an empty set selects everything; several words joined by + intersect part by part.
struct SuiteTraits {
  std::uint32_t key_exchange = 0;
  std::uint32_t authentication = 0;
  std::uint32_t encryption = 0;
  std::uint32_t mac = 0;
  std::uint32_t strength = 0;  ///< HIGH, MEDIUM, LOW, FIPS, EXPORT...
  std::uint32_t standing = 0;  ///< not part of DEFAULT
  wire::ProtocolVersion version = wire::ProtocolVersion::none;
};

/// A suite that a build has.
struct OpensslSuite {
  wire::CipherSuiteInfo const* info = nullptr;
  SuiteTraits traits;
  int bits = 0;  ///< the strength that @STRENGTH and security levels go by
};

/// In the order of OpenSSL's own table: by descending code.
[[nodiscard]] std::vector<OpensslSuite> openssl_suites(OpensslBuild const& build);

/// "kECDHE", "HIGH" ... as this version knows them.
[[nodiscard]] std::optional<SuiteTraits> openssl_keyword(std::string_view word, OpensslBuild const& build);
/// A word or suite that some version or build of OpenSSL knows.
[[nodiscard]] bool known_to_any_openssl(std::string_view word);

/// Every trait that `wanted` names is among those of the suite.
[[nodiscard]] bool has_traits(OpensslSuite const& suite, SuiteTraits const& wanted);
/// May be offered and chosen at this security level, 0 to 5 (SSL_CTX_set_security_level(3)).
[[nodiscard]] bool within_security_level(OpensslSuite const& suite, int level);

/// The traits by which OpenSSL puts its table in order before a string is read.
namespace traits {
[[nodiscard]] SuiteTraits keyword(std::string_view word);  ///< one that every version knows
inline constexpr std::uint32_t kAead = 1U << 4U;
}  // namespace traits

}  // namespace tlsgauge::policy
