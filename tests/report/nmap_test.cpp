// Fine points of the formats of nmap: how endpoints become hosts and ports, what is open, and names taken apart.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "report/names.hpp"
#include "report/nmap_hosts.hpp"
#include "report/nmap_scripts.hpp"
#include "report/samples.hpp"

namespace tlsgauge::report {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

Endpoint endpoint(std::string host, std::string address, std::uint16_t port, Status status = Status::complete, std::string error = {}) {
  Endpoint out;
  out.target.host = std::move(host);
  out.target.address = std::move(address);
  out.target.port = port;
  out.status = status;
  if (!error.empty()) out.errors.push_back({.where = "connect", .what = std::move(error)});
  return out;
}

Value version(std::string_view name, std::string_view support) {
  return Value::object().set("name", name).set("support", support).set("reason", support == "inconclusive" ? "a timeout" : "");
}

TEST(NmapHosts, EndpointsOfOneNameAtOneAddressAreOneHost) {
  Document document;
  document.endpoints = {endpoint("a.example", "192.0.2.1", 443), endpoint("b.example", "192.0.2.1", 443),
                        endpoint("a.example", "192.0.2.1", 8443), endpoint("a.example", "192.0.2.1", 443),
                        endpoint("192.0.2.1", "192.0.2.1", 443)};
  NmapRun const run = nmap_run(document);
  std::vector<std::string> shape;
  for (NmapHost const& host : run.hosts) shape.push_back(host.name + "/" + host.address + " " + std::to_string(host.ports.size()));
  EXPECT_THAT(shape, ElementsAre("a.example/192.0.2.1 2", "b.example/192.0.2.1 1", "a.example/192.0.2.1 1", "/192.0.2.1 1"))
      << "a port is in a host once";
}

TEST(NmapHosts, SaysHowAPortWasNotReached) {
  Document document;
  document.endpoints = {endpoint("a.example", "192.0.2.1", 443, Status::unreachable, "connect: Connection refused"),
                        endpoint("b.example", "192.0.2.2", 443, Status::unreachable, "timed out"),
                        endpoint("c.example", "", 443, Status::unreachable, "no such name"),
                        endpoint("2001:db8::1", "", 443, Status::unreachable)};
  NmapRun const run = nmap_run(document);
  ASSERT_EQ(run.hosts.size(), 3U);
  EXPECT_EQ(run.hosts[0].ports[0].state, "closed");
  EXPECT_TRUE(run.hosts[0].up);
  EXPECT_EQ(run.hosts[1].ports[0].state, "filtered");
  EXPECT_FALSE(run.hosts[1].up);
  EXPECT_EQ(run.hosts[2].address, "2001:db8::1");
  EXPECT_THAT(run.unresolved, ElementsAre("c.example"));
  EXPECT_EQ(run.up(), 1U);
  std::string const text = test::render("nmap", document);
  EXPECT_THAT(text, HasSubstr("Failed to resolve \"c.example\"."));
  EXPECT_THAT(text, HasSubstr("Nmap scan report for b.example (192.0.2.2) [host down]"));
}

TEST(NmapHosts, TlsIsATunnelOnlyWhereItWasSpoken) {
  Document document;
  document.endpoints = {endpoint("a.example", "192.0.2.1", 443)};
  document.endpoints[0].facts.set("protocols", Value::array().push_back(version("TLSv1.3", "inconclusive")));
  EXPECT_THAT(test::render("nmap-xml", document), Not(HasSubstr("tunnel")));
  document.endpoints[0].facts.set("protocols", Value::array().push_back(version("TLSv1.3", "yes")));
  EXPECT_THAT(test::render("nmap-xml", document), HasSubstr("tunnel=\"ssl\""));
}

TEST(NmapScripts, WhatIsNotKnownIsUnknown) {
  Endpoint silent = endpoint("a.example", "192.0.2.1", 443);
  Value protocols = Value::array();
  for (std::string_view const name : {"SSLv2", "SSLv3", "TLSv1.0", "TLSv1.1", "TLSv1.2", "TLSv1.3"})
    protocols.push_back(version(name, "inconclusive"));
  silent.facts.set("protocols", std::move(protocols));
  std::vector<Script> const scripts = nmap_scripts(silent);
  ASSERT_EQ(scripts.size(), 2U);
  EXPECT_EQ(scripts[0].id, "ssl-enum-ciphers");
  EXPECT_EQ(scripts[0].output, "\n  least strength: unknown");
  EXPECT_EQ(scripts[1].id, "tlsgauge");
  EXPECT_THAT(scripts[1].output, HasSubstr("TLSv1.2: a timeout"));
}

TEST(NmapScripts, ACertificateThatWasNotReadMayBeWeak) {
  Endpoint shown = endpoint("a.example", "192.0.2.1", 443);
  shown.target.server_name = "a.example";
  Value protocols = Value::array();
  for (std::string_view const name : {"SSLv2", "SSLv3", "TLSv1.0", "TLSv1.1", "TLSv1.2", "TLSv1.3"})
    protocols.push_back(version(name, name == "TLSv1.2" ? "yes" : "no"));
  shown.facts.set("protocols", std::move(protocols));
  shown.facts.set("cipher_suites", Value::array().push_back(Value::object()
                                                                .set("protocol", "TLSv1.2")
                                                                .set("code", "0xC02F")
                                                                .set("name", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256")
                                                                .set("group", "x25519")));
  shown.facts.set("cipher_order",
                  Value::array().push_back(Value::object().set("protocol", "TLSv1.2").set("chooser", "server").set("complete", true)));
  auto const shown_for = [](Value authentication) {
    return Value::object().set("protocol", "TLSv1.2").set("sni", "a.example").set("authentication", std::move(authentication));
  };
  Value leaf = Value::object().set("key", Value::object().set("type", "rsa").set("bits", 2048)).set("signature_algorithm", "sha256");
  Value const read = Value::object().set("shown_for", shown_for("rsa")).set("chain", Value::array().push_back(leaf));
  auto const output = [&](Value unread) {
    Value all = Value::array().push_back(read);
    if (!unread.is_null()) all.push_back(std::move(unread));
    shown.facts.set("certificates", std::move(all));
    std::string out;
    for (Script const& script : nmap_scripts(shown)) {
      if (script.id != "ssl-cert") out += script.output;
    }
    return out;
  };
  EXPECT_THAT(output({}), HasSubstr("least strength: A"));
  for (Value const& authentication : {Value{"rsa"}, Value{}}) {
    std::string const text =
        output(Value::object().set("shown_for", shown_for(authentication)).set("chain", Value::array()).set("inconclusive", "timed out"));
    EXPECT_THAT(text, HasSubstr("least strength: unknown"));
    EXPECT_THAT(text, Not(HasSubstr("- A")));
    EXPECT_THAT(text, HasSubstr(authentication.is_null() ? "TLSv1.2 certificate: timed out" : "TLSv1.2 certificate of rsa: timed out"));
  }
  EXPECT_THAT(output(Value::object().set("shown_for", shown_for("ecdsa")).set("inconclusive", "timed out")), HasSubstr("least strength: A"))
      << "no suite shows that one";
}

TEST(NmapScripts, AreNoneWhereNoVersionIsAccepted) {
  Endpoint none = endpoint("a.example", "192.0.2.1", 443);
  Value protocols = Value::array();
  for (std::string_view const name : {"SSLv2", "SSLv3", "TLSv1.0", "TLSv1.1", "TLSv1.2", "TLSv1.3"})
    protocols.push_back(version(name, "no"));
  none.facts.set("protocols", std::move(protocols));
  EXPECT_THAT(nmap_scripts(none), IsEmpty());
}

std::vector<std::string> parts(std::string_view name) {
  std::vector<std::string> out;
  for (Attribute const& each : attributes_of(name)) out.push_back(each.type + "|" + each.value);
  return out;
}

TEST(Names, AreTakenApart) {
  EXPECT_THAT(parts("CN=www.example.com, O=Example Trust, C=NL"),
              ElementsAre("commonName|www.example.com", "organizationName|Example Trust", "countryName|NL"));
  EXPECT_THAT(parts("O=Te st\\, Inc+OU=a\\+b,2.5.4.97=x\\=y"),
              ElementsAre("organizationName|Te st, Inc", "organizationalUnitName|a+b", "2.5.4.97|x=y"));
  EXPECT_THAT(parts("CN=caf\\C3\\A9"), ElementsAre("commonName|caf\xC3\xA9"));
  EXPECT_THAT(parts(""), IsEmpty());
  EXPECT_THAT(parts("no equals sign, CN=x\\"), ElementsAre("|no equals sign", "commonName|x\\"));
}

}  // namespace
}  // namespace tlsgauge::report
