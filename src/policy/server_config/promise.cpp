#include "policy/server_config/promise.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>
#include <tuple>

#include "base/address.hpp"
#include "base/hsts.hpp"
#include "base/text.hpp"
#include "policy/observed.hpp"
#include "policy/server_config/findings.hpp"
#include "policy/yaml_text.hpp"

namespace tlsgauge::policy {
namespace {

using wire::CipherSuiteInfo;
using wire::NamedGroupInfo;
using wire::ProtocolVersion;

constexpr std::size_t kMaxTitle = 180;
constexpr std::size_t kMaxWhy = 1500;

std::string place_words(Place const& place, std::string const& text) {
  return place.line == 0 ? text : fmt::format("{}:{}: {}", place.file, place.line, text);
}

std::string short_place(Place const& place, std::string const& text) {
  if (place.line == 0) return text;
  std::string const name = place.file.substr(place.file.rfind('/') + 1);
  return fmt::format("{}:{}", name, place.line);
}

bool fits_pattern(std::string_view pattern, std::string_view name) {
  if (pattern.starts_with('.')) return name == pattern.substr(1) || name.ends_with(pattern);
  if (pattern.starts_with("*.")) return name.ends_with(pattern.substr(1)) && name.size() > pattern.size() - 1;
  if (pattern.ends_with(".*")) return name.starts_with(pattern.substr(0, pattern.size() - 1));
  return false;
}

/// Writes the requirements of one host.
class Writer {
 public:
  Writer(VirtualHost const& host, PromiseSource const& source) : host_(host), source_(source) {
    if (source.versions.openssl.empty()) {
      for (std::string_view const version : {"1.1.1", "3.0.0", "3.5.0"}) builds_.push_back(openssl_build(version));
    } else {
      builds_.push_back(openssl_build(source.versions.openssl));
    }
  }

  std::string write() {
    protocols();
    for (ProtocolVersion const version :
         {ProtocolVersion::TLSv1_0, ProtocolVersion::TLSv1_1, ProtocolVersion::TLSv1_2, ProtocolVersion::TLSv1_3}) {
      suites(version);
    }
    groups();
    curves();
    hsts();
    tickets();
    flag("early-data", host_.early_data, "early_data.offered", "Early data is off,", "Early data is on,", "medium");
    flag("client-certificate", host_.client_certificate, "client_authentication.requested", "No client certificate is asked for,",
         "A client certificate is asked for,", "high");
    alpn();
    stapling();
    return requirements_.empty() ? "" : head() + requirements_;
  }

 private:
  /// What `of` yields for all builds alike; empty where they differ or it is not known.
  template <class F>
  auto agreed(F const& of) const -> decltype(of(std::declval<OpensslBuild const&>())) {
    auto const first = of(builds_.front());
    for (OpensslBuild const& build : builds_) {
      if (of(build) != first) return std::nullopt;
    }
    return first;
  }

  template <class T>
  void add(std::string_view id, std::string_view severity, std::string_view title, Setting<T> const& from, std::string const& expectation,
           std::string const& extra = {}) {
    bool const written = from.place.line > 0;
    std::string const shown = bounded(
        fmt::format("{} {} {}{}", title, written ? "as" : "by", short_place(from.place, from.text), written ? " says" : ""), kMaxTitle);
    std::string const why = bounded("Promised by " + place_words(from.place, from.text), kMaxWhy);
    requirements_ += fmt::format("\n  - id: {}\n    title: {}\n    severity: {}\n{}    {}\n    why: {}\n", id, yaml_text(shown), severity,
                                 extra, expectation, yaml_text(why));
  }

  void leave_out(std::string what) { left_out_.push_back(std::move(what)); }

  [[nodiscard]] std::optional<std::vector<CipherSuiteInfo const*>> suites_of(ProtocolVersion version) const {
    return agreed([&](OpensslBuild const& build) { return possible_suites(host_, version, build, source_.keys); });
  }

