// From HAProxy's keywords to hosts. HAProxy configuration manual, sections 3.1 and 5.1; what happens to defaults that come late and to
// words that contradict each other was tried with HAProxy 2.6.12 (tests/servers/haproxy_config_test.py).

#include "policy/server_config/haproxy.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "base/text.hpp"
#include "policy/server_config/check.hpp"
#include "policy/server_config/files.hpp"
#include "policy/server_config/read.hpp"
#include "policy/server_config/version.hpp"

namespace tlsgauge::policy {
namespace {

using wire::ProtocolVersion;

constexpr std::size_t kMaxCertificate = 256 * 1024;
constexpr std::size_t kMaxPortRange = 100;
constexpr std::array kTls{ProtocolVersion::TLSv1_0, ProtocolVersion::TLSv1_1, ProtocolVersion::TLSv1_2, ProtocolVersion::TLSv1_3};
// Words of `bind` that take a value. Section 5.1
constexpr std::string_view kWithValue[] = {"accept-netscaler-cip",
                                           "alpn",
                                           "backlog",
                                           "ca-file",
                                           "ca-ignore-err",
                                           "ca-sign-file",
                                           "ca-sign-pass",
                                           "ca-verify-file",
                                           "cc",
                                           "ciphers",
                                           "ciphersuites",
                                           "client-sigalgs",
                                           "crl-file",
                                           "crt",
                                           "crt-ignore-err",
                                           "crt-list",
                                           "curves",
                                           "default-crt",
                                           "ecdhe",
                                           "expose-fd",
                                           "gid",
                                           "group",
                                           "guid-prefix",
                                           "id",
                                           "idle-ping",
                                           "interface",
                                           "ktls",
                                           "label",
                                           "level",
                                           "maxconn",
                                           "mode",
                                           "mss",
                                           "name",
                                           "namespace",
                                           "nbconn",
                                           "nice",
                                           "npn",
                                           "ocsp-update",
                                           "process",
                                           "proto",
                                           "quic-cc-algo",
                                           "quic-socket",
                                           "severity-output",
                                           "shards",
                                           "sigalgs",
                                           "ssl-max-ver",
                                           "ssl-min-ver",
                                           "tcp-md5sig",
                                           "tcp-ut",
                                           "thread",
                                           "tls-ticket-keys",
                                           "uid",
                                           "user",
                                           "verify"};

std::optional<ProtocolVersion> version_of(std::string_view word) {
  if (word == "SSLv3") return ProtocolVersion::SSLv3;
  for (ProtocolVersion const version : kTls) {
    if (wire::name(version) == word) return version;
  }
  return std::nullopt;
}

/// "tlsv12" of "no-tlsv12" and "force-tlsv12".
std::optional<ProtocolVersion> short_version(std::string_view word) {
  constexpr std::pair<std::string_view, ProtocolVersion> kNames[] = {{"sslv3", ProtocolVersion::SSLv3},
                                                                     {"tlsv10", ProtocolVersion::TLSv1_0},
                                                                     {"tlsv11", ProtocolVersion::TLSv1_1},
                                                                     {"tlsv12", ProtocolVersion::TLSv1_2},
                                                                     {"tlsv13", ProtocolVersion::TLSv1_3}};
  for (auto const& [name, version] : kNames) {
    if (name == word) return version;
  }
  return std::nullopt;
}

/// "*:443", ":443", "[::]:443", "ipv4@192.0.2.1:443", "192.0.2.1:80,192.0.2.1:443-444", "/run/x.sock"
std::vector<Listener> read_addresses(std::string_view text) {
  std::vector<Listener> out;
  for (std::string_view each : split(text, ',')) {
    bool const quic = each.starts_with("quic");
    if (std::size_t const at = each.find('@'); at != std::string_view::npos) each.remove_prefix(at + 1);
    if (each.starts_with('/') || each.starts_with("unix") || each.starts_with("abns")) {
      out.push_back({.address = std::string{each}, .port = 0});
      continue;
    }
    std::size_t const colon = each.rfind(':');
    if (colon == std::string_view::npos) continue;
    std::string_view address = each.substr(0, colon);
    std::string_view const ports = each.substr(colon + 1);
    if (address.starts_with('[') && address.ends_with(']')) address = address.substr(1, address.size() - 2);
    if (address == "*" || address == "0.0.0.0" || address == "::") address = {};
    std::uint16_t first = 0;
    auto const [end, error] = std::from_chars(ports.data(), ports.data() + ports.size(), first);
    std::uint16_t last = first;
    if (error != std::errc{} || first == 0) continue;
    if (end != ports.data() + ports.size() && *end == '-') std::from_chars(end + 1, ports.data() + ports.size(), last);
    for (std::uint32_t port = first; port <= last && out.size() < kMaxPortRange; ++port) {
      out.push_back({.address = std::string{address}, .port = static_cast<std::uint16_t>(port), .quic = quic});
    }
  }
  return out;
}

/// Walks through the file as HAProxy does: a `bind` line gets the defaults that were read before it.
class Walker {
 public:
  explicit Walker(HaproxyFile const& file) : file_(file) {}

