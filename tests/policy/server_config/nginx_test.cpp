// What nginx makes of its directives: inheritance, addresses, defaults.

#include <gmock/gmock.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "policy/server_config/check.hpp"
#include "policy/server_config/read.hpp"
#include "tlsgauge/profile.hpp"

namespace tlsgauge::policy {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using wire::ProtocolVersion;

std::string const kCertificate = "ssl_certificate a.pem; ssl_certificate_key a.key;";
std::string const kHsts = "add_header Strict-Transport-Security \"max-age=63072000\" always;";

class NginxReader : public ::testing::Test {
 protected:
  NginxReader() { std::filesystem::create_directories(folder_); }
  ~NginxReader() override { std::filesystem::remove_all(folder_); }
  ServerConfig read(std::string const& text, ServerVersions const& versions = {.server = "1.22.1", .openssl = "3.0.19"}) const {
    std::ofstream(folder_ / "nginx.conf", std::ios::binary) << text;
    return read_nginx((folder_ / "nginx.conf").string(), versions);
  }
  /// A server block of http with these lines.
  ServerConfig server(std::string const& lines, ServerVersions const& versions = {.server = "1.22.1", .openssl = "3.0.19"}) const {
    return read("http {\nserver {\nlisten 443 ssl;\n" + kCertificate + "\n" + lines + "\n}\n}\n", versions);
  }
  std::filesystem::path folder_ = std::filesystem::temp_directory_path() / ("tlsgauge-nginx-reader-" + std::to_string(::getpid()));
};

std::vector<std::string> ids(ServerConfig const& config) {
  std::vector<std::string> out;
  for (ConfigFinding const& finding : config.findings) out.push_back(finding.id);
  return out;
}

ConfigFinding const& find(ServerConfig const& config, std::string_view id) {
  for (ConfigFinding const& finding : config.findings) {
    if (finding.id == id) return finding;
  }
  throw std::out_of_range(std::string{id});
}

TEST_F(NginxReader, WhatTheServerDoesNotSayTheOuterBlockDoes) {
  ServerConfig const config = read("http {\n ssl_ciphers A;\n ssl_protocols TLSv1.2;\n ssl_conf_command Ciphersuites X;\n" + kHsts +
                                   "\n server { listen 443 ssl; " + kCertificate +
                                   " ssl_ciphers B; }\n"
                                   " server { listen 444 ssl; " +
                                   kCertificate + " ssl_conf_command Options PrioritizeChaCha; add_header X y; }\n}\n");
  ASSERT_EQ(config.hosts.size(), 2U);
  EXPECT_EQ(config.hosts[0].ciphers->value, "B");
  EXPECT_EQ(config.hosts[0].ciphers->place.line, 6);
  EXPECT_EQ(config.hosts[0].ciphersuites->value, "X");
  EXPECT_EQ(config.hosts[0].protocols->place.line, 3);
  EXPECT_TRUE(config.hosts[0].hsts->value);
  EXPECT_EQ(config.hosts[1].ciphers->value, "A");
  EXPECT_EQ(config.hosts[1].ciphersuites->place.line, 0) << "ssl_conf_command is not inherited beside an own one";
  EXPECT_FALSE(config.hosts[1].hsts->value) << "add_header is not inherited beside an own one";
  EXPECT_THAT(ids(config), Contains("conf-command-lost"));
  EXPECT_THAT(ids(config), Contains("hsts-lost"));
}

TEST_F(NginxReader, ListenSaysWhichAddressesSpeakTls) {
  ServerConfig const config = read(
      "http {\n server { listen 80; listen [::]:80; server_name plain; }\n"
      " server { listen 443 ssl http2; listen [::1]:443 ssl default_server; listen 9000-9002 ssl; server_name a *.b; " +
      kCertificate +
      " }\n"
      " server { listen *:443; server_name c; " +
      kCertificate +
      " }\n"
      " server { ssl on; listen 10.0.0.1:8443; " +
      kCertificate +
      " }\n"
      " server { listen 127.0.0.1; }\n}\n"
      "stream { server { listen 853 ssl; " +
      kCertificate + " } server { listen 53; } }\n");
  ASSERT_EQ(config.hosts.size(), 4U);
  VirtualHost const& first = config.hosts[0];
  EXPECT_EQ(first.label, "server a");
  EXPECT_THAT(first.names, ElementsAre("a", "*.b"));
  ASSERT_EQ(first.listeners.size(), 5U);
  EXPECT_EQ(first.listeners[1].address, "::1");
  EXPECT_TRUE(first.listeners[0].is_default) << "the first one of its address";
  EXPECT_EQ(first.listeners[4].port, 9002);
  EXPECT_EQ(config.hosts[1].label, "server c") << "shares an address that is ssl";
  EXPECT_FALSE(config.hosts[1].listeners[0].is_default);
  EXPECT_THAT(config.hosts[1].alpn->value, ElementsAre("h2", "http/1.1"));
  EXPECT_EQ(config.hosts[2].listeners[0].port, 8443);
  EXPECT_EQ(config.hosts[3].label, "stream server *:853");
  EXPECT_FALSE(config.hosts[3].hsts);
}

TEST_F(NginxReader, DefaultsThatDifferBetweenVersionsArePromisedForTheVersionOnly) {
  auto const protocols = [&](std::string const& version) {
    return server("", {.server = version, .openssl = "3.0.19"}).hosts.at(0).protocols;
  };
  EXPECT_FALSE(protocols(""));
  EXPECT_THAT(protocols("1.22.1")->value, ElementsAre(ProtocolVersion::TLSv1_0, ProtocolVersion::TLSv1_1, ProtocolVersion::TLSv1_2));
  EXPECT_EQ(protocols("1.23.4")->value.size(), 4U);
  EXPECT_THAT(protocols("1.27.3")->value, ElementsAre(ProtocolVersion::TLSv1_2, ProtocolVersion::TLSv1_3));
  EXPECT_THAT(ids(server("", {.server = "1.22.1", .openssl = "3.0.19"})), Contains("protocols-without-tls13"));
  EXPECT_THAT(ids(server("", {})), Not(Contains("protocols-without-tls13")));
}

TEST_F(NginxReader, BeforeTheNameIsKnownTheDefaultServerDecides) {
  std::string const text = "http {\n server { listen 443 ssl; ssl_protocols TLSv1.2 TLSv1.3; ssl_ecdh_curve prime256v1; " + kCertificate +
                           " }\n server { listen 443 ssl; server_name b; ssl_protocols TLSv1.3; ssl_ecdh_curve X25519; "
                           "ssl_conf_command Ciphersuites TLS_AES_128_GCM_SHA256; " +
                           kCertificate + " }\n}\n";
  VirtualHost const old = read(text).hosts.at(1);
  EXPECT_EQ(old.protocols->value.size(), 2U);
  EXPECT_EQ(old.groups->value, "prime256v1");
  EXPECT_FALSE(old.ciphersuites) << "the two lists differ: which one counts depends on the client";
  EXPECT_EQ(std::ranges::count(ids(read(text)), "address-decides"), 3);
  ServerVersions const now{.server = "1.29.2", .openssl = "3.5.0"};
  EXPECT_THAT(read(text, now).hosts.at(1).protocols->value, ElementsAre(ProtocolVersion::TLSv1_3));
  EXPECT_THAT(ids(read(text, now)), Not(Contains("address-decides")));
  EXPECT_FALSE(read(text, {}).hosts.at(1).protocols);
}

TEST_F(NginxReader, HstsOfTheFirstPage) {
  auto const hsts = [&](std::string const& lines) { return server(lines).hosts.at(0).hsts; };
  EXPECT_EQ(hsts(kHsts)->value->value, "max-age=63072000");
  EXPECT_TRUE(hsts(kHsts)->value->always);
  EXPECT_FALSE(hsts("")->value);
  EXPECT_FALSE(hsts("location / { proxy_pass http://b; }")) << "what stands behind may send it";
  EXPECT_FALSE(hsts(kHsts + "location / { add_header X y; return 200; }")->value);
  EXPECT_TRUE(hsts(kHsts + "location /x { add_header X y; } location / { return 200; }")->value);
  EXPECT_FALSE(hsts(kHsts + "location /x { add_header X y; } location / { try_files $uri /x; }")) << "may come from /x";
  EXPECT_TRUE(hsts(kHsts + "location ~ \\.php$ { add_header X y; } location / { return 200; }")->value);
  EXPECT_FALSE(hsts(kHsts + "location ~ . { add_header X y; } location / { return 200; }")) << "an expression that may fit";
  EXPECT_FALSE(hsts("add_header Strict-Transport-Security $hsts;"));
  EXPECT_FALSE(hsts("add_header Strict-Transport-Security \"\";")->value);
  EXPECT_FALSE(hsts("more_set_headers \"Strict-Transport-Security: max-age=1\";"));
  EXPECT_TRUE(hsts(kHsts + "add_header_inherit merge; location / { add_header X y; return 200; }")->value);
  EXPECT_FALSE(hsts(kHsts + "location / { add_header_inherit off; return 200; }")->value);
}

TEST_F(NginxReader, NothingIsPromisedWhereAFileIsMissing) {
  VirtualHost const host = server("include /no/such/file; ssl_protocols TLSv1.3;").hosts.at(0);
  EXPECT_TRUE(host.protocols);
  EXPECT_FALSE(host.ciphers);
  EXPECT_FALSE(host.session_tickets);
  EXPECT_FALSE(host.hsts);
  EXPECT_THAT(ids(server("include /no/such/file; ssl_ciphers AES128-SHA;")), Contains("suites-no-forward-secrecy"));
}

TEST_F(NginxReader, LinesToBeIncludedAreTakenForAServer) {
  ServerConfig const config = read("ssl_ciphers TLS_AES_256_GCM_SHA384;\n");
  ASSERT_EQ(config.hosts.size(), 1U);
  EXPECT_FALSE(config.hosts[0].session_tickets);
  EXPECT_THAT(ids(config), ElementsAre("ciphers-only-tls13"));
}

TEST_F(NginxReader, FindingsOfHsts) {
  EXPECT_EQ(find(server(kHsts + "\nlocation /a {\nadd_header X y;\n}"), "hsts-lost").place.line, 7);
  EXPECT_EQ(find(server("add_header Strict-Transport-Security max-age=0;"), "hsts-zero").severity, Severity::high);
  EXPECT_THAT(ids(server("add_header Strict-Transport-Security max-age=300 always;")), Contains("hsts-short"));
  EXPECT_THAT(ids(server("add_header Strict-Transport-Security maxage=300 always;")), Contains("hsts-invalid"));
  EXPECT_THAT(ids(server("add_header Strict-Transport-Security max-age=63072000;")), Contains("hsts-not-always"));
  EXPECT_THAT(ids(server(kHsts + kHsts)), Contains("hsts-twice"));
  EXPECT_THAT(ids(server("")), Contains("hsts-missing"));
  EXPECT_THAT(ids(server("location /a { " + kHsts + " }")), Contains("hsts-partial"));
  EXPECT_THAT(ids(server("location / { " + kHsts + " } location /a { return 204; }")), Contains("hsts-partial"));
  EXPECT_THAT(ids(server("location / { " + kHsts + " } location /a { " + kHsts + " }")), Not(Contains("hsts-partial")));
  EXPECT_THAT(ids(read("http { server { listen 80; " + kHsts + " } }")), ElementsAre("hsts-over-http"));
  EXPECT_THAT(ids(read("stream { server { listen 80 ssl; " + kCertificate +
                       " ssl_ciphers ECDHE-RSA-AES256-GCM-SHA384; ssl_protocols TLSv1.3; ssl_session_tickets off; } }")),
              ElementsAre("ciphers-without-tls13"));
}

TEST_F(NginxReader, FindingsOfTheList) {
  EXPECT_EQ(find(server("ssl_ciphers RC4-SHA:aNULL:@SECLEVEL=0;"), "suites-anonymous").severity, Severity::critical);
  EXPECT_THAT(find(server("ssl_ciphers AES128-SHA:ECDHE-RSA-AES128-GCM-SHA256;"), "suites-no-forward-secrecy").fix,
              "ssl_ciphers ECDHE-RSA-AES128-GCM-SHA256;");
  ConfigFinding const mixed = find(server("ssl_ciphers \"TLS_AES_256_GCM_SHA384:ECDHE+AESGCM\";"), "ciphers-tls13-names");
  EXPECT_EQ(mixed.severity, Severity::medium);
  EXPECT_EQ(mixed.fix, "ssl_ciphers ECDHE+AESGCM;\nssl_conf_command Ciphersuites TLS_AES_256_GCM_SHA384;");
  EXPECT_THAT(ids(server("ssl_protocols TLSv1 TLSv1.2 TLSv1.3; ssl_ciphers HIGH:@SECLEVEL=0;")), Contains("protocols-old"));
  EXPECT_THAT(ids(server("ssl_protocols TLSv1 TLSv1.2 TLSv1.3;")), Contains("protocols-not-served"));
  EXPECT_THAT(ids(server("ssl_protocols TLSv1 TLSv1.2 TLSv1.3;", {.server = "1.18.0", .openssl = "1.1.1n"})), Contains("protocols-old"));
}

TEST_F(NginxReader, AServerWithACertificateSetsOpensslUpWhetherItServesOrNot) {
  std::string const bad = "ssl_ciphers TLS_AES_256_GCM_SHA384; ";
  EXPECT_THAT(ids(read("http { server { listen 80; " + bad + kCertificate + " } }")), Contains("ciphers-only-tls13"));
  EXPECT_THAT(ids(read("http { server { listen 80; " + bad + " } }")), IsEmpty());
  EXPECT_THAT(ids(read("http { server { listen 443 ssl; ssl_reject_handshake on; ssl_session_tickets off; " + bad + " } }")),
              ElementsAre("ciphers-only-tls13"));
}

TEST_F(NginxReader, FindingsOfOtherDirectives) {
  EXPECT_THAT(ids(server("ssl_stapling on;")), Contains("stapling-without-resolver"));
  EXPECT_THAT(ids(server("ssl_stapling on; resolver 1.1.1.1; ssl_stapling_verify on;")), Contains("stapling-verify-without-anchor"));
  EXPECT_THAT(ids(server("ssl_ciphers DHE+AESGCM:ECDHE+AESGCM;")), Not(Contains("suites-dhe"))) << "without parameters there are none";
  EXPECT_THAT(ids(server("ssl_ciphers ECDHE+AESGCM; ssl_dhparam dh.pem;")), Contains("dhparam-needless"));
  std::ofstream(folder_ / "dh.pem") << "-----BEGIN DH PARAMETERS-----\n" << std::string(184, 'M') << "\n-----END DH PARAMETERS-----\n";
  EXPECT_EQ(find(server("ssl_ciphers DHE+AESGCM; ssl_dhparam dh.pem;"), "dhparam-small").severity, Severity::high);
  EXPECT_THAT(ids(server("ssl_ciphers DHE+AESGCM; ssl_dhparam dh.pem;")), Contains("suites-dhe"));
  std::ofstream(folder_ / "dh.pem") << "-----BEGIN DH PARAMETERS-----\n" << std::string(358, 'M') << "==\n-----END DH PARAMETERS-----\n";
  EXPECT_THAT(ids(server("ssl_ciphers DHE+AESGCM; ssl_dhparam dh.pem;")), Not(Contains("dhparam-small")));
  EXPECT_THAT(ids(server("ssl_early_data on;")), Contains("early-data-unmarked"));
  EXPECT_THAT(ids(server("ssl_early_data on; location / { proxy_set_header Early-Data $ssl_early_data; }")),
              Not(Contains("early-data-unmarked")));
  EXPECT_THAT(ids(server("")), Contains("ticket-key-lifetime"));
  EXPECT_THAT(ids(server("ssl_session_tickets off;")), Not(Contains("ticket-key-lifetime")));
  EXPECT_THAT(ids(server("", {.server = "1.24.0", .openssl = ""})), Not(Contains("ticket-key-lifetime")));
  EXPECT_EQ(find(server("ssl on;", {.server = "1.25.1", .openssl = ""}), "ssl-on-removed").severity, Severity::high);
  EXPECT_EQ(find(server("ssl on;"), "ssl-on-removed").severity, Severity::low);
}

TEST_F(NginxReader, EditsLeaveAllElseAsItIs) {
  std::string const text = "http {\n  server {\n\tlisten 443 ssl; " + kCertificate +
                           " # keep\n\tssl_ciphers   TLS_AES_256_GCM_SHA384; # this too\n\tssl_session_tickets off;\n\t" + kHsts +
                           "\n  }\n}\n";
  ServerConfig const config = read(text, {.server = "1.24.0", .openssl = "3.0.19"});
  std::string const path = (folder_ / "nginx.conf").string();
  std::string expected = text;
  std::string const old = "ssl_ciphers   TLS_AES_256_GCM_SHA384;";
  expected.replace(
      expected.find(old), old.size(),
      "ssl_ciphers ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384;\n\tssl_conf_command Ciphersuites TLS_AES_256_GCM_SHA384;");
  EXPECT_EQ(apply_edits(text, path, config.findings), expected);
  EXPECT_EQ(apply_edits(text, "other.conf", config.findings), text);
}

TEST(ApplyEdits, TheFirstOfTwoThatOverlapWins) {
  ConfigFinding one;
  one.edits = {{.file = "f", .begin = 0, .end = 3, .text = "x"}, {.file = "f", .begin = 5, .end = 5, .text = "\ny"}};
  ConfigFinding two;
  two.edits = {{.file = "f", .begin = 2, .end = 4, .text = "z"}, {.file = "f", .begin = 90, .end = 99, .text = "z"}};
  EXPECT_EQ(apply_edits("abcde", "f", {one, two}), "xde\ny");
  ConfigFinding three;
  three.edits = {{.file = "f", .begin = 1, .end = 3, .text = ""}, {.file = "f", .begin = 1, .end = 1, .text = "i"}};
  EXPECT_EQ(apply_edits("abcde", "f", {three}), "aide");
}

TEST(GuessServer, ByWhatLinesLookLike) {
  EXPECT_EQ(guess_server("# x\nserver {\n listen 443 ssl;\n}\n"), ServerKind::nginx);
  EXPECT_EQ(guess_server("Listen 443\n<VirtualHost *:443>\n SSLEngine on\n</VirtualHost>\n"), ServerKind::apache);
  EXPECT_EQ(guess_server("global\n maxconn 5\nfrontend web\n bind :443 ssl crt a.pem\n"), ServerKind::haproxy);
  EXPECT_EQ(guess_server("hello\n"), std::nullopt);
}

TEST_F(NginxReader, AFixKeepsTheQuotesOfAHeader) {
  ServerConfig const config = server("add_header Strict-Transport-Security 'max-age=\"63072000\"; includeSubDomains';");
  EXPECT_EQ(find(config, "hsts-not-always").fix,
            "add_header Strict-Transport-Security \"max-age=\\\"63072000\\\"; includeSubDomains\" always;");
}

TEST_F(NginxReader, AFixOfAConfCommandIsOne) {
  ServerConfig const config = server(
      "ssl_ciphers ECDHE-RSA-AES256-GCM-SHA384;\nssl_conf_command CipherString ECDHE-RSA-AES256-GCM-SHA384:AES128-SHA;\n"
      "ssl_ecdh_curve X25519;\nssl_conf_command Groups X25519:nosuch;");
  EXPECT_EQ(find(config, "suites-no-forward-secrecy").fix, "ssl_conf_command CipherString ECDHE-RSA-AES256-GCM-SHA384;");
  EXPECT_EQ(find(config, "groups-refused").fix, "ssl_conf_command Groups X25519;");
}

TEST_F(NginxReader, AFixTakesNothingAwayThatWasInherited) {
  std::string const text =
      "http {\nadd_header X-Frame-Options DENY always;\nssl_conf_command Options PrioritizeChaCha;\nserver {\nlisten 443 ssl;\n" +
      kCertificate + "\nssl_ciphers ECDHE-RSA-AES256-GCM-SHA384:TLS_AES_256_GCM_SHA384;\n}\n}\n";
  ServerConfig const config = read(text);
  std::string const file = (folder_ / "nginx.conf").string();
  std::string const fixed = apply_edits(text, file, config.findings);
  EXPECT_THAT(fixed, HasSubstr("DENY always;\n" + kHsts + "\n"));
  EXPECT_THAT(fixed, HasSubstr("ssl_conf_command Options PrioritizeChaCha;\nssl_conf_command Ciphersuites TLS_AES_256_GCM_SHA384;"));
  ServerConfig const again = read(fixed);
  EXPECT_THAT(ids(again), Not(Contains("hsts-missing")));
  EXPECT_THAT(ids(again), Not(Contains("hsts-lost")));
  EXPECT_THAT(ids(again), Not(Contains("conf-command-lost")));
}

TEST_F(NginxReader, OnlyTheDefaultServerOfAnAddressNeedsACertificate) {
  std::string const first = " server { listen 443 ssl; server_name a; ssl_ciphers ECDHE+AESGCM; " + kCertificate + kHsts + " }\n";
  std::string const second = " server { listen 443 ssl; server_name b; ssl_ciphers AES128-SHA; " + kHsts + " }\n";
  ServerConfig const accepted = read("http {\n" + first + second + "}\n");
  EXPECT_THAT(ids(accepted), Not(Contains("no-certificate")));
  ASSERT_EQ(accepted.hosts.size(), 2U);
  EXPECT_EQ(accepted.hosts[1].ciphers->value, "ECDHE+AESGCM") << "clients get what the default server has";
  EXPECT_THAT(ids(read("http {\n" + second + first + "}\n")), Contains("no-certificate"));
  EXPECT_THAT(ids(read("http {\n" + first + second + "}\n", {.server = "1.18.0", .openssl = "3.0.19"})), Contains("no-certificate"));
  std::string const rejects = " server { listen 443 ssl default_server; ssl_reject_handshake on; }\n";
  EXPECT_THAT(ids(read("http {\n" + rejects + second + "}\n")), Contains("no-certificate"));
}

TEST_F(NginxReader, WhereThereIsOnlyTls13TheListForOlderVersionsIsNoMatter) {
  std::string const lines = "ssl_prefer_server_ciphers off; ssl_session_tickets off; " + kHsts + " ssl_protocols TLSv1.3";
  EXPECT_THAT(ids(server(lines + ";")), IsEmpty());
  EXPECT_THAT(ids(server(lines + "; ssl_ciphers AES128-SHA;")), IsEmpty());
  EXPECT_THAT(ids(server(lines + " TLSv1.2;")), Contains("suites-cbc"));
  EXPECT_THAT(ids(server(lines + " TLSv1.2; ssl_ciphers AES256-SHA;")), Contains("order-open"));
}

TEST_F(NginxReader, APatternWithManyWildcardsIsNotReadAndThatIsSaid) {
  ServerConfig const config = read("http {\n include */*/*/*/x.conf;\n server { listen 443 ssl; " + kCertificate + kHsts + " }\n}\n");
  EXPECT_THAT(ids(config), Contains("include-unread"));
  EXPECT_FALSE(config.hosts.at(0).early_data) << "that file may have it";
}

TEST_F(NginxReader, TicketsAndTheChooserAreThoseOfTheDefaultServer) {
  std::string const rest = kCertificate + kHsts + " }\n";
  ServerConfig const config = read("http {\n server { listen 443 ssl; ssl_prefer_server_ciphers on; ssl_session_tickets off; " + rest +
                                   " server { listen 443 ssl; ssl_session_tickets on; " + rest +
                                   " server { listen 443 ssl; ssl_prefer_server_ciphers on; ssl_session_tickets off; " + rest + "}\n");
  ASSERT_EQ(config.hosts.size(), 3U);
  EXPECT_TRUE(config.hosts[0].chooser && config.hosts[0].session_tickets);
  EXPECT_FALSE(config.hosts[1].chooser || config.hosts[1].session_tickets);
  EXPECT_TRUE(config.hosts[2].chooser && config.hosts[2].session_tickets);
}

TEST_F(NginxReader, TheNumberOfServersIsBounded) {
  std::string many = "http {\n";
  for (int i = 0; i < 2001; ++i) many += "server { listen 80; }\n";
  EXPECT_THROW((void)read(many + "}\n"), ProfileError);
}

TEST_F(NginxReader, ACertificateWhereNothingSaysSsl) {
  ServerConfig const config = read("http {\n server { listen 443;\n " + kCertificate + " }\n server { listen 80; }\n}\n");
  EXPECT_THAT(ids(config), ElementsAre("certificate-without-ssl"));
  EXPECT_EQ(find(config, "certificate-without-ssl").fix, "listen 443 ssl;");
  std::string const other = " server { listen 443 ssl; " + kCertificate + " }\n";
  EXPECT_THAT(ids(read("http {\n server { listen 443; " + kCertificate + " }\n" + other + "}\n")), Not(Contains("certificate-without-ssl")))
      << "the address speaks TLS";
  EXPECT_THAT(ids(read("http {\n " + kCertificate + "\n server { listen 80; }\n" + other + "}\n")),
              Not(Contains("certificate-without-ssl")))
      << "the certificate is the outer block's";
}

TEST_F(NginxReader, ProtocolsWithinTheBoundsOfSslConfCommand) {
  auto const versions = [&](std::string const& lines) { return server(lines).hosts.at(0).protocols; };
  std::string const all = "ssl_protocols TLSv1 TLSv1.1 TLSv1.2 TLSv1.3; ";
  EXPECT_THAT(versions(all + "ssl_conf_command MaxProtocol TLSv1.3;")->value,
              ElementsAre(ProtocolVersion::TLSv1_0, ProtocolVersion::TLSv1_1, ProtocolVersion::TLSv1_2, ProtocolVersion::TLSv1_3));
  EXPECT_THAT(versions(all + "ssl_conf_command MinProtocol TLSv1.2; ssl_conf_command MaxProtocol TLSv1.2;")->value,
              ElementsAre(ProtocolVersion::TLSv1_2));
  EXPECT_THAT(versions("ssl_protocols TLSv1.3; ssl_conf_command MinProtocol TLSv1;")->value, ElementsAre(ProtocolVersion::TLSv1_3))
      << "a bound switches nothing on";
  EXPECT_THAT(versions("ssl_conf_command MinProtocol TLSv1.2;")->value, ElementsAre(ProtocolVersion::TLSv1_2)) << "of the default";
  EXPECT_FALSE(versions(all + "ssl_conf_command MinProtocol None;"));
  EXPECT_FALSE(versions(all + "ssl_conf_command Protocol -TLSv1.3;"));
  EXPECT_THAT(ids(server(all + "ssl_conf_command MaxProtocol TLSv1.3; ssl_ciphers ECDHE+AESGCM:@SECLEVEL=0;")), Contains("protocols-old"));
}

}  // namespace
}  // namespace tlsgauge::policy
