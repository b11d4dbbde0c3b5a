// From nginx's directives to hosts. Defaults and inheritance: https://nginx.org/en/docs/http/ngx_http_ssl_module.html and CHANGES; what
// belongs to the address and not to the server was tried with nginx 1.22.1 and OpenSSL 3.0 (tests/servers/config_test.py).

#include "policy/server_config/nginx.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>

#include "base/text.hpp"
#include "policy/document.hpp"
#include "policy/server_config/check.hpp"
#include "policy/server_config/files.hpp"
#include "policy/server_config/findings.hpp"
#include "policy/server_config/read.hpp"

namespace tlsgauge::policy {
namespace {

using wire::ProtocolVersion;

constexpr std::string_view kDefaultCiphers = "HIGH:!aNULL:!MD5";
constexpr std::size_t kMaxPortRange = 100;
constexpr std::size_t kMaxNginxServers = 2000;

std::optional<std::uint16_t> port_of(std::string_view text) {
  std::uint16_t port = 0;
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc{} || end != text.data() + text.size() || port == 0) return std::nullopt;
  return port;
}

/// The first argument of `listen`.
std::vector<Listener> read_address(std::string_view text) {
  if (text.starts_with("unix:")) return {{.address = std::string{text}, .port = 0}};
  std::string_view address;
  std::string_view ports = "80";
  std::size_t const bracket = text.rfind(']');
  std::size_t const colon = text.rfind(':');
  if (colon != std::string_view::npos && (bracket == std::string_view::npos || colon > bracket)) {
    address = text.substr(0, colon);
    ports = text.substr(colon + 1);
  } else if (!text.empty() && text.find_first_not_of("0123456789-") == std::string_view::npos) {
    ports = text;
  } else {
    address = text;
  }
  if (address.starts_with('[') && address.ends_with(']')) address = address.substr(1, address.size() - 2);
  if (address == "*" || address == "0.0.0.0") address = {};
  std::size_t const dash = ports.find('-');
  auto const first = port_of(ports.substr(0, dash));
  auto const last = dash == std::string_view::npos ? first : port_of(ports.substr(dash + 1));
  if (!first || !last || *last < *first) return {};
  std::vector<Listener> out;
  for (std::uint32_t port = *first; port <= *last && out.size() < kMaxPortRange; ++port) {
    out.push_back({.address = std::string{address}, .port = static_cast<std::uint16_t>(port)});
  }
  return out;
}

std::string key_of(Listener const& listener) { return fmt::format("{}|{}|{}", listener.address, listener.port, listener.quic); }

void read_listens(NginxServer& server) {
  bool const old_ssl = server.is_on("ssl");
  for (NginxDirective const* const directive : server.block->all("listen")) {
    if (directive->arguments.empty()) continue;
    NginxListen listen{.listener = {}, .key = {}, .place = directive->place};
    bool quic = false;
    bool is_default = false;
    for (std::string const& word : directive->arguments) {
      if (&word == &directive->arguments.front()) continue;
      listen.ssl = listen.ssl || word == "ssl" || word == "quic";
      listen.http2 = listen.http2 || word == "http2" || word == "spdy";
      quic = quic || word == "quic";
      is_default = is_default || word == "default_server" || word == "default";
    }
    listen.ssl = listen.ssl || old_ssl;
    for (Listener& listener : read_address(directive->arguments.front())) {
      listener.quic = quic;
      listener.is_default = is_default;
      listen.key = key_of(listener);
      listen.listener = std::move(listener);
      server.listens.push_back(listen);
    }
  }
  if (server.block->all("listen").empty() && server.is_http()) {
    Listener const listener{.address = {}, .port = 80};
    server.listens.push_back({.listener = listener, .ssl = old_ssl, .key = key_of(listener), .place = server.block->place});
  }
}

std::string label_of(NginxServer const& server) {
  std::string const module = server.is_http() ? "" : server.outer->name + " ";
  if (!server.names.empty() && !server.names.front().empty()) return fmt::format("{}server {}", module, server.names.front());
  if (server.listens.empty()) return fmt::format("{}server at line {}", module, server.block->place.line);
  Listener const& first = server.listens.front().listener;
  bool const v6 = first.address.find(':') != std::string::npos && first.port != 0;
  std::string const address = v6 ? "[" + first.address + "]" : first.address.empty() ? "*" : first.address;
  return first.port == 0 ? fmt::format("{}server {}", module, address) : fmt::format("{}server {}:{}", module, address, first.port);
}

void read_names(NginxServer& server) {
  for (NginxDirective const* const line : server.block->all("server_name")) {
    server.names.insert(server.names.end(), line->arguments.begin(), line->arguments.end());
  }
}

void add_servers(NginxDirective const& outer, std::vector<NginxServer>& out) {
  for (NginxDirective const* const block : outer.all("server")) {
    if (!block->block) continue;
    NginxServer server{.outer = &outer, .block = block, .listens = {}, .names = {}, .label = {}};
    read_names(server);
    read_listens(server);
    server.label = label_of(server);
    out.push_back(std::move(server));
  }
}

/// Lines that are to be included in a server block, taken for one with TLS.
void add_fragment(NginxDirective const& block, std::vector<NginxServer>& out) {
  static NginxDirective const http = [] {
    NginxDirective made;
    made.name = "http";
    made.block = made.incomplete = true;
    return made;
  }();
  NginxServer server{.outer = &http, .block = &block, .listens = {}, .names = {}, .label = "server that includes this file"};
  read_names(server);
  read_listens(server);
  if (!server.serves_tls()) {
    Listener const listener{.address = {}, .port = 443};
    server.listens = {{.listener = listener, .ssl = true, .key = key_of(listener), .place = block.place}};
  }
  out.push_back(std::move(server));
}

/// What one server says of an address, marked in all that share it.
void share_addresses(std::vector<NginxServer>& servers) {
  struct Address {
    bool ssl = false;
    bool http2 = false;
    bool has_default = false;
    std::optional<std::size_t> first;  ///< its default server
  };
  std::map<std::pair<NginxDirective const*, std::string>, Address> addresses;
  for (NginxServer const& server : servers) {
    for (NginxListen const& listen : server.listens) {
      Address& address = addresses[{server.outer, listen.key}];
      address.ssl = address.ssl || listen.ssl;
      address.http2 = address.http2 || listen.http2;
      address.has_default = address.has_default || listen.listener.is_default;
    }
  }
  for (std::size_t i = 0; i < servers.size(); ++i) {
    for (NginxListen& listen : servers[i].listens) {
      Address& address = addresses[{servers[i].outer, listen.key}];
      listen.ssl = address.ssl;
      listen.http2 = address.http2;
      if (!address.has_default) listen.listener.is_default = address.has_default = true;  // the first that names it
      if (listen.listener.is_default && !address.first) address.first = i;
    }
  }
  for (NginxServer& server : servers) {
    for (NginxListen& listen : server.listens) listen.first = *addresses[{server.outer, listen.key}].first;
  }
}

template <class T>
Setting<T> setting(T value, NginxDirective const& directive) {
  return {.value = std::move(value), .place = directive.place, .text = directive.text()};
}

/// Reads the settings of one server. What the file leaves open has nginx's default, unless a file was not read or the default differs
/// between versions and the version is not known.
class HostReader {
 public:
  HostReader(std::vector<NginxServer> const& all, ServerVersions const& versions, std::string const& folder)
      : all_(all), versions_(versions), folder_(folder) {}

