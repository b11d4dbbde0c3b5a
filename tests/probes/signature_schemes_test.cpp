#include <gmock/gmock.h>

#include "crypto/key_share.hpp"
#include "probes/exchange_server.hpp"
#include "wire/hello.hpp"

namespace tlsgauge::probes {

extern audit::Probe const curves;
extern audit::Probe const signature_schemes;

namespace {

using audit::Outcome;
using test::ExchangeServer;
using test::rsa_server;
using test::ScriptedPeer;
using test::supporting;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAreArray;
using wire::CipherSuite;
using wire::NamedGroup;
using wire::ProtocolVersion;
using wire::SignatureScheme;

struct Learned {
  Value facts;
  std::vector<std::string> open;
  std::uint32_t connections = 0;
};

std::vector<std::string> names(Value const& entry) {
  std::vector<std::string> out;
  for (Value const& scheme : entry["schemes"].items()) out.push_back(scheme["name"].as_string());
  return out;
}

std::vector<std::string> names(std::vector<SignatureScheme> const& list) {
  std::vector<std::string> out;
  for (SignatureScheme const scheme : list) out.push_back(wire::name(scheme));
  return out;
}

void tell(ScriptedPeer& peer, wire::ClientHello hello) {
  std::unique_ptr<audit::Batch> const batch = peer.batch();
  batch->ask(1, audit::Question{std::move(hello)});
  test::run(batch->next());
}

Learned learn(ScriptedPeer& peer, audit::Facts const& facts) {
  std::uint32_t const before = peer.connections();
  audit::Observation const seen = test::ask(signature_schemes, peer, facts);
  Learned learned;
  learned.facts = seen.facts().at(0).second;
  learned.open = seen.open();
  learned.connections = peer.connections() - before;
  return learned;
}

TEST(SignatureSchemes, TakesUpWhatWasOfferedBesideTheCurves) {
  ExchangeServer const server = rsa_server();
  ScriptedPeer peer{server};
  tell(peer, usual_hello(ProtocolVersion::TLSv1_2, server.suites, "example.test"));
  test::ask(curves, peer, server.facts());
  Learned const learned = learn(peer, server.facts());
  ASSERT_EQ(learned.facts.items().size(), 1U);
  Value const& entry = learned.facts.items()[0];
  EXPECT_THAT(names(entry), UnorderedElementsAreArray(names(server.schemes)));
  EXPECT_EQ(entry["protocol"], Value{"TLSv1.2"});
  EXPECT_EQ(entry["authentication"], Value{"RSA"});
  EXPECT_EQ(entry["chooser"], Value{"client"});
  EXPECT_EQ(entry["complete"], Value{true});
  EXPECT_TRUE(entry["claimed"].is_null());
  EXPECT_THAT(learned.open, IsEmpty());
  EXPECT_LE(learned.connections, 3U);
  EXPECT_LE(peer.connections(), 1 + 9U);
}

TEST(SignatureSchemes, TellsTheServersOrder) {
  ExchangeServer server = rsa_server();
  server.client_chooses = false;
  ScriptedPeer peer{server};
  Learned const learned = learn(peer, server.facts());
  EXPECT_EQ(names(learned.facts.items()[0]), names(server.schemes));
  EXPECT_EQ(learned.facts.items()[0]["chooser"], Value{"server"});
}

TEST(SignatureSchemes, ShowsSha1OnAConnectionOfItsOwn) {
  ExchangeServer server = rsa_server();
  server.schemes = {SignatureScheme::rsa_pkcs1_sha256, SignatureScheme::rsa_pkcs1_sha1};
  ScriptedPeer peer{server};
  Learned const learned = learn(peer, server.facts());
  Value const& schemes = learned.facts.items()[0]["schemes"];
  ASSERT_EQ(schemes.items().size(), 2U);
  EXPECT_TRUE(schemes.items()[0]["evidence"].is_null());
  EXPECT_EQ(schemes.items()[1]["evidence"]["connection"], Value{std::int64_t{peer.connections()}});
  EXPECT_THAT(schemes.items()[1]["evidence"]["reproduce"].as_string(), testing::HasSubstr("-sigalgs RSA+SHA1"));
}

TEST(SignatureSchemes, DoesNotCallSha1ShownWhenItIsRefusedAlone) {
  ExchangeServer server = rsa_server();
  server.schemes = {SignatureScheme::rsa_pkcs1_sha256, SignatureScheme::rsa_pkcs1_sha1};
  unsigned alone = 0;
  ScriptedPeer peer{[&](audit::Question const& question) {
    if (question.purpose.find("once more") == std::string::npos) return server(question);
    ++alone;
    return ExchangeServer::refusal();
  }};
  Learned const learned = learn(peer, server.facts());
  EXPECT_EQ(alone, 1U);
  Value const& sha1 = learned.facts.items()[0]["schemes"].items()[1];
  EXPECT_TRUE(sha1["evidence"].is_null());
  EXPECT_TRUE(sha1["inconclusive"].is_string());
  EXPECT_THAT(learned.open, testing::SizeIs(1));
}

TEST(SignatureSchemes, SaysThatASchemeWasNotOffered) {
  ExchangeServer server = rsa_server();
  server.schemes = {SignatureScheme::rsa_pkcs1_sha1};
  server.ignores_schemes = true;
  ScriptedPeer peer{server};
  Learned const learned = learn(peer, server.facts());
  EXPECT_THAT(names(learned.facts.items()[0]), ElementsAre("rsa_pkcs1_sha1"));
  EXPECT_EQ(learned.facts.items()[0]["not_offered"], Value{"rsa_pkcs1_sha1"});
}

TEST(SignatureSchemes, NamesWhatTheServerClaims) {
  ExchangeServer const server = rsa_server();
  ScriptedPeer peer{[&](audit::Question const& question) {
    audit::Reply reply = server(question);
    if (reply.answered()) reply.flight.certificate_request.emplace().signature_algorithms = {SignatureScheme::ed25519};
    return reply;
  }};
  Learned const learned = learn(peer, server.facts());
  ASSERT_EQ(learned.facts.items()[0]["claimed"].items().size(), 1U);
  EXPECT_EQ(learned.facts.items()[0]["claimed"].items()[0], Value{"ed25519"});
}

/// TLS 1.3 with an encrypted flight that could be read.
struct Newer {
  std::vector<SignatureScheme> schemes;  ///< most preferred first
  bool alerts_after_hello = false;
  std::vector<SignatureScheme> breaks_off = {};  ///< where one of these is offered

