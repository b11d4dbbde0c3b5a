// What each of these does in httpd was tried with 2.4.71; tests/servers/apache_config_test.py does it again.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "policy/server_config/apache.hpp"
#include "policy/server_config/read.hpp"
#include "tlsgauge/profile.hpp"

namespace tlsgauge::policy {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;
using wire::ProtocolVersion;
namespace fs = std::filesystem;

class Apache : public ::testing::Test {
 protected:
  Apache() : folder_(fs::path(::testing::TempDir()) / ::testing::UnitTest::GetInstance()->current_test_info()->name()) {
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  ~Apache() override { fs::remove_all(folder_); }

  std::string write(std::string const& name, std::string const& text) const {
    fs::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name) << text;
    return (folder_ / name).string();
  }
  ServerConfig read(std::string const& text) const { return read_apache(write("httpd.conf", text), {}); }
  /// One host with these lines, and lines outside of it.
  VirtualHost host(std::string const& inside, std::string const& outside = "") const {
    ServerConfig const config =
        read(outside + "\n<VirtualHost *:443>\nSSLEngine on\nSSLCertificateFile c.pem\n" + inside + "\n</VirtualHost>\n");
    EXPECT_EQ(config.hosts.size(), 1U);
    return config.hosts.empty() ? VirtualHost{} : config.hosts.front();
  }
  std::vector<ConfigFinding> findings(std::string const& inside, std::string const& outside = "") const {
    return read("SSLCipherSuite ECDHE+AESGCM\n" + outside +
                "\n<VirtualHost *:443>\nSSLEngine on\nSSLSessionTickets off\nSSLCertificateFile c.pem\n" + inside + "\n</VirtualHost>\n")
        .findings;
  }
  std::string error(std::string const& text) const {
    try {
      (void)read(text);
    } catch (ProfileError const& caught) {
      return caught.what();
    }
    return "no error";
  }
  fs::path const& folder() const { return folder_; }