  VirtualHost read(NginxServer const& server) const {
    VirtualHost host;
    host.place = server.block->place;
    host.label = server.label;
    host.names = server.names;
    for (NginxListen const& listen : server.listens) {
      if (listen.ssl) host.listeners.push_back(listen.listener);
    }
    // Without a certificate of its own a server is served with all that the address's default server says.
    bool const borrows = server.all_in_force("ssl_certificate").empty() && !server.incomplete();
    std::optional<bool> const own = !borrows;
    host.protocols = of_address(server, &HostReader::protocols, borrows ? own : at_least(versions_.server, 1, 29, 2));
    host.ciphers = of_address(server, &HostReader::ciphers, own);
    bool const named = server.block->last("ssl_ciphers") != nullptr && server.conf_command("CipherString") == nullptr;
    if (named && server.block->last("ssl_conf_command") == nullptr) {
      for (NginxDirective const* const command : server.outer->all("ssl_conf_command")) host.repeated += command->text() + ";\n";
    }
    // Since 1.29.2 the server is known before anything is chosen; that these follow it then was not tried.
    host.ciphersuites = of_address(server, &HostReader::ciphersuites, std::nullopt);
    bool const old_rule = !at_least(versions_.server, 1, 29, 2).value_or(true);
    host.groups = of_address(server, &HostReader::groups, old_rule ? std::optional{false} : std::nullopt);
    // Tickets, and who chooses in TLS 1.3, are settled by the default server.
    host.chooser = of_address(server, &HostReader::chooser, std::nullopt);
    host.session_tickets = of_address(server, &HostReader::tickets, std::nullopt);
    host.early_data = of_address(server, &HostReader::early_data, std::nullopt);
    host.ocsp_stapling = of_address(server, &HostReader::stapling, own);
    host.client_certificate = of_address(server, &HostReader::client_certificate, borrows ? std::nullopt : own);
    host.dh_parameters = of_address(server, &HostReader::dh_parameters, own);
    host.alpn = alpn(server);
    if (server.is_http()) host.hsts = nginx_hsts(server);
    for (NginxDirective const* const certificate : server.all_in_force("ssl_certificate")) {
      if (certificate->arguments.size() != 1) continue;
      std::string const& path = certificate->arguments.front();
      bool const file = path.find('$') == std::string::npos && !path.starts_with("data:") && !path.starts_with("engine:");
      host.certificates.push_back(setting(file ? absolute_below(folder_, path) : path, *certificate));
    }
    return host;
  }

