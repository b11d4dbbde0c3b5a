// From httpd's directives to hosts. Defaults and inheritance: https://httpd.apache.org/docs/2.4/mod/mod_ssl.html; what belongs to the
// address and not to the host was tried with httpd 2.4.71 and OpenSSL 3.0 (tests/servers/apache_config_test.py).

#include "policy/server_config/apache.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <set>

#include "base/text.hpp"
#include "policy/server_config/check.hpp"
#include "policy/server_config/files.hpp"
#include "policy/server_config/findings.hpp"
#include "policy/server_config/read.hpp"

namespace tlsgauge::policy {
namespace {

using wire::ProtocolVersion;

constexpr std::string_view kDefaultOfHttpd = "default of Apache httpd";
constexpr std::size_t kMaxCertificate = 256 * 1024;
constexpr std::array kTls{ProtocolVersion::TLSv1_0, ProtocolVersion::TLSv1_1, ProtocolVersion::TLSv1_2, ProtocolVersion::TLSv1_3};

std::optional<std::uint16_t> port_of(std::string_view text) {
  std::uint16_t port = 0;
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc{} || end != text.data() + text.size() || port == 0) return std::nullopt;
  return port;
}

struct Address {
  std::string host;  // empty: any
  std::optional<std::uint16_t> port;
};

/// "443", "*:443", "[::1]:443", "192.0.2.1"
Address read_address(std::string_view text) {
  std::size_t const bracket = text.rfind(']');
  std::size_t const colon = text.rfind(':');
  std::string_view host = text;
  std::optional<std::uint16_t> port;
  if (colon != std::string_view::npos && (bracket == std::string_view::npos || colon > bracket)) {
    host = text.substr(0, colon);
    port = port_of(text.substr(colon + 1));
  } else if (!text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos) {
    host = {};
    port = port_of(text);
  }
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  if (host == "*" || host == "_default_" || host == "0.0.0.0" || host == "::") host = {};
  return {.host = std::string{host}, .port = port};
}

/// Of a ServerName, which may have a scheme and a port.
std::string_view bare_name(std::string_view text) {
  if (std::size_t const at = text.find("://"); at != std::string_view::npos) text.remove_prefix(at + 3);
  return text.substr(0, text.find(':'));
}

void read_names(ApacheHost& host) {
  ApacheDirective const& own = host.section != nullptr ? *host.section : host.outer();
  if (ApacheDirective const* const line = own.last("ServerName")) host.names.emplace_back(bare_name(line->word(0)));
  for (ApacheDirective const* const line : own.all("ServerAlias"))
    host.names.insert(host.names.end(), line->words.begin(), line->words.end());
}

std::vector<Listener> listeners_of(std::vector<std::string> const& addresses, std::vector<std::uint16_t> const& ports) {
  std::vector<Listener> out;
  for (std::string const& word : addresses) {
    Address const address = read_address(word);
    if (address.port) {
      out.push_back({.address = address.host, .port = *address.port});
    } else {
      for (std::uint16_t const port : ports) out.push_back({.address = address.host, .port = port});
    }
  }
  return out;
}

template <class T>
Setting<T> setting(T value, ApacheDirective const& line) {
  return {.value = std::move(value), .place = line.place, .text = line.text};
}

std::optional<ProtocolVersion> version_of(std::string_view word) {
  static constexpr std::pair<std::string_view, ProtocolVersion> kNames[] = {
      {"sslv3", ProtocolVersion::SSLv3},     {"tlsv1", ProtocolVersion::TLSv1_0},   {"tlsv1.0", ProtocolVersion::TLSv1_0},
      {"tlsv1.1", ProtocolVersion::TLSv1_1}, {"tlsv1.2", ProtocolVersion::TLSv1_2}, {"tlsv1.3", ProtocolVersion::TLSv1_3}};
  std::string const lower = ascii_lower(word);
  for (auto const& [name, version] : kNames) {
    if (name == lower) return version;
  }
  return std::nullopt;
}

/// httpd tells OpenSSL a lowest and a highest version: the highest that is named, and what follows it downwards without a gap.
std::vector<ProtocolVersion> without_gaps(std::vector<ProtocolVersion> const& named) {
  std::vector<ProtocolVersion> out;
  for (auto each = kTls.rbegin(); each != kTls.rend(); ++each) {
    bool const on = std::ranges::find(named, *each) != named.end();
    if (on) out.insert(out.begin(), *each);
    if (!on && !out.empty()) break;
  }
  return out;
}

class HostReader {
 public:
  HostReader(std::vector<ApacheHost> const& all, ApacheFile const& file) : all_(all), file_(file) {}

