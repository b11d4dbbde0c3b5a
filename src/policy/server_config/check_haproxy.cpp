// Mistakes that only HAProxy's files can have. What HAProxy does with each was tried with 2.6.12 (tests/servers/haproxy_config_test.py).

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/text.hpp"
#include "policy/server_config/files.hpp"
#include "policy/server_config/findings.hpp"
#include "policy/server_config/haproxy.hpp"
#include "wire/registry/registry.hpp"

namespace tlsgauge::policy {
namespace {

using wire::ProtocolVersion;

constexpr std::string_view kManual = "HAProxy configuration manual";

class Checker {
 public:
  Checker(HaproxyFile const& file, HaproxyBinds const& binds, ServerConfig& config) : file_(file), binds_(binds), config_(config) {}

  void check() {
    check_unread();
    for (HaproxyWord const& word : binds_.illegal) illegal(word);
    for (HaproxyLine const* const line : binds_.crt_without_ssl) without_ssl(*line);
    for (HaproxyLine const* const line : binds_.too_late) too_late(*line);
    for (HaproxyBind const& bind : binds_.tls) {
      check_versions(bind);
      check_certificate(bind);
      check_verify(bind);
      check_early_data(bind);
      check_tickets(bind);
      check_own_answers(bind);
      check_lists(bind);
      check_hsts_missing(bind);
    }
    for (HaproxySection const& section : file_.sections) {
      if (section.kind == "global") check_dh(section);
      check_rules(section);
    }
  }

 private:
  void add(std::string id, Severity severity, Place const& place, std::string title, std::string why, std::string fix = {},
           std::string_view section = {}, std::vector<Edit> edits = {}, bool refused = false) {
    add_finding(config_, {.id = std::move(id),
                          .severity = severity,
                          .place = place,
                          .title = std::move(title),
                          .why = std::move(why),
                          .fix = std::move(fix),
                          .reference = section.empty() ? std::string{kManual} : fmt::format("{}, {}", kManual, section),
                          .edits = std::move(edits),
                          .refused = refused});
  }

  void refuse(std::string id, Place const& place, std::string const& what, std::string why, std::string fix = {},
              std::string_view section = {}, std::vector<Edit> edits = {}) {
    add(std::move(id), Severity::high, place, "HAProxy will not start: " + what, std::move(why), std::move(fix), section, std::move(edits),
        true);
  }

  static std::vector<Edit> instead(Place const& place, std::string const& text) {
    if (place.end <= place.begin) return {};
    return {{.file = place.file, .begin = place.begin, .end = place.end, .text = text}};
  }

  void check_unread() {
    for (HaproxyNote const& note : file_.conditions) {
      add("condition-passed-over", note.weighty ? Severity::medium : Severity::low, note.place,
          fmt::format("What \"{}\" holds is passed over", note.what),
          "Whether it counts depends on where HAProxy runs; nothing is said of what it might set.", {}, "section 2.4");
    }
    for (HaproxyNote const& note : file_.variables) {
      add("variable-unknown", Severity::info, note.place, fmt::format("${{{}}} has no value here", note.what),
          "HAProxy takes it from the environment that it is started with, or from setenv; where there is none it stands for nothing.", {},
          "section 2.3");
    }
  }

  void illegal(HaproxyWord const& word) {
    constexpr std::string_view kWords[] = {
        "ssl-min-ver", "ssl-max-ver", "no-tls-tickets", "prefer-client-ciphers", "strict-sni",   "no-sslv3", "no-tlsv10",
        "no-tlsv11",   "no-tlsv12",   "no-tlsv13",      "force-tlsv12",          "force-tlsv13", "TLSv1.0",  "TLSv1.1",
        "TLSv1.2",     "TLSv1.3",     "force-tlsv10",   "force-tlsv11"};
    std::string_view const near = nearest(word.value, {std::begin(kWords), std::end(kWords)});
    refuse("invalid-value", word.place, fmt::format("it does not know \"{}\"", word.value),
           near.empty() ? "Versions are SSLv3, TLSv1.0, TLSv1.1, TLSv1.2 and TLSv1.3." : fmt::format("Did you mean {}?", near),
           "ssl-default-bind-options ssl-min-ver TLSv1.2", "ssl-default-bind-options");
  }

  void without_ssl(HaproxyLine const& line) {
    add("crt-without-ssl", Severity::high, line.place, fmt::format("{} is served without TLS: \"ssl\" is missing", line.word(1)),
        "A bind line with a certificate but without the word \"ssl\" is taken without a warning, and speaks plain text.",
        line.text + " ssl", "section 5.1, ssl", inserted_word(line, " ssl"));
  }

  static std::vector<Edit> inserted_word(HaproxyLine const& line, std::string text) {
    return {{.file = line.place.file, .begin = line.place.end, .end = line.place.end, .text = std::move(text)}};
  }

  void too_late(HaproxyLine const& line) {
    add("default-too-late", Severity::high, line.place, fmt::format("{} comes too late for the bind lines above it", line.word(0)),
        "A bind line takes the defaults that were read before it. Move the global section to the top.", "global\n    " + line.text,
        "section 3.1");
  }

