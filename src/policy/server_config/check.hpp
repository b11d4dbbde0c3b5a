#pragma once
// What is wrong in the configuration of a server, beyond what its reader found: worked out from the hosts alike for every kind.

#include "policy/server_config/model.hpp"

namespace tlsgauge::policy {

/// Adds to `config.findings` what the hosts' settings show: lists that OpenSSL refuses, suites of TLS 1.3 where they have no effect, weak
/// suites, protocols that are old or cannot be served, HSTS that is short or missing on errors. A directive that many hosts inherit is
/// named once. Then sorts all findings by file and line.
void check_hosts(ServerConfig& config, ServerVersions const& versions);

/// Applies the edits of all findings to the text of `file`. Of two that overlap the first wins.
[[nodiscard]] std::string apply_edits(std::string_view text, std::string const& file, std::vector<ConfigFinding> const& findings);

}  // namespace tlsgauge::policy
