#pragma once
// Configuration files of servers, read with their includes. Bounded in size, depth and number of files. A file that cannot be read or
// breaks the grammar is a ProfileError "FILE:LINE: FIELD: what is wrong"; directives that have nothing to do with TLS or HTTP headers
// are passed over.

#include "policy/server_config/model.hpp"

namespace tlsgauge::policy {

[[nodiscard]] ServerConfig read_nginx(std::string const& path, ServerVersions const& versions);
[[nodiscard]] ServerConfig read_apache(std::string const& path, ServerVersions const& versions);
[[nodiscard]] ServerConfig read_haproxy(std::string const& path, ServerVersions const& versions);

}  // namespace tlsgauge::policy