  VirtualHost read(ApacheHost const& apache) const {
    VirtualHost host;
    host.place = apache.place();
    host.label = apache.label;
    host.names = apache.names;
    host.listeners = apache.listeners;
    host.protocols = protocols(apache);
    host.ciphers = ciphers(apache);
    host.ciphersuites = ciphersuites(apache);
    host.groups = groups_of_address(apache);
    host.chooser = chooser(apache);
    host.session_tickets = tickets(apache);
    host.early_data = Setting<bool>{.value = false, .place = {}, .text = "Apache httpd has no early data"};
    host.ocsp_stapling = flag(apache, "SSLUseStapling", false);
    host.client_certificate = client_certificate(apache);
    if (!apache.incomplete()) host.dh_parameters = by_default(true);  // generated to suit the key
    host.alpn = alpn(apache);
    host.hsts = apache_hsts(apache);
    for (ApacheDirective const* const line : apache.both("SSLCertificateFile")) {
      if (!line->words.empty()) host.certificates.push_back(setting(absolute_below(file_.folder, line->words[0]), *line));
    }
    return host;
  }

 private:
  template <class T>
  using Maybe = std::optional<Setting<T>>;

  template <class T>
  static Setting<T> by_default(T value) {
    return {.value = std::move(value), .place = {}, .text = std::string{kDefaultOfHttpd}};
  }
  template <class T>
  static Maybe<T> default_unless_incomplete(ApacheHost const& host, T value) {
    return host.incomplete() ? std::nullopt : Maybe<T>{by_default(std::move(value))};
  }

  static Maybe<bool> flag(ApacheHost const& host, std::string_view name, bool otherwise) {
    ApacheDirective const* const line = host.in_force(name);
    if (line != nullptr && has_unknown(*line)) return std::nullopt;
    return line == nullptr ? default_unless_incomplete(host, otherwise) : Maybe<bool>{setting(host.is_on(name), *line)};
  }

  Maybe<std::vector<ProtocolVersion>> protocols(ApacheHost const& host) const {
    ApacheDirective const* const line = host.in_force("SSLProtocol");
    if (line != nullptr && has_unknown(*line)) return std::nullopt;
    Maybe<std::vector<ProtocolVersion>> out =
        line == nullptr ? default_unless_incomplete(host, std::vector<ProtocolVersion>(kTls.begin(), kTls.end()))
                        : Maybe<std::vector<ProtocolVersion>>{setting(without_gaps(read_ssl_protocol(*line).named), *line)};
    for (std::string_view const command : {"MinProtocol", "MaxProtocol", "Protocol"}) {
      ApacheDirective const* const limit = conf_command(host, command);
      if (limit == nullptr) continue;
      if (!out || has_unknown(*limit)) return std::nullopt;
      out->place = limit->place;
      out->text = limit->text;
      if (command == "Protocol") {
        narrow(out->value, limit->word(1));
      } else if (!bound(out->value, limit->word(1), command == "MinProtocol")) {
        return std::nullopt;
      }
    }
    return out;
  }

  /// SSL_CONF's Protocol: a comma-separated list that switches versions off and on, but not beyond the bounds.
  static void narrow(std::vector<ProtocolVersion>& versions, std::string_view list) {
    std::set<ProtocolVersion> off;
    for (std::string_view word : split(list, ',')) {
      word = trim(word);
      bool const minus = word.starts_with('-');
      if (minus || word.starts_with('+')) word.remove_prefix(1);
      std::vector<ProtocolVersion> meant(kTls.begin(), kTls.end());
      if (ascii_lower(word) != "all") {
        std::optional<ProtocolVersion> const version = version_of(word);
        meant = version ? std::vector{*version} : std::vector<ProtocolVersion>{};
      }
      for (ProtocolVersion const version : meant) {
        if (minus) {
          off.insert(version);
        } else {
          off.erase(version);
        }
      }
    }
    std::erase_if(versions, [&](ProtocolVersion version) { return off.contains(version); });
  }

