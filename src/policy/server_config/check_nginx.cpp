// Findings that only nginx's files can have. Where one says that nginx will not start, nginx 1.22.1 was seen to refuse it
// (tests/servers/config_test.py).

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "policy/server_config/files.hpp"
#include "policy/server_config/findings.hpp"
#include "policy/server_config/nginx.hpp"
#include "policy/server_config/openssl.hpp"

namespace tlsgauge::policy {
namespace {

constexpr std::string_view kSslModule = "https://nginx.org/en/docs/http/ngx_http_ssl_module.html";

/// Directives of which nginx takes one a block.
constexpr std::string_view kSingle[] = {
    "ssl",
    "ssl_buffer_size",
    "ssl_ciphers",
    "ssl_client_certificate",
    "ssl_crl",
    "ssl_dhparam",
    "ssl_early_data",
    "ssl_ecdh_curve",
    "ssl_prefer_server_ciphers",
    "ssl_reject_handshake",
    "ssl_session_tickets",
    "ssl_session_timeout",
    "ssl_stapling",
    "ssl_stapling_file",
    "ssl_stapling_responder",
    "ssl_stapling_verify",
    "ssl_trusted_certificate",
    "ssl_verify_client",
    "ssl_verify_depth",
};
constexpr std::string_view kFlags[] = {"ssl",
                                       "ssl_early_data",
                                       "ssl_prefer_server_ciphers",
                                       "ssl_reject_handshake",
                                       "ssl_session_tickets",
                                       "ssl_stapling",
                                       "ssl_stapling_verify",
                                       "http2"};
constexpr std::string_view kProtocols[] = {"SSLv2", "SSLv3", "TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"};

class Check {
 public:
  Check(std::vector<NginxServer> const& servers, ServerVersions const& versions, ServerConfig& config)
      : servers_(servers), versions_(versions), config_(config) {}

  void all(NginxFile const& file) {
    folder_ = file.folder;
    for (Place const& place : file.unread) {
      add("include-unread", Severity::low, place, "The included file is not here; what it says is not known",
          "A path without wildcards must exist, or nginx does not start. If the file is on the server only, check there.", {}, {});
    }
    if (file.fragment != NginxFragment::none) level(file.top);
    for (NginxDirective const& outer : file.top.children) {
      if (outer.block && (outer.name == "http" || outer.name == "stream" || outer.name == "mail")) level(outer);
    }
    for (NginxServer const& server : servers_) {
      server.serves_tls() ? tls_server(server) : without_tls(server);
      if (server.is_http()) check_nginx_headers(server, config_);
    }
  }

 private:
  void add(std::string id, Severity severity, Place const& place, std::string title, std::string why, std::string fix,
           std::vector<Edit> edits, std::string_view reference = kSslModule) {
    add_finding(config_, {.id = std::move(id),
                          .severity = severity,
                          .place = place,
                          .title = std::move(title),
                          .why = std::move(why),
                          .fix = std::move(fix),
                          .reference = std::string{reference},
                          .edits = std::move(edits)});
  }

  void refuse(std::string id, Place const& place, std::string const& what, std::string why, std::string fix, std::vector<Edit> edits) {
    add_finding(config_, {.id = std::move(id),
                          .severity = Severity::high,
                          .place = place,
                          .title = "nginx will not start: " + what,
                          .why = std::move(why),
                          .fix = std::move(fix),
                          .reference = std::string{kSslModule},
                          .edits = std::move(edits),
                          .refused = true});
  }

  static std::vector<Edit> removed(Place const& place) {
    return {{.file = place.file, .begin = place.begin, .end = place.end, .text = {}}};
  }

  [[nodiscard]] std::string nginx() const { return versions_.server.empty() ? "nginx" : "nginx " + versions_.server; }

  // ---- directives of one block

  void level(NginxDirective const& block) {
    for (std::string_view const name : kSingle) duplicates(block, name);
    for (std::string_view const name : kFlags) flags(block, name);
    protocol_names(block);
    if (NginxDirective const* const old = block.last("ssl")) old_ssl(*old, block);
    for (NginxDirective const* const inner : block.all("server")) {
      if (inner->block) level(*inner);
    }
    hidden_commands(block);
  }

  void duplicates(NginxDirective const& block, std::string_view name) {
    std::vector<NginxDirective const*> const found = block.all(name);
    for (std::size_t i = 1; i < found.size(); ++i) {
      refuse("duplicate-directive", found[i]->place, fmt::format("\"{}\" directive is duplicate", name),
             fmt::format("The block has it at line {} already, and nginx takes one only.", found.front()->place.line),
             fmt::format("# {};  (keep one of the two)", found[i]->text()), removed(found[i]->place));
    }
  }

