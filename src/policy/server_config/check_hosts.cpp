// What is wrong with the settings of hosts, whatever server they are for.

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "policy/server_config/check.hpp"
#include "policy/server_config/findings.hpp"
#include "policy/server_config/openssl.hpp"
#include "policy/server_config/possible.hpp"

namespace tlsgauge::policy {
namespace {

using wire::CipherSuiteInfo;
using wire::ProtocolVersion;

constexpr std::string_view kCiphersManual = "OpenSSL ciphers(1)";
constexpr std::string_view kTls13List = "TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256";
constexpr std::string_view kIntermediate[] = {"ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-RSA-AES128-GCM-SHA256",
                                              "ECDHE-ECDSA-AES256-GCM-SHA384", "ECDHE-RSA-AES256-GCM-SHA384",
                                              "ECDHE-ECDSA-CHACHA20-POLY1305", "ECDHE-RSA-CHACHA20-POLY1305"};

/// The ECDHE twins of suites of TLS 1.3, by OpenSSL's names.
std::vector<std::string> twins(std::vector<std::string> const& tls13_names) {
  constexpr std::pair<std::string_view, std::string_view> kTwins[] = {{"TLS_AES_256_GCM_SHA384", "AES256-GCM-SHA384"},
                                                                      {"TLS_CHACHA20_POLY1305_SHA256", "CHACHA20-POLY1305"},
                                                                      {"TLS_AES_128_GCM_SHA256", "AES128-GCM-SHA256"},
                                                                      {"TLS_AES_128_CCM_SHA256", "AES128-CCM"}};
  std::vector<std::string> out;
  for (std::string const& name : tls13_names) {
    for (auto const& [tls13, twin] : kTwins) {
      if (name != tls13) continue;
      if (!twin.ends_with("CCM")) {
        out.push_back(fmt::format("ECDHE-ECDSA-{}", twin));
        out.push_back(fmt::format("ECDHE-RSA-{}", twin));
      } else {
        out.push_back(fmt::format("ECDHE-ECDSA-{}", twin));
      }
    }
  }
  return out;
}

bool is_tls13_name(std::string_view word) {
  return word.starts_with("TLS_") && wire::find_cipher_suite(word) != nullptr && wire::find_cipher_suite(word)->key_exchange == "any";
}

class Check {
 public:
  Check(ServerConfig& config, VirtualHost const& host, ServerVersions const& versions)
      : config_(config), host_(host), build_(openssl_build(versions.openssl)), openssl_known_(!versions.openssl.empty()) {
    openssl_ = versions.openssl.empty() ? "OpenSSL 3.0" : "OpenSSL " + versions.openssl;
  }

  void all() {
    check_ciphers();
    check_ciphersuites();
    check_groups();
    check_protocols();
    if (host_.hsts && host_.hsts->value && host_.hsts->place.line > 0) check_hsts_header(config_, *host_.hsts->value, host_.hsts->place);
  }

 private:
  std::string line(ConfigWord word, std::string_view value) const {
    // A default of global would not reach a bind line that says something itself.
    if (on_bind(word))
      return fmt::format("bind ... {}{}", word == ConfigWord::protocols ? "" : fmt::format("{} ", this->word(word)), value);
    if (std::string const command = conf_command(word); !command.empty()) {
      if (config_.kind == ServerKind::nginx) return fmt::format("{} {};", command, value);
      if (value.ends_with(kApacheNever)) value.remove_suffix(kApacheNever.size());
      return fmt::format("{} {}", command, value);
    }
    return directive_line(config_.kind, word, value);
  }
  /// "ssl_conf_command CipherString" where such a line settles it: another directive in its place would be there twice, or not count.
  std::string conf_command(ConfigWord word) const {
    if (config_.kind == ServerKind::haproxy || word == ConfigWord::protocols || word == ConfigWord::hsts) return {};
    auto const& setting = word == ConfigWord::ciphers        ? host_.ciphers
                          : word == ConfigWord::ciphersuites ? host_.ciphersuites
                                                             : host_.groups;
    if (!setting || setting->place.line == 0) return {};
    std::vector<std::string_view> words;
    std::string text = setting->text;
    std::ranges::replace(text, '\t', ' ');
    for (std::string_view const each : split(text, ' ')) {
      if (!each.empty()) words.push_back(each);
    }
    std::string const name = words.size() < 3 ? "" : ascii_lower(words.front());
    if (name != "ssl_conf_command" && name != "sslopensslconfcmd") return {};
    return fmt::format("{} {}", words[0], words[1]);
  }
  bool on_bind(ConfigWord word) const {
    if (config_.kind != ServerKind::haproxy) return false;
    auto const is_bind = [](auto const& setting) { return setting && setting->text.starts_with("bind "); };
    switch (word) {
      case ConfigWord::protocols:
        return is_bind(host_.protocols);
      case ConfigWord::ciphers:
        return is_bind(host_.ciphers);
      case ConfigWord::ciphersuites:
        return is_bind(host_.ciphersuites) || (is_bind(host_.ciphers) && !limits_tls13());
      case ConfigWord::groups:
        return is_bind(host_.groups);
      case ConfigWord::hsts:
        break;
    }
    return false;
  }
  std::string_view word(ConfigWord which) const { return directive_name(config_.kind, which); }
  bool takes_tls13() const {
    return !host_.protocols || std::ranges::find(host_.protocols->value, ProtocolVersion::TLSv1_3) != host_.protocols->value.end();
  }
  /// Whether the lists for TLS 1.2 and older can count: not where TLS 1.3 is all there is.
  bool takes_older() const {
    return !host_.protocols || host_.protocols->value.empty() ||
           std::ranges::any_of(host_.protocols->value, [](ProtocolVersion version) { return version <= ProtocolVersion::TLSv1_2; });
  }
  bool limits_tls13() const { return host_.ciphersuites && host_.ciphersuites->place.line > 0; }

