// Mistakes that only httpd's files can have. What httpd does with each was tried with 2.4.71 (tests/servers/apache_config_test.py).

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "policy/server_config/apache.hpp"
#include "policy/server_config/findings.hpp"
#include "wire/registry/registry.hpp"

namespace tlsgauge::policy {
namespace {

using wire::ProtocolVersion;

constexpr std::string_view kModSsl = "https://httpd.apache.org/docs/2.4/mod/mod_ssl.html";
constexpr std::string_view kModHeaders = "https://httpd.apache.org/docs/2.4/mod/mod_headers.html";
constexpr std::string_view kNewProtocols = "SSLProtocol -all +TLSv1.2 +TLSv1.3";

std::string name_of(ProtocolVersion version) { return version == ProtocolVersion::TLSv1_0 ? "TLSv1" : wire::name(version); }

std::string names_of(std::vector<ProtocolVersion> const& versions) {
  std::vector<std::string> out;
  for (ProtocolVersion const version : versions) out.push_back(name_of(version));
  return join(out, ", ");
}

class Checker {
 public:
  Checker(ApacheFile const& file, std::vector<ApacheHost> const& hosts, ServerConfig& config)
      : file_(file), hosts_(hosts), config_(config) {}

  void check() {
    check_modules();
    check_unread();
    std::vector<ApacheHost const*> tls;
    for (ApacheHost const& host : hosts_) {
      if (host.serves_tls() && file_.has_module("ssl")) tls.push_back(&host);
    }
    for (ApacheHost const* const host : tls) {
      check_protocol(*host);
      check_cipher_suites(*host);
      check_commands(*host);
      check_stapling(*host);
      check_certificate(*host);
      check_switches(*host);
      check_hsts(*host);
      check_address(*host);
    }
  }

 private:
  void add(ApacheDirective const& line, ConfigFinding finding, std::string const& replacement = {}) {
    finding.place = line.place;
    if (!replacement.empty()) {
      finding.fix = replacement;
      finding.edits = replaced(ServerKind::apache, line.place, replacement);
    }
    add_finding(config_, std::move(finding));
  }

  void refuse(ApacheDirective const& line, ConfigFinding finding, std::string const& replacement = {}) {
    finding.refused = true;
    add(line, std::move(finding), replacement);
  }

  /// Directives of a module that is not loaded: outside of a condition httpd does not know them, inside they are passed over.
  void check_modules() {
    if (file_.modules.empty()) return;
    bool const ssl = file_.has_module("ssl");
    bool const headers = file_.has_module("headers");
    if (!ssl || !headers) check_unknown(file_.top, ssl, headers);
    if (headers) return;
    for (ApacheDirective const& section : file_.skipped) check_skipped(section);
  }

  void check_unknown(ApacheDirective const& section, bool ssl, bool headers) {
    for (ApacheDirective const& child : section.children) {
      if (child.section) check_unknown(child, ssl, headers);
      bool const of_ssl = !ssl && ascii_lower(child.name).starts_with("ssl");
      bool const of_headers = !headers && (child.is("Header") || child.is("RequestHeader"));
      if ((!of_ssl && !of_headers) || unknown_named_) continue;
      unknown_named_ = true;  // httpd stops at the first
      std::string const module = of_ssl ? "ssl" : "headers";
      refuse(child, {.id = "module-missing",
                     .severity = Severity::high,
                     .title = fmt::format("Apache httpd will not start: {} is of mod_{}, which is not loaded", child.name, module),
                     .why = "httpd ends at a directive that no loaded module knows (\"Invalid command\").",
                     .fix = fmt::format("LoadModule {0}_module modules/mod_{0}.so", module),
                     .reference = "https://httpd.apache.org/docs/2.4/mod/mod_so.html#loadmodule"});
    }
  }

  void check_skipped(ApacheDirective const& section) {
    for (ApacheDirective const& child : section.children) {
      if (child.section) check_skipped(child);
      if (!is_hsts(child)) continue;
      add(child, {.id = "hsts-lost",
                  .severity = Severity::medium,
                  .title = "Strict-Transport-Security is not sent: mod_headers is not loaded",
                  .why = "The section around it holds only where the module is loaded, so httpd passes it over without a word.",
                  .fix = "LoadModule headers_module modules/mod_headers.so",
                  .reference = std::string{kModHeaders}});
    }
  }