  void protocols() {
    auto versions = agreed([&](OpensslBuild const& build) { return possible_protocols(host_, build); });
    if (!versions) {
      return leave_out(host_.protocols
                           ? "which protocols are served: that depends on how OpenSSL was built and configured"
                           : "which protocols are served: the file does not say, and the default depends on the server's version");
    }
    for (ProtocolVersion const version : std::vector<ProtocolVersion>{*versions}) {
      auto const suites = suites_of(version);
      if (!suites) return leave_out("which protocols are served: whether a suite is left for each of them is not known");
      if (suites->empty()) std::erase(*versions, version);
    }
    accepted_ = *versions;
    std::vector<std::string> names;
    for (ProtocolVersion const version : *versions) names.push_back(wire::name(version));
    add("protocols", "high", "The protocols are", *host_.protocols,
        fmt::format("fact: protocols.accepted\n    is: {{equals: {}}}", yaml_list(names, 10)));
  }

  [[nodiscard]] bool may_accept(ProtocolVersion version) const {
    if (accepted_) return std::ranges::find(*accepted_, version) != accepted_->end();
    // Not known: the fact is not applicable where the version is not accepted. Old ones are rare enough to be left out.
    return version >= ProtocolVersion::TLSv1_2;
  }

  void suites(ProtocolVersion version) {
    if (!may_accept(version)) return;
    std::string const name = wire::name(version);
    std::string id = ascii_lower(name);
    std::erase_if(id, [](char c) { return c == 'v' || c == '.'; });
    auto const suites = suites_of(version);
    if (!suites)
      return leave_out(fmt::format("the suites of {}: they depend on what is not known here (OpenSSL's version, other files)", name));
    bool const old = version != ProtocolVersion::TLSv1_3;
    Setting<std::string> const& from = old ? *host_.ciphers : *host_.ciphersuites;
    std::vector<std::string> names;
    for (CipherSuiteInfo const* const suite : *suites) names.emplace_back(suite->name);
    bool const exact = !old || source_.keys.has_value();
    if (!exact) leave_out(fmt::format("that all suites of {} are there: the kind of the certificate's key is not known", name));
    add("suites-" + id, "high", fmt::format("The suites of {} are", name), from,
        fmt::format("fact: suites.accepted.{}\n    is:\n      {}: {}", name, exact ? "equals" : "subset_of", yaml_list(names, 8)));
    if (names.size() < 2) return;
    if (!host_.chooser) return leave_out(fmt::format("who chooses among the suites of {}", name));
    add("chooser-" + id, "medium", fmt::format("The chooser among the suites of {} is", name), *host_.chooser,
        fmt::format("fact: suites.chooser.{}\n    is: {{one_of: [{}, indifferent]}}", name,
                    host_.chooser->value == Chooser::server ? "server" : "client"));
  }

  void groups() {
    if (!may_accept(ProtocolVersion::TLSv1_3)) return;
    auto const groups = agreed([&](OpensslBuild const& build) { return possible_groups(host_, build); });
    if (!groups) return leave_out("the groups of TLS 1.3: they depend on OpenSSL's version or on another server of the address");
    std::vector<std::string> names;
    for (NamedGroupInfo const* const group : *groups) names.emplace_back(group->name);
    add("groups", "medium", "The groups of TLS 1.3 are", *host_.groups,
        fmt::format("fact: groups.accepted\n    is:\n      equals: {}", yaml_list(names, 8)));
  }

  /// Up to TLS 1.2 the same list counts, without what only TLS 1.3 knows.
  void curves() {
    auto const suites = suites_of(ProtocolVersion::TLSv1_2);
    bool const elliptic = suites && std::ranges::any_of(*suites, [](CipherSuiteInfo const* each) { return each->key_exchange == "ECDHE"; });
    if (!may_accept(ProtocolVersion::TLSv1_2) || !elliptic) return;
    auto const groups = agreed([&](OpensslBuild const& build) { return possible_groups(host_, build); });
    if (!groups) return;
    std::vector<std::string> names;
    for (NamedGroupInfo const* const group : *groups) {
      if (group->kind == "ecdhe") names.emplace_back(group->name);
    }
    add("curves", "medium", "The curves up to TLS 1.2 are", *host_.groups,
        fmt::format("fact: curves.accepted\n    is:\n      equals: {}", yaml_list(names, 8)));
  }