 private:
  template <class T>
  using Maybe = std::optional<Setting<T>>;

  template <class T>
  Maybe<T> by_default(NginxServer const& server, T value) const {
    if (server.incomplete()) return std::nullopt;
    std::string const name = versions_.server.empty() ? "nginx" : "nginx " + versions_.server;
    return Setting<T>{.value = std::move(value), .place = {}, .text = "default of " + name};
  }

  /// What is settled before the client's server name is known comes from the address's default server. `own`: whether the server's own
  /// counts; where that is not known, all must agree.
  template <class T>
  Maybe<T> of_address(NginxServer const& server, Maybe<T> (HostReader::*of)(NginxServer const&) const, std::optional<bool> own) const {
    Maybe<T> const mine = (this->*of)(server);
    if (own.value_or(false)) return mine;
    std::vector<Maybe<T>> found;
    if (!own) found.push_back(mine);
    for (NginxListen const& listen : server.listens) {
      if (listen.ssl) found.push_back((this->*of)(default_server(all_, listen)));
    }
    bool const alike = !found.empty() && std::ranges::all_of(found, [&](Maybe<T> const& each) {
      return each && found.front() && each->value == found.front()->value;
    });
    return alike ? found.front() : std::nullopt;
  }

  Maybe<std::vector<ProtocolVersion>> protocols(NginxServer const& server) const {
    constexpr std::pair<std::string_view, ProtocolVersion> kNames[] = {
        {"SSLv2", ProtocolVersion::SSLv2},     {"SSLv3", ProtocolVersion::SSLv3},     {"TLSv1", ProtocolVersion::TLSv1_0},
        {"TLSv1.1", ProtocolVersion::TLSv1_1}, {"TLSv1.2", ProtocolVersion::TLSv1_2}, {"TLSv1.3", ProtocolVersion::TLSv1_3}};
    if (server.conf_command("Protocol") != nullptr) return std::nullopt;  // overrides what is named here
    // Several lines at one level add up.
    std::vector<NginxDirective const*> const lines = server.all_in_force("ssl_protocols");
    Maybe<std::vector<ProtocolVersion>> out =
        lines.empty() ? default_protocols(server) : setting(std::vector<ProtocolVersion>{}, *lines.back());
    for (auto const& [name, version] : kNames) {
      auto const names = [word = name](NginxDirective const* line) {
        return std::ranges::find(line->arguments, word) != line->arguments.end();
      };
      if (std::ranges::any_of(lines, names)) out->value.push_back(version);
    }
    // ssl_protocols switches versions off one by one, and bounds switch on none of them again.
    for (std::string_view const command : {"MinProtocol", "MaxProtocol"}) {
      NginxDirective const* const limit = server.conf_command(command);
      if (limit == nullptr || !out) continue;
      auto const* const known = std::ranges::find(kNames, limit->arguments[1], &std::pair<std::string_view, ProtocolVersion>::first);
      if (known == std::end(kNames)) return std::nullopt;
      bool const lowest = command == "MinProtocol";
      std::erase_if(out->value, [&](ProtocolVersion each) { return lowest ? each < known->second : each > known->second; });
    }
    return out;
  }