  HaproxyBinds walk() {
    for (HaproxySection const& section : file_.sections) {
      if (section.kind == "global") {
        for (HaproxyLine const& line : section.lines) read_global(line);
      } else if (section.kind == "frontend" || section.kind == "listen") {
        for (HaproxyLine const* const line : section.all("bind")) read_bind(section, *line);
      }
    }
    return std::move(out_);
  }

 private:
  void read_global(HaproxyLine const& line) {
    std::string_view const keyword = line.words.front();
    if (!keyword.starts_with("ssl-default-bind-")) return;
    if (!out_.tls.empty()) out_.too_late.push_back(&line);
    HaproxyWord const word{.value = std::string{line.word(1)}, .place = line.place, .text = line.text, .unknown = line.is_unknown(1)};
    if (keyword == "ssl-default-bind-ciphers") now_.ciphers = word;
    if (keyword == "ssl-default-bind-ciphersuites") now_.ciphersuites = word;
    if (keyword == "ssl-default-bind-curves") now_.curves = word;
    if (keyword == "ssl-default-bind-options") read_options(line);
  }

  void read_options(HaproxyLine const& line) {
    bool const alone = line.words.size() == 2 || (line.words.size() == 3 && line.word(1).ends_with("-ver"));
    for (std::size_t i = 1; i < line.words.size(); ++i) {
      HaproxyWord word{.value = line.words[i], .place = line.place, .text = line.text};
      if (!alone) word.place.begin = word.place.end = 0;
      if (line.is_unknown(i)) {
        now_.options_unknown = now_.versions.unknown = true;
        continue;
      }
      if (read_version(line, i, word, now_.versions)) continue;
      if (word.value == "no-tls-tickets" || word.value == "tls-tickets") {
        now_.no_tickets = word;
      } else if (word.value == "prefer-client-ciphers" || word.value == "no-prefer-client-ciphers") {
        now_.client_order = word;
      } else if (word.value != "strict-sni" && word.value != "no-strict-sni") {
        out_.illegal.push_back(word);
      }
    }
  }

  /// Takes the word at `at`, and its value, if it is of versions.
  bool read_version(HaproxyLine const& line, std::size_t& at, HaproxyWord word, HaproxyVersions& into) {
    std::string_view const name = line.words[at];
    if (name == "ssl-min-ver" || name == "ssl-max-ver") {
      ++at;
      word.value = std::string{line.word(at)};
      if (line.is_unknown(at)) {
        into.unknown = true;
      } else if (!version_of(word.value)) {
        out_.illegal.push_back(word);
      } else {
        (name == "ssl-min-ver" ? into.lowest : into.highest) = word;
      }
      return true;
    }
    if (name.starts_with("no-") && short_version(name.substr(3))) {
      word.value = std::string{name};
      into.off.push_back(word);
      return true;
    }
    if (name.starts_with("force-") && short_version(name.substr(6))) {
      word.value = wire::name(*short_version(name.substr(6)));
      into.lowest = into.highest = word;
      return true;
    }
    return false;
  }