  void flags(NginxDirective const& block, std::string_view name) {
    for (NginxDirective const* const line : block.all(name)) {
      std::string const word = line->arguments.size() == 1 ? ascii_lower(line->arguments[0]) : "";
      if (word == "on" || word == "off") continue;
      refuse("invalid-value", line->place, fmt::format("\"{}\" must be \"on\" or \"off\"", name), "The directive is a switch.",
             fmt::format("{} on;", name), {});
    }
  }

  void protocol_names(NginxDirective const& block) {
    for (NginxDirective const* const line : block.all("ssl_protocols")) {
      std::vector<std::string> kept;
      std::string stranger;
      for (std::string const& word : line->arguments) {
        bool const known = std::ranges::find(kProtocols, word) != std::end(kProtocols);
        if (known) kept.push_back(word);
        if (!known && stranger.empty()) stranger = word;
      }
      if (stranger.empty() && !line->arguments.empty()) continue;
      std::string const fix = fmt::format("ssl_protocols {};", kept.empty() ? "TLSv1.2 TLSv1.3" : join(kept, " "));
      std::string_view const near = nearest(stranger, {std::begin(kProtocols), std::end(kProtocols)});
      refuse("invalid-value", line->place, fmt::format("\"{}\" is no protocol", stranger),
             near.empty() ? "Known are SSLv2, SSLv3, TLSv1, TLSv1.1, TLSv1.2 and TLSv1.3." : fmt::format("Did you mean {}?", near), fix,
             replaced(ServerKind::nginx, line->place, fix));
    }
  }

  void old_ssl(NginxDirective const& line, NginxDirective const& block) {
    auto const gone = at_least(versions_.server, 1, 25, 1);
    std::string const why = "Since 1.15.0 the parameter \"ssl\" of \"listen\" takes its place; 1.25.1 has removed the directive.";
    std::vector<Edit> edits;
    if (block.name == "server" && line.arguments.size() == 1 && ascii_lower(line.arguments[0]) == "on") {
      edits = removed(line.place);
      for (NginxDirective const* const listen : block.all("listen")) {
        if (std::ranges::find(listen->arguments, "ssl") != listen->arguments.end()) continue;
        std::vector<Edit> const more = replaced(ServerKind::nginx, listen->place, listen->text() + " ssl;");
        edits.insert(edits.end(), more.begin(), more.end());
      }
    }
    std::string const fix = "listen 443 ssl;";
    if (gone.value_or(false)) return refuse("ssl-on-removed", line.place, "unknown directive \"ssl\"", why, fix, edits);
    add("ssl-on-removed", gone ? Severity::low : Severity::medium, line.place,
        gone ? "\"ssl on\" is deprecated" : "\"ssl on\" is deprecated, and nginx 1.25.1 and newer do not start with it", why, fix, edits);
  }

  /// ssl_conf_command is inherited only where a block has none of its own.
  void hidden_commands(NginxDirective const& outer) {
    std::vector<NginxDirective const*> const commands = outer.all("ssl_conf_command");
    for (NginxDirective const* const inner : outer.all("server")) {
      std::vector<NginxDirective const*> const own = inner->all("ssl_conf_command");
      if (own.empty()) continue;
      for (NginxDirective const* const command : commands) {
        auto const same = [&](NginxDirective const* each) {
          return !each->arguments.empty() && !command->arguments.empty() &&
                 ascii_lower(each->arguments[0]) == ascii_lower(command->arguments[0]);
        };
        if (std::ranges::any_of(own, same)) continue;
        std::string const fix = command->text() + ";";
        add("conf-command-lost", Severity::medium, own.back()->place,
            fmt::format("\"{}\" of line {} is not in force in this server", command->text(), command->place.line),
            "ssl_conf_command is inherited only where a server block has none of its own.", fix, inserted_behind(own.back()->place, fix));
      }
    }
  }

  void without_tls(NginxServer const& server) {
    NginxDirective const* const listen = server.block->last("listen");
    if (server.block->last("ssl_certificate") == nullptr || listen == nullptr || server.incomplete()) return;
    add("certificate-without-ssl", Severity::medium, listen->place,
        fmt::format("{} has a certificate, and is served without TLS: \"ssl\" is missing", server.label),
        "A listen line without the word \"ssl\" is taken without a warning, and speaks plain text.", listen->text() + " ssl;", {});
  }

