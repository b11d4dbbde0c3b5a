#include <gmock/gmock.h>

#include "probes/tls_server_script.hpp"
#include "support/facts.hpp"

namespace tlsgauge::probes {

extern audit::Probe const protocols;
extern audit::Probe const cipher_suites;

namespace {

using audit::Outcome;
using test::ScriptedPeer;
using test::supporting;
using test::TlsServer;
using test::unanswered;
using testing::ElementsAre;
using testing::ElementsAreArray;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using wire::CipherSuite;
using wire::ProtocolVersion;

struct Learned {
  Value suites, order;
  std::vector<std::string> open;
  [[nodiscard]] std::vector<std::string> names(std::string_view protocol) const {
    std::vector<std::string> out;
    for (Value const& suite : suites.items()) {
      if (suite["protocol"].as_string() == protocol) out.push_back(suite["name"].as_string());
    }
    return out;
  }
  [[nodiscard]] Value const& suite(std::string_view protocol, std::string_view name) const {
    static Value const none;
    for (Value const& suite : suites.items()) {
      if (suite["protocol"].as_string() == protocol && suite["name"].as_string() == name) return suite;
    }
    return none;
  }
  [[nodiscard]] Value const& order_of(std::string_view protocol) const {
    static Value const none;
    for (Value const& entry : order.items()) {
      if (entry["protocol"].as_string() == protocol) return entry;
    }
    return none;
  }
};

Learned learn(ScriptedPeer& peer, audit::Facts const& facts) {
  audit::Observation const seen = test::ask(cipher_suites, peer, facts);
  Learned learned;
  for (auto const& [key, value] : seen.facts()) (key == "cipher_suites" ? learned.suites : learned.order) = value;
  learned.open = seen.open();
  return learned;
}

std::vector<std::string> names(TlsServer::Suites const& suites) {
  std::vector<std::string> out;
  for (CipherSuite const suite : suites) out.push_back(wire::name(suite));
  return out;
}

TEST(CipherSuites, ListsEachVersionNewestFirstInTheServersOrder) {
  TlsServer const server = test::intermediate();
  ScriptedPeer peer{server};
  Learned const learned = learn(peer, supporting({"TLSv1.2", "TLSv1.3"}));
  EXPECT_THAT(learned.names("TLSv1.2"), ElementsAreArray(names(server.suites.at(ProtocolVersion::TLSv1_2))));
  EXPECT_THAT(learned.names("TLSv1.3"), ElementsAreArray(names(server.suites.at(ProtocolVersion::TLSv1_3))));
  EXPECT_EQ(learned.suites.items().front()["protocol"].as_string(), "TLSv1.3");
  EXPECT_EQ(learned.suites.items().back()["protocol"].as_string(), "TLSv1.2");
  for (std::string_view const protocol : {"TLSv1.2", "TLSv1.3"}) {
    Value const& order = learned.order_of(protocol);
    EXPECT_EQ(order["chooser"].as_string(), "server");
    EXPECT_EQ(order["complete"], Value{true});
    EXPECT_EQ(order["prioritizes_chacha"], Value{false});
    EXPECT_TRUE(order["reason"].is_null());
  }
  EXPECT_THAT(learned.open, IsEmpty());
}

TEST(CipherSuites, TellsWhatASuiteIsMadeOf) {
  TlsServer server = test::intermediate();
  server.dh_bits[CipherSuite::TLS_DHE_RSA_WITH_AES_128_GCM_SHA256] = 1024;
  server.curves[CipherSuite::TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256] = wire::NamedGroup::secp384r1;
  ScriptedPeer peer{server};
  Learned const learned = learn(peer, supporting({"TLSv1.2", "TLSv1.3"}));
  Value const& ecdhe = learned.suite("TLSv1.2", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256");
  EXPECT_EQ(ecdhe["code"].as_string(), "0xC02F");
  EXPECT_EQ(ecdhe["openssl_name"].as_string(), "ECDHE-RSA-AES128-GCM-SHA256");
  EXPECT_EQ(ecdhe["key_exchange"].as_string(), "ECDHE");
  EXPECT_EQ(ecdhe["authentication"].as_string(), "RSA");
  EXPECT_EQ(ecdhe["key_bits"], Value{128});
  EXPECT_EQ(ecdhe["aead"], Value{true});
  EXPECT_EQ(ecdhe["forward_secrecy"], Value{true});
  EXPECT_EQ(ecdhe["export"], Value{false});
  EXPECT_EQ(ecdhe["group"].as_string(), "secp384r1");
  EXPECT_TRUE(ecdhe["dh_bits"].is_null());
  Value const& dhe = learned.suite("TLSv1.2", "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256");
  EXPECT_EQ(dhe["dh_bits"], Value{1024});
  EXPECT_TRUE(dhe["group"].is_null());
  EXPECT_EQ(learned.suite("TLSv1.3", "TLS_AES_256_GCM_SHA384")["group"].as_string(), "x25519");
}

TEST(CipherSuites, NamesNoFfdheGroupBeforeTls13) {
  ScriptedPeer peer{test::intermediate()};
  (void)learn(peer, supporting({"TLSv1.2"}));
  for (audit::Transcript const& transcript : peer.transcripts()) {
    for (wire::NamedGroup const group : named_groups_of(transcript.question.hello)) EXPECT_NE(group, wire::NamedGroup::ffdhe2048);
  }
}

TEST(CipherSuites, StaysWithinTheConnectionsOfAnIntermediateServer) {
  ScriptedPeer peer{test::intermediate()};
  audit::Facts const facts = test::learned(protocols, peer);
  EXPECT_LE(peer.connections(), 7U);
  (void)learn(peer, facts);
  // With the 12 that the groups may take, under the 36 that design.md section 5 allows.
  EXPECT_LE(peer.connections(), 24U);
}

TEST(CipherSuites, ListsTheSameWhenRepliesComeBackwardsOnOneLaneOrMany) {
  TlsServer server = test::intermediate();
  server.suites[ProtocolVersion::TLSv1_1] = server.suites[ProtocolVersion::TLSv1_0] = {
      CipherSuite{0xC014}, CipherSuite{0xC013}, CipherSuite{0x0039}, CipherSuite{0x0033}, CipherSuite{0x0035}, CipherSuite{0x002F},
      CipherSuite{0x000A}, CipherSuite{0x0003}, CipherSuite{0x0016}, CipherSuite{0x0018}, CipherSuite{0xC018}};
  for (unsigned const lanes : {1U, 3U, 8U, 32U}) {
    ScriptedPeer peer{server};
    peer.set_lanes(lanes);
    peer.answer_batches_backwards();
    Learned const learned = learn(peer, supporting({"TLSv1.0", "TLSv1.1", "TLSv1.2", "TLSv1.3"}));
    for (auto const& [version, suites] : server.suites) {
      EXPECT_THAT(learned.names(wire::name(version)), ElementsAreArray(names(suites))) << wire::name(version) << ", lanes " << lanes;
    }
    EXPECT_THAT(learned.order.items(), SizeIs(4));
  }
}

TEST(CipherSuites, SaysThatTheClientChooses) {
  TlsServer server = test::intermediate();
  server.client_chooses = true;
  ScriptedPeer peer{server};
  Learned const learned = learn(peer, supporting({"TLSv1.2", "TLSv1.3"}));
  EXPECT_THAT(learned.names("TLSv1.2"), testing::UnorderedElementsAreArray(names(server.suites.at(ProtocolVersion::TLSv1_2))));
  EXPECT_EQ(learned.order_of("TLSv1.2")["chooser"].as_string(), "client");
  EXPECT_TRUE(learned.order_of("TLSv1.2")["prioritizes_chacha"].is_null());
}

TEST(CipherSuites, IsIndifferentWithOneSuite) {
  TlsServer server;
  server.suites[ProtocolVersion::TLSv1_2] = {CipherSuite{0xC030}};
  ScriptedPeer peer{server};
  Learned const learned = learn(peer, supporting({"TLSv1.2"}));
  EXPECT_THAT(learned.names("TLSv1.2"), SizeIs(1));
  EXPECT_EQ(learned.order_of("TLSv1.2")["chooser"].as_string(), "indifferent");
}

TEST(CipherSuites, DoesNotListASuiteWhoseHandshakeFails) {
  TlsServer server;
  server.suites[ProtocolVersion::TLSv1_2] = {CipherSuite{0xC02F}, CipherSuite{0x0032}, CipherSuite{0x0038}, CipherSuite{0x002F}};
  server.fail_after_hello = {CipherSuite{0x0032}, CipherSuite{0x0038}};
  ScriptedPeer peer{server};
  Learned const learned = learn(peer, supporting({"TLSv1.2"}));
  EXPECT_THAT(learned.names("TLSv1.2"), ElementsAre("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "TLS_RSA_WITH_AES_128_CBC_SHA"));
  EXPECT_EQ(learned.order_of("TLSv1.2")["complete"], Value{true});
}

TEST(CipherSuites, FindsWhatStandsBelowASuiteThatTheServerFailsWithAtOnce) {
  TlsServer server = test::intermediate();
  server.suites[ProtocolVersion::TLSv1_2] = {CipherSuite{0x0033}, CipherSuite{0xC02F}, CipherSuite{0x0039}, CipherSuite{0x002F}};
  ScriptedPeer peer{[server](audit::Question const& question) {
    audit::Reply reply = server(question);
    wire::ServerHello const* const hello = reply.server_hello();
    bool const broken = hello && (hello->cipher_suite == CipherSuite{0x0033} || hello->cipher_suite == CipherSuite{0x0039});
    return broken ? test::alerted(wire::AlertDescription::internal_error) : reply;
  }};
  Learned const learned = learn(peer, supporting({"TLSv1.2"}));
  EXPECT_THAT(learned.names("TLSv1.2"), ElementsAre("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "TLS_RSA_WITH_AES_128_CBC_SHA"));
  EXPECT_EQ(learned.order_of("TLSv1.2")["complete"], Value{true});
  EXPECT_THAT(learned.open, IsEmpty());
}

TEST(CipherSuites, ListsNothingOfAPeerThatTakesWhateverItHears) {
  ScriptedPeer peer{[](audit::Question const& question) {
    TlsServer server;
    server.suites[ProtocolVersion::TLSv1_2] = {question.hello.cipher_suites.front()};
    return server(question);
  }};
  Learned const learned = learn(peer, supporting({"TLSv1.2"}));
  EXPECT_THAT(learned.suites.items(), IsEmpty());
  EXPECT_EQ(learned.order_of("TLSv1.2")["complete"], Value{false});
  EXPECT_THAT(learned.order_of("TLSv1.2")["reason"].as_string(), HasSubstr("no server has"));
  EXPECT_THAT(learned.open, SizeIs(1));
}

TEST(CipherSuites, NamesAUserBesideSrpSuitesAlone) {
  TlsServer server = test::intermediate();
  server.suites[ProtocolVersion::TLSv1_2] = {CipherSuite{0xC02F}, CipherSuite{0xC020}, CipherSuite{0xC01E}};
  auto const names_user = [](wire::ClientHello const& hello) { return wire::find(hello.extensions, wire::ExtensionType::srp) != nullptr; };
  ScriptedPeer peer{[&](audit::Question const& question) {
    audit::Reply const reply = server(question);
    wire::ServerHello const* const hello = reply.server_hello();
    bool const srp = hello && hello->cipher_suite != CipherSuite{0xC02F};
    return srp && !names_user(question.hello) ? test::alerted() : reply;
  }};
  EXPECT_THAT(learn(peer, supporting({"TLSv1.2"})).names("TLSv1.2"), ElementsAreArray(names(server.suites.at(ProtocolVersion::TLSv1_2))));
  for (audit::Transcript const& transcript : peer.transcripts()) {
    std::vector<CipherSuite> const offered = suites_of(transcript.question.hello);
    bool const srp =
        std::any_of(offered.begin(), offered.end(), [](CipherSuite suite) { return wire::find(suite)->key_exchange == "SRP"; });
    EXPECT_EQ(names_user(transcript.question.hello), srp);
  }
}

TEST(CipherSuites, TakesTheKindsOfSslv2FromTheTranscript) {
  TlsServer server;
  server.suites[ProtocolVersion::SSLv3] = {CipherSuite{0x0005}, CipherSuite{0x0004}};
  server.ssl2 = {wire::Ssl2CipherKind{0x010080}, wire::Ssl2CipherKind{0x020080}};
  ScriptedPeer peer{server};
  audit::Facts const facts = test::learned(protocols, peer);
  Learned const learned = learn(peer, facts);
  EXPECT_THAT(learned.names("SSLv3"), ElementsAre("TLS_RSA_WITH_RC4_128_SHA", "TLS_RSA_WITH_RC4_128_MD5"));
  EXPECT_THAT(learned.names("SSLv2"), SizeIs(2));
  EXPECT_EQ(learned.suites.items().back()["code"].as_string(), "0x020080");
  EXPECT_EQ(learned.suites.items().back()["export"], Value{true});
  EXPECT_EQ(learned.order_of("SSLv2")["chooser"].as_string(), "client");
}

TEST(CipherSuites, FindsEverythingBehindLimitsOfLength) {
  TlsServer server = test::intermediate();
  server.suites[ProtocolVersion::TLSv1_0] = {CipherSuite{0xC014}, CipherSuite{0x0033}, CipherSuite{0x000A}, CipherSuite{0x0096}};
  for (auto const& [suites, octets] : std::vector<std::pair<std::size_t, std::size_t>>{{64, 100000}, {128, 251}, {40, 100000}}) {
    server.most_suites = suites;
    server.most_octets = octets;
    ScriptedPeer peer{server};
    audit::Facts const facts = test::learned(protocols, peer);
    Learned const learned = learn(peer, facts);
    for (auto const& [version, taken] : server.suites) {
      EXPECT_THAT(learned.names(wire::name(version)), ElementsAreArray(names(taken)))
          << wire::name(version) << ' ' << suites << ' ' << octets;
      EXPECT_EQ(learned.order_of(wire::name(version))["complete"], Value{true})
          << learned.order_of(wire::name(version))["reason"].as_string();
    }
  }
}

TEST(CipherSuites, SaysThatItIsIncompleteWhenTheServerFallsSilent) {
  TlsServer const server = test::intermediate();
  unsigned asked = 0;
  ScriptedPeer peer{
      [&](audit::Question const& question) { return ++asked > 4 ? unanswered(Outcome::inconclusive, "timed out") : server(question); }};
  Learned const learned = learn(peer, supporting({"TLSv1.2"}));
  EXPECT_EQ(learned.order_of("TLSv1.2")["complete"], Value{false});
  EXPECT_EQ(learned.order_of("TLSv1.2")["reason"].as_string(), "timed out");
  EXPECT_THAT(learned.open, ElementsAre(HasSubstr("there may be more suites")));
}

TEST(CipherSuites, IsIncompleteWhereEveryAnswerIsAFalsePick) {
  ScriptedPeer peer{[](audit::Question const&) { return unanswered(Outcome::malformed, "picked a suite that was not offered"); }};
  Learned const learned = learn(peer, supporting({"TLSv1.2"}));
  EXPECT_THAT(learned.suites.items(), IsEmpty());
  EXPECT_EQ(learned.order_of("TLSv1.2")["complete"], Value{false});
  EXPECT_LE(peer.connections(), 24U);
}

/// The refusals of a busy server are no "no": what it refused is asked for alone, and all of it anew when that shows a lie.
TEST(CipherSuites, AsksAnewSlowlyWhereRefusalsCannotBeBelieved) {
  TlsServer const server = test::intermediate();
  int number = 0;
  ScriptedPeer* self = nullptr;
  ScriptedPeer peer{[&](audit::Question const& question) {
    bool const busy = !self->slowed() && ++number > 3 && question.purpose.find("alone") == std::string::npos;
    return busy ? test::alerted() : server(question);
  }};
  self = &peer;
  Learned const learned = learn(peer, supporting({"TLSv1.2"}));
  EXPECT_TRUE(peer.slowed());
  EXPECT_THAT(learned.names("TLSv1.2"), ElementsAreArray(names(server.suites.at(ProtocolVersion::TLSv1_2))));
  EXPECT_EQ(learned.order_of("TLSv1.2")["complete"], Value{true});
}

TEST(CipherSuites, IsIncompleteWhereRefusalsStayDoubtful) {
  TlsServer const server = test::intermediate();
  int number = 0;
  ScriptedPeer peer{[&](audit::Question const& question) {
    bool const refuses = ++number % 4 == 0 && question.purpose.find("alone") == std::string::npos;
    return refuses ? test::alerted() : server(question);
  }};
  Learned const learned = learn(peer, supporting({"TLSv1.2"}));
  bool const whole = learned.names("TLSv1.2").size() == server.suites.at(ProtocolVersion::TLSv1_2).size();
  EXPECT_TRUE(whole || learned.order_of("TLSv1.2")["complete"] == Value{false});
  EXPECT_TRUE(peer.slowed());
}

TEST(CipherSuites, DoesNotSlowDownWhereAllIsWell) {
  ScriptedPeer peer{test::intermediate()};
  learn(peer, supporting({"TLSv1.2", "TLSv1.3"}));
  EXPECT_FALSE(peer.slowed());
}

TEST(CipherSuites, StopsWhenInterrupted) {
  unsigned asked = 0;
  TlsServer const server = test::intermediate();
  ScriptedPeer peer{
      [&](audit::Question const& question) { return ++asked > 5 ? unanswered(Outcome::cancelled, "interrupted") : server(question); }};
  Learned const learned = learn(peer, supporting({"TLSv1.2", "TLSv1.3"}));
  EXPECT_EQ(asked, 6U);
  EXPECT_EQ(learned.order_of("TLSv1.2")["complete"], Value{false});
}

TEST(CipherSuites, DoesNotApplyWhereNoVersionIsSpoken) {
  EXPECT_FALSE(cipher_suites.applies(supporting({})).applies);
  EXPECT_TRUE(cipher_suites.applies(supporting({"SSLv2"})).applies);
}

TlsServer with_bad_suites() {
  TlsServer server = test::intermediate();
  // RSA, then export twice, NULL once, anonymous once.
  server.suites[ProtocolVersion::TLSv1_2] = {CipherSuite{0x002F}, CipherSuite{0x0003}, CipherSuite{0x0008}, CipherSuite{0x0002},
                                             CipherSuite{0x0034}};
  return server;
}

TEST(CipherSuites, ProvesEachClassOfBadSuitesByTwoConnections) {
  ScriptedPeer peer{with_bad_suites()};
  Learned const learned = learn(peer, supporting({"TLSv1.2"}));
  EXPECT_THAT(learned.open, IsEmpty());
  EXPECT_TRUE(learned.suite("TLSv1.2", "TLS_RSA_WITH_AES_128_CBC_SHA")["evidence"].is_null());
  for (std::string_view const name : {"TLS_RSA_EXPORT_WITH_RC4_40_MD5", "TLS_RSA_EXPORT_WITH_DES40_CBC_SHA", "TLS_RSA_WITH_NULL_SHA",
                                      "TLS_DH_anon_WITH_AES_128_CBC_SHA"}) {
    Value const& evidence = learned.suite("TLSv1.2", name)["evidence"];
    ASSERT_THAT(evidence.items(), SizeIs(2)) << name;
    EXPECT_NE(evidence.items()[0]["connection"], evidence.items()[1]["connection"]) << name;
  }
  Value const& null = learned.suite("TLSv1.2", "TLS_RSA_WITH_NULL_SHA")["evidence"];
  EXPECT_THAT(null.items()[0]["reproduce"].as_string(), HasSubstr("-tls1_2 -cipher NULL-SHA:@SECLEVEL=0"));
}

TEST(CipherSuites, OpensNoConnectionForAClassThatTwoHaveShown) {
  TlsServer server = test::intermediate();
  server.suites[ProtocolVersion::TLSv1_2] = {CipherSuite{0x002F}, CipherSuite{0x0003}, CipherSuite{0x0008}};
  ScriptedPeer peer{server};
  (void)learn(peer, supporting({"TLSv1.2"}));
  for (audit::Transcript const& transcript : peer.transcripts()) EXPECT_THAT(transcript.question.purpose, Not(HasSubstr("export suites")));
}

TEST(CipherSuites, SaysThatABadSuiteWasAcceptedOnlyOnce) {
  unsigned picked = 0;
  TlsServer const server = with_bad_suites();
  ScriptedPeer peer{[&](audit::Question const& question) {
    audit::Reply const reply = server(question);
    wire::ServerHello const* const hello = reply.server_hello();
    bool const anonymous = hello && hello->cipher_suite == CipherSuite{0x0034};
    return anonymous && ++picked > 1 ? test::alerted() : reply;
  }};
  Learned const learned = learn(peer, supporting({"TLSv1.2"}));
  EXPECT_THAT(learned.open, testing::Contains(HasSubstr("anonymous suites are accepted: not so a second time")));
  EXPECT_THAT(learned.suite("TLSv1.2", "TLS_DH_anon_WITH_AES_128_CBC_SHA")["evidence"].items(), SizeIs(1));
}

}  // namespace
}  // namespace tlsgauge::probes
