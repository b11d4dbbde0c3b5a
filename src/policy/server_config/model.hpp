#pragma once
// What the configuration file of a TLS server says, whichever server it is for. Readers (nginx, Apache httpd, HAProxy) fill it; what it
// promises, and what is wrong with it, is worked out from here alike for all.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tlsgauge/result.hpp"
#include "wire/registry/registry.hpp"

namespace tlsgauge::policy {

enum class ServerKind : std::uint8_t { nginx, apache, haproxy };

/// A line of a file, and where the directive is in it.
struct Place {
  std::string file;
  int line = 0;           ///< from 1; 0: stands in no file, it is the server's default
  std::size_t begin = 0;  ///< the directive's octets in the file, from `begin` to before `end`; both 0: not known
  std::size_t end = 0;
};

/// A change of a file: the octets from `begin` to before `end` give way to `text`.
struct Edit {
  std::string file;
  std::size_t begin = 0;
  std::size_t end = 0;  ///< `begin`: nothing gives way
  std::string text;
};

/// A value that the file settles, or that the server takes where the file is silent.
template <class T>
struct Setting {
  T value{};
  Place place;
  std::string text;  ///< the directive as written, or "default of nginx 1.22.1"
};

enum class Chooser : std::uint8_t { server, client };

/// Strict-Transport-Security as it will be sent.
struct HstsSetting {
  std::string value;    ///< the header's value as written
  bool always = false;  ///< on error answers too
  std::string tail{};   ///< what follows the value on its line, with a blank before it: " if { ssl_fc }"
};

struct Listener {
  std::string address;  ///< empty: any
  std::uint16_t port = 0;
  bool is_default = false;
  bool quic = false;
};

/// One name-based host, front end or server block that serves TLS. An empty optional: neither the file says it nor is the default of the
/// server's version known, so that nothing is promised.
struct VirtualHost {
  Place place;
  std::string label;               ///< "server example.com", "<VirtualHost *:443>", "frontend web"
  std::vector<std::string> names;  ///< host names and patterns it answers to
  std::vector<Listener> listeners;
  std::optional<Setting<std::vector<wire::ProtocolVersion>>> protocols;
  std::optional<Setting<std::string>> ciphers;  ///< OpenSSL cipher string, TLS 1.2 and older
  std::string repeated{};  ///< lines that a first ssl_conf_command beside `ciphers` has to repeat, or they are inherited no more
  std::optional<Setting<std::string>> ciphersuites;  ///< OpenSSL list for TLS 1.3; stands in no file: OpenSSL's own
  std::optional<Setting<std::string>> groups;        ///< OpenSSL list of groups; stands in no file: OpenSSL's own
  std::optional<Setting<Chooser>> chooser;
  std::optional<Setting<bool>> session_tickets;
  std::optional<Setting<bool>> early_data;
  std::optional<Setting<bool>> ocsp_stapling;
  std::optional<Setting<bool>> client_certificate;  ///< one is asked for
  std::optional<Setting<bool>> dh_parameters;       ///< finite-field Diffie-Hellman is possible
  std::optional<Setting<std::vector<std::string>>> alpn;
  std::optional<Setting<std::optional<HstsSetting>>> hsts;  ///< value empty: none is sent. For the path "/"
  std::vector<Setting<std::string>> certificates;           ///< paths
};

/// A fault in the file itself.
struct ConfigFinding {
  std::string id;  ///< "nginx-will-not-start", "hsts-lost" ...
  Severity severity = Severity::medium;
  Place place{};
  std::string title;
  std::string why;
  std::string fix{};          ///< lines to write instead; empty: none
  std::string reference{};    ///< document and section, or empty
  std::vector<Edit> edits{};  ///< that write those lines; empty: a person has to
  bool refused = false;       ///< the server will not start with it
};

/// What is known of the program that will read the file. Empty: not known.
struct ServerVersions {
  std::string server;   ///< "1.22.1"
  std::string openssl;  ///< "3.0.19"
};

struct ServerConfig {
  ServerKind kind = ServerKind::nginx;
  std::vector<VirtualHost> hosts;
  std::vector<ConfigFinding> findings;
};

}  // namespace tlsgauge::policy