  void hsts() {
    if (!host_.hsts) return leave_out("Strict-Transport-Security: there is none to promise, or it depends on more than the file");
    Setting<std::optional<HstsSetting>> const& from = *host_.hsts;
    std::string const spoken = "{fact: http.spoken, is: {equals: true}}";
    if (!from.value) {
      return add("hsts", "medium", "Strict-Transport-Security is not sent,", from, "fact: http.hsts.present\n    is: {equals: false}",
                 "    when: " + spoken + "\n");
    }
    std::string const status = "{fact: http.status, is: {one_of: [200, 201, 204, 206, 301, 302, 303, 304, 307, 308]}}";
    std::string const often = from.value->always ? spoken : fmt::format("{{all: [{}, {}]}}", spoken, status);
    Hsts const header = parse_hsts(from.value->value);
    if (!header.valid) {
      return add("hsts", "medium", "Strict-Transport-Security is sent,", from, "fact: http.hsts.present\n    is: {equals: true}",
                 "    when: " + often + "\n");
    }
    std::string const sent = "    when: {fact: http.hsts.valid, is: {equals: true}}\n";
    auto const word = [](bool on) { return on ? "true" : "false"; };
    add("hsts", "medium", "Strict-Transport-Security is sent,", from, "fact: http.hsts.valid\n    is: {equals: true}",
        "    when: " + often + "\n");
    add("hsts-max-age", "medium", fmt::format("max-age of Strict-Transport-Security is {},", *header.max_age), from,
        fmt::format("fact: http.hsts.max_age\n    is: {{equals: {}}}", std::min<std::int64_t>(*header.max_age, 1'000'000'000'000)), sent);
    add("hsts-include-subdomains", "medium",
        fmt::format("Strict-Transport-Security is {}for subdomains,", header.include_subdomains ? "" : "not "), from,
        fmt::format("fact: http.hsts.include_subdomains\n    is: {{equals: {}}}", word(header.include_subdomains)), sent);
    add("hsts-preload", "medium", fmt::format("Strict-Transport-Security is {}for preload lists,", header.preload ? "" : "not "), from,
        fmt::format("fact: http.hsts.preload\n    is: {{equals: {}}}", word(header.preload)), sent);
  }

  void tickets() {
    if (!may_accept(ProtocolVersion::TLSv1_2)) return;
    if (!host_.session_tickets) return leave_out("session tickets");
    add("session-tickets", "medium",
        fmt::format("Session tickets of TLS 1.2 are {},", host_.session_tickets->value ? "given" : "not given"), *host_.session_tickets,
        fmt::format("fact: sessions.given\n    is: {{{}: tls12_tickets}}", host_.session_tickets->value ? "includes" : "excludes"));
  }

  void flag(std::string_view id, std::optional<Setting<bool>> const& from, std::string_view fact, std::string_view off, std::string_view on,
            std::string_view severity) {
    if (!from) return leave_out(std::string{id} == "early-data" ? "early data" : "whether a client certificate is asked for");
    if (id == "early-data" && !may_accept(ProtocolVersion::TLSv1_3)) return;
    // Early data rides on tickets: without them it depends on the session cache.
    bool const uncertain = id == "early-data" && from->value && (!host_.session_tickets || !host_.session_tickets->value);
    if (uncertain) return leave_out("early data, which is switched on without session tickets");
    add(id, severity, from->value ? on : off, *from, fmt::format("fact: {}\n    is: {{equals: {}}}", fact, from->value ? "true" : "false"));
  }

  void alpn() {
    if (!host_.alpn) return leave_out("ALPN");
    bool const http2 = std::ranges::find(host_.alpn->value, "h2") != host_.alpn->value.end();
    add("alpn-http2", "medium", fmt::format("HTTP/2 is {} by ALPN,", http2 ? "offered" : "not offered"), *host_.alpn,
        fmt::format("fact: alpn.protocols\n    is: {{{}: h2}}", http2 ? "includes" : "excludes"));
  }

  void stapling() {
    if (!host_.ocsp_stapling) return leave_out("OCSP stapling");
    std::string extra = "    each: certificate\n";
    if (!host_.ocsp_stapling->value) {
      return add("ocsp-stapling", "medium", "No OCSP response is stapled,", *host_.ocsp_stapling,
                 "fact: certificate.ocsp_stapled\n    is: {equals: false}", extra);
    }
    // The first answers after a start are without, and so are those while the responder does not answer.
    extra += "    when: {fact: certificate.ocsp_urls, is: {not_empty: true}}\n";
    add("ocsp-stapling", "low", "An OCSP response is stapled,", *host_.ocsp_stapling,
        "fact: certificate.ocsp_stapled\n    is: {equals: true}", extra);
  }

