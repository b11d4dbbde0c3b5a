// Hosts as profiles.

#include "policy/server_config/promise.hpp"

#include <gmock/gmock.h>

#include "support/facts_builder.hpp"
#include "tlsgauge/profile.hpp"

namespace tlsgauge::policy {
namespace {

using test::FactsBuilder;
using ::testing::HasSubstr;
using ::testing::Not;
using wire::ProtocolVersion;

template <class T>
Setting<T> at(int line, T value, std::string text) {
  return {.value = std::move(value), .place = {.file = "/etc/n.conf", .line = line}, .text = std::move(text)};
}

VirtualHost host(std::string const& name = "a.example", std::uint16_t port = 443, bool is_default = true) {
  VirtualHost out;
  out.place = {.file = "/etc/n.conf", .line = 1};
  out.label = "server " + name;
  out.names = {name};
  out.listeners = {{.address = {}, .port = port, .is_default = is_default}};
  out.protocols = at(2, std::vector{ProtocolVersion::TLSv1_2, ProtocolVersion::TLSv1_3}, "ssl_protocols TLSv1.2 TLSv1.3");
  out.ciphers =
      at<std::string>(3, "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-AES256-GCM-SHA384:DHE-RSA-AES256-GCM-SHA384", "ssl_ciphers ...");
  out.ciphersuites = at<std::string>(4, "TLS_AES_256_GCM_SHA384", "ssl_conf_command ...");
  out.dh_parameters = at(5, false, "");
  return out;
}

PromiseSource source(KeyKinds keys = std::vector<std::string>{"rsa"}) {
  return {.file = "/etc/n.conf", .kind = ServerKind::nginx, .versions = {.server = "1.22.1", .openssl = "3.0.19"}, .keys = std::move(keys)};
}

TEST(Promise, IsAProfileThatNamesItsLines) {
  std::string const yaml = promised_profile(host(), source());
  Profile const profile = parse_profile(yaml, "t.yaml");
  EXPECT_EQ(profile.identity().name, "promised-a.example");
  EXPECT_THAT(yaml, HasSubstr("is: {equals: [TLSv1.2, TLSv1.3]}"));
  EXPECT_THAT(yaml, HasSubstr("why: \"Promised by /etc/n.conf:2: ssl_protocols TLSv1.2 TLSv1.3\""));
  EXPECT_THAT(yaml, HasSubstr("equals: [TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384]"));
  EXPECT_THAT(yaml, HasSubstr("equals: [TLS_AES_256_GCM_SHA384]"));
  EXPECT_THAT(yaml, Not(HasSubstr("http.hsts")));
  EXPECT_THAT(yaml, HasSubstr("# - Strict-Transport-Security"));
}

TEST(Promise, SuitesFollowKeysAndParameters) {
  VirtualHost with = host();
  with.dh_parameters->value = true;
  EXPECT_THAT(promised_profile(with, source()),
              HasSubstr("equals: [TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384, TLS_DHE_RSA_WITH_AES_256_GCM_SHA384]"));
  EXPECT_THAT(promised_profile(host(), source(std::vector<std::string>{"ecdsa"})),
              HasSubstr("equals: [TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384]"));
  std::string const open = promised_profile(host(), source(std::nullopt));
  EXPECT_THAT(open, HasSubstr("subset_of: [TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384, TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384]"));
  EXPECT_THAT(open, HasSubstr("the kind of the certificate's key is not known"));
}

TEST(Promise, AProtocolWithoutASuiteIsNotPromised) {
  VirtualHost one = host();
  one.ciphers->value = "ECDHE-ECDSA-AES256-GCM-SHA384";
  EXPECT_THAT(promised_profile(one, source()), HasSubstr("is: {equals: [TLSv1.3]}"));
  one = host();
  one.ciphersuites->value = "";
  EXPECT_THAT(promised_profile(one, source()), HasSubstr("is: {equals: [TLSv1.2]}"));
}

TEST(Promise, OldProtocolsNeedLevelZero) {
  VirtualHost one = host();
  one.protocols->value.insert(one.protocols->value.begin(), ProtocolVersion::TLSv1_0);
  EXPECT_THAT(promised_profile(one, source()), HasSubstr("equals: [TLSv1.2, TLSv1.3]"));
  one.ciphers->value = "AES128-SHA:ECDHE-RSA-AES128-GCM-SHA256:@SECLEVEL=0";
  std::string const yaml = promised_profile(one, source());
  EXPECT_THAT(yaml, HasSubstr("equals: [TLSv1.0, TLSv1.2, TLSv1.3]"));
  EXPECT_THAT(yaml, HasSubstr("fact: suites.accepted.TLSv1.0\n    is:\n      equals: [TLS_RSA_WITH_AES_128_CBC_SHA]"));
  PromiseSource old = source();
  old.versions.openssl = "1.1.1n";
  EXPECT_THAT(promised_profile(one, old), Not(HasSubstr("protocols.accepted"))) << "a distribution may have switched it off";
}

TEST(Promise, WithoutOpensslsVersionOnlyWhatAllVersionsDo) {
  PromiseSource any = source();
  any.versions.openssl.clear();
  EXPECT_THAT(promised_profile(host(), any), HasSubstr("equals: [TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384]"));
  VirtualHost by_default = host();
  by_default.groups = Setting<std::string>{.value = {}, .place = {}, .text = "default of nginx"};
  EXPECT_THAT(promised_profile(by_default, any), Not(HasSubstr("groups.accepted"))) << "X25519MLKEM768 came with 3.5";
  EXPECT_THAT(promised_profile(by_default, source()), HasSubstr("groups.accepted"));
}

TEST(Promise, HstsIsJudgedWhereItIsSent) {
  VirtualHost one = host();
  one.hsts = at(9, std::optional{HstsSetting{.value = "max-age=600; includeSubDomains", .always = false}}, "add_header ...");
  Profile const profile = parse_profile(promised_profile(one, source()), "t.yaml");
  auto const verdict = [&](FactsBuilder const& facts, std::string_view id) {
    for (Requirement const& each : evaluate(profile, facts.endpoint()).requirements) {
      if (each.id == id) return each.verdict;
    }
    return Verdict::inconclusive;
  };
  FactsBuilder same;
  same.answers_with(FactsBuilder::hsts(600));
  EXPECT_EQ(verdict(same, "hsts"), Verdict::pass);
  EXPECT_EQ(verdict(same, "hsts-max-age"), Verdict::pass);
  EXPECT_EQ(verdict(same, "hsts-include-subdomains"), Verdict::fail);
  FactsBuilder longer;
  longer.answers_with(FactsBuilder::hsts(601));
  EXPECT_EQ(verdict(longer, "hsts-max-age"), Verdict::fail);
}

TEST(Promise, WhateverAFileSaysTheProfileIsWellFormed) {
  VirtualHost one = host("x\"\n- {a: b} #\x1b[2J" + std::string(300, '*'));
  one.place.file = "/tmp/a: b\n/" + std::string(3000, 'f');
  one.hsts = at(1, std::optional{HstsSetting{.value = "max-age=1\n", .always = true}}, "add_header \"\xff\n\": [" + std::string(5000, 'x'));
  one.session_tickets = at(1, true, "text: # {");
  PromiseSource from = source();
  from.file = "a\nb: c";
  Profile const profile = parse_profile(promised_profile(one, from), "t.yaml");
  EXPECT_LE(profile.identity().name.size(), 64U);
}

TEST(ChooseHost, ByNameThenPatternThenDefault) {
  ServerConfig config;
  config.hosts = {host("a.example", 443), host("*.example", 443, false), host("b.example", 8443), host(".c.test", 443, false),
                  host("d.*", 443, false)};
  auto const chosen = [&](std::string_view name, std::uint16_t port) {
    HostChoice const choice = choose_host(config, name, port);
    return choice.host == nullptr ? "" : choice.host->names.front();
  };
  EXPECT_EQ(chosen("A.example", 443), "a.example");
  EXPECT_EQ(chosen("x.example", 443), "*.example");
  EXPECT_EQ(chosen("b.example", 443), "*.example");
  EXPECT_EQ(chosen("b.example", 8443), "b.example");
  EXPECT_EQ(chosen("c.test", 443), ".c.test");
  EXPECT_EQ(chosen("d.net", 443), "d.*");
  EXPECT_EQ(chosen("other.net", 443), "a.example");
  EXPECT_EQ(chosen("other.net", 8443), "b.example");
  EXPECT_EQ(chosen("", 0), "a.example");
  EXPECT_EQ(chosen("b.example", 9000), "b.example") << "a forwarded port";
  EXPECT_EQ(chosen("other.net", 9000), "");
  config.hosts[1].names = {"~^x"};
  EXPECT_EQ(chosen("other.net", 443), "") << "an expression that may fit";
  EXPECT_EQ(chosen("a.example", 443), "a.example");
  EXPECT_EQ(choose_host({}, "a", 443).host, nullptr);
}

TEST(ChooseHost, NginxTakesTheLongestPattern) {
  ServerConfig config;
  config.hosts = {host("def.test", 443), host("www.*", 443, false), host("*.example.test", 443, false),
                  host("*.sub.example.test", 443, false), host("www.sub.*", 443, false)};
  auto const chosen = [&](std::string_view name) { return choose_host(config, name, 443).host->names.front(); };
  EXPECT_EQ(chosen("a.sub.example.test"), "*.sub.example.test");
  EXPECT_EQ(chosen("www.sub.example.test"), "*.sub.example.test") << "a leading asterisk goes first";
  EXPECT_EQ(chosen("b.example.test"), "*.example.test");
  EXPECT_EQ(chosen("www.sub.net"), "www.sub.*");
  config.kind = ServerKind::apache;
  EXPECT_EQ(chosen("a.sub.example.test"), "*.example.test") << "httpd takes the first that fits";
  config.hosts.push_back(host("a.sub.example.test", 443, false));
  EXPECT_EQ(chosen("a.sub.example.test"), "*.example.test");
}

TEST(ChooseHost, AmongTheHostsOfTheAddress) {
  ServerConfig config;
  config.hosts = {host("def.test"), host("def.test"), host("other.test")};
  config.hosts[0].listeners[0].address = "127.0.0.1";
  config.hosts[1].listeners[0].address = "127.0.0.2";
  auto const chosen = [&](std::string_view name, std::string_view address) -> std::ptrdiff_t {
    VirtualHost const* const found = choose_host(config, name, 443, address).host;
    return found == nullptr ? -1 : found - config.hosts.data();
  };
  EXPECT_EQ(chosen("def.test", "127.0.0.1"), 0);
  EXPECT_EQ(chosen("def.test", "127.0.0.2"), 1);
  EXPECT_EQ(chosen("other.test", "127.0.0.2"), 1) << "the server of any address does not listen there";
  EXPECT_EQ(chosen("def.test", "127.0.0.3"), 2) << "the server of any address";
  EXPECT_EQ(chosen("def.test", "::1"), -1) << "no server there takes IPv6: the address is another's";
  EXPECT_EQ(chosen("def.test", ""), -1) << "two have that name";
  EXPECT_EQ(chosen("other.test", ""), 2);
  EXPECT_EQ(chosen("none.test", ""), -1) << "three defaults";
  config.hosts[2].listeners[0].is_default = false;
  EXPECT_EQ(chosen("none.test", "127.0.0.3"), -1) << "the default server rejects handshakes and is no host";
  EXPECT_EQ(chosen("other.test", "127.0.0.3"), 2);
}

}  // namespace
}  // namespace tlsgauge::policy
