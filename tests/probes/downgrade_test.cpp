#include <gmock/gmock.h>

#include <set>

#include "probes/oddities.hpp"
#include "probes/tls_server_script.hpp"
#include "support/facts.hpp"

namespace tlsgauge::probes {

extern audit::Probe const protocols;
extern audit::Probe const downgrade;

namespace {

using audit::Outcome;
using test::ScriptedPeer;
using test::TlsServer;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using wire::AlertDescription;
using wire::CipherSuite;
using wire::ProtocolVersion;

/// What a server does beyond choosing versions and suites.
struct Manners {
  bool knows_scsv = true;
  bool marks = true;
  bool takes_future_versions = true;
  bool takes_unknown_versions = true;
  bool prefers_tls13 = true;
};

bool has_scsv(wire::ClientHello const& hello) {
  return std::find(hello.cipher_suites.begin(), hello.cipher_suites.end(), CipherSuite::TLS_FALLBACK_SCSV) != hello.cipher_suites.end();
}

void mark(wire::ServerHello& hello) {
  constexpr std::string_view kMark = "DOWNGRD";
  std::copy(kMark.begin(), kMark.end(), hello.random.end() - 8);
  hello.random.back() = hello.version() == ProtocolVersion::TLSv1_2 ? 1 : 0;
}

ScriptedPeer::Script script(TlsServer server, Manners manners) {
  return [server, manners](audit::Question const& asked) {
    audit::Question question = asked;
    wire::ClientHello& hello = question.hello;
    ProtocolVersion const newest = server.suites.rbegin()->first;
    bool const future = hello.legacy_version > ProtocolVersion::TLSv1_2;
    if (future && !manners.takes_future_versions) return test::alerted(AlertDescription::protocol_version);
    if (has(question, Oddity::unknown_versions) && !manners.takes_unknown_versions) return test::alerted();
    if (future) hello.legacy_version = ProtocolVersion::TLSv1_2;
    bool const many = supported_versions_of(hello).size() > 1;
    bool const below = !many && only_version(hello) < newest;
    if (has_scsv(hello) && below && manners.knows_scsv) return test::alerted(AlertDescription::inappropriate_fallback);
    if (many && !manners.prefers_tls13) wire::drop(hello, wire::ExtensionType::supported_versions);
    audit::Reply reply = server(question);
    bool const older = reply.server_hello() && reply.server_hello()->version() < ProtocolVersion::TLSv1_3;
    if (older && newest == ProtocolVersion::TLSv1_3 && manners.marks) mark(*reply.flight.server_hello);
    return reply;
  };
}

TlsServer with_tls11() {
  TlsServer server = test::intermediate();
  server.suites[ProtocolVersion::TLSv1_1] = {CipherSuite::TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA};
  return server;
}

struct Learned {
  Value facts;
  std::vector<std::string> open;
  std::uint32_t connections = 0;
};

Learned learn(ScriptedPeer& peer) {
  audit::Facts const known = test::learned(protocols, peer);
  std::uint32_t const before = peer.connections();
  audit::Observation const seen = test::ask(downgrade, peer, known);
  return {seen.facts().at(0).second, seen.open(), peer.connections() - before};
}

TEST(Downgrade, IsRefusedAndMarkedByAGoodServer) {
  ScriptedPeer peer{script(with_tls11(), {})};
  Learned const learned = learn(peer);
  EXPECT_EQ(learned.facts["fallback_scsv"], Value{"yes"});
  ASSERT_THAT(learned.facts["sentinel"].items(), SizeIs(2));
  EXPECT_EQ(learned.facts["sentinel"].items()[0]["protocol"], Value{"TLSv1.1"});
  EXPECT_EQ(learned.facts["sentinel"].items()[0]["sent"], Value{"yes"});
  EXPECT_EQ(learned.facts["sentinel"].items()[1]["sent"], Value{"yes"});
  EXPECT_EQ(learned.facts["tolerates_legacy_version"], Value{"yes"});
  EXPECT_EQ(learned.facts["tolerates_supported_versions"], Value{"yes"});
  EXPECT_EQ(learned.facts["prefers_tls13"], Value{"yes"});
  EXPECT_EQ(learned.facts["reasons"], Value::object());
  EXPECT_EQ(learned.facts["evidence"], Value::object());
  EXPECT_THAT(learned.open, IsEmpty());
  EXPECT_LE(learned.connections, 5U);
}

TEST(Downgrade, NeedsThreeConnectionsWhereOthersHaveAsked) {
  ScriptedPeer peer{script(test::intermediate(), {})};
  audit::Facts const known = test::learned(protocols, peer);
  audit::Question again{model_hello(peer, ProtocolVersion::TLSv1_2)};
  test::run(peer.exchange(again));
  std::uint32_t const before = peer.connections();
  (void)test::ask(downgrade, peer, known);
  EXPECT_EQ(peer.connections() - before, 3U);
}

TEST(Downgrade, FallbackThatIsAnsweredIsConfirmed) {
  ScriptedPeer peer{script(with_tls11(), {.knows_scsv = false})};
  Learned const learned = learn(peer);
  EXPECT_EQ(learned.facts["fallback_scsv"], Value{"no"});
  EXPECT_EQ(learned.facts["reasons"]["fallback_scsv"], Value{"answered with TLSv1.2"});
  Value const& evidence = learned.facts["evidence"]["fallback_scsv"];
  ASSERT_THAT(evidence.items(), SizeIs(2));
  EXPECT_NE(evidence.items()[0]["connection"], evidence.items()[1]["connection"]);
  EXPECT_THAT(evidence.items()[0]["reproduce"].as_string(), HasSubstr("-tls1_2 -cipher ALL:@SECLEVEL=0 -fallback_scsv"));
  EXPECT_THAT(learned.open, IsEmpty());
}

TEST(Downgrade, FallbackIsInconclusiveWhenBackendsDiffer) {
  unsigned count = 0;
  ScriptedPeer::Script const knows = script(with_tls11(), {}), ignores = script(with_tls11(), {.knows_scsv = false});
  ScriptedPeer peer{
      [&](audit::Question const& question) { return has_scsv(question.hello) && ++count == 1 ? ignores(question) : knows(question); }};
  Learned const learned = learn(peer);
  EXPECT_EQ(learned.facts["fallback_scsv"], Value{"inconclusive"});
  EXPECT_EQ(learned.facts["evidence"], Value::object());
  EXPECT_THAT(learned.open, SizeIs(1));
}

TEST(Downgrade, NoOtherAlertAndNoSilenceIsAnAnswerAboutTheFallback) {
  for (audit::Reply const& reply :
       {test::alerted(), test::unanswered(Outcome::inconclusive, "timed out"), test::unanswered(Outcome::refused_silently, "closed")}) {
    ScriptedPeer::Script const server = script(with_tls11(), {});
    ScriptedPeer peer{[&](audit::Question const& question) { return has_scsv(question.hello) ? reply : server(question); }};
    Learned const learned = learn(peer);
    EXPECT_EQ(learned.facts["fallback_scsv"], Value{"inconclusive"});
    EXPECT_THAT(learned.facts["inconclusive"].as_string(), HasSubstr("fallback_scsv"));
    EXPECT_THAT(learned.open, SizeIs(1));
  }
}

TEST(Downgrade, DoesNotConcernAServerOfOneVersion) {
  TlsServer server = test::intermediate();
  server.suites.erase(ProtocolVersion::TLSv1_3);
  ScriptedPeer peer{script(server, {})};
  Learned const learned = learn(peer);
  EXPECT_EQ(learned.facts["fallback_scsv"], Value{"not_applicable"});
  EXPECT_THAT(learned.facts["sentinel"].items(), IsEmpty());
  EXPECT_EQ(learned.facts["prefers_tls13"], Value{"not_applicable"});
  EXPECT_EQ(learned.facts["tolerates_legacy_version"], Value{"yes"});
  EXPECT_EQ(learned.facts["tolerates_supported_versions"], Value{"yes"});
  for (audit::Transcript const& transcript : peer.transcripts()) EXPECT_FALSE(has_scsv(transcript.question.hello));
}

TEST(Downgrade, LegacyVersionDoesNotConcernAServerOfTls13Alone) {
  TlsServer server = test::intermediate();
  server.suites.erase(ProtocolVersion::TLSv1_2);
  ScriptedPeer peer{script(server, {})};
  Learned const learned = learn(peer);
  EXPECT_EQ(learned.facts["tolerates_legacy_version"], Value{"not_applicable"});
  EXPECT_EQ(learned.facts["tolerates_supported_versions"], Value{"yes"});
  EXPECT_EQ(learned.facts["prefers_tls13"], Value{"yes"});
}

TEST(Downgrade, MarkThatIsMissingIsProvedByTwoConnections) {
  ScriptedPeer peer{script(with_tls11(), {.marks = false})};
  Learned const learned = learn(peer);
  for (Value const& each : learned.facts["sentinel"].items()) EXPECT_EQ(each["sent"], Value{"no"});
  Value const& evidence = learned.facts["evidence"]["sentinel TLSv1.1"];
  ASSERT_THAT(evidence.items(), SizeIs(2));
  EXPECT_NE(evidence.items()[0]["connection"], evidence.items()[1]["connection"]);
}

TEST(Downgrade, MarkOfTheWrongVersionIsNone) {
  ScriptedPeer::Script const server = script(with_tls11(), {});
  ScriptedPeer peer{[&](audit::Question const& question) {
    audit::Reply reply = server(question);
    if (reply.flight.server_hello && reply.flight.server_hello->downgrade_sentinel()) reply.flight.server_hello->random.back() ^= 1U;
    return reply;
  }};
  Learned const learned = learn(peer);
  for (Value const& each : learned.facts["sentinel"].items()) EXPECT_EQ(each["sent"], Value{"no"});
}

TEST(Downgrade, MarksOfSomeAnswersOnlyAreInconclusive) {
  std::set<ProtocolVersion> forgotten;
  ScriptedPeer::Script const marks = script(with_tls11(), {}), forgets = script(with_tls11(), {.marks = false});
  ScriptedPeer peer{[&](audit::Question const& question) {
    audit::Reply const forgetful = forgets(question);
    wire::ServerHello const* const hello = forgetful.server_hello();
    return hello && forgotten.insert(hello->version()).second ? forgetful : marks(question);
  }};
  Learned const learned = learn(peer);
  for (Value const& each : learned.facts["sentinel"].items()) EXPECT_EQ(each["sent"], Value{"inconclusive"});
}

TEST(Downgrade, NamesTheVersionThatIsNotTolerated) {
  ScriptedPeer legacy{script(with_tls11(), {.takes_future_versions = false})};
  Learned learned = learn(legacy);
  EXPECT_EQ(learned.facts["tolerates_legacy_version"], Value{"no"});
  EXPECT_EQ(learned.facts["tolerates_supported_versions"], Value{"yes"});
  EXPECT_THAT(learned.facts["reasons"]["tolerates_legacy_version"].as_string(), HasSubstr("protocol_version"));
  ScriptedPeer unknown{script(with_tls11(), {.takes_unknown_versions = false})};
  learned = learn(unknown);
  EXPECT_EQ(learned.facts["tolerates_legacy_version"], Value{"yes"});
  EXPECT_EQ(learned.facts["tolerates_supported_versions"], Value{"no"});
}

TEST(Downgrade, DoesNotBlameTheVersionForTheLength) {
  ScriptedPeer::Script const server = script(with_tls11(), {});
  ScriptedPeer peer{[&](audit::Question const& question) {
    bool const lost = has(question, Oddity::hello_256_511) || has(question, Oddity::large_hello);
    return lost ? test::unanswered(Outcome::refused_silently, "silent") : server(question);
  }};
  Learned const learned = learn(peer);
  EXPECT_EQ(learned.facts["tolerates_legacy_version"], Value{"yes"});
  EXPECT_EQ(learned.facts["tolerates_supported_versions"], Value{"yes"});
}

TEST(Downgrade, BelievesNoRefusalOfAServerThatRefusesPlainHellosToo) {
  bool closed = false;
  ScriptedPeer::Script const server = script(with_tls11(), {});
  ScriptedPeer peer{[&](audit::Question const& question) { return closed ? test::alerted() : server(question); }};
  audit::Facts const known = test::learned(protocols, peer);
  closed = true;
  audit::Observation const seen = test::ask(downgrade, peer, known);
  Value const& facts = seen.facts().at(0).second;
  EXPECT_EQ(facts["fallback_scsv"], Value{"inconclusive"});
  EXPECT_EQ(facts["tolerates_legacy_version"], Value{"inconclusive"});
  EXPECT_EQ(facts["tolerates_supported_versions"], Value{"inconclusive"});
  EXPECT_THAT(seen.open(), SizeIs(1));
}

TEST(Downgrade, SaysThatTls12IsChosenThoughTls13IsSpoken) {
  ScriptedPeer peer{script(with_tls11(), {.prefers_tls13 = false})};
  Learned const learned = learn(peer);
  EXPECT_EQ(learned.facts["prefers_tls13"], Value{"no"});
  EXPECT_THAT(learned.facts["evidence"]["prefers_tls13"].items(), SizeIs(2));
}

TEST(Downgrade, IsInconclusiveWhenTheServerIsSilent) {
  ScriptedPeer peer{[](audit::Question const&) { return test::unanswered(Outcome::inconclusive, "timed out"); }};
  audit::Observation const seen = test::ask(downgrade, peer, test::supporting({"TLSv1.2", "TLSv1.3"}));
  Value const& facts = seen.facts().at(0).second;
  for (std::string_view const key : {"fallback_scsv", "tolerates_legacy_version", "tolerates_supported_versions", "prefers_tls13"}) {
    EXPECT_EQ(facts[key], Value{"inconclusive"}) << key;
  }
  EXPECT_EQ(facts["sentinel"].items().at(0)["sent"], Value{"inconclusive"});
  EXPECT_TRUE(facts["inconclusive"].is_string());
  EXPECT_LE(peer.connections(), 9U);
}

TEST(Downgrade, AppliesFromSslv3On) {
  EXPECT_FALSE(downgrade.applies(test::supporting({"SSLv2"})).applies);
  EXPECT_TRUE(downgrade.applies(test::supporting({"TLSv1.0"})).applies);
}

TEST(Protocols, NeverCountsAnAnswerOfTls13WithoutItsExtension) {
  // As the exchange judges it; audit/answer_test.cpp.
  ScriptedPeer peer{[](audit::Question const& question) {
    audit::Reply reply = test::picked(ProtocolVersion::TLSv1_2, CipherSuite::TLS_AES_128_GCM_SHA256);
    reply.flight.server_hello->legacy_version = ProtocolVersion::TLSv1_3;
    if (!audit::contradiction(question.hello, reply.flight).empty()) reply.outcome = Outcome::malformed;
    return reply;
  }};
  audit::Facts const facts = test::learned(protocols, peer);
  for (ProtocolVersion const version : wire::kAllVersions) EXPECT_NE(facts.support(version), audit::Support::yes) << wire::name(version);
}

}  // namespace
}  // namespace tlsgauge::probes