  [[nodiscard]] std::string head() const {
    std::string out =
        yaml_comment(fmt::format("What {} promises of {} ({}:{}).", source_.file, host_.label, host_.place.file, host_.place.line));
    std::string readers = fmt::format("Read as {}{} reads it", name(source_.kind),
                                      source_.versions.server.empty() ? " of any version" : " " + source_.versions.server);
    readers += source_.versions.openssl.empty() ? ", with OpenSSL 1.1.1, 3.0 or 3.5 alike."
                                                : fmt::format(", with OpenSSL {}.", source_.versions.openssl);
    out += yaml_comment(readers);
    if (source_.keys) out += yaml_comment(fmt::format("Keys of its certificates: {}.", join(*source_.keys, ", ")));
    if (!left_out_.empty()) out += yaml_comment("Not promised, hence left out:");
    for (std::string const& what : left_out_) out += yaml_comment("- " + bounded(what, kMaxTitle));
    std::string id = "promised";
    for (char const c : host_.names.empty() ? host_.label : host_.names.front()) {
      bool const plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_';
      if (id.size() < 60 && (plain || id.back() != '-'))
        id += id == "promised" && plain ? std::string{"-"} + c : std::string{plain ? c : '-'};
    }
    while (id.ends_with('-')) id.pop_back();
    return out + fmt::format("tlsgauge_profile: 1\nname: {}\nversion: \"1\"\ntitle: {}\n\nrequirements:", id,
                             yaml_text(bounded(fmt::format("What {} promises of {}", source_.file, host_.label), kMaxTitle)));
  }