  void read_bind(HaproxySection const& section, HaproxyLine const& line) {
    HaproxyBind made;
    made.section = &section;
    made.line = &line;
    made.listeners = read_addresses(line.word(1));
    made.defaults = now_;
    made.defaults.versions.unknown = now_.versions.unknown || file_.undecided.contains("ssl-default-bind-options");
    made.defaults.options_unknown = now_.options_unknown || file_.undecided.contains("ssl-default-bind-options");
    auto const undecided = [&](std::optional<HaproxyWord>& word, std::string const& keyword) {
      if (!file_.undecided.contains(keyword)) return;
      if (!word) word = HaproxyWord{};
      word->unknown = true;
    };
    undecided(made.defaults.ciphers, "ssl-default-bind-ciphers");
    undecided(made.defaults.ciphersuites, "ssl-default-bind-ciphersuites");
    undecided(made.defaults.curves, "ssl-default-bind-curves");
    HaproxyVersions own;
    bool ssl = false;
    for (std::size_t i = 2; i < line.words.size(); ++i) {
      std::string const& name = line.words[i];
      HaproxyWord word{.value = {}, .place = {.file = line.place.file, .line = line.place.line}, .text = fmt::format("bind ... {}", name)};
      if (read_version(line, i, word, own)) continue;
      if (std::ranges::find(kWithValue, name) != std::end(kWithValue)) {
        word.value = std::string{line.word(++i)};
        word.unknown = line.is_unknown(i);
        word.text += " " + word.value;
      }
      ssl = ssl || name == "ssl";
      take(name, word, made);
    }
    if (!ssl) {
      if (!made.certificates.empty() || !made.lists.empty()) out_.crt_without_ssl.push_back(&line);
      return;
    }
    for (HaproxyWord& word : own.off) {
      word.text = "bind ... " + word.text;
      made.defaults.versions.off.push_back(word);
    }
    made.defaults.versions.unknown = made.defaults.versions.unknown || own.unknown;
    if (own.lowest) made.defaults.versions.lowest = own.lowest;
    if (own.highest) made.defaults.versions.highest = own.highest;
    made.label = fmt::format("{} {}", section.kind, section.name);
    if (section.all("bind").size() > 1) made.label += fmt::format(", bind {}", line.word(1));
    out_.tls.push_back(std::move(made));
  }

  static void take(std::string_view name, HaproxyWord const& word, HaproxyBind& into) {
    if (name == "crt") into.certificates.push_back(word.value);
    if (name == "crt-list") into.lists.push_back(word.value);
    if (name == "ciphers") into.defaults.ciphers = word;
    if (name == "ciphersuites") into.defaults.ciphersuites = word;
    if (name == "curves") into.defaults.curves = word;
    if (name == "ecdhe") into.ecdhe = word;
    if (name == "alpn" || name == "no-alpn") into.alpn = word;
    if (name == "verify") into.verify = word;
    if (name == "ca-file") into.ca_file = word;
    if (name == "allow-0rtt") into.early_data = word;
    if (name == "tls-ticket-keys") into.ticket_keys = word;
    HaproxyWord flag = word;
    flag.value = std::string{name};
    if (name == "no-tls-tickets" || name == "tls-tickets") into.defaults.no_tickets = flag;
    if (name == "prefer-client-ciphers") into.defaults.client_order = flag;
  }

  HaproxyFile const& file_;
  HaproxyDefaults now_;
  HaproxyBinds out_;
};

class HostReader {
 public:
  HostReader(HaproxyFile const& file, ServerVersions const& versions) : file_(file), versions_(versions) {
    for (HaproxySection const& section : file.sections) {
      if (section.kind != "global") continue;
      incomplete_ = incomplete_ || section.incomplete;
      for (std::string_view const name : {"ssl-dh-param-file", "tune.ssl.default-dh-param"}) {
        if (HaproxyLine const* const line = section.last(name)) dh_ = line;
      }
      if (HaproxyLine const* const line = section.last("crt-base")) crt_base_ = std::string{line->word(1)};
    }
  }

  VirtualHost read(HaproxyBind const& bind) const {
    VirtualHost host;
    host.place = {.file = bind.line->place.file, .line = bind.line->place.line};
    host.label = bind.label;
    host.listeners = bind.listeners;
    for (Listener& listener : host.listeners) listener.is_default = true;
    for (std::string const& path : bind.certificates) {
      host.certificates.push_back({.value = absolute_below(crt_base_, path), .place = host.place, .text = bind.line->text});
    }
    bool partly = false;
    for (std::string const& list : bind.lists) partly = !read_list(list, host) || partly;
    host.protocols = partly ? std::nullopt : protocols(bind);
    host.ciphers = text(bind.defaults.ciphers, "DEFAULT");
    host.ciphersuites = text(bind.defaults.ciphersuites, "");
    host.groups = groups(bind);
    host.chooser = chooser(bind);
    host.session_tickets = tickets(bind);
    host.early_data =
        bind.early_data ? Setting<bool>{.value = true, .place = bind.early_data->place, .text = bind.early_data->text} : by_default(false);
    if (bind.verify && bind.verify->unknown) {
      host.client_certificate = std::nullopt;
    } else if (bind.verify) {
      host.client_certificate =
          Setting<bool>{.value = bind.verify->value != "none", .place = bind.verify->place, .text = bind.verify->text};
    } else {
      host.client_certificate = by_default(false);
    }
    host.alpn = alpn(bind);
    host.hsts = haproxy_hsts(file_, *bind.section);
    host.dh_parameters = dh_parameters(host.certificates);
    if (partly) host.ciphers = host.ciphersuites = host.groups = std::nullopt;
    return host;
  }

