#include <gmock/gmock.h>

#include <map>

#include "crypto/certificate.hpp"
#include "crypto/dane.hpp"
#include "crypto/digest.hpp"
#include "crypto/issue.hpp"
#include "probes/dns_caa.hpp"
#include "support/facts.hpp"
#include "support/scripted_peer.hpp"
#include "wire/dns_rdata.hpp"

namespace tlsgauge::probes {

extern audit::Probe const dns;

namespace {

using audit::DnsAnswer;
using test::ask;
using test::ScriptedPeer;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

constexpr char const* kName = "www.example.com";
constexpr char const* kTlsaName = "_443._tcp.www.example.com";

/// RRsets by name and type; what is not there is securely denied.
using Zone = std::map<std::pair<std::string, std::uint16_t>, Result<DnsAnswer>>;

DnsAnswer rrset(std::vector<Bytes> records, bool secure = true) {
  DnsAnswer answer;
  answer.records = std::move(records);
  answer.secure = secure;
  return answer;
}

Bytes caa(std::string_view tag, std::string_view value, std::uint8_t flags = 0) {
  Bytes rdata{flags, static_cast<std::uint8_t>(tag.size())};
  rdata.insert(rdata.end(), tag.begin(), tag.end());
  rdata.insert(rdata.end(), value.begin(), value.end());
  return rdata;
}

Bytes tlsa(std::uint8_t usage, std::uint8_t selector, std::uint8_t matching, Bytes const& data) {
  Bytes rdata{usage, selector, matching};
  rdata.insert(rdata.end(), data.begin(), data.end());
  return rdata;
}

struct Chain {
  std::vector<std::string> pem;
  std::string issuer = "CN=R3,O=Let's Encrypt,C=US";
  std::vector<std::string> names = {kName};
};

Moment moment(int days) { return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()) + std::chrono::days{days}; }

crypto::Issued issued(std::string const& name, bool ca, crypto::Issued const* by = nullptr) {
  crypto::CertificateRequestForm form;
  form.common_name = name;
  if (!ca) form.dns_names = {name};
  form.not_before = moment(-1);
  form.not_after = moment(30);
  form.ca = ca;
  return crypto::issue(form, by).value();
}

crypto::Issued const& authority() {
  static crypto::Issued const made = issued("a CA", true);
  return made;
}

Chain const& chain() {
  static Chain const made{.pem = {issued(kName, false, &authority()).certificate_pem, authority().certificate_pem}};
  return made;
}

crypto::Certificate parsed(std::string const& pem) { return crypto::read_certificate(crypto::from_pem(pem)).value(); }
Bytes spki_digest(std::string const& pem) { return from_hex(parsed(pem).spki_sha256).value(); }
Bytes digest(std::string const& pem) { return from_hex(parsed(pem).sha256).value(); }

audit::Facts facts_of(std::vector<Chain> const& chains) {
  Value list = Value::array();
  for (Chain const& each : chains) {
    Value certificates = Value::array();
    for (std::string const& pem : each.pem) {
      Value names = Value::array();
      for (std::string const& name : each.names) names.push_back("DNS:" + name);
      certificates.push_back(Value::object()
                                 .set("issuer", each.issuer)
                                 .set("subject_alt_names", std::move(names))
                                 .set("sha256", parsed(pem).sha256)
                                 .set("pem", pem));
    }
    list.push_back(Value::object().set("shown_for", Value::object().set("sni", kName)).set("chain", std::move(certificates)));
  }
  audit::Facts facts = test::supporting({"TLSv1.2"});
  facts.set("certificates", std::move(list));
  return facts;
}

struct Seen {
  Value dns;
  std::vector<std::string> asked;
  std::vector<std::string> open;
};

Seen seen_with(Zone const& zone, std::vector<Chain> const& chains, Target target, audit::Settings settings = {}) {
  ScriptedPeer peer{{}};
  peer.set_target(std::move(target));
  if (settings.at == Moment{}) settings.at = moment(0);
  peer.set_settings(std::move(settings));
  peer.set_dns([&zone](std::string const& name, std::uint16_t type) {
    auto const found = zone.find({name, type});
    return found == zone.end() ? Result<DnsAnswer>{rrset({})} : found->second;
  });
  audit::Observation const seen = ask(dns, peer, facts_of(chains));
  EXPECT_THAT(seen.facts(), SizeIs(1));
  EXPECT_EQ(peer.connections(), 0U);
  return {seen.facts().front().second, peer.looked_up(), seen.open()};
}

Target target() {
  Target made;
  made.host = made.server_name = kName;
  made.address = "192.0.2.1";
  return made;
}

Value dns_with(Zone const& zone, std::vector<Chain> const& chains = {chain()}) { return seen_with(zone, chains, target()).dns; }

Value caa_chain(std::vector<Bytes> records, Chain const& shown = chain()) {
  return dns_with({{{"example.com", wire::kDnsCaa}, rrset(std::move(records))}}, {shown})["caa"]["chains"].items().front();
}

TEST(Dns, ClimbsToTheFirstNameWithCaaRecords) {
  Zone const zone{
      {{"example.com", wire::kDnsCaa}, rrset({caa("issue", "letsencrypt.org; accounturi=https://a/1"), caa("iodef", "mailto:x@y")})}};
  Seen const seen = seen_with(zone, {chain()}, target());
  Value const& found = seen.dns["caa"];
  EXPECT_EQ(found["at"], Value{"example.com"});
  EXPECT_EQ(found["secure"], Value{true});
  EXPECT_THAT(found["records"].items(), SizeIs(2));
  EXPECT_EQ(found["records"].items().front()["issuer"], Value{"letsencrypt.org"});
  EXPECT_EQ(found["records"].items().front()["parameters"]["accounturi"], Value{"https://a/1"});
  EXPECT_EQ(found["chains"].items().front()["permitted"], Value{"yes"});
  EXPECT_THAT(seen.asked, ElementsAre(kName, "example.com", kTlsaName, kName));
}

TEST(Dns, WithoutCaaEveryoneMayIssue) {
  Seen const seen = seen_with({}, {chain()}, target());
  EXPECT_TRUE(seen.dns["caa"]["at"].is_null());
  EXPECT_EQ(seen.dns["caa"]["chains"].items().front()["permitted"], Value{"yes"});
  EXPECT_THAT(seen.asked, ElementsAre(kName, "example.com", "com", kTlsaName, kName));
}

TEST(Dns, AnotherIssuerIsForbidden) {
  EXPECT_EQ(caa_chain({caa("issue", "digicert.com")})["permitted"], Value{"no"});
  EXPECT_EQ(caa_chain({caa("issue", ";")})["permitted"], Value{"no"});
  EXPECT_EQ(caa_chain({caa("issue", "letsencrypt.org; broken")})["permitted"], Value{"no"});
  EXPECT_EQ(caa_chain({caa("issue", "digicert.com"), caa("issue", "LetsEncrypt.org")})["permitted"], Value{"yes"});
  EXPECT_EQ(caa_chain({caa("iodef", "mailto:x@y")})["permitted"], Value{"yes"});
}

TEST(Dns, WhatIsNotUnderstoodOfCaaIsUnknown) {
  EXPECT_EQ(caa_chain({caa("issue", "digicert.com"), caa("future", "x", 128)})["permitted"], Value{"unknown"});
  EXPECT_EQ(caa_chain({caa("issue", "digicert.com"), Bytes{0, 90, 'x'}})["permitted"], Value{"unknown"});
  Chain stranger = chain();
  stranger.issuer = "CN=Let's Encrypt,O=Somebody";
  EXPECT_EQ(caa_chain({caa("issue", "digicert.com")}, stranger)["permitted"], Value{"unknown"});
  EXPECT_EQ(caa_chain({caa("issue", ";")}, stranger)["permitted"], Value{"no"});  // whoever that is
}

TEST(Dns, AWildcardCertificateGoesByIssuewildFromTheNameBelowTheAsterisk) {
  Chain wildcard = chain();
  wildcard.names = {"*.example.com"};
  Value found = caa_chain({caa("issue", "letsencrypt.org"), caa("issuewild", ";")}, wildcard);
  EXPECT_EQ(found["wildcard"], Value{true});
  EXPECT_EQ(found["permitted"], Value{"no"});
  EXPECT_EQ(caa_chain({caa("issue", "letsencrypt.org")}, wildcard)["permitted"], Value{"yes"});
  EXPECT_EQ(caa_chain({caa("issue", "letsencrypt.org"), caa("issuewild", ";")})["permitted"], Value{"yes"});
  // Records of the very name do not bind *.example.com.
  Zone const zone{{{kName, wire::kDnsCaa}, rrset({caa("issue", "digicert.com")})}};
  EXPECT_EQ(dns_with(zone, {wildcard})["caa"]["chains"].items().front()["permitted"], Value{"yes"});
  EXPECT_EQ(dns_with(zone)["caa"]["chains"].items().front()["permitted"], Value{"no"});
}

TEST(Dns, KnowsIssuersByWholeWordsOfTheirOrganisation) {
  EXPECT_THAT(caa_domains("CN=E5,O=Let's Encrypt,C=US"), ElementsAre("letsencrypt.org"));
  EXPECT_THAT(caa_domains("CN=x,O=GoDaddy.com\\, Inc.,C=US"), Contains("godaddy.com"));
  EXPECT_THAT(caa_domains("O=Amazon,CN=Amazon RSA 2048 M02"), Contains("amazontrust.com"));
  EXPECT_THAT(caa_domains("O=Amazonia,CN=x"), IsEmpty());
  EXPECT_THAT(caa_domains("CN=O\\=Amazon\\,O=Amazon"), IsEmpty());
  EXPECT_THAT(caa_domains("CN=x"), IsEmpty());
}

Value tlsa_with(std::vector<Bytes> records, bool secure = true, std::vector<Chain> const& chains = {chain()}) {
  return dns_with({{{kTlsaName, wire::kDnsTlsa}, rrset(std::move(records), secure)}}, chains)["tlsa"];
}

TEST(Dns, TlsaOfTheEndEntityMatches) {
  std::string const& leaf = chain().pem.front();
  EXPECT_EQ(tlsa_with({tlsa(3, 1, 1, spki_digest(leaf))})["result"], Value{"matches"});
  EXPECT_EQ(tlsa_with({tlsa(3, 0, 1, digest(leaf))})["result"], Value{"matches"});
  EXPECT_EQ(tlsa_with({tlsa(3, 0, 0, crypto::from_pem(leaf))})["result"], Value{"matches"});
  Value const two = tlsa_with({tlsa(3, 1, 1, Bytes(32, 1)), tlsa(3, 1, 1, spki_digest(leaf))});
  EXPECT_EQ(two["result"], Value{"matches"});
  EXPECT_EQ(two["records"].items()[0]["matches"], Value{false});
  EXPECT_EQ(two["records"].items()[1]["matches"], Value{true});
}

TEST(Dns, TlsaOfAnAnchorInTheChainMatchesForTheName) {
  std::string const& root = chain().pem.back();
  EXPECT_EQ(tlsa_with({tlsa(2, 0, 1, digest(root))})["result"], Value{"matches"});
  EXPECT_EQ(tlsa_with({tlsa(2, 1, 1, spki_digest(root))})["result"], Value{"matches"});
  EXPECT_EQ(tlsa_with({tlsa(3, 1, 1, spki_digest(root))})["result"], Value{"no_match"});
  Chain elsewhere{.pem = {issued("other.example.com", false, &authority()).certificate_pem, root}};
  EXPECT_EQ(tlsa_with({tlsa(2, 0, 1, digest(root))}, true, {elsewhere})["result"], Value{"no_match"});
}

TEST(Dns, TlsaOfThePkixUsagesNeedsATrustedChainToo) {
  EXPECT_EQ(tlsa_with({tlsa(1, 1, 1, spki_digest(chain().pem.front()))})["result"], Value{"no_match"});
  EXPECT_EQ(tlsa_with({tlsa(0, 0, 1, digest(chain().pem.back()))})["result"], Value{"no_match"});
}

TEST(Dns, EveryChainMustMatchTlsa) {
  Chain const other{.pem = {issued(kName, false).certificate_pem}};
  Value const found = tlsa_with({tlsa(3, 1, 1, spki_digest(chain().pem.front()))}, true, {chain(), other});
  EXPECT_EQ(found["result"], Value{"no_match"});
  EXPECT_EQ(found["chains"].items()[0]["matches"], Value{true});
  EXPECT_EQ(found["chains"].items()[1]["matches"], Value{false});
}

TEST(Dns, TlsaIsNotHeldAgainstAnythingUnlessSecure) {
  Value const found = tlsa_with({tlsa(3, 1, 1, Bytes(32, 1))}, false);
  EXPECT_EQ(found["result"], Value{"insecure"});
  EXPECT_EQ(found.find("chains"), nullptr);
  EXPECT_EQ(tlsa_with({})["result"], Value{"none"});
}

TEST(Dns, TlsaThatCannotBeUsedIsNoMismatch) {
  EXPECT_EQ(tlsa_with({tlsa(9, 1, 1, Bytes(32, 1))})["result"], Value{"unusable"});
  EXPECT_EQ(tlsa_with({tlsa(3, 1, 1, Bytes(31, 1))})["result"], Value{"unusable"});
  EXPECT_EQ(tlsa_with({Bytes{3}})["result"], Value{"unusable"});
  Value const found = tlsa_with({tlsa(3, 1, 1, Bytes(32, 1))}, true, {});
  EXPECT_TRUE(found["inconclusive"].is_string());
  EXPECT_EQ(found.find("result"), nullptr);
}

TEST(Dns, AChainThatCouldNotBeReadLeavesAMatchOpen) {
  audit::Facts facts = facts_of({chain()});
  Value list = facts.document()["certificates"];
  list.push_back(Value::object().set("shown_for", Value::object().set("sni", kName)).set("inconclusive", "broken off"));
  facts.set("certificates", std::move(list));
  auto const found = [&](Bytes const& key) {
    ScriptedPeer peer{{}};
    peer.set_target(target());
    peer.set_dns([&](std::string const& name, std::uint16_t) {
      return rrset(name == kTlsaName ? std::vector<Bytes>{tlsa(3, 1, 1, key)} : std::vector<Bytes>{});
    });
    return ask(dns, peer, facts).facts().front().second["tlsa"];
  };
  EXPECT_TRUE(found(spki_digest(chain().pem.front()))["inconclusive"].is_string());
  EXPECT_EQ(found(Bytes(32, 1))["result"], Value{"no_match"});
}

TEST(Dns, ShowsTheHttpsRecord) {
  Bytes const rdata{0, 1, 0, 0, 1, 0, 3, 2, 'h', '2', 0, 3, 0, 2, 0x20, 0xFB};
  Value const found = dns_with({{{kName, wire::kDnsHttps}, rrset({rdata, Bytes{0, 1, 0, 0, 1, 0, 9, 2}})}})["https"];
  EXPECT_EQ(found["name"], Value{kName});
  Value const& record = found["records"].items()[0];
  EXPECT_EQ(record["priority"], Value{1});
  EXPECT_TRUE(record["target"].is_null());
  EXPECT_THAT(record["alpn"].items(), ElementsAre(Value{"h2"}));
  EXPECT_EQ(record["port"], Value{8443});
  EXPECT_TRUE(record["ech"].is_null());
  EXPECT_TRUE(found["records"].items()[1]["unreadable"].is_string());
}

TEST(Dns, OtherPortsHaveNamesOfTheirOwn) {
  Target other = target();
  other.port = 8443;
  EXPECT_THAT(seen_with({}, {}, other).asked,
              ElementsAre(kName, "example.com", "com", "_8443._tcp.www.example.com", "_8443._https.www.example.com"));
}

TEST(Dns, SaysWhatIsBogusAndGoesOn) {
  Error const bogus{ErrorKind::malformed, "the signature is wrong"};
  Zone const zone{{{kTlsaName, wire::kDnsTlsa}, bogus}};
  Value const found = dns_with(zone);
  EXPECT_EQ(found["tlsa"]["bogus"], Value{"the signature is wrong"});
  EXPECT_EQ(found["tlsa"].find("result"), nullptr);
  EXPECT_EQ(found["caa"].find("bogus"), nullptr);
  EXPECT_NE(found["https"].find("records"), nullptr);
}

TEST(Dns, AsksASilentServerOnce) {
  Zone const zone{{{kName, wire::kDnsCaa}, Error{ErrorKind::timed_out, "no answer"}}};
  Seen const seen = seen_with(zone, {chain()}, target());
  EXPECT_THAT(seen.asked, ElementsAre(kName));
  for (char const* const part : {"caa", "tlsa", "https"}) EXPECT_EQ(seen.dns[part]["not_checked"], Value{"no answer"}) << part;
  EXPECT_TRUE(seen.dns["validating"].is_null());
  EXPECT_THAT(seen.open, IsEmpty());
}

TEST(Dns, AnErrorOfOneNameIsOfThatNameOnly) {
  Zone const zone{{{kName, wire::kDnsCaa}, Error{ErrorKind::refused, "SERVFAIL"}}};
  Value const found = dns_with(zone);
  EXPECT_EQ(found["caa"]["not_checked"], Value{"SERVFAIL"});
  EXPECT_EQ(found["tlsa"]["result"], Value{"none"});
}

TEST(Dns, AsksNothingOfflineOrWithoutAName) {
  audit::Settings offline;
  offline.offline = true;
  Seen seen = seen_with({}, {}, target(), offline);
  EXPECT_EQ(seen.dns["not_checked"], Value{"offline"});
  EXPECT_THAT(seen.asked, IsEmpty());
  Target literal;
  literal.host = literal.address = "2001:db8::1";
  seen = seen_with({}, {}, literal);
  EXPECT_TRUE(seen.dns["name"].is_null());
  EXPECT_TRUE(seen.dns["not_checked"].is_string());
  EXPECT_THAT(seen.asked, IsEmpty());
}

TEST(Dns, AsksNothingForNamesThatThePublicDnsHasNot) {
  audit::Settings private_server;
  private_server.dns_server = "192.0.2.53";
  for (char const* const name : {"localhost", "a.localhost", "server", "www.test", "printer.local", "x.invalid", "y.example", "z.onion"}) {
    Target special = target();
    special.server_name = name;
    EXPECT_THAT(seen_with({}, {}, special).asked, IsEmpty()) << name;
    bool const loopback = std::string_view{name}.ends_with("localhost");
    EXPECT_EQ(seen_with({}, {}, special, private_server).asked.empty(), loopback) << name;
  }
}

TEST(Dns, ShowsOctetsOfStrangersSafely) {
  Value const found = caa_chain({caa("issue", std::string("\x1B[31m\xFF", 6))});
  Value const all = dns_with({{{kName, wire::kDnsCaa}, rrset({caa("issue", "\xFF" + std::string(50'000, 'x'))})}})["caa"];
  EXPECT_EQ(all["records"].items()[0]["value"].as_string().substr(0, 5), "\\xFFx");
  EXPECT_LT(all["records"].items()[0]["value"].as_string().size(), 2000U);
  EXPECT_EQ(found["permitted"], Value{"no"});
}

TEST(Dns, DoesNotApplyWhereNoVersionIsSpoken) {
  EXPECT_FALSE(dns.applies(test::supporting({})).applies);
  EXPECT_TRUE(dns.applies(test::supporting({"TLSv1.2"})).applies);
}

}  // namespace
}  // namespace tlsgauge::probes