  void check_unread() {
    for (ApacheUnread const& unread : file_.unread) {
      ApacheDirective line;
      line.place = unread.place;
      add(line, {.id = "include-unread",
                 .severity = Severity::low,
                 .title = fmt::format("Not read: {}", unread.what),
                 .why = "Nothing is said of what it might set. httpd itself ends where a file that Include names is not there.",
                 .reference = "https://httpd.apache.org/docs/2.4/mod/core.html#include"});
    }
    for (ApacheVariable const& variable : file_.unknown) {
      std::string const name = ascii_lower(variable.directive);
      bool const matters = name.starts_with("ssl") || name.starts_with("include") || name == "header" || name == "listen" ||
                           name == "virtualhost" || name == "servername" || name == "protocols";
      if (!matters) continue;
      ApacheDirective line;
      line.place = variable.place;
      add(line, {.id = "variable-unknown",
                 .severity = Severity::info,
                 .title = fmt::format("${{{}}} has no value here and is taken literally", variable.name),
                 .why = "httpd takes it from Define, from -D or from the environment that it is started with.",
                 .reference = "https://httpd.apache.org/docs/2.4/configuring.html#syntax"});
    }
  }

  void check_protocol(ApacheHost const& host) {
    ApacheDirective const* const line = host.in_force("SSLProtocol");
    if (line == nullptr) return;
    ApacheProtocols const read = read_ssl_protocol(*line);
    if (read.unknown) return;
    if (!read.illegal.empty()) {
      refuse(
          *line,
          {.id = "invalid-value",
           .severity = Severity::high,
           .title = fmt::format("Apache httpd will not start: SSLProtocol does not know \"{}\"", read.illegal.front()),
           .why =
               "httpd 2.4 refuses SSLv2, and SSLv3 where its OpenSSL is built without it, as every current one is. TLS 1.0 is \"TLSv1\".",
           .reference = fmt::format("{}#sslprotocol", kModSsl)},
          std::string{kNewProtocols});
      return;
    }
    if (read.named.empty()) {
      refuse(*line,
             {.id = "protocols-none",
              .severity = Severity::high,
              .title = "Apache httpd will not start: SSLProtocol leaves no protocol",
              .why = "A list that begins with a minus begins with nothing (\"No SSL protocols available\").",
              .reference = fmt::format("{}#sslprotocol", kModSsl)},
             std::string{kNewProtocols});
      return;
    }
    if (read.overridden) {
      std::string wanted = "SSLProtocol -all";
      for (std::string_view word : line->words) {
        if (word.starts_with('+') || word.starts_with('-')) {
          wanted += fmt::format(" {}", word);
        } else {
          wanted += fmt::format(" +{}", word);
        }
      }
      add(*line,
          {.id = "protocol-overridden",
           .severity = Severity::high,
           .title = fmt::format("SSLProtocol serves {} alone", names_of(read.named)),
           .why = "A protocol without + or - replaces what stands before it; httpd only warns (\"overrides already set parameter(s)\").",
           .reference = fmt::format("{}#sslprotocol", kModSsl)},
          wanted);
    }
    check_gap(*line, read.named);
  }

  void check_gap(ApacheDirective const& line, std::vector<ProtocolVersion> const& named) {
    std::vector<ProtocolVersion> lost;
    for (std::size_t i = named.size() - 1; i > 0; --i) {
      if (static_cast<int>(named[i]) - static_cast<int>(named[i - 1]) == 1) continue;
      lost.assign(named.begin(), named.begin() + static_cast<std::ptrdiff_t>(i));
      break;
    }
    if (lost.empty()) return;
    add(line,
        {.id = "protocol-gap",
         .severity = Severity::medium,
         .title = fmt::format("{} is not served: SSLProtocol has a gap above it", names_of(lost)),
         .why = "httpd tells OpenSSL one range of versions. It goes from the highest downwards and ends at the first that is missing.",
         .reference = fmt::format("{}#sslprotocol", kModSsl)});
  }

  void check_cipher_suites(ApacheHost const& host) {
    for (ApacheDirective const* const line : host.both("SSLCipherSuite")) {
      if (line->words.size() != 2 || has_unknown(*line) || line->word(0) == "SSL" || line->word(0) == "TLSv1.3") continue;
      refuse(*line, {.id = "invalid-value",
                     .severity = Severity::high,
                     .title = fmt::format("Apache httpd will not start: SSLCipherSuite does not know the protocol \"{}\"", line->word(0)),
                     .why = "Before the list there may stand SSL (TLS 1.2 and older) or TLSv1.3, nothing else.",
                     .fix = fmt::format("SSLCipherSuite {}", line->word(1)),
                     .reference = fmt::format("{}#sslciphersuite", kModSsl)});
    }
  }