 private:
  template <class T>
  using Maybe = std::optional<Setting<T>>;

  template <class T>
  Setting<T> by_default(T value) const {
    return {.value = std::move(value),
            .place = {},
            .text = versions_.server.empty() ? "default of HAProxy" : "default of HAProxy " + versions_.server};
  }

  /// Certificates of a crt-list: "FILE [options] names". False where it cannot be read here, or a certificate has options of its own.
  bool read_list(std::string const& path, VirtualHost& into) const {
    FileText const file = read_config_file(path, kMaxCertificate, false);
    if (!file.text) return false;
    bool plain = true;
    int number = 0;
    for (std::string_view line : split(*file.text, '\n')) {
      ++number;
      line = trim(line);
      if (line.empty() || line.starts_with('#')) continue;
      plain = plain && line.find('[') == std::string_view::npos;
      std::string const certificate{line.substr(0, line.find_first_of(" \t"))};
      into.certificates.push_back(
          {.value = absolute_below(crt_base_, certificate), .place = {.file = path, .line = number}, .text = std::string{line}});
    }
    return plain;
  }

  Maybe<std::string> text(std::optional<HaproxyWord> const& word, std::string otherwise) const {
    if (word && word->unknown) return std::nullopt;
    if (word) return Setting<std::string>{.value = word->value, .place = word->place, .text = word->text};
    return incomplete_ ? std::nullopt : Maybe<std::string>{by_default(std::move(otherwise))};
  }

  Maybe<std::vector<ProtocolVersion>> protocols(HaproxyBind const& bind) const {
    HaproxyVersions const& said = bind.defaults.versions;
    if (said.unknown) return std::nullopt;
    bool const silent = !said.lowest && !said.highest && said.off.empty();
    // Up to 2.1 the lowest was TLS 1.0.
    if (!said.lowest && (incomplete_ || !at_least(versions_.server, 2, 2, 0).value_or(true))) return std::nullopt;
    if (silent) return by_default(versions_of(said));
    HaproxyWord const& word = said.lowest ? *said.lowest : said.highest ? *said.highest : said.off.back();
    return Setting<std::vector<ProtocolVersion>>{.value = versions_of(said), .place = word.place, .text = word.text};
  }

  Maybe<std::string> groups(HaproxyBind const& bind) const {
    if (!bind.defaults.curves && bind.ecdhe && !bind.ecdhe->unknown)
      return Setting<std::string>{.value = bind.ecdhe->value, .place = bind.ecdhe->place, .text = bind.ecdhe->text};
    return text(bind.defaults.curves, "");
  }

  Maybe<Chooser> chooser(HaproxyBind const& bind) const {
    std::optional<HaproxyWord> const& word = bind.defaults.client_order;
    if (bind.defaults.options_unknown && !(word && word->text.starts_with("bind "))) return std::nullopt;
    if (!word) return incomplete_ ? std::nullopt : Maybe<Chooser>{by_default(Chooser::server)};
    return Setting<Chooser>{
        .value = word->value == "prefer-client-ciphers" ? Chooser::client : Chooser::server, .place = word->place, .text = word->text};
  }

  Maybe<bool> tickets(HaproxyBind const& bind) const {
    std::optional<HaproxyWord> const& word = bind.defaults.no_tickets;
    if (bind.defaults.options_unknown && !(word && word->text.starts_with("bind "))) return std::nullopt;
    if (!word) return incomplete_ ? std::nullopt : Maybe<bool>{by_default(true)};
    return Setting<bool>{.value = word->value != "no-tls-tickets", .place = word->place, .text = word->text};
  }

