// What each of these does in HAProxy was tried with 2.6.12; tests/servers/haproxy_config_test.py does it again.

#include "policy/server_config/haproxy.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

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
using ::testing::StartsWith;
using wire::ProtocolVersion;
namespace fs = std::filesystem;

class Haproxy : public ::testing::Test {
 protected:
  Haproxy() : folder_(fs::path(::testing::TempDir()) / ::testing::UnitTest::GetInstance()->current_test_info()->name()) {
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  ~Haproxy() override { fs::remove_all(folder_); }

  std::string write(std::string const& name, std::string const& text) const {
    std::ofstream(folder_ / name) << text;
    return (folder_ / name).string();
  }
  HaproxyFile file(std::string const& text) const { return read_haproxy_file(write("haproxy.cfg", text)); }
  ServerConfig read(std::string const& text, ServerVersions const& versions = {}) const {
    return read_haproxy(write("haproxy.cfg", text), versions);
  }
  /// One frontend with these words on its bind line, and lines of global before it.
  VirtualHost host(std::string const& words, std::string const& global = "", std::string const& lines = " default_backend b") const {
    ServerConfig const config = read("global\n" + global + "\ndefaults\n mode http\nfrontend web\n bind *:443 ssl crt c.pem " + words +
                                     "\n" + lines + "\nbackend b\n server s 127.0.0.1:80\n");
    EXPECT_EQ(config.hosts.size(), 1U);
    return config.hosts.empty() ? VirtualHost{} : config.hosts.front();
  }
  std::vector<ConfigFinding> findings(std::string const& words, std::string const& global = "",
                                      std::string const& lines = " default_backend b") const {
    return read("global\n ssl-default-bind-ciphers ECDHE+AESGCM\n" + global +
                "\ndefaults\n mode http\nfrontend web\n bind *:443 ssl crt c.pem no-tls-tickets " + words + "\n" + lines +
                "\nbackend b\n server s 127.0.0.1:80\n")
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

TEST_F(Haproxy, WordsQuotesAndEscapes) {
  HaproxyFile const read = file(
      "global\n setenv NAME www\n  a \"b c\"d 'e $NAME' f\\ g h\\#i \"$NAME.${NAME}${NONE-x}${NONE}\" \\x41 j # comment \"\n# another\n\n");
  ASSERT_EQ(read.sections.size(), 1U);
  EXPECT_THAT(read.sections[0].lines.at(1).words, ElementsAre("a", "b cd", "e $NAME", "f g", "h#i", "www.wwwx", "A", "j"));
  EXPECT_EQ(read.sections[0].lines[1].place.line, 3);
  ASSERT_EQ(read.variables.size(), 1U);
  EXPECT_EQ(read.variables[0].what, "NONE");
}

TEST_F(Haproxy, PlacesAreOctetsOfTheFile) {
  std::string const text = "global\n  maxconn 5 # five\n";
  Place const place = file(text).sections[0].lines.at(0).place;
  EXPECT_EQ(text.substr(place.begin, place.end - place.begin), "maxconn 5");
}

TEST_F(Haproxy, SectionsAndDefaults) {
  HaproxyFile const read = file(
      "defaults\n mode http\ndefaults tcp\n mode tcp\ndefaults sub from tcp\n maxconn 1\nfrontend a\n bind :1\nfrontend b from tcp\n bind "
      ":2\n"
      "resolvers x\n nameserver y 127.0.0.1:53\nlisten c from sub\n mode http\n");
  ASSERT_EQ(read.sections.size(), 6U);
  EXPECT_EQ(in_force(read, read.sections[3], "mode")->word(1), "tcp") << "the last defaults before it, which extend others";
  EXPECT_EQ(in_force(read, read.sections[4], "mode")->word(1), "tcp");
  EXPECT_TRUE(speaks_http(read, read.sections[5]));
}

TEST_F(Haproxy, FoldersAreReadInOrder) {
  write("2.cfg", "frontend b\n bind :2\n");
  write("1.cfg", "frontend a\n bind :1\n");
  write("x.txt", "nonsense\n");
  HaproxyFile const read = read_haproxy_file(folder().string());
  ASSERT_EQ(read.sections.size(), 2U);
  EXPECT_EQ(read.sections[0].name, "a");
}

TEST_F(Haproxy, GrammarErrorsNameTheLine) {
  std::string const path = (folder() / "haproxy.cfg").string();
  EXPECT_THAT(error("global\n a \"b\n"), HasSubstr(path + ":2: quote: that opens at column 4 is not closed"));
  EXPECT_THAT(error("nonsense\n"), HasSubstr(path + ":1: nonsense: stands outside of a section"));
  EXPECT_THAT(error("frontend\n"), HasSubstr(path + ":1: frontend: has no name"));
  EXPECT_THAT(error(".if a\nglobal\n"), HasSubstr(path + ":1: .if: is not closed"));
  EXPECT_THAT(error(".endif\n"), HasSubstr(path + ":1: .endif"));
  std::string deep;
  for (int i = 0; i < 100; ++i) deep += ".if 1\n";
  EXPECT_THAT(error(deep), HasSubstr("nested more than"));
  EXPECT_THROW((void)read_haproxy((folder() / "none").string(), {}), ProfileError);
  fs::create_directories(folder() / "empty");
  EXPECT_THROW((void)read_haproxy((folder() / "empty").string(), {}), ProfileError);
}

TEST_F(Haproxy, AHostAndItsDefaults) {
  VirtualHost const found = host("");
  EXPECT_EQ(found.label, "frontend web");
  EXPECT_THAT(found.names, IsEmpty());
  ASSERT_EQ(found.listeners.size(), 1U);
  EXPECT_EQ(found.listeners[0].port, 443);
  EXPECT_THAT(found.protocols->value, ElementsAre(ProtocolVersion::TLSv1_2, ProtocolVersion::TLSv1_3));
  EXPECT_EQ(found.protocols->place.line, 0);
  EXPECT_EQ(found.ciphers->value, "DEFAULT");
  EXPECT_EQ(found.chooser->value, Chooser::server);
  EXPECT_TRUE(found.session_tickets->value);
  EXPECT_FALSE(found.early_data->value);
  EXPECT_FALSE(found.client_certificate->value);
  EXPECT_FALSE(found.ocsp_stapling);
  EXPECT_FALSE(found.alpn) << "depends on the version";
  EXPECT_FALSE(found.hsts) << "what stands behind may send one";
}

TEST_F(Haproxy, DefaultsByVersion) {
  std::string const text = "defaults\n mode http\nfrontend web\n bind :443 ssl crt c.pem\n http-request return status 200\n";
  EXPECT_THAT(read(text, {.server = "2.8.1", .openssl = ""}).hosts.at(0).alpn->value, ElementsAre("h2", "http/1.1"));
  EXPECT_THAT(read(text, {.server = "2.6.12", .openssl = ""}).hosts.at(0).alpn->value, IsEmpty());
  EXPECT_FALSE(read(text, {.server = "2.0.1", .openssl = ""}).hosts.at(0).protocols);
}

TEST_F(Haproxy, Addresses) {
  ServerConfig const config = read("listen a\n bind 192.0.2.1:443,[::1]:444-445 ssl crt c.pem\n bind :8080\n bind /run/x ssl crt c.pem\n");
  ASSERT_EQ(config.hosts.size(), 2U);
  ASSERT_EQ(config.hosts[0].listeners.size(), 3U);
  EXPECT_EQ(config.hosts[0].listeners[0].address, "192.0.2.1");
  EXPECT_EQ(config.hosts[0].listeners[2].address, "::1");
  EXPECT_EQ(config.hosts[0].listeners[2].port, 445);
  EXPECT_EQ(config.hosts[0].label, "listen a, bind 192.0.2.1:443,[::1]:444-445");
  EXPECT_EQ(config.hosts[1].listeners.at(0).port, 0);
}

TEST_F(Haproxy, BindOverGlobal) {
  std::string const global =
      " ssl-default-bind-ciphers HIGH\n ssl-default-bind-ciphersuites TLS_AES_256_GCM_SHA384\n ssl-default-bind-curves X25519\n"
      " ssl-default-bind-options ssl-min-ver TLSv1.3 no-tls-tickets prefer-client-ciphers";
  VirtualHost const inherited = host("", global);
  EXPECT_EQ(inherited.ciphers->value, "HIGH");
  EXPECT_EQ(inherited.ciphers->text, "ssl-default-bind-ciphers HIGH");
  EXPECT_EQ(inherited.ciphersuites->value, "TLS_AES_256_GCM_SHA384");
  EXPECT_EQ(inherited.groups->value, "X25519");
  EXPECT_THAT(inherited.protocols->value, ElementsAre(ProtocolVersion::TLSv1_3));
  EXPECT_EQ(inherited.chooser->value, Chooser::client);
  EXPECT_FALSE(inherited.session_tickets->value);
  VirtualHost const own =
      host("ciphers AES128-SHA ssl-min-ver TLSv1.2 alpn h2,http/1.1 verify optional ca-file x allow-0rtt curves P-256", global);
  EXPECT_EQ(own.ciphers->value, "AES128-SHA");
  EXPECT_EQ(own.ciphers->text, "bind ... ciphers AES128-SHA");
  EXPECT_EQ(own.groups->value, "P-256");
  EXPECT_THAT(own.protocols->value, ElementsAre(ProtocolVersion::TLSv1_2, ProtocolVersion::TLSv1_3));
  EXPECT_THAT(own.alpn->value, ElementsAre("h2", "http/1.1"));
  EXPECT_TRUE(own.client_certificate->value);
  EXPECT_TRUE(own.early_data->value);
}

TEST_F(Haproxy, Versions) {
  auto const versions = [&](std::string const& words, std::string const& global = "") { return host(words, global).protocols->value; };
  EXPECT_THAT(versions("force-tlsv12"), ElementsAre(ProtocolVersion::TLSv1_2));
  EXPECT_THAT(versions("no-tlsv13"), ElementsAre(ProtocolVersion::TLSv1_2));
  EXPECT_THAT(versions("no-tlsv12"), ElementsAre(ProtocolVersion::TLSv1_3));
  EXPECT_THAT(versions("no-tlsv13", " ssl-default-bind-options ssl-min-ver TLSv1.2"),
              ElementsAre(ProtocolVersion::TLSv1_2, ProtocolVersion::TLSv1_3))
      << "a bound makes HAProxy ignore it";
  EXPECT_THAT(versions("ssl-max-ver TLSv1.1"), ElementsAre(ProtocolVersion::TLSv1_1));
  EXPECT_THAT(versions("ssl-min-ver TLSv1.0 ssl-max-ver TLSv1.2"),
              ElementsAre(ProtocolVersion::TLSv1_0, ProtocolVersion::TLSv1_1, ProtocolVersion::TLSv1_2));
}

TEST_F(Haproxy, DefaultsThatComeLate) {
  ServerConfig const config =
      read("frontend web\n bind :443 ssl crt c.pem\nglobal\n ssl-default-bind-ciphers ECDHE-RSA-AES128-GCM-SHA256\n");
  EXPECT_EQ(config.hosts.at(0).ciphers->value, "DEFAULT");
  EXPECT_THAT(config.findings, Contains(is("default-too-late")));
}

class HaproxyHsts : public Haproxy {
 protected:
  std::string sent(std::string const& front, std::string const& back = "", std::string const& before = "") const {
    ServerConfig const config = read("defaults\n mode http\n" + before + "frontend web\n bind :443 ssl crt c.pem\n" + front +
                                     "\nbackend b\n" + back + "\n server s 127.0.0.1:80\nbackend c\n server s 127.0.0.1:81\n");
    auto const found = config.hosts.at(0).hsts;
    if (!found) return "unknown";
    if (!found->value) return "none";
    return found->value->value + (found->value->always ? ", errors too" : "");
  }
  static constexpr char const* kRule = " http-response set-header Strict-Transport-Security ";
  static constexpr char const* kAfter = " http-after-response set-header strict-transport-security ";
};

TEST_F(HaproxyHsts, Rules) {
  std::string const rule = kRule;
  std::string const after = kAfter;
  EXPECT_EQ(sent(rule + "max-age=1\n default_backend b"), "max-age=1");
  EXPECT_EQ(sent(after + "\"max-age=1; preload\"\n default_backend b"), "max-age=1; preload, errors too");
  EXPECT_EQ(sent(" default_backend b", rule + "max-age=2"), "max-age=2");
  EXPECT_EQ(sent(rule + "max-age=1\n default_backend b", rule + "max-age=2"), "max-age=1") << "the frontend's come last";
  EXPECT_EQ(sent(" http-response del-header Strict-Transport-Security\n default_backend b", rule + "max-age=2"), "unknown");
  EXPECT_EQ(sent(rule + "max-age=1\n use_backend c if { path /c }\n default_backend b"), "max-age=1");
  EXPECT_EQ(sent(" use_backend c if { path /c }\n default_backend b", rule + "max-age=2"), "unknown");
  EXPECT_EQ(sent(rule + "max-age=1 if { ssl_fc }\n default_backend b"), "max-age=1");
  EXPECT_EQ(sent(rule + "max-age=1 if { path / }\n default_backend b"), "unknown");
  EXPECT_EQ(sent(" default_backend b", "", "defaults named\n mode http\n" + rule + "max-age=3\n"), "max-age=3");
}

TEST_F(HaproxyHsts, OwnAnswers) {
  std::string const rule = kRule;
  std::string const after = kAfter;
  EXPECT_EQ(sent(rule + "max-age=1\n http-request return status 200"), "none");
  EXPECT_EQ(sent(after + "max-age=1\n http-request return status 200"), "max-age=1, errors too");
  EXPECT_EQ(sent(rule + "max-age=1\n http-request redirect scheme https unless { ssl_fc }\n default_backend b"), "max-age=1");
  EXPECT_EQ(sent(rule + "max-age=1\n http-request redirect location /x if { path / }\n default_backend b"), "unknown");
  EXPECT_EQ(sent(rule + "max-age=1"), "none") << "no backend: HAProxy answers 503";
  EXPECT_EQ(sent(" mode tcp\n default_backend b"), "unknown");
}

TEST_F(Haproxy, GoodHasNoFindings) {
  EXPECT_THAT(findings("ciphersuites TLS_AES_256_GCM_SHA384", " ssl-default-bind-options ssl-min-ver TLSv1.2",
                       " http-after-response set-header Strict-Transport-Security max-age=63072000\n default_backend b"),
              IsEmpty());
}

TEST_F(Haproxy, WillNotStart) {
  auto const fatal = [](std::string const& words) {
    return Field(&ConfigFinding::title, AllOf(StartsWith("HAProxy will not start: "), HasSubstr(words)));
  };
  EXPECT_THAT(findings("ciphers TLS_AES_256_GCM_SHA384"), Contains(fatal("only TLS 1.3 suites")));
  EXPECT_THAT(findings("ssl-min-ver TLSv1.4"), Contains(fatal("\"TLSv1.4\"")));
  EXPECT_THAT(findings("", " ssl-default-bind-options ssl-min-vers TLSv1.2"), Contains(fatal("\"ssl-min-vers\"")));
  EXPECT_THAT(findings("ssl-min-ver TLSv1.3 ssl-max-ver TLSv1.2"), Contains(fatal("no TLS version left")));
  EXPECT_THAT(findings("verify required"), Contains(fatal("without a ca-file")));
  EXPECT_THAT(findings("", " tune.ssl.default-dh-param 512"), Contains(fatal("1024 or more")));
  EXPECT_THAT(read("frontend a\n bind :443 ssl\n").findings, Contains(fatal("no certificate")));
  EXPECT_THAT(
      findings("", "", " http-response set-header Strict-Transport-Security max-age=63072000; includeSubDomains\n default_backend b"),
      Contains(
          AllOf(is("header-unquoted"),
                Field(&ConfigFinding::fix, "http-response set-header Strict-Transport-Security \"max-age=63072000; includeSubDomains\""))));
  EXPECT_THAT(read("defaults\n mode http\n http-response set-header A b\n").findings, Contains(fatal("without a name")));
}

TEST_F(Haproxy, Others) {
  EXPECT_THAT(findings("no-tlsv13", " ssl-default-bind-options ssl-min-ver TLSv1.2"), Contains(is("options-ignored")));
  EXPECT_THAT(findings("ssl-max-ver TLSv1.1"), Contains(is("max-below-min")));
  EXPECT_THAT(findings("allow-0rtt"), Contains(is("early-data-unmarked")));
  EXPECT_THAT(findings("", " tune.ssl.default-dh-param 1024"), Contains(is("dh-param-small")));
  EXPECT_THAT(findings("tls-tickets"), Contains(is("ticket-key-lifetime")));
  EXPECT_THAT(findings("", "", " bind :8443 crt c.pem\n default_backend b"), Contains(is("crt-without-ssl")));
  EXPECT_THAT(findings("", "", " http-response set-header Strict-Transport-Security max-age=63072000\n http-request return status 200"),
              Contains(is("hsts-lost")));
  EXPECT_THAT(findings("", "", " http-response set-header Strict-Transport-Security max-age=63072000\n default_backend b"),
              Contains(is("hsts-not-always")));
  EXPECT_THAT(findings("ciphers AES128-SHA"),
              Contains(AllOf(is("suites-no-forward-secrecy"), Field(&ConfigFinding::fix, StartsWith("bind ... ciphers ")))));
}

TEST_F(Haproxy, ConditionsArePassedOver) {
  ServerConfig const config = read(
      "global\n.if defined(X)\n ssl-default-bind-ciphers HIGH\n.else\n ssl-default-bind-ciphers LOW\n.endif\n.if true\n "
      "tune.ssl.default-dh-param 1024\n.endif\n"
      "frontend web\n bind :443 ssl crt c.pem\n");
  EXPECT_THAT(config.findings, AllOf(Contains(is("condition-passed-over")), Contains(is("dh-param-small"))));
  EXPECT_FALSE(config.hosts.at(0).ciphers) << "nothing is promised of what was passed over";
}

TEST_F(Haproxy, ListsOfCertificates) {
  std::string const plain = write("plain", "# all of them\n/a.pem\nb.pem *.b.test\n");
  std::string const special = write("special", "/a.pem [ssl-min-ver TLSv1.0] a.test\n");
  VirtualHost const found = host("crt-list " + plain, " crt-base /etc/certs");
  ASSERT_EQ(found.certificates.size(), 3U);
  EXPECT_EQ(found.certificates[2].value, "/etc/certs/b.pem");
  EXPECT_TRUE(found.protocols);
  EXPECT_FALSE(host("crt-list " + special).protocols) << "a certificate may have versions of its own";
  EXPECT_FALSE(host("crt-list /no/such/list").ciphers);
}

TEST_F(Haproxy, LinesByThemselves) {
  ServerConfig const config =
      read("ssl-default-bind-ciphers HIGH\nbind :443 ssl crt c.pem\nhttp-response set-header Strict-Transport-Security max-age=63072000\n");
  ASSERT_EQ(config.hosts.size(), 1U);
  EXPECT_EQ(config.hosts[0].ciphers->value, "HIGH");
  EXPECT_EQ(config.hosts[0].hsts->value->value, "max-age=63072000");
}

TEST_F(Haproxy, AFixKeepsQuotesAndTheCondition) {
  auto const fix = [&](std::string const& rule, std::string const& id) {
    for (ConfigFinding const& each : read("defaults\n mode http\nfrontend w\n bind *:443 ssl crt c.pem\n " + rule +
                                          "\n default_backend b\nbackend b\n server s 127.0.0.1:80\n")
                                         .findings) {
      if (each.id == id && !each.edits.empty()) return each.edits.front().text;
    }
    return std::string{};
  };
  EXPECT_EQ(fix("http-response set-header Strict-Transport-Security max-age=63072000 if { ssl_fc }", "hsts-not-always"),
            "http-after-response set-header Strict-Transport-Security \"max-age=63072000\" if { ssl_fc }");
  EXPECT_EQ(fix("http-after-response set-header Strict-Transport-Security \"max-age=600\" if { ssl_fc }", "hsts-short"),
            "http-after-response set-header Strict-Transport-Security \"max-age=63072000\" if { ssl_fc }");
  EXPECT_EQ(fix("http-response set-header Strict-Transport-Security 'max-age=\"63072000\"'", "hsts-not-always"),
            "http-after-response set-header Strict-Transport-Security \"max-age=\\\"63072000\\\"\"");
  EXPECT_EQ(fix("http-response set-header Strict-Transport-Security max-age=1; preload if { hdr(a) \"b c\" }", "header-unquoted"),
            "http-response set-header Strict-Transport-Security \"max-age=1; preload\" if { hdr(a) \"b c\" }");
}

TEST_F(Haproxy, AVariableWithoutAValueMakesTheSettingUnknown) {
  ServerConfig const config = read(
      "global\n ssl-default-bind-ciphers \"$TLSGAUGE_NONE\"\n ssl-default-bind-options ssl-min-ver \"${TLSGAUGE_NONE}\"\n"
      "frontend w\n bind *:443 ssl crt c.pem curves \"${TLSGAUGE_NONE}\"\n");
  ASSERT_EQ(config.hosts.size(), 1U);
  EXPECT_FALSE(config.hosts[0].protocols);
  EXPECT_FALSE(config.hosts[0].ciphers);
  EXPECT_FALSE(config.hosts[0].groups);
  for (ConfigFinding const& each : config.findings) EXPECT_FALSE(each.refused) << each.title;
}

TEST_F(Haproxy, WhatAnUndecidedBranchMaySetIsUnknown) {
  std::string const rest = "frontend w\n bind *:443 ssl crt c.pem\n";
  auto const with = [&](std::string const& inside) {
    return read(
        "global\n ssl-default-bind-ciphers ECDHE-RSA-AES256-GCM-SHA384\n ssl-default-bind-options ssl-min-ver TLSv1.2\n"
        ".if defined(X)\n" +
            inside + ".endif\n" + rest,
        {.server = "2.6.12", .openssl = {}});
  };
  auto const severity = [](ServerConfig const& config) {
    for (ConfigFinding const& each : config.findings) {
      if (each.id == "condition-passed-over") return each.severity;
    }
    return Severity::critical;
  };
  ServerConfig const heavy = with(" ssl-default-bind-ciphers ALL\n");
  EXPECT_FALSE(heavy.hosts[0].ciphers);
  EXPECT_TRUE(heavy.hosts[0].protocols);
  EXPECT_EQ(severity(heavy), Severity::medium);
  ServerConfig const options = with(" .if true\n ssl-default-bind-options ssl-min-ver TLSv1.0\n .endif\n");
  EXPECT_TRUE(options.hosts[0].ciphers);
  EXPECT_FALSE(options.hosts[0].protocols);
  ServerConfig const light = with(" maxconn 5\n");
  EXPECT_TRUE(light.hosts[0].ciphers);
  EXPECT_EQ(severity(light), Severity::low);
}

TEST_F(Haproxy, SettingsInACrtListAreNamed) {
  std::string const list = write("list", "a.pem\nb.pem [ssl-min-ver TLSv1.0] b.test\n");
  auto const ids = [&](std::string const& path) {
    std::vector<std::string> out;
    for (ConfigFinding const& each : read("frontend w\n bind *:443 ssl crt-list " + path + "\n").findings) {
      if (each.id.starts_with("crt-list")) out.push_back(each.id + " " + std::to_string(each.place.line));
    }
    return out;
  };
  EXPECT_THAT(ids(list), ElementsAre("crt-list-settings 2"));
  EXPECT_THAT(ids(list + ".none"), ElementsAre("crt-list-unread 2"));
}

TEST_F(Haproxy, HstsThatIsMissingIsNamed) {
  auto const missing = [&](std::string const& mode, std::string const& rule, std::string const& behind) {
    auto const all = read("defaults\n mode " + mode + "\nfrontend w\n bind *:443 ssl crt c.pem\n" + rule +
                          " default_backend b\nbackend b\n server s 127.0.0.1:80\n" + behind)
                         .findings;
    return std::ranges::any_of(all, [](ConfigFinding const& each) { return each.id == "hsts-missing"; });
  };
  std::string const rule = " http-after-response set-header Strict-Transport-Security max-age=63072000\n";
  EXPECT_TRUE(missing("http", "", ""));
  EXPECT_FALSE(missing("http", rule, ""));
  EXPECT_FALSE(missing("http", "", rule));
  EXPECT_FALSE(missing("tcp", "", ""));
}

}  // namespace
}  // namespace tlsgauge::policy
