#pragma once
// The TLS listeners of a HAProxy configuration, and what they inherit. Between the reader (haproxy.cpp), the headers
// (haproxy_headers.cpp) and the check (check_haproxy.cpp).

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policy/server_config/haproxy_syntax.hpp"

namespace tlsgauge::policy {

/// A keyword with its value, on a `bind` line or as a default in global.
struct HaproxyWord {
  std::string value;
  Place place;           ///< begin and end only where the line says nothing else
  std::string text;      ///< "bind ... ciphers X", "ssl-default-bind-ciphers X"
  bool unknown = false;  ///< the value holds a variable without a value here
};

/// Versions as ssl-min-ver, ssl-max-ver, force-tlsvXX and no-tlsvXX say.
struct HaproxyVersions {
  std::optional<HaproxyWord> lowest;
  std::optional<HaproxyWord> highest;
  std::vector<HaproxyWord> off;  ///< no-tlsvXX
  bool unknown = false;          ///< a word holds a variable without a value here

  /// The words no-tlsvXX count only where no bound is set.
  [[nodiscard]] bool off_ignored() const { return !off.empty() && (lowest || highest); }
};

/// What `bind` lines take where they say nothing: the ssl-default-bind-* read before them.
struct HaproxyDefaults {
  std::optional<HaproxyWord> ciphers, ciphersuites, curves;
  HaproxyVersions versions;
  std::optional<HaproxyWord> no_tickets, client_order;
  bool options_unknown = false;  ///< a word of ssl-default-bind-options, or the line as a whole, is not known here
};

/// A `bind` line with `ssl`.
struct HaproxyBind {
  HaproxySection const* section = nullptr;  ///< frontend or listen
  HaproxyLine const* line = nullptr;
  std::vector<Listener> listeners;
  HaproxyDefaults defaults;               ///< with the line's own words over them
  std::vector<std::string> certificates;  ///< crt
  std::vector<std::string> lists;         ///< crt-list
  std::optional<HaproxyWord> alpn, verify, ca_file, early_data, ecdhe, ticket_keys;
  std::string label;
};

/// An option of ssl-default-bind-options or a word of a `bind` line that is of TLS versions; nothing: it is none.
/// Throws nothing; a version that HAProxy does not know is in `illegal`.
struct HaproxyBinds {
  std::vector<HaproxyBind> tls;
  std::vector<HaproxyLine const*> crt_without_ssl;
  std::vector<HaproxyLine const*> too_late;  ///< ssl-default-bind-* behind a `bind` line, which did not get them
  std::vector<HaproxyWord> illegal;          ///< versions and options that HAProxy refuses
};
[[nodiscard]] HaproxyBinds haproxy_binds(HaproxyFile const& file);
/// The versions from lowest to highest; empty: all are switched off. Without a bound TLS 1.2 is the lowest, since HAProxy 2.2.
[[nodiscard]] std::vector<wire::ProtocolVersion> versions_of(HaproxyVersions const& said);

/// The section's defaults: those it names, else the last before it; nullptr: none.
[[nodiscard]] HaproxySection const* defaults_of(HaproxyFile const& file, HaproxySection const& section);
/// The last line of that keyword in the section, else in its defaults.
[[nodiscard]] HaproxyLine const* in_force(HaproxyFile const& file, HaproxySection const& section, std::string_view keyword);
[[nodiscard]] bool speaks_http(HaproxyFile const& file, HaproxySection const& section);

/// Strict-Transport-Security for the path "/". Empty: depends on more than the file.
[[nodiscard]] std::optional<Setting<std::optional<HstsSetting>>> haproxy_hsts(HaproxyFile const& file, HaproxySection const& section);
/// http-response or http-after-response ... Strict-Transport-Security
[[nodiscard]] bool is_hsts(HaproxyLine const& line);
/// The words from `first` on, quoted where they need it, each with a blank before it.
[[nodiscard]] std::string words_from(HaproxyLine const& line, std::size_t first);
/// Whether HAProxy itself answers every request of the section, so that http-response rules have nothing to act on.
[[nodiscard]] HaproxyLine const* answers_itself(HaproxySection const& section);

/// Findings that only HAProxy's files can have.
void check_haproxy(HaproxyFile const& file, HaproxyBinds const& binds, ServerVersions const& versions, ServerConfig& config);

}  // namespace tlsgauge::policy