  Maybe<std::vector<std::string>> alpn(HaproxyBind const& bind) const {
    if (bind.alpn && bind.alpn->unknown) return std::nullopt;
    if (bind.alpn) {
      std::vector<std::string> names;
      for (std::string_view const name : split(bind.alpn->value, ',')) {
        if (!name.empty()) names.emplace_back(name);
      }
      return Setting<std::vector<std::string>>{.value = names, .place = bind.alpn->place, .text = bind.alpn->text};
    }
    // Since 2.8 HTTP over TLS offers HTTP/2 by itself.
    std::optional<bool> const offers = at_least(versions_.server, 2, 8, 0);
    if (!offers) return std::nullopt;
    bool const http = *offers && speaks_http(file_, *bind.section);
    return by_default(http ? std::vector<std::string>{"h2", "http/1.1"} : std::vector<std::string>{});
  }

  /// From global, or beside the key.
  Maybe<bool> dh_parameters(std::vector<Setting<std::string>> const& certificates) const {
    if (dh_ != nullptr) return Setting<bool>{.value = true, .place = dh_->place, .text = dh_->text};
    for (Setting<std::string> const& certificate : certificates) {
      FileText const file = read_config_file(certificate.value, kMaxCertificate, false);
      if (!file.text) return std::nullopt;
      if (file.text->find("BEGIN DH PARAMETERS") != std::string::npos)
        return Setting<bool>{.value = true, .place = certificate.place, .text = certificate.text};
    }
    return incomplete_ ? std::nullopt : Maybe<bool>{by_default(false)};
  }

  HaproxyFile const& file_;
  ServerVersions const& versions_;
  bool incomplete_ = false;
  HaproxyLine const* dh_ = nullptr;
  std::string crt_base_;
};

}  // namespace

HaproxyBinds haproxy_binds(HaproxyFile const& file) { return Walker(file).walk(); }

std::vector<ProtocolVersion> versions_of(HaproxyVersions const& said) {
  std::optional<ProtocolVersion> const highest = said.highest ? version_of(said.highest->value) : std::nullopt;
  std::optional<ProtocolVersion> lowest = said.lowest ? version_of(said.lowest->value) : std::nullopt;
  if (!lowest) lowest = highest && *highest < ProtocolVersion::TLSv1_2 ? *highest : ProtocolVersion::TLSv1_2;
  std::vector<ProtocolVersion> out;
  for (ProtocolVersion const version : kTls) {
    auto const is_it = [&](HaproxyWord const& word) { return short_version(std::string_view{word.value}.substr(3)) == version; };
    bool const off = !said.off_ignored() && std::ranges::any_of(said.off, is_it);
    if (version >= *lowest && (!highest || version <= *highest) && !off) out.push_back(version);
  }
  return out;
}

HaproxySection const* defaults_of(HaproxyFile const& file, HaproxySection const& section) {
  HaproxySection const* out = nullptr;
  for (HaproxySection const& each : file.sections) {
    if (&each == &section) break;
    if (each.kind == "defaults" && (section.from.empty() || each.name == section.from)) out = &each;
  }
  return out;
}

HaproxyLine const* in_force(HaproxyFile const& file, HaproxySection const& section, std::string_view keyword) {
  HaproxySection const* at = &section;
  for (int depth = 0; at != nullptr && depth < 20; ++depth) {
    if (HaproxyLine const* const line = at->last(keyword)) return line;
    bool const ends = at->kind == "defaults" && at->from.empty();
    at = ends ? nullptr : defaults_of(file, *at);
  }
  return nullptr;
}

bool speaks_http(HaproxyFile const& file, HaproxySection const& section) {
  HaproxyLine const* const mode = in_force(file, section, "mode");
  return mode != nullptr ? mode->word(1) == "http" : section.place.line == 0;  // TCP, unless a fragment leaves it open
}

ServerConfig read_haproxy(std::string const& path, ServerVersions const& versions) {
  HaproxyFile const file = read_haproxy_file(path);
  HaproxyBinds const binds = haproxy_binds(file);
  ServerConfig out;
  out.kind = ServerKind::haproxy;
  HostReader const reader(file, versions);
  for (HaproxyBind const& bind : binds.tls) out.hosts.push_back(reader.read(bind));
  check_haproxy(file, binds, versions, out);
  check_hosts(out, versions);
  return out;
}

}  // namespace tlsgauge::policy