  void refuse(std::string id, Place const& place, std::string const& what, std::string why, std::string fix, std::vector<Edit> edits,
              std::string_view reference) {
    add_finding(config_, {.id = std::move(id),
                          .severity = Severity::high,
                          .place = place,
                          .title = fmt::format("{} will not start: {}", name(config_.kind), what),
                          .why = std::move(why),
                          .fix = std::move(fix),
                          .reference = std::string{reference},
                          .edits = std::move(edits),
                          .refused = true});
  }

  void check_ciphers() {
    if (!host_.ciphers) return;
    Setting<std::string> const& setting = *host_.ciphers;
    CipherList const list = read_cipher_string(setting.value, build_);
    if (setting.place.line > 0) {
      if (!list.tls13_names.empty()) {
        tls13_names(setting, list);
      } else if (list.suites.empty()) {
        refuse("ciphers-none", setting.place, fmt::format("{} selects no suite that {} has", word(ConfigWord::ciphers), openssl_),
               "OpenSSL passes over names that it does not know, and refuses a list that is then empty (\"no cipher match\").",
               line(ConfigWord::ciphers, kRecommendedCiphers),
               replaced(config_.kind, setting.place, line(ConfigWord::ciphers, kRecommendedCiphers)), kCiphersManual);
      } else {
        ungoverned(setting, list);
      }
      if (list.security_level == 0) level_zero(setting);
    }
    if (!list.suites.empty() && takes_older()) weak_suites(setting);
  }

  /// The list without its names of TLS 1.3 suites; their twins where nothing else is left.
  static std::string without_tls13(std::string_view text, CipherList const& list) {
    std::vector<std::string> words;
    std::string current;
    for (char const c : std::string{text} + ":") {
      if (c != ':' && c != ',' && c != ' ' && c != ';') {
        current += c;
      } else if (!current.empty()) {
        if (!is_tls13_name(current)) words.push_back(current);
        current.clear();
      }
    }
    if (list.suites.empty()) {
      std::vector<std::string> const own = twins(list.tls13_names);
      words = own.empty() ? std::vector<std::string>{std::string{kRecommendedCiphers}} : own;
    }
    return join(words, ":");
  }

  void tls13_names(Setting<std::string> const& setting, CipherList const& list) {
    std::string fix = line(ConfigWord::ciphers, without_tls13(setting.value, list));
    std::string const suites = join(list.tls13_names, ":");
    if (!limits_tls13()) fix += "\n" + host_.repeated + line(ConfigWord::ciphersuites, suites);
    std::vector<Edit> const edits = replaced(config_.kind, setting.place, fix);
    std::string_view const ciphers = word(ConfigWord::ciphers);
    if (list.suites.empty()) {
      return refuse("ciphers-only-tls13", setting.place, fmt::format("{} names only TLS 1.3 suites", ciphers),
                    fmt::format("{} governs TLS 1.2 and older. OpenSSL passes over {} there, is left without a suite, and refuses the list "
                                "(\"no cipher match\"). Suites of TLS 1.3 are chosen with {}.",
                                ciphers, some_of(list.tls13_names), word(ConfigWord::ciphersuites)),
                    fix, edits, kCiphersManual);
    }
    add_finding(config_, {.id = "ciphers-tls13-names",
                          .severity = Severity::medium,
                          .place = setting.place,
                          .title = fmt::format("{} have no effect in {}", some_of(list.tls13_names), ciphers),
                          .why = fmt::format("{} governs TLS 1.2 and older; in TLS 1.3 all default suites stay on, TLS_AES_128_GCM_SHA256 "
                                             "among them. Suites of TLS 1.3 are chosen with {}.",
                                             ciphers, word(ConfigWord::ciphersuites)),
                          .fix = fix,
                          .reference = std::string{kCiphersManual},
                          .edits = edits});
  }