  Maybe<std::vector<ProtocolVersion>> default_protocols(NginxServer const& server) const {
    auto const only_new = at_least(versions_.server, 1, 27, 3);
    if (!only_new || !at_least(versions_.server, 1, 9, 1).value_or(false)) return std::nullopt;
    std::vector<ProtocolVersion> named = {ProtocolVersion::TLSv1_2};
    if (!*only_new) named.insert(named.begin(), {ProtocolVersion::TLSv1_0, ProtocolVersion::TLSv1_1});
    if (*at_least(versions_.server, 1, 23, 4)) named.push_back(ProtocolVersion::TLSv1_3);
    return by_default(server, named);
  }

  Maybe<std::string> ciphers(NginxServer const& server) const {
    if (NginxDirective const* const command = server.conf_command("CipherString")) return setting(command->arguments[1], *command);
    NginxDirective const* const line = server.in_force("ssl_ciphers");
    if (line != nullptr) return line->arguments.size() == 1 ? Maybe<std::string>{setting(line->arguments[0], *line)} : std::nullopt;
    return by_default(server, std::string{kDefaultCiphers});
  }

  Maybe<std::string> ciphersuites(NginxServer const& server) const {
    if (NginxDirective const* const command = server.conf_command("Ciphersuites")) return setting(command->arguments[1], *command);
    return by_default(server, std::string{});
  }

  Maybe<std::string> groups(NginxServer const& server) const {
    for (std::string_view const name : {"Groups", "Curves"}) {
      if (NginxDirective const* const command = server.conf_command(name)) return setting(command->arguments[1], *command);
    }
    NginxDirective const* const line = server.in_force("ssl_ecdh_curve");
    if (line == nullptr) return by_default(server, std::string{});
    if (line->arguments.size() != 1) return std::nullopt;
    if (line->arguments[0] == "auto") return Setting<std::string>{.value = {}, .place = {}, .text = line->text()};
    return setting(line->arguments[0], *line);
  }

  /// The last word on an option that ssl_conf_command Options sets or, with a minus, clears; empty: it is not there.
  static Maybe<bool> option(NginxServer const& server, std::string_view wanted) {
    Maybe<bool> out;
    for (NginxDirective const* const command : server.all_in_force("ssl_conf_command")) {
      if (command->arguments.size() != 2 || ascii_lower(command->arguments[0]) != "options") continue;
      for (std::string_view word : split(command->arguments[1], ',')) {
        word = trim(word);
        bool const on = !word.starts_with('-');
        if (!word.empty() && (word.front() == '-' || word.front() == '+')) word.remove_prefix(1);
        if (ascii_lower(word) == wanted) out = setting(on, *command);
      }
    }
    return out;
  }

  Maybe<bool> flag(NginxServer const& server, std::string_view name) const {
    NginxDirective const* const line = server.in_force(name);
    return line == nullptr ? by_default(server, false) : Maybe<bool>{setting(server.is_on(name), *line)};
  }

  Maybe<bool> stapling(NginxServer const& server) const { return flag(server, "ssl_stapling"); }

  Maybe<bool> early_data(NginxServer const& server) const { return flag(server, "ssl_early_data"); }

  Maybe<Chooser> chooser(NginxServer const& server) const {
    if (auto const said = option(server, "serverpreference")) {
      return Setting<Chooser>{.value = said->value ? Chooser::server : Chooser::client, .place = said->place, .text = said->text};
    }
    auto const said = flag(server, "ssl_prefer_server_ciphers");
    if (!said) return std::nullopt;
    return Setting<Chooser>{.value = said->value ? Chooser::server : Chooser::client, .place = said->place, .text = said->text};
  }

  Maybe<bool> tickets(NginxServer const& server) const {
    if (auto const said = option(server, "sessionticket")) return said;
    if (server.in_force("ssl_session_tickets") != nullptr) return flag(server, "ssl_session_tickets");
    return by_default(server, true);
  }

  Maybe<bool> client_certificate(NginxServer const& server) const {
    NginxDirective const* const line = server.in_force("ssl_verify_client");
    if (line == nullptr) return by_default(server, false);
    return setting(line->arguments.empty() || line->arguments[0] != "off", *line);
  }

  Maybe<bool> dh_parameters(NginxServer const& server) const {
    NginxDirective const* const line = server.in_force("ssl_dhparam");
    if (line != nullptr) return setting(true, *line);
    if (server.conf_command("DHParameters") != nullptr) return std::nullopt;
    return at_least(versions_.server, 1, 11, 0).value_or(true) ? by_default(server, false) : std::nullopt;
  }