  audit::Reply operator()(audit::Question const& question) const {
    std::vector<SignatureScheme> const offered = schemes_of(question.hello);
    for (SignatureScheme const scheme : breaks_off) {
      if (std::find(offered.begin(), offered.end(), scheme) != offered.end()) return late_alert();
    }
    for (SignatureScheme const scheme : schemes) {
      if (std::find(offered.begin(), offered.end(), scheme) == offered.end()) continue;
      audit::Reply reply = test::picked(ProtocolVersion::TLSv1_3, CipherSuite::TLS_AES_128_GCM_SHA256);
      Bytes share{0, 0x1D, 0, 32};
      share.resize(36);
      reply.flight.server_hello->extensions.emplace_back(wire::ExtensionType::key_share, share);
      reply.flight.certificate_verify_scheme = scheme;
      return reply;
    }
    return alerts_after_hello ? late_alert() : ExchangeServer::refusal();
  }

  static audit::Reply late_alert() {
    audit::Reply reply = test::picked(ProtocolVersion::TLSv1_3, CipherSuite::TLS_AES_128_GCM_SHA256);
    reply.outcome = Outcome::inconclusive;
    reply.detail = "fatal handshake_failure (40) after a ServerHello";
    reply.flight.alerts.push_back({wire::AlertLevel::fatal, wire::AlertDescription::handshake_failure});
    return reply;
  }
};

/// As the question for certificates asks it.
wire::ClientHello with_share() {
  wire::ClientHello hello = wire::hello_for(ProtocolVersion::TLSv1_3, {CipherSuite::TLS_AES_128_GCM_SHA256}, "example.test");
  NamedGroup const group[] = {NamedGroup::x25519};
  return with_shares(hello, group).value_or(hello);
}

TEST(SignatureSchemes, ReadsCertificateVerify) {
  for (bool const late : {false, true}) {
    Newer server;
    server.schemes = {SignatureScheme::mldsa65, SignatureScheme::rsa_pss_rsae_sha512, SignatureScheme::rsa_pss_rsae_sha256};
    server.alerts_after_hello = late;
    ScriptedPeer peer{server};
    tell(peer, with_share());
    Learned const learned = learn(peer, supporting({"TLSv1.3"}));
    ASSERT_EQ(learned.facts.items().size(), 1U);
    Value const& entry = learned.facts.items()[0];
    EXPECT_EQ(names(entry), names(server.schemes));
    EXPECT_EQ(entry["protocol"], Value{"TLSv1.3"});
    EXPECT_TRUE(entry["authentication"].is_null());
    EXPECT_EQ(entry["chooser"], Value{"server"});
    EXPECT_EQ(entry["complete"], Value{true});
    for (audit::Transcript const& transcript : peer.transcripts()) EXPECT_TRUE(has_shares(transcript.question.hello));
  }
}

TEST(SignatureSchemes, FindsWhatASchemeThatBreaksOffWouldHide) {
  Newer server;
  server.schemes = {SignatureScheme::ecdsa_secp256r1_sha256, SignatureScheme::rsa_pss_rsae_sha256, SignatureScheme::rsa_pss_rsae_sha384,
                    SignatureScheme::rsa_pss_rsae_sha512};
  Newer const quiet = server;  // as long as no other scheme of ECDSA comes first
  server.breaks_off = {SignatureScheme::ecdsa_secp384r1_sha384, SignatureScheme::ecdsa_secp521r1_sha512};
  ScriptedPeer peer{[&](audit::Question const& question) {
    std::vector<SignatureScheme> const offered = schemes_of(question.hello);
    bool const good = std::find(offered.begin(), offered.end(), SignatureScheme::ecdsa_secp256r1_sha256) != offered.end();
    return good ? quiet(question) : server(question);
  }};
  tell(peer, with_share());
  wire::ClientHello rsa = with_share();
  SignatureScheme const schemes[] = {SignatureScheme::rsa_pss_rsae_sha256, SignatureScheme::rsa_pss_rsae_sha384,
                                     SignatureScheme::rsa_pss_rsae_sha512};
  wire::put(rsa, wire::signature_algorithms(schemes));
  tell(peer, std::move(rsa));
  Learned const learned = learn(peer, supporting({"TLSv1.3"}));
  EXPECT_EQ(names(learned.facts.items()[0]), names(server.schemes));
  EXPECT_EQ(learned.facts.items()[0]["complete"], Value{true});
}

TEST(SignatureSchemes, IsInconclusiveWhereNoFlightCouldBeRead) {
  ScriptedPeer peer{Newer{}};
  Learned const learned = learn(peer, supporting({"TLSv1.3"}));
  EXPECT_EQ(learned.facts.items()[0]["inconclusive"], Value{"no encrypted flight could be read"});
  EXPECT_EQ(learned.connections, 0U);
  EXPECT_THAT(learned.open, testing::SizeIs(1));
}

TEST(SignatureSchemes, IsInconclusiveWhenTheServerIsSilent) {
  ScriptedPeer peer{[](audit::Question const&) { return test::unanswered(Outcome::inconclusive, "timed out"); }};
  Learned const learned = learn(peer, rsa_server().facts());
  EXPECT_EQ(learned.facts.items()[0]["inconclusive"], Value{"timed out"});
  EXPECT_EQ(learned.facts.items()[0]["complete"], Value{false});
  EXPECT_THAT(learned.open, testing::SizeIs(1));
  EXPECT_LE(learned.connections, 10U);
}

TEST(SignatureSchemes, AppliesWhereSomethingIsSigned) {
  EXPECT_TRUE(signature_schemes.applies(rsa_server().facts()).applies);
  EXPECT_TRUE(signature_schemes.applies(supporting({"TLSv1.3"})).applies);
  ExchangeServer server;
  server.suites = {CipherSuite::TLS_RSA_WITH_AES_128_GCM_SHA256, CipherSuite::TLS_ECDH_anon_WITH_AES_128_CBC_SHA};
  EXPECT_FALSE(signature_schemes.applies(server.facts()).applies);
}

}  // namespace
}  // namespace tlsgauge::probes