  /// A list that leaves out all suites of 128 bits means to limit what TLS 1.3 uses as well.
  void ungoverned(Setting<std::string> const& setting, CipherList const& list) {
    bool const strict = std::ranges::all_of(list.suites, [](CipherSuiteInfo const* suite) { return suite->key_bits >= 256; });
    if (!strict || !takes_tls13() || limits_tls13() || !host_.ciphersuites) return;
    std::string const fix = host_.repeated + line(ConfigWord::ciphersuites, kTls13List);
    add_finding(config_,
                {.id = "ciphers-without-tls13",
                 .severity = Severity::low,
                 .place = setting.place,
                 .title = fmt::format("{} does not govern TLS 1.3: TLS_AES_128_GCM_SHA256 stays on", word(ConfigWord::ciphers)),
                 .why = fmt::format("The list names 256-bit suites only, but TLS 1.3 has a list of its own, which is left at its default. "
                                    "Set {} if 128 bits are not wanted there either.",
                                    word(ConfigWord::ciphersuites)),
                 .fix = fix,
                 .reference = std::string{kCiphersManual},
                 .edits = inserted_behind(setting.place, fix)});
  }

  void level_zero(Setting<std::string> const& setting) {
    add_finding(config_, {.id = "security-level-0",
                          .severity = Severity::medium,
                          .place = setting.place,
                          .title = "@SECLEVEL=0 lifts OpenSSL's limits on keys and algorithms",
                          .why = "Level 0 admits TLS 1.0 and 1.1, SHA-1 signatures and keys of any size.",
                          .fix = {},
                          .reference = "SSL_CTX_set_security_level(3)",
                          .edits = {}});
  }

  void weak_suites(Setting<std::string> const& setting) {
    // Where it is not known whether DHE can be served, as with a certificate that is not here, it counts as if it were.
    VirtualHost at_most = host_;
    if (!at_most.dh_parameters) at_most.dh_parameters = Setting<bool>{.value = true, .place = {}, .text = {}};
    auto const suites = possible_suites(at_most, ProtocolVersion::TLSv1_2, build_, std::nullopt);
    if (!suites) return;
    struct Kind {
      std::string_view id, what, why;
      Severity severity;
      bool (*is)(CipherSuiteInfo const&);
      std::vector<std::string> names;
    };
    Kind kinds[] = {
        {"suites-null",
         "without encryption",
         "All is readable by whoever is on the way.",
         Severity::critical,
         [](CipherSuiteInfo const& s) { return s.key_bits == 0; },
         {}},
        {"suites-anonymous",
         "without authentication",
         "Anyone on the way can pose as the server.",
         Severity::critical,
         [](CipherSuiteInfo const& s) { return s.authentication == "anon"; },
         {}},
        {"suites-export",
         "of export grade or with less than 112 bits",
         "Their keys are broken in hours (FREAK, Logjam).",
         Severity::critical,
         [](CipherSuiteInfo const& s) { return s.export_grade || s.key_bits < 112; },
         {}},
        {"suites-rc4-3des",
         "with RC4 or a 64-bit block cipher",
         "RC4 is biased (RFC 7465); 64-bit blocks repeat within one long connection (SWEET32).",
         Severity::high,
         [](CipherSuiteInfo const& s) { return s.encryption == "RC4" || s.block_bits == 64; },
         {}},
        {"suites-no-forward-secrecy",
         "without forward secrecy",
         "Whoever gets hold of the key later can read all that was recorded before. RFC 10015 forbids them.",
         Severity::medium,
         [](CipherSuiteInfo const& s) { return !s.forward_secrecy; },
         {}},
        {"suites-dhe",
         "with finite-field Diffie-Hellman",
         "RFC 10015 forbids servers to choose them in TLS 1.2; elliptic curves do the same in less time.",
         Severity::low,
         [](CipherSuiteInfo const& s) { return s.key_exchange == "DHE"; },
         {}},
        {"suites-cbc",
         "in CBC mode",
         "They authenticate before they encrypt, and have been open to one padding attack after another.",
         Severity::low,
         [](CipherSuiteInfo const& s) { return !s.aead(); },
         {}},
    };
    for (CipherSuiteInfo const* const suite : *suites) {
      auto const* const kind = std::ranges::find_if(kinds, [&](Kind const& each) { return each.is(*suite); });
      if (kind != std::end(kinds)) kinds[kind - kinds].names.emplace_back(suite->openssl_name);
    }
    std::string const better = strong_ones(*suites);
    bool const written = setting.place.line > 0;
    for (Kind const& kind : kinds) {
      if (kind.names.empty()) continue;
      std::string const fix = line(ConfigWord::ciphers, better);
      add_finding(
          config_,
          {.id = std::string{kind.id},
           .severity = kind.severity,
           .place = written ? setting.place : host_.place,
           .title = fmt::format("{} has suites {}: {}", written ? word(ConfigWord::ciphers) : std::string_view{setting.text}, kind.what,
                                some_of(kind.names, 4)),
           .why = std::string{kind.why} +
                  (written ? "" : fmt::format(" {} is not set, so that the list is the {}.", word(ConfigWord::ciphers), setting.text)),
           .fix = fix,
           .reference = "RFC 9325 section 4.1",
           .edits = written ? replaced(config_.kind, setting.place, fix) : inside_host(fix)});
    }
  }