 private:
  fs::path folder_;
};

auto is(std::string const& id) { return Field(&ConfigFinding::id, id); }

TEST_F(Apache, LinesWordsAndSections) {
  ApacheFile const file = read_apache_file(write("a.conf",
                                                 "# a comment \\\nthat goes on\n"
                                                 "ServerName \\\n  \"a b\" 'c\\'d' e\\\\f\r\n"
                                                 "<directory /srv>\n  Header set X \"not closed\n</Directory>\n"),
                                           "");
  ASSERT_EQ(file.top.children.size(), 2U);
  EXPECT_THAT(file.top.children[0].words, ElementsAre("a b", "c'd", "e\\f"));
  EXPECT_EQ(file.top.children[0].place.line, 3);
  EXPECT_TRUE(file.top.children[1].is("Directory"));
  EXPECT_THAT(file.top.children[1].words, ElementsAre("/srv"));
  EXPECT_THAT(file.top.children[1].children.at(0).words, ElementsAre("set", "X", "not closed"));
}

TEST_F(Apache, PlacesAreOctetsOfTheFile) {
  std::string const text = "ServerName a\n  SSLProtocol all \\\n -SSLv3  \nListen 443\n";
  ApacheFile const file = read_apache_file(write("a.conf", text), "");
  Place const place = file.top.children.at(1).place;
  EXPECT_EQ(text.substr(place.begin, place.end - place.begin), "SSLProtocol all \\\n -SSLv3");
}

TEST_F(Apache, VariablesAndConditions) {
  write("envvars", "export APACHE_LOG_DIR=/var/log/apache2$SUFFIX\n");
  ApacheFile const file =
      read_apache_file(write("apache2.conf",
                             "Define NAME www\nServerName ${NAME}.test\nErrorLog ${APACHE_LOG_DIR}/e\nListen ${NONE}\n"
                             "LoadModule ssl_module modules/mod_ssl.so\n"
                             "<IfModule mod_ssl.c>\nListen 1\n</IfModule>\n<IfModule !ssl_module>\nListen 2\n</IfModule>\n"
                             "<IfModule headers_module>\nListen 3\n</IfModule>\n<IfDefine NAME>\nListen 4\n</IfDefine>\n"
                             "<IfDefine !NAME>\nListen 5\n</IfDefine>\n<IfVersion >= 2.4.30>\nListen 6\n</IfVersion>\n"
                             "<IfVersion < 2.4>\nListen 7\n</IfVersion>\n<IfModule core.c>\nListen 8\n</IfModule>\n"),
                       "2.4.57");
  EXPECT_EQ(file.top.last("ServerName")->word(0), "www.test");
  EXPECT_EQ(file.top.last("ErrorLog")->word(0), "/var/log/apache2/e");
  std::vector<std::string> ports;
  for (ApacheDirective const* const line : file.top.all("Listen")) ports.emplace_back(line->word(0));
  EXPECT_THAT(ports, ElementsAre("${NONE}", "1", "4", "6", "8"));
  ASSERT_EQ(file.unknown.size(), 1U);
  EXPECT_EQ(file.unknown[0].name, "NONE");
}

TEST_F(Apache, WithoutLoadModuleEveryModuleIsThere) {
  ApacheFile const file =
      read_apache_file(write("a.conf", "<IfModule mod_ssl.c>\nListen 1\n</IfModule>\n<IfModule !mod_ssl.c>\nListen 2\n</IfModule>"), "");
  EXPECT_EQ(file.top.all("Listen").size(), 1U);
}

TEST_F(Apache, Includes) {
  write("conf/ports.conf", "Listen 1\n");
  write("sites/2.conf", "Listen 3\n");
  write("sites/1.conf", "Listen 2\n");
  write("sites/sub/3.conf", "Listen 4\n");
  ApacheFile const file = read_apache_file(write("a.conf",
                                                 "Include conf/ports.conf\nIncludeOptional sites/*.conf\nIncludeOptional "
                                                 "none/*.conf\nIncludeOptional none.conf\nInclude sites/sub\n"),
                                           "");
  std::vector<std::string> ports;
  for (ApacheDirective const* const line : file.top.all("Listen")) ports.emplace_back(line->word(0));
  EXPECT_THAT(ports, ElementsAre("1", "2", "3", "4"));
  EXPECT_THAT(file.unread, IsEmpty());
  EXPECT_FALSE(file.top.incomplete);
  ApacheFile const without = read_apache_file(write("b.conf", "Include none.conf\n"), "");
  EXPECT_EQ(without.unread.size(), 1U);
  EXPECT_TRUE(without.top.incomplete);
}

TEST_F(Apache, GrammarErrorsNameTheLine) {
  std::string const path = (folder() / "httpd.conf").string();
  EXPECT_THAT(error("ServerName a\n<VirtualHost *:1>\n"), HasSubstr(path + ":2: <VirtualHost>: the section is not closed"));
  EXPECT_THAT(error("</VirtualHost>\n"), HasSubstr(path + ":1: "));
  EXPECT_THAT(error("<VirtualHost *:1>\n</Directory>\n"), HasSubstr("</VirtualHost> is expected, for line 1"));
  EXPECT_THAT(error("<VirtualHost *:1\n</VirtualHost>\n"), HasSubstr(path + ":1: "));
  EXPECT_THAT(error("<>\n</>\n"), HasSubstr(path + ":1: "));
  EXPECT_THAT(error("Include httpd.conf\n"), HasSubstr("include each other more than"));
  std::string deep;
  for (int i = 0; i < 100; ++i) deep += "<If true>\n";
  EXPECT_THAT(error(deep), HasSubstr("nested more than"));
  EXPECT_THROW((void)read_apache((folder() / "none").string(), {}), ProfileError);
}

TEST_F(Apache, AHostAndItsDefaults) {
  VirtualHost const found = host("ServerName https://www.test:443\nServerAlias a.test *.b.test", "Listen 443");
  EXPECT_EQ(found.label, "<VirtualHost *:443> www.test");
  EXPECT_THAT(found.names, ElementsAre("www.test", "a.test", "*.b.test"));
  ASSERT_EQ(found.listeners.size(), 1U);
  EXPECT_EQ(found.listeners[0].port, 443);
  EXPECT_TRUE(found.listeners[0].is_default);
  EXPECT_EQ(found.protocols->value.size(), 4U);
  EXPECT_EQ(found.protocols->place.line, 0);
  EXPECT_EQ(found.ciphers->value, "DEFAULT:!aNULL:!eNULL:!EXP");
  EXPECT_EQ(found.ciphersuites->value, "");
  EXPECT_EQ(found.chooser->value, Chooser::client);
  EXPECT_TRUE(found.session_tickets->value);
  EXPECT_FALSE(found.ocsp_stapling->value);
  EXPECT_FALSE(found.client_certificate->value);
  EXPECT_TRUE(found.dh_parameters->value);
  EXPECT_THAT(found.alpn->value, ElementsAre("http/1.1"));
  EXPECT_FALSE(found.hsts->value);
}

TEST_F(Apache, HostsWithoutTlsAreLeftOut) {
  EXPECT_THAT(read("<VirtualHost *:80>\nServerName a\n</VirtualHost>\n").hosts, IsEmpty());
  EXPECT_THAT(read("SSLEngine on\nSSLCertificateFile c.pem\n<VirtualHost *:80>\nSSLEngine off\n</VirtualHost>\n<VirtualHost "
                   "*:443>\n</VirtualHost>\n")
                  .hosts.size(),
              1U);
  ServerConfig const alone = read("Listen 443\nSSLEngine on\nSSLCertificateFile c.pem\n");
  ASSERT_EQ(alone.hosts.size(), 1U);
  EXPECT_EQ(alone.hosts[0].listeners.at(0).port, 443);
}

TEST_F(Apache, Protocols) {
  auto const versions = [&](std::string const& lines) { return host(lines).protocols->value; };
  EXPECT_THAT(versions("SSLProtocol -all +TLSv1.2 +TLSv1.3"), ElementsAre(ProtocolVersion::TLSv1_2, ProtocolVersion::TLSv1_3));
  EXPECT_THAT(versions("SSLProtocol all -SSLv3 -TLSv1 -TLSv1.1"), ElementsAre(ProtocolVersion::TLSv1_2, ProtocolVersion::TLSv1_3));
  EXPECT_THAT(versions("SSLProtocol TLSv1.2 TLSv1.3"), ElementsAre(ProtocolVersion::TLSv1_3)) << "the second replaces the first";
  EXPECT_THAT(versions("SSLProtocol all -TLSv1.2"), ElementsAre(ProtocolVersion::TLSv1_3)) << "no gaps";
  EXPECT_THAT(versions("SSLProtocol all\nSSLProtocol tlsv1.2"), ElementsAre(ProtocolVersion::TLSv1_2));
  EXPECT_THAT(versions("SSLOpenSSLConfCmd MinProtocol TLSv1.2"), ElementsAre(ProtocolVersion::TLSv1_2, ProtocolVersion::TLSv1_3));
  EXPECT_THAT(versions("SSLOpenSSLConfCmd Protocol -TLSv1,-TLSv1.1"), ElementsAre(ProtocolVersion::TLSv1_2, ProtocolVersion::TLSv1_3));
  EXPECT_THAT(host("", "SSLProtocol -all +TLSv1.3").protocols->value, ElementsAre(ProtocolVersion::TLSv1_3)) << "inherited";
  EXPECT_THAT(host("SSLProtocol TLSv1.2", "SSLProtocol TLSv1.3").protocols->value, ElementsAre(ProtocolVersion::TLSv1_2));
}

TEST_F(Apache, Lists) {
  VirtualHost const found = host(
      "SSLCipherSuite HIGH\nSSLCipherSuite TLSv1.3 TLS_AES_256_GCM_SHA384\nSSLOpenSSLConfCmd Curves X25519:P-256\nSSLHonorCipherOrder on\n"
      "SSLOpenSSLConfCmd Options -SessionTicket\nSSLVerifyClient optional\nProtocols h2 http/1.1\nSSLUseStapling on",
      "SSLStaplingCache shmcb:x(1)");
  EXPECT_EQ(found.ciphers->value, "HIGH:!aNULL:!eNULL:!EXP");
  EXPECT_EQ(found.ciphers->text, "SSLCipherSuite HIGH");
  EXPECT_EQ(found.ciphersuites->value, "TLS_AES_256_GCM_SHA384");
  EXPECT_EQ(found.groups->value, "X25519:P-256");
  EXPECT_EQ(found.chooser->value, Chooser::server);
  EXPECT_FALSE(found.session_tickets->value);
  EXPECT_TRUE(found.client_certificate->value);
  EXPECT_THAT(found.alpn->value, ElementsAre("h2", "http/1.1"));
  EXPECT_TRUE(found.ocsp_stapling->value);
  EXPECT_EQ(host("SSLOpenSSLConfCmd CipherString AES128-SHA\nSSLCipherSuite HIGH").ciphers->value, "AES128-SHA:!aNULL:!eNULL:!EXP");
  EXPECT_EQ(host("SSLCipherSuite SSL HIGH").ciphers->value, "HIGH:!aNULL:!eNULL:!EXP");
}

TEST_F(Apache, GroupsAndOrderBelongToTheAddress) {
  std::string const one = "<VirtualHost *:443>\nSSLEngine on\nSSLCertificateFile c.pem\n";
  ServerConfig const config = read(one + "SSLOpenSSLConfCmd Curves X25519\nSSLHonorCipherOrder on\n</VirtualHost>\n" + one +
                                   "SSLOpenSSLConfCmd Curves P-384\n</VirtualHost>\n");
  ASSERT_EQ(config.hosts.size(), 2U);
  EXPECT_EQ(config.hosts[1].groups->value, "X25519");
  EXPECT_EQ(config.hosts[1].chooser->value, Chooser::server);
  EXPECT_THAT(config.findings, Contains(is("address-decides")));
}

TEST_F(Apache, NothingIsPromisedOfWhatWasNotRead) {
  VirtualHost const found = host("SSLProtocol TLSv1.3", "Include none.conf");
  EXPECT_TRUE(found.protocols);
  EXPECT_FALSE(found.ciphers);
  EXPECT_FALSE(found.session_tickets);
  EXPECT_FALSE(found.hsts);
}

class ApacheHstsTest : public Apache {
 protected:
  /// "value" or "value, errors too"; "none"; "unknown"
  std::string sent(std::string const& inside, std::string const& outside = "") const {
    auto const found = host(inside, outside).hsts;
    if (!found) return "unknown";
    if (!found->value) return "none";
    return found->value->value + (found->value->always ? ", errors too" : "");
  }
};

TEST_F(ApacheHstsTest, Tables) {
  EXPECT_EQ(sent("Header set Strict-Transport-Security max-age=1"), "max-age=1");
  EXPECT_EQ(sent("Header always set strict-transport-security \"max-age=1; includeSubDomains\""),
            "max-age=1; includeSubDomains, errors too");
  EXPECT_EQ(sent("Header set Strict-Transport-Security max-age=2", "Header always set Strict-Transport-Security max-age=1"),
            "max-age=1, errors too");
  EXPECT_EQ(sent("Header always unset Strict-Transport-Security", "Header always set Strict-Transport-Security max-age=1"), "none");
  EXPECT_EQ(sent("Header unset Strict-Transport-Security", "Header always set Strict-Transport-Security max-age=1"),
            "max-age=1, errors too");
  EXPECT_EQ(sent("Header set Strict-Transport-Security max-age=1\nHeader append Strict-Transport-Security preload"), "max-age=1, preload");
  EXPECT_EQ(
      sent("Header always setifempty Strict-Transport-Security max-age=2\nHeader always set Strict-Transport-Security max-age=1 env=HTTPS"),
      "max-age=1, errors too");
  EXPECT_EQ(sent("Header always set Strict-Transport-Security max-age=1 \"expr=%{HTTPS} == 'on'\""), "max-age=1, errors too");
  EXPECT_EQ(sent("Header set Strict-Transport-Security max-age=1 env=OTHER"), "unknown");
}

TEST_F(ApacheHstsTest, Sections) {
  std::string const header = "Header set Strict-Transport-Security max-age=";
  EXPECT_EQ(sent("<Location />\n" + header + "3\n</Location>\n" + header + "4\n<Directory />\n" + header + "5\n</Directory>"), "max-age=3");
  EXPECT_EQ(sent("<Location /app>\n" + header + "3\n</Location>\n" + header + "4"), "max-age=4");
  EXPECT_EQ(
      sent("DocumentRoot /srv/www/\n<Directory /srv>\n" + header + "3\n</Directory>\n<Directory /srv/www2>\n" + header + "4\n</Directory>"),
      "max-age=3");
  EXPECT_EQ(sent("<LocationMatch \"^/\">\n" + header + "3\n</LocationMatch>"), "unknown");
  EXPECT_EQ(sent("<If \"true\">\n" + header + "3\n</If>"), "unknown");
  EXPECT_EQ(sent("<Location />\nHeader always set X-Frame-Options DENY\n</Location>\n" + header + "4"), "max-age=4") << "nothing is lost";
}

TEST_F(ApacheHstsTest, WhatOthersAnswer) {
  EXPECT_EQ(sent("ProxyPass / http://127.0.0.1:8080/"), "unknown");
  EXPECT_EQ(sent("ProxyPass / http://127.0.0.1:8080/\nHeader always set Strict-Transport-Security max-age=1"), "max-age=1, errors too");
  EXPECT_EQ(sent("Redirect permanent / https://www.test/\nHeader set Strict-Transport-Security max-age=1"), "none");
  EXPECT_EQ(sent("Redirect permanent / https://www.test/\nHeader always set Strict-Transport-Security max-age=1"), "max-age=1, errors too");
}

TEST_F(Apache, GoodHasNoFindings) {
  EXPECT_THAT(findings("SSLProtocol -all +TLSv1.2 +TLSv1.3\nSSLCipherSuite ECDHE+AESGCM\nSSLCipherSuite TLSv1.3 TLS_AES_256_GCM_SHA384\n"
                       "Header always set Strict-Transport-Security max-age=63072000",
                       "Listen 443"),
              IsEmpty());
}

TEST_F(Apache, WillNotStart) {
  auto const fatal = [](std::string const& words) {
    return Field(&ConfigFinding::title, AllOf(StartsWith("Apache httpd will not start: "), HasSubstr(words)));
  };
  EXPECT_THAT(findings("SSLProtocol all -SSLv2 SSLv3"), Contains(fatal("\"SSLv3\"")));
  EXPECT_THAT(findings("SSLProtocol TLSv1.4"), Contains(fatal("\"TLSv1.4\"")));
  EXPECT_THAT(findings("SSLProtocol -SSLv3"), Contains(fatal("leaves no protocol")));
  EXPECT_THAT(findings("SSLCipherSuite TLSv1.2 HIGH"), Contains(fatal("\"TLSv1.2\"")));
  EXPECT_THAT(findings("SSLUseStapling on"), Contains(fatal("SSLStaplingCache")));
  EXPECT_THAT(findings("SSLUseStapling on", "SSLStaplingCache shmcb:x(1)"), Not(Contains(is("stapling-without-cache"))));
  EXPECT_THAT(findings("SSLOpenSSLConfCmd Curve X25519"), Contains(fatal("\"Curve\"")));
  EXPECT_THAT(read("<VirtualHost *:443>\nSSLEngine on\n</VirtualHost>").findings, Contains(fatal("no certificate")));
  EXPECT_THAT(findings("Header set X y", "LoadModule ssl_module x.so"), Contains(fatal("mod_headers")));
  EXPECT_THAT(findings("", "LoadModule headers_module x.so"), Contains(fatal("mod_ssl")));
}

TEST_F(Apache, ProtocolsThatReplaceEachOther) {
  std::vector<ConfigFinding> const found =
      findings("SSLProtocol TLSv1.2 TLSv1.3\nHeader always set Strict-Transport-Security max-age=63072000");
  ASSERT_THAT(found, Contains(is("protocol-overridden")));
  EXPECT_EQ(found[0].place.line, 7);
  EXPECT_EQ(found[0].fix, "SSLProtocol -all +TLSv1.2 +TLSv1.3");
  ASSERT_EQ(found[0].edits.size(), 1U);
  EXPECT_EQ(found[0].edits[0].text, "SSLProtocol -all +TLSv1.2 +TLSv1.3");
  EXPECT_THAT(findings("SSLProtocol all -SSLv3 -TLSv1.2"), Contains(is("protocol-gap")));
}

TEST_F(Apache, Others) {
  EXPECT_THAT(findings("SSLCompression on"), Contains(is("compression")));
  EXPECT_THAT(findings("SSLInsecureRenegotiation on"), Contains(is("insecure-renegotiation")));
  EXPECT_THAT(findings("SSLSessionTickets on"), Contains(is("ticket-key-lifetime")));
  EXPECT_THAT(findings("Header set Strict-Transport-Security max-age=1", "Header always set Strict-Transport-Security max-age=2"),
              Contains(is("hsts-duplicate")));
  EXPECT_THAT(findings("", "Listen 8443"), Contains(is("not-listening")));
  EXPECT_THAT(findings("<IfModule mod_headers.c>\nHeader always set Strict-Transport-Security max-age=1\n</IfModule>",
                       "LoadModule ssl_module x.so"),
              Contains(is("hsts-lost")));
  EXPECT_THAT(findings("SSLCertificateKeyFile ${KEY}"), Contains(is("variable-unknown")));
  EXPECT_THAT(findings("", "Include none.conf"), Contains(is("include-unread")));
}

TEST_F(Apache, OneLineIsNamedOnce) {
  std::vector<ConfigFinding> const found =
      read(
          "SSLProtocol TLSv1.2 TLSv1.3\nSSLCipherSuite ECDHE+AESGCM\nSSLEngine on\nSSLSessionTickets off\nSSLCertificateFile "
          "c\nHeader always set Strict-Transport-Security max-age=63072000\n<VirtualHost *:1>\n</VirtualHost>\n<VirtualHost "
          "*:2>\n</VirtualHost>\n")
          .findings;
  EXPECT_THAT(found, ElementsAre(is("protocol-overridden")));
}

TEST_F(Apache, AFixKeepsQuotesAndTheCondition) {
  auto const fix = [&](std::string const& line, std::string const& id) {
    for (ConfigFinding const& each :
         read("<VirtualHost *:443>\nSSLEngine on\nSSLCertificateFile c.pem\n" + line + "\n</VirtualHost>\n").findings) {
      if (each.id == id) return each.fix;
    }
    return std::string{};
  };
  EXPECT_EQ(fix("Header set Strict-Transport-Security 'max-age=\"63072000\"; includeSubDomains'", "hsts-not-always"),
            "Header always set Strict-Transport-Security \"max-age=\\\"63072000\\\"; includeSubDomains\"");
  EXPECT_EQ(fix("Header always set Strict-Transport-Security max-age=600 env=HTTPS", "hsts-short"),
            "Header always set Strict-Transport-Security \"max-age=63072000\" env=HTTPS");
  EXPECT_EQ(fix("Header always set Strict-Transport-Security max-age=600 \"expr=%{HTTPS} == 'on'\"", "hsts-short"),
            "Header always set Strict-Transport-Security \"max-age=63072000\" \"expr=%{HTTPS} == 'on'\"");
  EXPECT_EQ(fix("SSLOpenSSLConfCmd CipherString ECDHE-RSA-AES256-GCM-SHA384:AES128-SHA", "suites-no-forward-secrecy"),
            "SSLOpenSSLConfCmd CipherString ECDHE-RSA-AES256-GCM-SHA384");
}

TEST_F(Apache, AVariableWithoutAValueMakesTheSettingUnknown) {
  ServerConfig const config = read(
      "<VirtualHost *:443>\nSSLEngine on\nSSLCertificateFile c.pem\nSSLProtocol ${PROTO}\nSSLCipherSuite ${CIPHERS}\n"
      "SSLOpenSSLConfCmd Groups ${GROUPS}\n</VirtualHost>\n");
  ASSERT_EQ(config.hosts.size(), 1U);
  EXPECT_FALSE(config.hosts[0].protocols);
  EXPECT_FALSE(config.hosts[0].ciphers);
  EXPECT_FALSE(config.hosts[0].groups);
  bool named = false;
  for (ConfigFinding const& each : config.findings) {
    EXPECT_FALSE(each.refused) << each.title;
    named = named || (each.id == "variable-unknown" && each.severity == Severity::info);
  }
  EXPECT_TRUE(named);
}

TEST_F(Apache, LinesToIncludeNeedNoCertificate) {
  for (ConfigFinding const& each : read("SSLEngine on\nSSLProtocol all -SSLv2 -SSLv3\n").findings) EXPECT_NE(each.id, "no-certificate");
  bool found = false;
  for (ConfigFinding const& each : read("Listen 443\nSSLEngine on\n").findings) found = found || each.id == "no-certificate";
  EXPECT_TRUE(found);
}

TEST_F(Apache, HstsThatIsMissingOrTakenBackIsNamed) {
  auto const of_hsts = [&](std::string const& inside) {
    std::vector<std::string> out;
    for (ConfigFinding const& each : findings(inside)) {
      if (each.id.starts_with("hsts")) out.push_back(each.id);
    }
    return out;
  };
  std::string const good = "Header always set Strict-Transport-Security max-age=63072000\n";
  EXPECT_THAT(of_hsts(""), ElementsAre("hsts-missing"));
  EXPECT_THAT(of_hsts(good), IsEmpty());
  EXPECT_THAT(of_hsts("<Location /x>\n" + good + "</Location>\n"), IsEmpty());
  EXPECT_THAT(of_hsts(good + "<Location />\nHeader always unset Strict-Transport-Security\n</Location>\n"), ElementsAre("hsts-lost"));
  EXPECT_THAT(of_hsts(good + "<Location /x>\nHeader always unset Strict-Transport-Security\n</Location>\n"), IsEmpty());
  EXPECT_THAT(of_hsts(good + "Header always unset Strict-Transport-Security\n"), IsEmpty());
}

TEST_F(Apache, APatternWithManyWildcardsIsNotReadAndThatIsSaid) {
  for (std::string const word : {"Include", "IncludeOptional"}) {
    ServerConfig const config = read(word + " */*/*/*/x.conf\n");
    ASSERT_EQ(config.findings.size(), 1U) << word;
    EXPECT_EQ(config.findings[0].id, "include-unread");
    EXPECT_THAT(config.findings[0].title, HasSubstr("wildcards"));
  }
}

}  // namespace
}  // namespace tlsgauge::policy
