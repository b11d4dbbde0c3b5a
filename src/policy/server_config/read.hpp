#pragma once
// Configuration files of servers, read with their includes. Bounded in size, depth and number of files. A file that cannot be read or
// breaks the grammar is a ProfileError "FILE:LINE: FIELD: what is wrong"; directives that have nothing to do with TLS or HTTP headers
// are passed over.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "policy/server_config/model.hpp"

namespace tlsgauge::policy {

[[nodiscard]] ServerConfig read_nginx(std::string const& path, ServerVersions const& versions);
[[nodiscard]] ServerConfig read_apache(std::string const& path, ServerVersions const& versions);
[[nodiscard]] ServerConfig read_haproxy(std::string const& path, ServerVersions const& versions);

/// "nginx", "apache", "haproxy".
[[nodiscard]] std::optional<ServerKind> server_kind_from(std::string_view word);
inline constexpr std::size_t kMaxServerFileOctets = 1024 * 1024;
/// Which server the text of a file looks made for; empty: that is not clear.
[[nodiscard]] std::optional<ServerKind> guess_server(std::string_view text);
[[nodiscard]] ServerConfig read_server_config(ServerKind kind, std::string const& path, ServerVersions const& versions);

}  // namespace tlsgauge::policy