  void check_versions(HaproxyBind const& bind) {
    HaproxyVersions const& said = bind.defaults.versions;
    if (said.unknown) return;
    if (versions_of(said).empty()) {
      HaproxyWord const& word = said.lowest ? *said.lowest : said.highest ? *said.highest : said.off.back();
      return refuse("protocols-none", word.place, fmt::format("{} has no TLS version left", bind.label),
                    "\"all SSL/TLS versions are disabled\"", "ssl-default-bind-options ssl-min-ver TLSv1.2", "ssl-min-ver");
    }
    if (said.off_ignored()) {
      std::vector<std::string> names;
      for (HaproxyWord const& word : said.off) names.push_back(word.value);
      HaproxyWord const& bound = said.lowest ? *said.lowest : *said.highest;
      std::vector<std::string> served;
      for (ProtocolVersion const version : versions_of(said)) served.push_back(wire::name(version));
      add("options-ignored", Severity::medium, said.off.back().place,
          fmt::format("{} has no effect beside \"{}\"", join(names, ", "), bound.text),
          fmt::format("HAProxy ignores no-tlsv1x as soon as a bound is set, and only warns. Served are {}.", join(served, ", ")),
          "ssl-default-bind-options ssl-min-ver TLSv1.2", "ssl-min-ver");
    } else if (!said.lowest && said.highest && versions_of(said).back() < ProtocolVersion::TLSv1_2) {
      add("max-below-min", Severity::high, said.highest->place,
          fmt::format("\"{}\" without ssl-min-ver serves {} alone", said.highest->text, said.highest->value),
          "The lowest version is TLS 1.2 by default; where the highest is below it, HAProxy takes that for the lowest too.",
          "ssl-default-bind-options ssl-min-ver TLSv1.2", "ssl-max-ver");
    }
  }

  void check_certificate(HaproxyBind const& bind) {
    if (!bind.certificates.empty() || !bind.lists.empty() || file_.incomplete) return;
    refuse("no-certificate", bind.line->place, fmt::format("{} has no certificate", bind.label), "\"no SSL certificate specified\"",
           bind.line->text + " crt /etc/haproxy/site.pem", "section 5.1, crt");
  }

  void check_verify(HaproxyBind const& bind) {
    if (!bind.verify || bind.verify->unknown || bind.verify->value == "none" || bind.ca_file || !bind.lists.empty()) return;
    refuse("verify-client-without-ca", bind.line->place, fmt::format("{} verifies clients without a ca-file", bind.label),
           "\"verify is enabled but no CA file specified\"", bind.line->text + " ca-file /etc/haproxy/client-ca.pem",
           "section 5.1, verify");
  }

  void check_early_data(HaproxyBind const& bind) {
    if (!bind.early_data) return;
    auto const waits = [](HaproxySection const& section) {
      return std::ranges::any_of(
          section.lines, [](HaproxyLine const& line) { return std::ranges::find(line.words, "wait-for-handshake") != line.words.end(); });
    };
    if (std::ranges::any_of(file_.sections, waits)) return;
    add("early-data-unmarked", Severity::medium, bind.line->place, "allow-0rtt is on, and nothing waits for the handshake",
        "Early data can be sent again by an attacker. Requests that must not be repeated have to wait for the end of the handshake.",
        "http-request wait-for-handshake if ! METH_GET", "section 5.1, allow-0rtt; RFC 8470");
  }

  void check_tickets(HaproxyBind const& bind) {
    std::optional<HaproxyWord> const& off = bind.defaults.no_tickets;
    if (bind.defaults.options_unknown || (off && off->value == "no-tls-tickets") || bind.ticket_keys || file_.incomplete) return;
    add("ticket-key-lifetime", Severity::low, bind.line->place, "The key of session tickets lives as long as the process",
        "Whoever gets hold of it can read all connections of TLS 1.2 that were resumed or offered a ticket since the start. Reload HAProxy "
        "daily, rotate keys with tls-ticket-keys, or switch tickets off.",
        "ssl-default-bind-options no-tls-tickets", "section 5.1, tls-ticket-keys");
  }

  void check_hsts_missing(HaproxyBind const& bind) {
    HaproxySection const& own = *bind.section;
    if (own.place.line == 0 || file_.incomplete || own.incomplete || !speaks_http(file_, own)) return;
    for (HaproxySection const& section : file_.sections) {
      bool const other = &section != &own && (section.kind == "frontend" || section.kind == "listen");
      if (!other && (section.incomplete || std::ranges::any_of(section.lines, [](HaproxyLine const& line) { return is_hsts(line); })))
        return;
    }
    std::string const fix = directive_line(ServerKind::haproxy, ConfigWord::hsts, "max-age=63072000");
    add("hsts-missing", Severity::low, own.place, fmt::format("{} {} sends no Strict-Transport-Security", own.kind, own.name),
        "A browser's first request goes out in the clear, where an attacker can answer it.", fix,
        "http-after-response; RFC 6797 section 6.1", inserted_behind(own.place, "    " + fix));
  }