  // ---- servers with TLS

  void tls_server(NginxServer const& server) {
    certificates(server);
    stapling(server);
    tickets(server);
    early_data(server);
    client_certificates(server);
    settings_of_the_address(server);
    order(server);
    dh_parameters(server);
  }

  /// PEM of PKCS #3: base64 of the prime, the generator and up to 14 octets around them.
  void dh_parameters(NginxServer const& server) {
    constexpr std::size_t kMaxFile = 64 * 1024;
    constexpr std::size_t kOctetsOf2048 = 262;
    constexpr std::string_view kBegin = "-----BEGIN DH PARAMETERS-----";
    NginxDirective const* const line = server.in_force("ssl_dhparam");
    if (line == nullptr || line->arguments.size() != 1) return;
    NginxDirective const* const ciphers = server.in_force("ssl_ciphers");
    if (ciphers != nullptr && ciphers->arguments.size() == 1) {
      auto const suites = read_cipher_string(ciphers->arguments[0], openssl_build(versions_.openssl)).suites;
      bool const used = std::ranges::any_of(suites, [](wire::CipherSuiteInfo const* each) { return each->key_exchange == "DHE"; });
      if (!used && !suites.empty()) {
        add("dhparam-needless", Severity::info, line->place, "ssl_dhparam is not needed: ssl_ciphers has no DHE suite",
            "The parameters serve suites with finite-field Diffie-Hellman only.", {}, removed(line->place));
      }
    }
    FileText const file = read_config_file(absolute_below(folder_, line->arguments[0]), kMaxFile, false);
    std::size_t const begin = file.text ? file.text->find(kBegin) : std::string::npos;
    if (begin == std::string::npos) return;
    std::size_t const end = std::min(file.text->find("-----END", begin), file.text->size());
    std::string const body = file.text->substr(begin + kBegin.size(), end - begin - kBegin.size());
    auto const letters = std::ranges::count_if(body, [](char c) { return c != '=' && static_cast<unsigned char>(c) > ' '; });
    if (static_cast<std::size_t>(letters) * 3 / 4 >= kOctetsOf2048) return;
    add("dhparam-small", Severity::high, line->place, "The group of ssl_dhparam has less than 2048 bits",
        "Smaller groups are within reach of precomputation (Logjam). OpenSSL refuses them at security level 2, as on Debian: nginx then "
        "does not start.",
        "# remove ssl_dhparam and the DHE suites, or: openssl dhparam -out dhparam.pem 2048", {}, "RFC 9325 section 4.5");
  }

  void certificates(NginxServer const& server) {
    if (server.incomplete() || server.is_on("ssl_reject_handshake")) return;
    bool const shown = !server.all_in_force("ssl_certificate").empty();
    bool const key = !server.all_in_force("ssl_certificate_key").empty();
    if (shown && key) return;
    std::string const own = shown ? "ssl_certificate_key" : "ssl_certificate";
    // A server that only shares an address with others is served by their certificate; it must have one where it says "ssl" itself.
    auto const says_ssl = [&](NginxDirective const* listen) {
      return std::ranges::find(listen->arguments, "ssl") != listen->arguments.end() || server.is_on("ssl");
    };
    std::vector<NginxDirective const*> const listens = server.block->all("listen");
    if (!shown && std::ranges::none_of(listens, says_ssl)) return;
    if (!shown && !server.is_on("ssl") && at_least(versions_.server, 1, 19, 4).value_or(true) && others_certify(server)) return;
    refuse("no-certificate", server.block->place, fmt::format("no \"{}\" is defined for {}", own, server.label),
           "A server with \"listen ... ssl\" needs a certificate and its key, unless it rejects every handshake.",
           "ssl_certificate /etc/ssl/fullchain.pem;\nssl_certificate_key /etc/ssl/privkey.pem;", {});
  }

  /// Since 1.19.4 only the default server of an address has to have a certificate; its handshake is the one that clients get.
  [[nodiscard]] bool others_certify(NginxServer const& server) const {
    return std::ranges::all_of(server.listens, [&](NginxListen const& listen) {
      if (!listen.ssl) return true;
      NginxServer const& first = default_server(servers_, listen);
      return first.block != server.block && (first.incomplete() || !first.all_in_force("ssl_certificate").empty());
    });
  }