  void check_commands(ApacheHost const& host) {
    // Those of SSL_CONF_cmd(3) that concern a server's certificates, lists and options.
    static constexpr std::array<std::string_view, 24> kKnown{"signaturealgorithms",
                                                             "clientsignaturealgorithms",
                                                             "groups",
                                                             "curves",
                                                             "ecdhparameters",
                                                             "ciphersuites",
                                                             "cipherstring",
                                                             "protocol",
                                                             "minprotocol",
                                                             "maxprotocol",
                                                             "options",
                                                             "verifymode",
                                                             "dhparameters",
                                                             "certificate",
                                                             "privatekey",
                                                             "chaincafile",
                                                             "chaincapath",
                                                             "verifycafile",
                                                             "verifycapath",
                                                             "requestcafile",
                                                             "clientcafile",
                                                             "recordpadding",
                                                             "numtickets",
                                                             "serverinfofile"};
    for (ApacheDirective const* const line : host.both("SSLOpenSSLConfCmd")) {
      if (has_unknown(*line)) continue;
      std::string const command = ascii_lower(line->word(0));
      if (std::ranges::find(kKnown, command) == kKnown.end()) {
        std::vector<std::string_view> const known(kKnown.begin(), kKnown.end());
        std::string_view const near = nearest(command, known);
        if (near.empty()) continue;  // perhaps of a newer OpenSSL
        refuse(*line, {.id = "conf-command-unknown",
                       .severity = Severity::high,
                       .title = fmt::format("Apache httpd will not start: OpenSSL has no command \"{}\"", line->word(0)),
                       .why = fmt::format("It is near \"{}\". httpd ends at \"invalid OpenSSL configuration command\".", near),
                       .reference = "SSL_CONF_cmd(3)"});
      }
      bool const groups = command == "groups" || command == "curves" || command == "ecdhparameters";
      bool const own = host.section != nullptr &&
                       std::ranges::any_of(host.section->children, [&](ApacheDirective const& each) { return &each == line; });
      if (!groups || !own || host.listeners.empty()) continue;
      bool const first = std::ranges::any_of(host.listeners, [](Listener const& listener) { return listener.is_default; });
      if (first) continue;
      add(*line,
          {.id = "address-decides",
           .severity = Severity::low,
           .title = fmt::format("SSLOpenSSLConfCmd {} has no effect here", line->word(0)),
           .why = "OpenSSL takes the groups when a connection begins, from the first <VirtualHost> of the address, before the client's "
                  "server name is known.",
           .fix = fmt::format("{}      # in {}", line->text, default_host(hosts_, host, host.listeners.front()).label)});
    }
  }

  void check_stapling(ApacheHost const& host) {
    ApacheDirective const* const line = host.in_force("SSLUseStapling");
    if (line == nullptr || !host.is_on("SSLUseStapling") || file_.top.incomplete) return;
    ApacheDirective const* const cache = file_.top.last("SSLStaplingCache");
    if (cache != nullptr && ascii_lower(cache->word(0)) != "none") return;
    refuse(*line, {.id = "stapling-without-cache",
                   .severity = Severity::high,
                   .title = "Apache httpd will not start: SSLUseStapling without SSLStaplingCache",
                   .why = "The responses are kept in that cache; without it httpd ends at \"no stapling cache available\".",
                   .fix = "SSLStaplingCache shmcb:/run/apache2/stapling(128000)      # outside of <VirtualHost>; needs mod_socache_shmcb",
                   .reference = fmt::format("{}#sslstaplingcache", kModSsl)});
  }

  void check_certificate(ApacheHost const& host) {
    bool const managed =
        std::ranges::any_of(file_.top.children, [](ApacheDirective const& each) { return ascii_lower(each.name).starts_with("md"); });
    // Lines to include in a host, such as certbot's options-ssl-apache.conf.
    bool const fragment = file_.modules.empty() && file_.top.last("Listen") == nullptr && file_.top.last("VirtualHost") == nullptr;
    if (fragment || host.incomplete() || managed || !host.both("SSLCertificateFile").empty()) return;
    ApacheDirective const* const line = host.in_force("SSLEngine");
    refuse(*line, {.id = "no-certificate",
                   .severity = Severity::high,
                   .title = fmt::format("Apache httpd will not start: {} has no certificate", host.label),
                   .why = "SSLEngine is on and no SSLCertificateFile is in force (\"no certificate assigned\").",
                   .fix = "SSLCertificateFile fullchain.pem\nSSLCertificateKeyFile privkey.pem",
                   .reference = fmt::format("{}#sslcertificatefile", kModSsl)});
  }

