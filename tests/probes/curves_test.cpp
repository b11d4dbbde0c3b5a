#include <gmock/gmock.h>

#include "probes/exchange_server.hpp"

namespace tlsgauge::probes {

extern audit::Probe const curves;

namespace {

using audit::Outcome;
using test::ExchangeServer;
using test::rsa_server;
using test::ScriptedPeer;
using test::supporting;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAreArray;
using wire::CipherSuite;
using wire::NamedGroup;
using wire::ProtocolVersion;

constexpr CipherSuite kEcdsa = CipherSuite::TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256;
constexpr CipherSuite kDhe = CipherSuite::TLS_DHE_RSA_WITH_AES_128_GCM_SHA256;

struct Learned {
  Value facts;
  std::vector<std::string> names, ffdhe, open;
  std::uint32_t connections = 0;
};

std::vector<std::string> names_in(Value const& list) {
  std::vector<std::string> names;
  for (Value const& group : list.items()) names.push_back(group["name"].as_string());
  return names;
}

/// What is known before: the answer to the usual hello.
Learned learn(ScriptedPeer& peer, ExchangeServer const& server) {
  std::unique_ptr<audit::Batch> const batch = peer.batch();
  batch->ask(1, audit::Question{usual_hello(ProtocolVersion::TLSv1_2, server.suites, "example.test")});
  test::run(batch->next());
  std::uint32_t const before = peer.connections();
  audit::Observation const seen = test::ask(curves, peer, server.facts());
  Learned learned;
  learned.facts = seen.facts().at(0).second;
  learned.names = names_in(learned.facts["groups"]);
  learned.ffdhe = names_in(learned.facts["ffdhe"]["groups"]);
  learned.open = seen.open();
  learned.connections = peer.connections() - before;
  return learned;
}

std::vector<std::string> names(std::vector<NamedGroup> const& list) {
  std::vector<std::string> out;
  for (NamedGroup const group : list) out.push_back(wire::name(group));
  return out;
}

TEST(Curves, FindsAllWhereTheClientChooses) {
  ExchangeServer const server = rsa_server();
  ScriptedPeer peer{server};
  Learned const learned = learn(peer, server);
  EXPECT_THAT(learned.names, UnorderedElementsAreArray(names(server.curves)));
  EXPECT_EQ(learned.facts["order"]["chooser"], Value{"client"});
  EXPECT_EQ(learned.facts["order"]["complete"], Value{true});
  EXPECT_EQ(learned.facts["groups"].items()[0]["protocol"], Value{"TLSv1.2"});
  EXPECT_TRUE(learned.facts["ffdhe"].is_null());
  EXPECT_TRUE(learned.facts["not_offered"].is_null());
  EXPECT_THAT(learned.open, IsEmpty());
  EXPECT_LE(learned.connections, 6U);
}

TEST(Curves, DoesNotDependOnTheOrderOfReplies) {
  ExchangeServer const server = rsa_server();
  ScriptedPeer forwards{server}, backwards{server};
  backwards.answer_batches_backwards();
  Learned const one = learn(forwards, server);
  Learned const other = learn(backwards, server);
  EXPECT_EQ(one.facts, other.facts);
}

TEST(Curves, TellsTheServersOrder) {
  ExchangeServer server = rsa_server();
  server.client_chooses = false;
  server.curves = {NamedGroup::secp384r1, NamedGroup::sect571r1, NamedGroup::brainpoolP256r1, NamedGroup::secp256k1, NamedGroup::x25519};
  ScriptedPeer peer{server};
  Learned const learned = learn(peer, server);
  EXPECT_EQ(learned.names, names(server.curves));
  EXPECT_EQ(learned.facts["order"]["chooser"], Value{"server"});
  EXPECT_LE(learned.connections, 10U);
}

TEST(Curves, ShowsAWeakCurveOnAConnectionOfItsOwn) {
  ExchangeServer server = rsa_server();
  server.curves = {NamedGroup::x25519, NamedGroup::secp160r1};
  ScriptedPeer peer{server};
  Learned const learned = learn(peer, server);
  ASSERT_THAT(learned.names, ElementsAre("x25519", "secp160r1"));
  Value const& groups = learned.facts["groups"];
  EXPECT_TRUE(groups.items()[0]["evidence"].is_null());
  EXPECT_EQ(groups.items()[1]["evidence"]["connection"], Value{std::int64_t{peer.connections()}});
  EXPECT_THAT(groups.items()[1]["evidence"]["reproduce"].as_string(), HasSubstr("-groups secp160r1"));
}

TEST(Curves, DoesNotCallACurveShownThatIsRefusedAlone) {
  ExchangeServer server = rsa_server();
  server.curves = {NamedGroup::x25519, NamedGroup::secp160r1};
  ScriptedPeer peer{[&](audit::Question const& question) {
    return question.purpose.find("once more") == std::string::npos ? server(question) : ExchangeServer::refusal();
  }};
  Learned const learned = learn(peer, server);
  EXPECT_TRUE(learned.facts["groups"].items()[1]["evidence"].is_null());
  EXPECT_TRUE(learned.facts["groups"].items()[1]["inconclusive"].is_string());
  EXPECT_THAT(learned.open, testing::SizeIs(1));
}

TEST(Curves, OffersSchemesBesideThatTellTheOrderOfTheirOwn) {
  ExchangeServer const server = rsa_server();
  ScriptedPeer peer{server};
  learn(peer, server);
  std::vector<wire::SignatureScheme> found;
  for (audit::Transcript const& transcript : peer.transcripts()) {
    if (!transcript.reply.answered()) continue;
    wire::SignatureScheme const scheme = *transcript.reply.flight.server_key_exchange->scheme;
    if (std::find(found.begin(), found.end(), scheme) == found.end()) found.push_back(scheme);
  }
  EXPECT_GE(found.size(), 6U);
}

TEST(Curves, AsksAgainAloneWhenTheSchemesMayBeTheReason) {
  ExchangeServer server = rsa_server();
  server.schemes = {wire::SignatureScheme::rsa_pkcs1_sha256};  // a pick fewer than there are curves
  ScriptedPeer peer{server};
  Learned const learned = learn(peer, server);
  EXPECT_THAT(learned.names, UnorderedElementsAreArray(names(server.curves)));
  EXPECT_EQ(learned.facts["order"]["complete"], Value{true});
  EXPECT_LE(learned.connections, 9U);
}

TEST(Curves, KeepsTheCurveOfAnEcdsaCertificate) {
  ExchangeServer server = rsa_server();
  server.suites = {kEcdsa};
  server.schemes = {wire::SignatureScheme::ecdsa_secp256r1_sha256};
  server.certificate_curve = NamedGroup::secp256r1;
  ScriptedPeer peer{server};
  Learned const learned = learn(peer, server);
  EXPECT_THAT(learned.names, UnorderedElementsAreArray(names(server.curves)));
  EXPECT_EQ(learned.facts["order"]["chooser"], Value{"client"});
  EXPECT_EQ(learned.facts["order"]["complete"], Value{true});
}

TEST(Curves, SaysThatTheCertificatesCurveHidesOthers) {
  ExchangeServer server = rsa_server();
  server.client_chooses = false;
  server.suites = {kEcdsa};
  server.curves = {NamedGroup::x25519, NamedGroup::secp256r1, NamedGroup::secp384r1};
  server.schemes = {wire::SignatureScheme::ecdsa_secp256r1_sha256};
  server.certificate_curve = NamedGroup::secp256r1;
  ScriptedPeer peer{server};
  Learned const learned = learn(peer, server);
  EXPECT_THAT(learned.names, ElementsAre("x25519", "secp256r1"));
  EXPECT_EQ(learned.facts["order"]["complete"], Value{false});
  EXPECT_THAT(learned.facts["order"]["reason"].as_string(), HasSubstr("secp256r1"));
  EXPECT_THAT(learned.open, IsEmpty());
}

TEST(Curves, SaysThatACurveWasNotOffered) {
  ExchangeServer server = rsa_server();
  server.curves = {NamedGroup::secp256r1};
  server.ignores_curves = true;
  ScriptedPeer peer{server};
  Learned const learned = learn(peer, server);
  EXPECT_THAT(learned.names, ElementsAre("secp256r1"));
  EXPECT_EQ(learned.facts["not_offered"], Value{"secp256r1"});
}

TEST(Curves, SaysThatFfdheGroupsAreIgnored) {
  for (NamedGroup const prime : {NamedGroup::ffdhe2048, NamedGroup::secp256r1 /* none of RFC 7919 */}) {
    ExchangeServer server = rsa_server();
    server.suites = {kDhe};
    server.primes = {prime};
    server.ignores_primes = true;
    ScriptedPeer peer{server};
    Learned const learned = learn(peer, server);
    EXPECT_TRUE(learned.facts["order"].is_null());
    EXPECT_EQ(learned.facts["ffdhe"]["honoured"], Value{false});
    EXPECT_THAT(learned.ffdhe, IsEmpty());
    EXPECT_EQ(learned.connections, 1U);
  }
}

TEST(Curves, ListsTheFfdheGroupsThatAreHonoured) {
  ExchangeServer server = rsa_server();
  server.client_chooses = false;
  server.suites = {kDhe};
  server.primes = {NamedGroup::ffdhe3072, NamedGroup::ffdhe2048};
  ScriptedPeer peer{server};
  Learned const learned = learn(peer, server);
  EXPECT_EQ(learned.facts["ffdhe"]["honoured"], Value{true});
  EXPECT_THAT(learned.ffdhe, ElementsAre("ffdhe3072", "ffdhe2048"));
}

TEST(Curves, OffersSchemesBesideFfdheGroupsAndAsksAgainAloneWhereTheyMayBeTheReason) {
  for (std::size_t const schemes : {1U, 2U, 6U}) {
    ExchangeServer server = rsa_server();
    server.client_chooses = false;
    server.suites = {kDhe};
    server.primes = {NamedGroup::ffdhe3072, NamedGroup::ffdhe2048};
    server.schemes.resize(std::min(schemes, server.schemes.size()));
    ScriptedPeer peer{server};
    Learned const learned = learn(peer, server);
    EXPECT_EQ(learned.facts["ffdhe"]["honoured"], Value{true}) << schemes;
    EXPECT_THAT(learned.ffdhe, ElementsAre("ffdhe3072", "ffdhe2048")) << schemes;
    std::size_t const usual = schemes_of(peer.transcripts().front().question.hello).size();
    EXPECT_LT(schemes_of(peer.transcripts().at(1).question.hello).size(), usual) << schemes;
  }
}

TEST(Curves, IsInconclusiveWhenTheServerIsSilent) {
  ExchangeServer server = rsa_server();
  server.suites.push_back(kDhe);
  ScriptedPeer peer{[](audit::Question const&) { return test::unanswered(Outcome::inconclusive, "timed out"); }};
  Learned const learned = learn(peer, server);
  EXPECT_THAT(learned.names, IsEmpty());
  EXPECT_EQ(learned.facts["inconclusive"], Value{"timed out"});
  EXPECT_EQ(learned.facts["order"]["complete"], Value{false});
  EXPECT_TRUE(learned.facts["ffdhe"]["honoured"].is_null());
  EXPECT_EQ(learned.facts["ffdhe"]["inconclusive"], Value{"timed out"});
  EXPECT_THAT(learned.open, testing::SizeIs(2));
  EXPECT_LE(learned.connections, 20U);
}

TEST(Curves, AppliesWhereAnEcdheOrDheSuiteUpToTls12IsAccepted) {
  EXPECT_TRUE(curves.applies(rsa_server().facts()).applies);
  ExchangeServer server;
  server.suites = {CipherSuite::TLS_RSA_WITH_AES_128_GCM_SHA256};
  EXPECT_FALSE(curves.applies(server.facts()).applies);
  EXPECT_FALSE(curves.applies(supporting({"TLSv1.3"})).applies);
}

}  // namespace
}  // namespace tlsgauge::probes