  void stapling(NginxServer const& server) {
    NginxDirective const* const line = server.in_force("ssl_stapling");
    if (line == nullptr || !server.is_on("ssl_stapling") || server.in_force("ssl_stapling_file") != nullptr || server.incomplete()) return;
    if (server.in_force("resolver") == nullptr) {
      add("stapling-without-resolver", Severity::medium, line->place, "ssl_stapling is on without a resolver: nothing will be stapled",
          "nginx looks up the OCSP responder's name at run time and has no other way to do so. Certificates without an OCSP address (many "
          "CAs have "
          "given it up) are not stapled in any case: then remove ssl_stapling.",
          "resolver 127.0.0.53 valid=300s;  # the address of your own resolver", {},
          "https://nginx.org/en/docs/http/ngx_http_ssl_module.html#ssl_stapling");
    }
    if (server.is_on("ssl_stapling_verify") && server.in_force("ssl_trusted_certificate") == nullptr &&
        server.in_force("ssl_client_certificate") == nullptr) {
      add("stapling-verify-without-anchor", Severity::low, server.in_force("ssl_stapling_verify")->place,
          "ssl_stapling_verify has no certificates to verify with",
          "The issuer of the server's certificate, its root and all between them must be in ssl_trusted_certificate; otherwise responses "
          "are thrown away.",
          "ssl_trusted_certificate /etc/ssl/chain.pem;", {}, "https://nginx.org/en/docs/http/ngx_http_ssl_module.html#ssl_stapling_verify");
    }
  }

  void tickets(NginxServer const& server) {
    NginxDirective const* const line = server.in_force("ssl_session_tickets");
    if (line != nullptr && !server.is_on("ssl_session_tickets")) return;
    if (NginxDirective const* const key = server.in_force("ssl_session_ticket_key")) {
      return add("ticket-key-file", Severity::low, key->place, "Session tickets are encrypted with a key from a file",
                 "Whoever gets hold of it can read all resumed TLS 1.2 sessions of its time. Rotate it at least weekly, or leave it to "
                 "nginx 1.23.2 and a shared cache.",
                 {}, {}, "RFC 9325 section 3.4");
    }
    if (at_least(versions_.server, 1, 23, 2).value_or(true) || (line == nullptr && server.incomplete())) return;
    std::string const fix = "ssl_session_tickets off;";
    add("ticket-key-lifetime", Severity::low, line != nullptr ? line->place : server.block->place,
        fmt::format("Session ticket keys live until the next reload of {}", nginx()),
        "nginx rotates them since 1.23.2, with a shared ssl_session_cache. Until then one key protects all resumed sessions since the "
        "start.",
        fix, line != nullptr ? replaced(ServerKind::nginx, line->place, fix) : inserted_behind(server.block->place, "    " + fix),
        "RFC 9325 section 3.4");
  }

  static bool uses(NginxDirective const& block, std::string_view variable) {
    return std::ranges::any_of(block.children, [&](NginxDirective const& child) {
      auto const names = [&](std::string const& word) { return word.find(variable) != std::string::npos; };
      return std::ranges::any_of(child.arguments, names) || uses(child, variable);
    });
  }

  void early_data(NginxServer const& server) {
    if (!server.is_on("ssl_early_data") || uses(*server.outer, "$ssl_early_data")) return;
    add("early-data-unmarked", Severity::medium, server.in_force("ssl_early_data")->place,
        "ssl_early_data is on, and nothing uses $ssl_early_data",
        "Early data can be sent again by an attacker. nginx leaves the defence to the application, which must be told, so that it can "
        "answer 425.",
        "proxy_set_header Early-Data $ssl_early_data;", {},
        "RFC 8470; https://nginx.org/en/docs/http/ngx_http_ssl_module.html#ssl_early_data");
  }

  void client_certificates(NginxServer const& server) {
    NginxDirective const* const line = server.in_force("ssl_verify_client");
    if (line == nullptr || line->arguments.size() != 1 || server.incomplete()) return;
    std::string const& word = line->arguments.front();
    if (word == "off" || word == "optional_no_ca" || server.in_force("ssl_client_certificate") != nullptr) return;
    if (server.in_force("ssl_trusted_certificate") != nullptr && at_least(versions_.server, 1, 27, 0).value_or(true)) return;
    refuse("verify-client-without-ca", line->place, "no ssl_client_certificate for ssl_verify_client",
           "There is nothing to verify clients with.", "ssl_client_certificate /etc/ssl/client-ca.pem;", {});
  }