  static bool bound(std::vector<ProtocolVersion>& versions, std::string_view word, bool lowest) {
    std::optional<ProtocolVersion> const limit = version_of(word);
    if (!limit || versions.empty()) return false;
    // It replaces the bound that SSLProtocol set.
    ProtocolVersion const low = lowest ? *limit : versions.front();
    ProtocolVersion const high = lowest ? versions.back() : *limit;
    versions.clear();
    for (ProtocolVersion const each : kTls) {
      if (each >= low && each <= high) versions.push_back(each);
    }
    return true;
  }

  static Maybe<std::string> ciphers(ApacheHost const& host) {
    ApacheDirective const* line = conf_command(host, "CipherString");
    if (line == nullptr) line = cipher_suite_line(host, "SSL");
    if (line == nullptr) return default_unless_incomplete(host, "DEFAULT" + std::string{kApacheNever});
    if (has_unknown(*line)) return std::nullopt;
    return setting(line->words.back() + std::string{kApacheNever}, *line);
  }

  static Maybe<std::string> ciphersuites(ApacheHost const& host) {
    ApacheDirective const* line = conf_command(host, "Ciphersuites");
    if (line == nullptr) line = cipher_suite_line(host, "TLSv1.3");
    if (line == nullptr) return default_unless_incomplete(host, std::string{});
    if (has_unknown(*line)) return std::nullopt;
    return setting(line->words.back(), *line);
  }

  /// OpenSSL takes the groups when the connection begins, before the client's server name is known.
  Maybe<std::string> groups_of_address(ApacheHost const& host) const {
    std::vector<Maybe<std::string>> found;
    for (Listener const& listener : host.listeners) found.push_back(groups(default_host(all_, host, listener)));
    if (found.empty()) found.push_back(groups(host));
    bool const alike = std::ranges::all_of(
        found, [&](Maybe<std::string> const& each) { return each && found.front() && each->value == found.front()->value; });
    return alike ? found.front() : std::nullopt;
  }

  [[nodiscard]] Maybe<std::string> groups(ApacheHost const& host) const {
    ApacheDirective const* last = nullptr;
    for (std::string_view const name : {"Groups", "Curves", "ECDHParameters"}) {
      if (ApacheDirective const* const line = conf_command(host, name)) last = line;
    }
    if (last != nullptr && has_unknown(*last)) return std::nullopt;
    if (last != nullptr) return setting(std::string{last->word(1)}, *last);
    // Parameters in the file of the first certificate name the only curve.
    std::vector<ApacheDirective const*> const certificates = host.both("SSLCertificateFile");
    if (!certificates.empty()) {
      FileText const text =
          read_config_file(absolute_below(file_.folder, std::string{certificates.front()->word(0)}), kMaxCertificate, false);
      if (text.text && text.text->find("BEGIN EC PARAMETERS") != std::string::npos) return std::nullopt;
    }
    return default_unless_incomplete(host, std::string{});
  }

  /// The last word on an option of SSLOpenSSLConfCmd Options; empty: it is not there.
  static Maybe<bool> option(ApacheHost const& host, std::string_view wanted) {
    Maybe<bool> out;
    for (ApacheDirective const* const line : host.both("SSLOpenSSLConfCmd")) {
      if (ascii_lower(line->word(0)) != "options") continue;
      for (std::string_view word : split(line->word(1), ',')) {
        word = trim(word);
        bool const on = !word.starts_with('-');
        if (!on || word.starts_with('+')) word.remove_prefix(1);
        if (ascii_lower(word) == wanted) out = setting(on, *line);
      }
    }
    return out;
  }

  static Maybe<Chooser> own_chooser(ApacheHost const& host) {
    Maybe<bool> said = option(host, "serverpreference");
    if (!said) said = flag(host, "SSLHonorCipherOrder", false);
    if (!said) return std::nullopt;
    return Setting<Chooser>{.value = said->value ? Chooser::server : Chooser::client, .place = said->place, .text = said->text};
  }