  VirtualHost const& host_;
  PromiseSource const& source_;
  std::vector<OpensslBuild> builds_;
  std::optional<std::vector<ProtocolVersion>> accepted_;
  std::vector<std::string> left_out_;
  std::string requirements_;
};

/// How well a name fits a host. Higher ranks win, then longer patterns, then the file's order.
struct Fit {
  int rank = 0;  ///< 0: not at all
  std::size_t length = 0;
};
constexpr int kExact = 3;

Fit fit_of(ServerKind kind, std::string_view pattern, std::string_view name) {
  bool const exact = pattern == name || (kind == ServerKind::nginx && pattern.starts_with('.') && pattern.substr(1) == name);
  if (!exact && !fits_pattern(pattern, name)) return {};
  if (kind == ServerKind::apache) return {.rank = kExact};  // httpd takes the first host that fits, by name or by pattern
  if (exact) return {.rank = kExact};
  if (kind != ServerKind::nginx) return {.rank = 1};
  // server_name: the longest pattern with a leading asterisk, then the longest with a trailing one
  // (https://nginx.org/en/docs/http/server_names.html).
  bool const leading = pattern.starts_with('*') || pattern.starts_with('.');
  return {.rank = leading ? 2 : 1, .length = pattern.size() - (pattern.starts_with('*') ? 1 : 0)};
}

struct Candidate {
  VirtualHost const* host = nullptr;
  Fit fit;
};

Candidate by_name(ServerKind kind, std::vector<VirtualHost const*> const& hosts, std::string const& wanted) {
  Candidate best;
  if (wanted.empty()) return best;
  for (VirtualHost const* const host : hosts) {
    for (std::string const& each : host->names) {
      Fit const fit = fit_of(kind, ascii_lower(each), wanted);
      if (std::tie(fit.rank, fit.length) > std::tie(best.fit.rank, best.fit.length)) best = {.host = host, .fit = fit};
    }
  }
  return best;
}

/// nullptr: nginx's default server there takes no handshake.
VirtualHost const* default_of(ServerKind kind, std::vector<VirtualHost const*> const& hosts, std::uint16_t port) {
  auto const first = std::ranges::find_if(hosts, [&](VirtualHost const* host) {
    return std::ranges::any_of(host->listeners, [&](Listener const& each) { return each.is_default && (port == 0 || each.port == port); });
  });
  if (first != hosts.end()) return *first;
  return kind == ServerKind::nginx && port != 0 ? nullptr : hosts.front();
}

bool is_any(std::string_view address) { return address.empty() || address == "*" || address == "0.0.0.0" || address == "::"; }

/// One spelling for each address.
std::string spelled(std::string_view address) {
  auto const octets = parse_address(address);
  return octets ? address_text(*octets) : ascii_lower(address);
}

/// The hosts among which the client's name decides, a group for each address that may be the one connected to: the exact one where the
/// file has it, else the one for any address; all where it is not known, as behind a forwarded address. Empty: none listens at the port.
std::vector<std::vector<VirtualHost const*>> hosts_of_addresses(ServerConfig const& config, std::uint16_t port, std::string_view address) {
  if (port == 0) {
    std::vector<VirtualHost const*> all;
    for (VirtualHost const& host : config.hosts) all.push_back(&host);
    return {all};
  }
  std::map<std::string, std::vector<VirtualHost const*>> groups;
  for (VirtualHost const& host : config.hosts) {
    for (Listener const& each : host.listeners) {
      if (each.port != port || each.quic) continue;
      std::vector<VirtualHost const*>& group = groups[spelled(each.address)];
      if (group.empty() || group.back() != &host) group.push_back(&host);
    }
  }
  std::vector<std::vector<VirtualHost const*>> out;
  if (!address.empty()) {
    if (auto const exact = groups.find(spelled(address)); exact != groups.end()) return {exact->second};
    // nginx binds `[::]` to IPv6 alone.
    bool const v6 = address.find(':') != std::string_view::npos;
    for (auto const& [text, hosts] : groups) {
      bool const of_family = config.kind != ServerKind::nginx || (text == "::") == v6;
      if (is_any(text) && of_family) out.push_back(hosts);
    }
    if (!out.empty()) return out;
  }
  for (auto const& [text, hosts] : groups) out.push_back(hosts);
  return out;
}

}  // namespace

HostChoice choose_host(ServerConfig const& config, std::string_view name, std::uint16_t port, std::string_view address) {
  if (config.hosts.empty()) return {.host = nullptr, .note = "no host there serves TLS"};
  std::string const wanted = ascii_lower(name);
  std::vector<std::vector<VirtualHost const*>> const groups = hosts_of_addresses(config, port, address);
  bool const at_port = !groups.empty();
  std::vector<Candidate> found;
  if (!at_port) {
    std::vector<VirtualHost const*> all;
    for (VirtualHost const& host : config.hosts) all.push_back(&host);
    found.push_back(by_name(config.kind, all, wanted));
    if (found.back().host == nullptr && all.size() > 1)
      return {.host = nullptr, .note = fmt::format("no host there has that name, and none listens at port {}", port)};
    if (found.back().host == nullptr) return {.host = all.front(), .note = "the only one"};
  }
  for (std::vector<VirtualHost const*> const& hosts : groups) found.push_back(by_name(config.kind, hosts, wanted));
  auto const best = std::ranges::max_element(found, {}, [](Candidate const& each) { return each.fit.rank; });
  if (best->host == nullptr) {
    auto const has_expression = [](VirtualHost const* host) {
      return std::ranges::any_of(host->names, [](std::string const& each) { return each.starts_with('~'); });
    };
    for (std::size_t i = 0; i < groups.size(); ++i) {
      if (!wanted.empty() && groups[i].size() > 1 && std::ranges::any_of(groups[i], has_expression))
        return {.host = nullptr, .note = "a name there is a regular expression, and whether it fits is not known"};
      found[i].host = default_of(config.kind, groups[i], port);
    }
  }
  for (Candidate const& each : found) {
    if (each.fit.rank == best->fit.rank && each.host != best->host)
      return {.host = nullptr, .note = fmt::format("hosts of several addresses fit at port {}", port)};
  }
  if (best->host == nullptr) return {.host = nullptr, .note = "no host there has that name, and the default server rejects handshakes"};
  std::string note = best->fit.rank == kExact ? "by its name" : "by its pattern";
  if (best->fit.rank == 0) note = groups.front().size() == 1 && groups.size() == 1 ? "the only one" : "the default of its address";
  return {.host = best->host, .note = note};
}

std::string promised_profile(VirtualHost const& host, PromiseSource const& source) { return Writer(host, source).write(); }

}  // namespace tlsgauge::policy