  void check_switches(ApacheHost const& host) {
    if (ApacheDirective const* const line = host.in_force("SSLCompression"); line != nullptr && host.is_on("SSLCompression")) {
      add(*line,
          {.id = "compression",
           .severity = Severity::high,
           .title = "SSLCompression is on",
           .why = "Lengths of compressed secrets can be measured (CRIME). Where OpenSSL is built without compression, as Debian's is, "
                  "httpd will "
                  "not start.",
           .reference = fmt::format("{}#sslcompression", kModSsl)},
          "SSLCompression off");
    }
    if (ApacheDirective const* const line = host.in_force("SSLInsecureRenegotiation");
        line != nullptr && host.is_on("SSLInsecureRenegotiation")) {
      add(*line,
          {.id = "insecure-renegotiation",
           .severity = Severity::high,
           .title = "SSLInsecureRenegotiation is on",
           .why =
               "Clients without RFC 5746 may renegotiate, so that an attacker can put a request of his own before theirs (CVE-2009-3555).",
           .reference = "RFC 5746"},
          "SSLInsecureRenegotiation off");
    }
    ApacheDirective const* const tickets = host.in_force("SSLSessionTickets");
    ApacheDirective const* const key = host.in_force("SSLSessionTicketKeyFile");
    bool const off = tickets != nullptr && !host.is_on("SSLSessionTickets");
    if (off || key != nullptr || host.incomplete() || tickets_named_) return;
    tickets_named_ = true;
    add(*host.in_force("SSLEngine"), {.id = "ticket-key-lifetime",
                                      .severity = Severity::low,
                                      .title = "The key of session tickets lives as long as httpd runs",
                                      .why = "Session tickets are on and httpd makes their key when it starts. Whoever gets hold of it can "
                                             "read all connections of TLS 1.2 that "
                                             "were resumed or offered a ticket since. Restart httpd daily, or switch tickets off.",
                                      .fix = "SSLSessionTickets off",
                                      .reference = fmt::format("{}#sslsessiontickets", kModSsl)});
  }

  void check_hsts(ApacheHost const& host) {
    ApacheHsts const tables = apache_hsts_tables(host);
    bool const whole = !host.incomplete() && (host.section != nullptr || !apache_ports(file_).empty());
    if (whole && !names_hsts(host)) {
      ApacheDirective line;
      line.place = host.place();
      add(line, {.id = "hsts-missing",
                 .severity = Severity::low,
                 .title = fmt::format("{} sends no Strict-Transport-Security", host.label),
                 .why = "A browser's first request goes out in the clear, where an attacker can answer it. The line needs mod_headers.",
                 .fix = directive_line(ServerKind::apache, ConfigWord::hsts, "max-age=63072000"),
                 .reference = "RFC 6797 section 6.1"});
    }
    if (tables.taken_back && !tables.uncertain && tables.always.empty() && tables.on_success.empty()) {
      add(*tables.last, {.id = "hsts-lost",
                         .severity = Severity::medium,
                         .title = fmt::format("Strict-Transport-Security is lost in {}", host.label),
                         .why = fmt::format("\"{}\" takes back for the path / what is set outside of its section.", tables.last->text),
                         .reference = std::string{kModHeaders}});
    }
    if (tables.last == nullptr || tables.uncertain || tables.always.size() + tables.on_success.size() < 2) return;
    bool const both = !tables.always.empty() && !tables.on_success.empty();
    add(*tables.last,
        {.id = "hsts-duplicate",
         .severity = Severity::medium,
         .title = fmt::format("Strict-Transport-Security is sent {} times", tables.always.size() + tables.on_success.size()),
         .why = both
                    ? fmt::format(
                          "\"Header set\" and \"Header always set\" fill two tables, and answers without error get both. Browsers take the "
                          "first, \"{}\", and ignore the rest.",
                          tables.always.front())
                    : std::string{"\"Header add\" adds a header to those that are there. Browsers take the first and ignore the rest."},
         .fix = both ? "Header onsuccess unset Strict-Transport-Security\nHeader always set Strict-Transport-Security \"max-age=63072000\""
                     : "Header always set Strict-Transport-Security \"max-age=63072000\"",
         .reference = "RFC 6797 section 8.1"});
  }

  void check_address(ApacheHost const& host) {
    std::vector<std::uint16_t> const ports = apache_ports(file_);
    if (ports.empty() || host.section == nullptr || file_.top.incomplete) return;
    for (Listener const& listener : host.listeners) {
      if (std::ranges::find(ports, listener.port) != ports.end()) continue;
      add(*host.section, {.id = "not-listening",
                          .severity = Severity::medium,
                          .title = fmt::format("Nothing listens on port {}", listener.port),
                          .why = "<VirtualHost> only says what is served where httpd listens; it opens no port.",
                          .fix = fmt::format("Listen {}", listener.port),
                          .reference = "https://httpd.apache.org/docs/2.4/bind.html"});
    }
  }

  ApacheFile const& file_;
  std::vector<ApacheHost> const& hosts_;
  ServerConfig& config_;
  bool unknown_named_ = false;
  bool tickets_named_ = false;
};

}  // namespace

void check_apache(ApacheFile const& file, std::vector<ApacheHost> const& hosts, ServerVersions const&, ServerConfig& config) {
  Checker(file, hosts, config).check();
}

}  // namespace tlsgauge::policy