  /// Those of the list that are beyond reproach, in its order.
  static std::string strong_ones(std::vector<CipherSuiteInfo const*> const& suites) {
    std::vector<std::string> out;
    for (CipherSuiteInfo const* const suite : suites) {
      if (std::ranges::find(kIntermediate, suite->openssl_name) != std::end(kIntermediate)) out.emplace_back(suite->openssl_name);
    }
    return out.empty() ? std::string{kRecommendedCiphers} : join(out, ":");
  }

  /// A line at the beginning of the host's block, where the server has blocks.
  std::vector<Edit> inside_host(std::string const& text) const {
    return config_.kind != ServerKind::haproxy ? inserted_behind(host_.place, "    " + text) : std::vector<Edit>{};
  }

  void check_ciphersuites() {
    if (!limits_tls13()) return;
    Setting<std::string> const& setting = *host_.ciphersuites;
    CiphersuiteList const list = read_ciphersuites(setting.value, build_);
    std::string const fix = line(ConfigWord::ciphersuites, kTls13List);
    if (list.refused) {
      return refuse("ciphersuites-refused", setting.place, fmt::format("{} names no suite of TLS 1.3 that {} has", setting.text, openssl_),
                    "OpenSSL refuses the list.", fix, replaced(config_.kind, setting.place, fix), "SSL_CTX_set_ciphersuites(3)");
    }
    if (!list.unknown.empty()) {
      add_finding(config_, {.id = "ciphersuites-unknown",
                            .severity = Severity::low,
                            .place = setting.place,
                            .title = fmt::format("{} passes over {} in the list for TLS 1.3", openssl_, some_of(list.unknown)),
                            .why = "They are not names of TLS 1.3 suites that this OpenSSL has.",
                            .fix = {},
                            .reference = "SSL_CTX_set_ciphersuites(3)",
                            .edits = {}});
    }
  }

  void check_groups() {
    if (!host_.groups || host_.groups->place.line == 0) return;
    Setting<std::string> const& setting = *host_.groups;
    GroupList const list = read_groups_list(setting.value, build_);
    if (!list.refused) return;
    if (!openssl_known_ && !read_groups_list(setting.value, openssl_build("3.5.0")).refused) {
      return add_finding(config_, {.id = "groups-new",
                                   .severity = Severity::low,
                                   .place = setting.place,
                                   .title = fmt::format("{} will start with {} only where OpenSSL is new enough", name(config_.kind),
                                                        some_of(list.unknown)),
                                   .why = "OpenSSL 3.0 refuses the list, 3.5 takes it. --openssl-version says which one reads it.",
                                   .fix = {},
                                   .reference = "SSL_CTX_set1_groups_list(3)",
                                   .edits = {}});
    }
    std::vector<std::string> kept;
    for (std::string_view const name : split(setting.value, ':')) {
      if (std::ranges::find(list.unknown, name) == list.unknown.end() && !name.empty()) kept.emplace_back(name);
    }
    std::string const fix = line(ConfigWord::groups, kept.empty() ? "X25519:prime256v1:secp384r1" : join(kept, ":"));
    refuse("groups-refused", setting.place,
           list.unknown.empty() ? fmt::format("{} refuses the list of groups", openssl_)
                                : fmt::format("{} does not know the group {}", openssl_, some_of(list.unknown)),
           "A list with a name that OpenSSL does not know is refused as a whole. X25519MLKEM768 needs OpenSSL 3.5.", fix,
           replaced(config_.kind, setting.place, fix), "SSL_CTX_set1_groups_list(3)");
  }

