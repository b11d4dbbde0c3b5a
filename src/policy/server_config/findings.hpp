#pragma once
// The words of findings, alike for all checks.

#include <string>
#include <string_view>
#include <vector>

#include "policy/server_config/model.hpp"

namespace tlsgauge::policy {

/// "nginx", "Apache httpd", "HAProxy".
[[nodiscard]] std::string_view name(ServerKind kind);

enum class ConfigWord { protocols, ciphers, ciphersuites, groups, hsts };
/// The text in double quotes, with a backslash before what would end or change it there.
[[nodiscard]] std::string quoted(ServerKind kind, std::string_view text);
/// The directive with that value, as a line of that server's configuration.
[[nodiscard]] std::string directive_line(ServerKind kind, ConfigWord word, std::string_view value);
/// The directive's name alone: "ssl_ciphers".
[[nodiscard]] std::string_view directive_name(ServerKind kind, ConfigWord word);

/// That the lines take the place of the directive at `place`; none where it stands in no file, or has no octets of its own: HAProxy's
/// words share a line.
[[nodiscard]] std::vector<Edit> replaced(ServerKind kind, Place const& place, std::string const& lines);
/// That the lines follow the directive at `place`.
[[nodiscard]] std::vector<Edit> inserted_behind(Place const& place, std::string const& lines);

/// What httpd puts behind every cipher string.
inline constexpr std::string_view kApacheNever = ":!aNULL:!eNULL:!EXP";

/// "A, B and 5 more".
[[nodiscard]] std::string some_of(std::vector<std::string> const& names, std::size_t most = 6);

/// Adds the finding unless the same one of that place is there already.
void add_finding(ServerConfig& config, ConfigFinding finding);

/// What is wrong with a Strict-Transport-Security header as it is configured.
void check_hsts_header(ServerConfig& config, HstsSetting const& header, Place const& place);

/// The suites of the recommended configuration, for TLS 1.2.
inline constexpr std::string_view kRecommendedCiphers =
    "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";

}  // namespace tlsgauge::policy
