#pragma once
// The blocks of an nginx configuration that serve TLS, and what is inherited in them. Between the reader (nginx.cpp), the headers
// (nginx_headers.cpp) and the check (check_nginx.cpp).

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policy/server_config/nginx_syntax.hpp"
#include "policy/server_config/version.hpp"

namespace tlsgauge::policy {

struct NginxListen {
  Listener listener;  ///< port 0: a socket of Unix
  bool ssl = false;   ///< of the address: one server that says so says it for all that share it
  bool http2 = false;
  std::string key;  ///< "127.0.0.1:443"
  Place place;
  std::size_t first = 0;  ///< index of the address's default server among all
};

/// A server block of http, stream or mail.
struct NginxServer {
  NginxDirective const* outer = nullptr;  ///< the block http, stream or mail
  NginxDirective const* block = nullptr;
  std::vector<NginxListen> listens;
  std::vector<std::string> names;
  std::string label;

  [[nodiscard]] bool is_http() const { return outer->name == "http"; }
  [[nodiscard]] bool serves_tls() const;
  /// The directive in force: this block's last, else the outer one's; nullptr if there is none.
  [[nodiscard]] NginxDirective const* in_force(std::string_view name) const;
  /// For directives that may be repeated: this block's if it has any, else the outer one's.
  [[nodiscard]] std::vector<NginxDirective const*> all_in_force(std::string_view name) const;
  /// A file that is not there might have any directive.
  [[nodiscard]] bool incomplete() const { return outer->incomplete || block->incomplete; }
  [[nodiscard]] bool is_on(std::string_view name) const;
  /// Of ssl_conf_command; nullptr: none.
  [[nodiscard]] NginxDirective const* conf_command(std::string_view command) const;
};

/// All of them in order, each address marked `ssl` and with its default server.
[[nodiscard]] std::vector<NginxServer> nginx_servers(NginxFile const& file);
/// The server that TLS at this address begins with, before the client's server name is known.
[[nodiscard]] NginxServer const& default_server(std::vector<NginxServer> const& all, NginxListen const& listen);

/// add_header directives in force in a block.
struct NginxHeaders {
  enum class Inherit { on, off, merge };
  std::vector<NginxDirective const*> all;
  Inherit mode = Inherit::on;  ///< add_header_inherit
  bool uncertain = false;      ///< other modules set headers here, or a file was not read

  /// The first Strict-Transport-Security with a value; nullptr: none.
  [[nodiscard]] NginxDirective const* hsts() const;
};
[[nodiscard]] NginxHeaders nginx_headers(NginxDirective const& block, NginxHeaders const& outer);
[[nodiscard]] NginxHeaders server_headers(NginxServer const& server);
/// Of the answer for "/"; empty: depends on more than the file.
[[nodiscard]] std::optional<Setting<std::optional<HstsSetting>>> nginx_hsts(NginxServer const& server);
[[nodiscard]] bool is_always(NginxDirective const& header);
[[nodiscard]] bool is_hsts(NginxDirective const& header);

/// Hosts and findings of a file.
[[nodiscard]] ServerConfig evaluate_nginx(NginxFile const& file, ServerVersions const& versions);

/// Findings that only nginx's files can have.
void check_nginx(NginxFile const& file, std::vector<NginxServer> const& servers, ServerVersions const& versions, ServerConfig& config);
/// Part of them: Strict-Transport-Security of one HTTP server block.
void check_nginx_headers(NginxServer const& server, ServerConfig& config);

}  // namespace tlsgauge::policy