  Maybe<std::vector<std::string>> alpn(NginxServer const& server) const {
    if (!server.is_http()) {
      NginxDirective const* const line = server.in_force("ssl_alpn");
      return line == nullptr ? std::nullopt : Maybe<std::vector<std::string>>{setting(line->arguments, *line)};
    }
    NginxDirective const* const line = server.in_force("http2");
    std::optional<bool> http2 = line == nullptr ? std::optional{false} : std::optional{server.is_on("http2")};
    Place place = line == nullptr ? Place{} : line->place;
    std::string text = line == nullptr ? "default of nginx, which has no http2 here" : line->text();
    for (NginxListen const& listen : server.listens) {
      if (!listen.ssl || listen.listener.quic || !listen.http2) continue;
      http2 = true;
      place = listen.place;
      text = "listen ... http2";
    }
    if (line == nullptr && server.incomplete() && !*http2) return std::nullopt;
    std::vector<std::string> names = {"http/1.1"};
    if (*http2) names.insert(names.begin(), "h2");
    return Setting<std::vector<std::string>>{.value = names, .place = place, .text = text};
  }

  std::vector<NginxServer> const& all_;
  ServerVersions const& versions_;
  std::string const& folder_;
};

}  // namespace

bool NginxServer::serves_tls() const {
  return std::ranges::any_of(listens, [](NginxListen const& listen) { return listen.ssl; });
}

NginxDirective const* NginxServer::in_force(std::string_view name) const {
  NginxDirective const* const own = block->last(name);
  return own != nullptr ? own : outer->last(name);
}

std::vector<NginxDirective const*> NginxServer::all_in_force(std::string_view name) const {
  std::vector<NginxDirective const*> own = block->all(name);
  return own.empty() ? outer->all(name) : own;
}

bool NginxServer::is_on(std::string_view name) const {
  NginxDirective const* const line = in_force(name);
  return line != nullptr && line->arguments.size() == 1 && ascii_lower(line->arguments.front()) == "on";
}

NginxDirective const* NginxServer::conf_command(std::string_view command) const {
  NginxDirective const* out = nullptr;
  for (NginxDirective const* const line : all_in_force("ssl_conf_command")) {
    if (line->arguments.size() == 2 && ascii_lower(line->arguments[0]) == ascii_lower(command)) out = line;
  }
  return out;
}

std::vector<NginxServer> nginx_servers(NginxFile const& file) {
  std::vector<NginxServer> out;
  if (file.fragment == NginxFragment::of_server) add_fragment(file.top, out);
  if (file.fragment == NginxFragment::of_http) add_servers(file.top, out);
  for (NginxDirective const& outer : file.top.children) {
    if (outer.block && (outer.name == "http" || outer.name == "stream" || outer.name == "mail")) add_servers(outer, out);
  }
  if (out.size() > kMaxNginxServers) {
    Place const& place = out[kMaxNginxServers].block->place;
    fail(place.file, place.line, "server", fmt::format("more than {} servers", kMaxNginxServers));
  }
  share_addresses(out);
  return out;
}

NginxServer const& default_server(std::vector<NginxServer> const& all, NginxListen const& listen) { return all.at(listen.first); }

ServerConfig evaluate_nginx(NginxFile const& file, ServerVersions const& versions) {
  std::vector<NginxServer> const servers = nginx_servers(file);
  ServerConfig out;
  out.kind = ServerKind::nginx;
  ServerConfig idle = out;
  HostReader const reader(servers, versions, file.folder);
  for (NginxServer const& server : servers) {
    if (server.serves_tls() && !server.is_on("ssl_reject_handshake")) {
      out.hosts.push_back(reader.read(server));
    } else if (server.serves_tls() || !server.all_in_force("ssl_certificate").empty()) {
      idle.hosts.push_back(reader.read(server));
    }
  }
  check_nginx(file, servers, versions, out);
  // A server that has a certificate, or rejects handshakes, sets OpenSSL up whether it serves TLS or not.
  check_hosts(idle, versions);
  for (ConfigFinding& finding : idle.findings) {
    if (finding.refused) add_finding(out, std::move(finding));
  }
  check_hosts(out, versions);
  return out;
}

ServerConfig read_nginx(std::string const& path, ServerVersions const& versions) { return evaluate_nginx(read_nginx_file(path), versions); }

}  // namespace tlsgauge::policy