  /// The option stays on once the address's default host has set it.
  Maybe<Chooser> chooser(ApacheHost const& host) const {
    Maybe<Chooser> const own = own_chooser(host);
    for (Listener const& listener : host.listeners) {
      Maybe<Chooser> const first = own_chooser(default_host(all_, host, listener));
      if (!first) return std::nullopt;
      if (first->value == Chooser::server)
        return host.listeners.size() == 1 || (own && own->value == Chooser::server) ? first : std::nullopt;
    }
    return own;
  }

  static Maybe<bool> tickets(ApacheHost const& host) {
    if (Maybe<bool> const said = option(host, "sessionticket")) return said;
    return flag(host, "SSLSessionTickets", true);
  }

  static Maybe<bool> client_certificate(ApacheHost const& host) {
    ApacheDirective const* const line = host.in_force("SSLVerifyClient");
    if (line == nullptr) return default_unless_incomplete(host, false);
    if (has_unknown(*line)) return std::nullopt;
    std::string const word = ascii_lower(line->word(0));
    return setting(word != "none" && word != "0", *line);
  }

  [[nodiscard]] Maybe<std::vector<std::string>> alpn(ApacheHost const& host) const {
    ApacheDirective const* const line = host.in_force("Protocols");
    if (line == nullptr) return default_unless_incomplete(host, std::vector<std::string>{"http/1.1"});
    if (has_unknown(*line)) return std::nullopt;
    std::vector<std::string> names;
    for (std::string const& word : line->words) {
      if (word == "http/1.1" || (word == "h2" && file_.has_module("http2"))) names.push_back(word);
    }
    if (std::ranges::find(names, "http/1.1") == names.end()) names.emplace_back("http/1.1");  // httpd falls back to it
    return setting(std::move(names), *line);
  }

  std::vector<ApacheHost> const& all_;
  ApacheFile const& file_;
};

void mark_defaults(std::vector<ApacheHost>& hosts) {
  std::set<std::pair<std::string, std::uint16_t>> seen;
  for (ApacheHost& host : hosts) {
    for (Listener& listener : host.listeners) listener.is_default = seen.emplace(listener.address, listener.port).second;
  }
}

}  // namespace

Place ApacheHost::place() const {
  if (section != nullptr) return section->place;
  ApacheDirective const* const engine = outer().last("SSLEngine");
  return engine != nullptr ? engine->place : Place{};
}

ApacheDirective const* ApacheHost::in_force(std::string_view name) const {
  ApacheDirective const* const own = section != nullptr ? section->last(name) : nullptr;
  return own != nullptr ? own : outer().last(name);
}

std::vector<ApacheDirective const*> ApacheHost::both(std::string_view name) const {
  std::vector<ApacheDirective const*> out = outer().all(name);
  if (section != nullptr) {
    std::vector<ApacheDirective const*> const own = section->all(name);
    out.insert(out.end(), own.begin(), own.end());
  }
  return out;
}

bool ApacheHost::is_on(std::string_view name) const {
  ApacheDirective const* const line = in_force(name);
  return line != nullptr && ascii_lower(line->word(0)) == "on";
}

std::vector<std::uint16_t> apache_ports(ApacheFile const& file) {
  std::vector<std::uint16_t> out;
  for (ApacheDirective const* const line : file.top.all("Listen")) {
    if (std::optional<std::uint16_t> const port = read_address(line->word(0)).port) out.push_back(*port);
  }
  return out;
}