  /// What a crt-list says of its own overrides the bind line.
  void check_lists(HaproxyBind const& bind) {
    constexpr std::size_t kMaxList = 256 * 1024;
    constexpr int kMaxNamed = 20;
    for (std::string const& path : bind.lists) {
      FileText const file = read_config_file(path, kMaxList, false);
      if (!file.text) {
        add("crt-list-unread", Severity::medium, {.file = bind.line->place.file, .line = bind.line->place.line},
            fmt::format("crt-list {} is not read; settings of its own are not judged", path),
            "Versions, suites and groups in the brackets of its lines override those of the bind line.", {}, "section 5.1, crt-list");
        continue;
      }
      int number = 0;
      int named = 0;
      for (std::string_view line : split(*file.text, '\n')) {
        ++number;
        line = trim(line);
        if (line.starts_with('#') || line.find('[') == std::string_view::npos || ++named > kMaxNamed) continue;
        add("crt-list-settings", Severity::medium, {.file = path, .line = number},
            fmt::format("crt-list line {} has settings of its own, which are not judged", number),
            "Versions, suites and groups in brackets override those of the bind line for this certificate.", {}, "section 5.1, crt-list");
      }
    }
  }

  /// HSTS by http-response where HAProxy itself answers.
  void check_own_answers(HaproxyBind const& bind) {
    HaproxyLine const* const own = answers_itself(*bind.section);
    if (own == nullptr || !speaks_http(file_, *bind.section)) return;
    for (HaproxyLine const* const rule : bind.section->all("http-response")) {
      if (!is_hsts(*rule) || rule->word(1) == "del-header") continue;
      std::string const fix = directive_line(ServerKind::haproxy, ConfigWord::hsts, rule->word(3)) + words_from(*rule, 4);
      add("hsts-lost", Severity::medium, rule->place,
          fmt::format("Strict-Transport-Security is not sent: line {} answers before it", own->place.line),
          "http-response rules act on the answers of servers behind HAProxy, not on redirects, errors and \"return\" of its own.", fix,
          "http-after-response", instead(rule->place, fix));
    }
  }

  void check_dh(HaproxySection const& section) {
    HaproxyLine const* const line = section.last("tune.ssl.default-dh-param");
    if (line == nullptr) return;
    std::string_view const text = line->word(1);
    int bits = 0;
    std::from_chars(text.data(), text.data() + text.size(), bits);
    std::string const fix = "tune.ssl.default-dh-param 2048";
    if (bits < 1024) {
      return refuse("invalid-value", line->place, "tune.ssl.default-dh-param must be 1024 or more",
                    "Parameters below that are broken (Logjam).", fix, "tune.ssl.default-dh-param", instead(line->place, fix));
    }
    if (bits >= 2048) return;
    add("dh-param-small", Severity::high, line->place, fmt::format("Diffie-Hellman parameters of {} bits", bits),
        "1024 bits are within reach of a well-funded attacker (Logjam). RFC 10015 forbids suites with them altogether: better none than "
        "2048.",
        fix, "tune.ssl.default-dh-param", instead(line->place, fix));
  }

  void check_rules(HaproxySection const& section) {
    bool const anonymous = section.kind == "defaults" && section.name.empty();
    for (HaproxyLine const& line : section.lines) {
      std::string_view const keyword = line.words.front();
      bool const rule = keyword == "http-response" || keyword == "http-after-response" || keyword == "http-request";
      if (anonymous && rule) {
        refuse("rule-in-anonymous-defaults", line.place, fmt::format("{} stands in a defaults section without a name", keyword),
               "Only a defaults section with a name may have rules.", "defaults main", "section 4, defaults",
               instead(section.place, "defaults main"));
      }
      if (is_hsts(line)) check_quotes(line);
    }
  }

  /// max-age=1; includeSubDomains without quotes are two words.
  void check_quotes(HaproxyLine const& line) {
    std::string_view const action = line.word(1);
    bool const sets = action == "set-header" || action == "add-header";
    if (!sets || line.words.size() <= 4 || line.word(4) == "if" || line.word(4) == "unless") return;
    std::vector<std::string> value;
    std::size_t at = 3;
    for (; at < line.words.size() && line.words[at] != "if" && line.words[at] != "unless"; ++at) value.push_back(line.words[at]);
    std::string const fix = fmt::format("{} {} {} {}{}", line.word(0), action, line.word(2), quoted(ServerKind::haproxy, join(value, " ")),
                                        words_from(line, at));
    refuse("header-unquoted", line.place, fmt::format("the value ends before \"{}\"", line.word(4)),
           "Words are separated by blanks; a value with blanks needs quotes.", fix, "section 2.2", instead(line.place, fix));
  }

  HaproxyFile const& file_;
  HaproxyBinds const& binds_;
  ServerConfig& config_;
};

}  // namespace

void check_haproxy(HaproxyFile const& file, HaproxyBinds const& binds, ServerVersions const&, ServerConfig& config) {
  Checker(file, binds, config).check();
}

}  // namespace tlsgauge::policy
