#include "policy/server_config/read.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace tlsgauge::policy {

std::optional<ServerKind> server_kind_from(std::string_view word) {
  if (word == "nginx") return ServerKind::nginx;
  if (word == "apache" || word == "httpd") return ServerKind::apache;
  if (word == "haproxy") return ServerKind::haproxy;
  return std::nullopt;
}

std::optional<ServerKind> guess_server(std::string_view text) {
  std::array<int, 3> marks{};
  for (std::string_view line : split(text, '\n')) {
    line = trim(line);
    std::string_view const first = line.substr(0, line.find_first_of(" \t"));
    bool const ends = line.ends_with(';') || line.ends_with('{') || line.ends_with('}');
    if (ends && !line.starts_with('#')) ++marks[0];
    if (line.starts_with('<') || first.starts_with("SSL") || first == "LoadModule" || first == "Listen" || first == "Header") ++marks[1];
    constexpr std::string_view kHaproxy[] = {"global", "defaults", "frontend", "backend", "bind", "mode", "ssl-default-bind-options"};
    if (!ends && std::ranges::find(kHaproxy, first) != std::end(kHaproxy)) ++marks[2];
  }
  auto const most = std::ranges::max_element(marks);
  if (*most == 0 || std::ranges::count(marks, *most) != 1) return std::nullopt;
  return static_cast<ServerKind>(most - marks.begin());
}

ServerConfig read_server_config(ServerKind kind, std::string const& path, ServerVersions const& versions) {
  if (kind == ServerKind::nginx) return read_nginx(path, versions);
  if (kind == ServerKind::apache) return read_apache(path, versions);
  return read_haproxy(path, versions);
}

}  // namespace tlsgauge::policy