std::vector<ApacheHost> apache_hosts(ApacheFile const& file) {
  std::vector<std::uint16_t> const ports = apache_ports(file);
  std::vector<ApacheHost> out;
  for (ApacheDirective const* const section : file.top.all("VirtualHost")) {
    ApacheHost host{.file = &file, .section = section, .listeners = listeners_of(section->words, ports), .names = {}, .label = {}};
    read_names(host);
    std::string const name = host.names.empty() ? "" : " " + host.names.front();
    host.label = fmt::format("<VirtualHost {}>{}", join(section->words, " "), name);
    out.push_back(std::move(host));
  }
  // Addresses that no section is for are the server's own.
  ApacheHost server{.file = &file, .section = nullptr, .listeners = {}, .names = {}, .label = "server outside of <VirtualHost>"};
  for (ApacheDirective const* const line : file.top.all("Listen")) {
    Address const address = read_address(line->word(0));
    if (!address.port) continue;
    bool const taken = std::ranges::any_of(out, [&](ApacheHost const& host) {
      return std::ranges::any_of(host.listeners, [&](Listener const& listener) { return listener.port == *address.port; });
    });
    if (!taken) server.listeners.push_back({.address = address.host, .port = *address.port});
  }
  if (!server.listeners.empty() || (out.empty() && ports.empty())) {
    read_names(server);
    out.push_back(std::move(server));
  }
  mark_defaults(out);
  return out;
}

ApacheHost const& default_host(std::vector<ApacheHost> const& all, ApacheHost const& host, Listener const& listener) {
  for (ApacheHost const& each : all) {
    for (Listener const& other : each.listeners) {
      if (other.is_default && other.address == listener.address && other.port == listener.port) return each;
    }
  }
  return host;
}

bool has_unknown(ApacheDirective const& line) {
  return std::ranges::any_of(line.words, [](std::string const& word) { return word.find("${") != std::string::npos; });
}

ApacheProtocols read_ssl_protocol(ApacheDirective const& line) {
  ApacheProtocols out;
  out.unknown = has_unknown(line);
  for (std::string_view word : line.words) {
    char const sign = word.starts_with('+') || word.starts_with('-') ? word.front() : ' ';
    if (sign != ' ') word.remove_prefix(1);
    std::string const lower = ascii_lower(word);
    if (sign == '-' && (lower == "sslv2" || lower == "sslv3")) continue;
    std::optional<ProtocolVersion> const version = version_of(word);
    if (lower != "all" && (!version || *version == ProtocolVersion::SSLv3 || lower == "tlsv1.0")) {
      out.illegal.emplace_back(word);
      continue;
    }
    std::vector<ProtocolVersion> const meant = version ? std::vector{*version} : std::vector<ProtocolVersion>(kTls.begin(), kTls.end());
    auto const is_meant = [&](ProtocolVersion each) { return std::ranges::find(meant, each) != meant.end(); };
    if (sign == ' ') {
      out.overridden = out.overridden || !out.named.empty();
      out.named = meant;
    } else {
      std::erase_if(out.named, is_meant);
      if (sign == '+') out.named.insert(out.named.end(), meant.begin(), meant.end());
    }
  }
  std::ranges::sort(out.named);
  return out;
}

ApacheDirective const* conf_command(ApacheHost const& host, std::string_view command) {
  ApacheDirective const* out = nullptr;
  for (ApacheDirective const* const line : host.both("SSLOpenSSLConfCmd")) {
    if (line->words.size() == 2 && ascii_lower(line->words[0]) == ascii_lower(command)) out = line;
  }
  return out;
}

ApacheDirective const* cipher_suite_line(ApacheHost const& host, std::string_view protocol) {
  auto const last_of = [&](ApacheDirective const& section) {
    ApacheDirective const* out = nullptr;
    for (ApacheDirective const* const line : section.all("SSLCipherSuite")) {
      if (line->words.empty() || line->words.size() > 2) continue;
      if ((line->words.size() == 1 ? "SSL" : line->word(0)) == protocol) out = line;
    }
    return out;
  };
  ApacheDirective const* const own = host.section != nullptr ? last_of(*host.section) : nullptr;
  return own != nullptr ? own : last_of(host.outer());
}

ServerConfig read_apache(std::string const& path, ServerVersions const& versions) {
  ApacheFile const file = read_apache_file(path, versions.server);
  std::vector<ApacheHost> const hosts = apache_hosts(file);
  ServerConfig out;
  out.kind = ServerKind::apache;
  HostReader const reader(hosts, file);
  if (file.has_module("ssl")) {
    for (ApacheHost const& host : hosts) {
      if (host.serves_tls()) out.hosts.push_back(reader.read(host));
    }
  }
  check_apache(file, hosts, versions, out);
  check_hosts(out, versions);
  return out;
}

}  // namespace tlsgauge::policy