  /// What the first server of an address decides for all of them.
  void settings_of_the_address(NginxServer const& server) {
    if (at_least(versions_.server, 1, 29, 2).value_or(false)) return;
    for (NginxListen const& listen : server.listens) {
      if (!listen.ssl) continue;
      NginxServer const& first = default_server(servers_, listen);
      if (first.block == server.block) continue;
      without_effect(server, first, "ssl_protocols", text_of(server.in_force("ssl_protocols")), text_of(first.in_force("ssl_protocols")));
      without_effect(server, first, "ssl_ecdh_curve", text_of(server.in_force("ssl_ecdh_curve")),
                     text_of(first.in_force("ssl_ecdh_curve")));
      ciphersuites_of_the_address(server, first);
    }
  }

  static std::string text_of(NginxDirective const* line) { return line == nullptr ? std::string{} : line->text(); }

  void without_effect(NginxServer const& server, NginxServer const& first, std::string_view name, std::string const& own,
                      std::string const& theirs) {
    NginxDirective const* const line = server.block->last(name);
    if (line == nullptr || own == theirs) return;
    add("address-decides", Severity::medium, line->place,
        fmt::format("{} has no effect here: {} (line {}) decides for its address", name, first.label, first.block->place.line),
        fmt::format(
            "Before 1.29.2 nginx knows the client's server name too late for it: that of the default server counts for all names ({}).",
            theirs.empty() ? "there it is not set" : theirs),
        fmt::format("{};  # in {} too", line->text(), first.label), {});
  }

  void ciphersuites_of_the_address(NginxServer const& server, NginxServer const& first) {
    NginxDirective const* const own = server.conf_command("Ciphersuites");
    NginxDirective const* const theirs = first.conf_command("Ciphersuites");
    if (own == nullptr || text_of(own) == text_of(theirs)) return;
    add("address-decides", Severity::medium, own->place,
        fmt::format("Ciphersuites differs from that of {} (line {}), which begins every handshake of its address", first.label,
                    first.block->place.line),
        "In TLS 1.3 the suite is chosen before the server name counts. After a HelloRetryRequest this server's list counts, and where it "
        "lacks the "
        "suite chosen first the handshake fails.",
        fmt::format("{};  # in {} too", own->text(), first.label), {});
  }

  /// ssl_ciphers then counts for nothing.
  static bool only_tls13(NginxServer const& server) {
    std::vector<NginxDirective const*> const lines = server.all_in_force("ssl_protocols");
    return !lines.empty() && !server.incomplete() && server.all_in_force("ssl_conf_command").empty() &&
           std::ranges::all_of(lines, [](NginxDirective const* line) {
             return std::ranges::all_of(line->arguments, [](std::string const& word) { return word == "TLSv1.3"; });
           });
  }

  void order(NginxServer const& server) {
    NginxDirective const* const line = server.in_force("ssl_prefer_server_ciphers");
    NginxDirective const* const ciphers = server.in_force("ssl_ciphers");
    bool const on = server.is_on("ssl_prefer_server_ciphers");
    if (ciphers == nullptr || ciphers->arguments.size() != 1 || only_tls13(server)) return;
    std::vector<wire::CipherSuiteInfo const*> const suites =
        read_cipher_string(ciphers->arguments[0], openssl_build(versions_.openssl)).suites;
    if (suites.empty()) return;
    bool const strong =
        std::ranges::all_of(suites, [](wire::CipherSuiteInfo const* each) { return each->aead() && each->forward_secrecy; });
    if (on && strong && suites.size() > 1) {
      add("order-needless", Severity::info, line->place, "The server's order is imposed though every suite is strong",
          "Clients without AES hardware then cannot choose ChaCha20. Where all suites are good the choice may be left to them.",
          "ssl_prefer_server_ciphers off;", {}, "Mozilla Server Side TLS 6.0, server_preferred_order");
    } else if (!on && !strong) {
      std::string const fix = "ssl_prefer_server_ciphers on;";
      add("order-open", Severity::low, line != nullptr ? line->place : ciphers->place, "Clients choose among suites of which some are weak",
          "A client with a poor order gets a poor suite although both know a better one.", fix,
          line != nullptr ? replaced(ServerKind::nginx, line->place, fix) : inserted_behind(ciphers->place, fix), "RFC 9325 section 4.1");
    }
  }

  std::vector<NginxServer> const& servers_;
  ServerVersions const& versions_;
  ServerConfig& config_;
  std::string folder_;
};

}  // namespace

void check_nginx(NginxFile const& file, std::vector<NginxServer> const& servers, ServerVersions const& versions, ServerConfig& config) {
  Check(servers, versions, config).all(file);
}

}  // namespace tlsgauge::policy
