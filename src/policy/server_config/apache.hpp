#pragma once
// The hosts of an Apache httpd configuration, and what is inherited in them. Between the reader (apache.cpp), the headers
// (apache_headers.cpp) and the check (check_apache.cpp).

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policy/server_config/apache_syntax.hpp"

namespace tlsgauge::policy {

/// A <VirtualHost>, or the server outside of all.
struct ApacheHost {
  ApacheFile const* file = nullptr;
  ApacheDirective const* section = nullptr;  ///< nullptr: the server outside of all
  std::vector<Listener> listeners;
  std::vector<std::string> names;
  std::string label;

  [[nodiscard]] ApacheDirective const& outer() const { return file->top; }
  /// Of the section, else of the line that switches TLS on.
  [[nodiscard]] Place place() const;
  /// The directive in force: the section's last, else the server's; nullptr if there is none.
  [[nodiscard]] ApacheDirective const* in_force(std::string_view name) const;
  /// Of directives that add up: the server's, then the section's.
  [[nodiscard]] std::vector<ApacheDirective const*> both(std::string_view name) const;
  [[nodiscard]] bool is_on(std::string_view name) const;
  /// Something was not read that might say anything.
  [[nodiscard]] bool incomplete() const { return outer().incomplete || (section != nullptr && section->incomplete); }
  [[nodiscard]] bool serves_tls() const { return is_on("SSLEngine"); }
};

/// All of them in order, the first of each address marked as its default.
[[nodiscard]] std::vector<ApacheHost> apache_hosts(ApacheFile const& file);
/// The host that TLS at this address begins with, before the client's server name is known.
[[nodiscard]] ApacheHost const& default_host(std::vector<ApacheHost> const& all, ApacheHost const& host, Listener const& listener);
/// Ports of Listen; empty: the file has none.
[[nodiscard]] std::vector<std::uint16_t> apache_ports(ApacheFile const& file);

/// A word of the line holds a variable without a value here.
[[nodiscard]] bool has_unknown(ApacheDirective const& line);

/// SSLProtocol, whose words without a sign replace what stands before them.
struct ApacheProtocols {
  std::vector<wire::ProtocolVersion> named;
  std::vector<std::string> illegal;  ///< words that httpd refuses
  bool unknown = false;              ///< a word holds a variable without a value here
  bool overridden = false;           ///< a word without a sign came after another
};
[[nodiscard]] ApacheProtocols read_ssl_protocol(ApacheDirective const& line);

/// A command of SSLOpenSSLConfCmd that is in force: names are case-insensitive, the last one counts. nullptr: none.
[[nodiscard]] ApacheDirective const* conf_command(ApacheHost const& host, std::string_view command);
/// SSLCipherSuite for "SSL" (TLS 1.2 and older) or "TLSv1.3"; nullptr: none.
[[nodiscard]] ApacheDirective const* cipher_suite_line(ApacheHost const& host, std::string_view protocol);

/// Strict-Transport-Security in the two tables of mod_headers, for the path "/".
struct ApacheHsts {
  std::vector<std::string> always;        ///< values that every answer has
  std::vector<std::string> on_success;    ///< values that answers without error have
  ApacheDirective const* last = nullptr;  ///< the directive that settled it
  bool uncertain = false;                 ///< depends on more than the file
  bool taken_back = false;                ///< a section inside of the host unsets what was set
};
[[nodiscard]] ApacheHsts apache_hsts_tables(ApacheHost const& host);
/// Empty: depends on more than the file.
[[nodiscard]] std::optional<Setting<std::optional<HstsSetting>>> apache_hsts(ApacheHost const& host);
/// Some line of the host or outside of all hosts is of the header, for whatever path, or in a condition that does not hold.
[[nodiscard]] bool names_hsts(ApacheHost const& host);
/// Header ... Strict-Transport-Security
[[nodiscard]] bool is_hsts(ApacheDirective const& line);

/// Findings that only httpd's files can have.
void check_apache(ApacheFile const& file, std::vector<ApacheHost> const& hosts, ServerVersions const& versions, ServerConfig& config);

}  // namespace tlsgauge::policy