  void check_protocols() {
    if (!host_.protocols) return;
    Setting<std::vector<ProtocolVersion>> const& setting = *host_.protocols;
    bool const written = setting.place.line > 0;
    Place const& place = written ? setting.place : host_.place;
    std::string_view const value = config_.kind == ServerKind::apache  ? "-all +TLSv1.2 +TLSv1.3"
                                   : config_.kind == ServerKind::nginx ? "TLSv1.2 TLSv1.3"
                                                                       : "ssl-min-ver TLSv1.2";
    std::string const fix = line(ConfigWord::protocols, value);
    std::vector<Edit> const edits = written ? replaced(config_.kind, place, fix) : inside_host(fix);
    auto const add = [&](std::string id, Severity severity, std::string title, std::string why, std::string_view reference) {
      add_finding(config_, {.id = std::move(id),
                            .severity = severity,
                            .place = place,
                            .title = std::move(title),
                            .why = std::move(why),
                            .fix = fix,
                            .reference = std::string{reference},
                            .edits = edits});
    };
    std::vector<std::string> ssl;
    std::vector<std::string> old;
    for (ProtocolVersion const version : setting.value) {
      if (version <= ProtocolVersion::SSLv3) ssl.push_back(wire::name(version));
      if (version == ProtocolVersion::TLSv1_0 || version == ProtocolVersion::TLSv1_1) old.push_back(wire::name(version));
    }
    if (!ssl.empty() && written) {
      bool const gone = build_.major > 1 || build_.minor >= 1;
      add("protocols-ssl", gone ? Severity::medium : Severity::critical,
          gone ? fmt::format("{} cannot be served: {} comes without", join(ssl, " and "), openssl_)
               : fmt::format("{} is switched on", join(ssl, " and ")),
          "Both are broken beyond repair (DROWN, POODLE).", "RFC 6176, RFC 7568");
    }
    if (!old.empty()) {
      auto const possible = possible_protocols(host_, build_);
      bool const served = !possible || std::ranges::any_of(*possible, [](ProtocolVersion v) { return v < ProtocolVersion::TLSv1_2; });
      if (served) {
        add("protocols-old", Severity::high, fmt::format("{} {} switched on", join(old, " and "), old.size() > 1 ? "are" : "is"),
            written ? "They rest on MD5 and SHA-1 and are formally deprecated."
                    : fmt::format("They rest on MD5 and SHA-1; they come with the {}.", setting.text),
            "RFC 8996");
      } else if (written) {
        add("protocols-not-served", Severity::medium,
            fmt::format("{} cannot be served: {} needs security level 0 for it", join(old, " and "), openssl_),
            "Signatures of TLS 1.0 and 1.1 rest on SHA-1, which OpenSSL 3 refuses at level 1 and above. The line promises what no client "
            "gets.",
            "SSL_CTX_set_security_level(3)");
      }
    }
    if (!takes_tls13()) {
      add("protocols-without-tls13", Severity::medium,
          written ? "TLS 1.3 is not switched on" : fmt::format("TLS 1.3 is not switched on by the {}", setting.text),
          "TLS 1.3 takes a round trip less, encrypts the certificate and always has forward secrecy.", "RFC 9325 section 3.1.1");
    }
  }

  ServerConfig& config_;
  VirtualHost const& host_;
  OpensslBuild build_;
  std::string openssl_;
  bool openssl_known_;
};

}  // namespace

void check_hosts(ServerConfig& config, ServerVersions const& versions) {
  std::vector<VirtualHost> const hosts = config.hosts;
  for (VirtualHost const& host : hosts) Check(config, host, versions).all();
  std::ranges::stable_sort(config.findings, [](ConfigFinding const& a, ConfigFinding const& b) {
    return std::tie(a.place.file, a.place.line) < std::tie(b.place.file, b.place.line);
  });
}

}  // namespace tlsgauge::policy
