#include <gmock/gmock.h>

#include <set>

#include "probes/tls_server_script.hpp"

namespace tlsgauge::probes {

extern audit::Probe const protocols;

namespace {

using audit::Outcome;
using test::alerted;
using test::ScriptedPeer;
using test::TlsServer;
using test::unanswered;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using wire::AlertDescription;
using wire::CipherSuite;
using wire::ProtocolVersion;

struct Learned {
  std::vector<std::string> support, reasons;
  std::vector<std::string> open;
  std::vector<Value> evidence;
  std::uint32_t connections = 0;
};

Learned learn(ScriptedPeer& peer) {
  audit::Observation const seen = test::ask(protocols, peer);
  EXPECT_THAT(seen.facts(), SizeIs(1));
  EXPECT_EQ(seen.facts().front().first, "protocols");
  Learned learned;
  std::vector<std::string> names;
  for (Value const& entry : seen.facts().front().second.items()) {
    names.push_back(entry["name"].as_string());
    learned.support.push_back(entry["support"].as_string());
    learned.reasons.push_back(entry["reason"].as_string());
    learned.evidence.push_back(entry["evidence"]);
  }
  EXPECT_THAT(names, ElementsAre("SSLv2", "SSLv3", "TLSv1.0", "TLSv1.1", "TLSv1.2", "TLSv1.3"));
  learned.open = seen.open();
  learned.connections = peer.connections();
  return learned;
}

Learned learn(ScriptedPeer::Script script) {
  ScriptedPeer peer{std::move(script)};
  return learn(peer);
}

TEST(Protocols, TellsTheVersionsOfAnUsualServerWithOneQuestionEach) {
  Learned const learned = learn(test::intermediate());
  EXPECT_THAT(learned.support, ElementsAre("no", "no", "no", "no", "yes", "yes"));
  EXPECT_EQ(learned.reasons[0], "closed without an answer");
  EXPECT_THAT(learned.reasons[2], HasSubstr("protocol_version"));
  EXPECT_EQ(learned.reasons[4], "chose TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256");
  EXPECT_EQ(learned.reasons[5], "chose TLS_AES_256_GCM_SHA384");
  EXPECT_THAT(learned.open, IsEmpty());
  EXPECT_EQ(learned.connections, 7U);
}

TEST(Protocols, FindsOldVersionsIncludingSslv2) {
  TlsServer server;
  server.suites[ProtocolVersion::SSLv3] = server.suites[ProtocolVersion::TLSv1_1] = {CipherSuite::TLS_RSA_WITH_3DES_EDE_CBC_SHA};
  server.ssl2 = {wire::Ssl2CipherKind{0x010080}, wire::Ssl2CipherKind{0x0700C0}};
  Learned const learned = learn(server);
  EXPECT_THAT(learned.support, ElementsAre("yes", "yes", "no", "yes", "no", "no"));
  EXPECT_EQ(learned.reasons[0], "offers 2 cipher kinds");
  for (std::size_t const k : {0U, 1U}) {
    std::vector<Value> const& evidence = learned.evidence[k].items();
    ASSERT_THAT(evidence, SizeIs(2)) << k;
    EXPECT_NE(evidence[0]["connection"], evidence[1]["connection"]);
  }
  EXPECT_THAT(learned.evidence[1].items()[0]["reproduce"].as_string(), HasSubstr("-ssl3"));
  EXPECT_TRUE(learned.evidence[3].is_null());
}

TEST(Protocols, DoesNotBelieveSslThatIsNotSpokenASecondTime) {
  TlsServer server;
  server.suites[ProtocolVersion::SSLv3] = server.suites[ProtocolVersion::TLSv1_1] = {CipherSuite::TLS_RSA_WITH_3DES_EDE_CBC_SHA};
  server.ssl2 = {wire::Ssl2CipherKind{0x010080}};
  std::set<ProtocolVersion> spoken;
  Learned const learned = learn([&](audit::Question const& question) {
    bool const ssl = question.ssl2 || question.hello.legacy_version == ProtocolVersion::SSLv3;
    ProtocolVersion const version = question.ssl2 ? ProtocolVersion::SSLv2 : question.hello.legacy_version;
    audit::Reply const reply = server(question);
    return ssl && reply.answered() && !spoken.insert(version).second ? alerted() : reply;
  });
  EXPECT_THAT(learned.support, ElementsAre("inconclusive", "inconclusive", "no", "yes", "no", "no"));
  EXPECT_THAT(learned.reasons[0], HasSubstr("not so a second time"));
  EXPECT_THAT(learned.open, SizeIs(2));
  EXPECT_TRUE(learned.evidence[0].is_null());
}

TEST(Protocols, DoesNotTakeAnAnswerAtAnotherVersionForSupport) {
  TlsServer server;
  server.suites[ProtocolVersion::TLSv1_0] = {CipherSuite::TLS_RSA_WITH_AES_128_CBC_SHA};
  server.falls_back = true;
  Learned const learned = learn(server);
  EXPECT_THAT(learned.support, ElementsAre("no", "no", "yes", "no", "no", "no"));
  EXPECT_EQ(learned.reasons[4], "answered with TLSv1.0");
  EXPECT_EQ(learned.reasons[5], "answered with TLSv1.0");
}

TEST(Protocols, FindsAVersionThatHasOnlyRareSuites) {
  TlsServer server;
  server.suites[ProtocolVersion::TLSv1_2] = {CipherSuite{0x00A8}, CipherSuite{0xC0A5}};  // PSK
  server.suites[ProtocolVersion::TLSv1_0] = {CipherSuite{0xC01A}};                       // SRP
  server.suites[ProtocolVersion::SSLv3] = {CipherSuite{0x001C}};                         // Fortezza
  server.tells_version = false;
  Learned const learned = learn(server);
  EXPECT_THAT(learned.support, ElementsAre("no", "yes", "yes", "no", "yes", "no"));
}

TEST(Protocols, SaysNoToAHandshakeFailureOnlyWhenEverySuiteWasOffered) {
  TlsServer server = test::intermediate();
  server.tells_version = false;
  ScriptedPeer peer{server};
  Learned const learned = learn(peer);
  EXPECT_THAT(learned.support, ElementsAre("no", "no", "no", "no", "yes", "yes"));
  EXPECT_THAT(learned.reasons[3], HasSubstr("handshake_failure"));
  std::set<CipherSuite> offered;
  for (audit::Transcript const& transcript : peer.transcripts()) {
    EXPECT_LE(transcript.question.hello.cipher_suites.size(), 128U);
    if (transcript.question.raw.empty() && only_version(transcript.question.hello) == ProtocolVersion::TLSv1_1) {
      for (CipherSuite const suite : suites_of(transcript.question.hello)) offered.insert(suite);
    }
  }
  for (CipherSuite const suite : wire::offerable_suites(ProtocolVersion::TLSv1_1)) {
    EXPECT_EQ(offered.contains(suite), solve::known_at(ProtocolVersion::TLSv1_1, suite)) << wire::name(suite);
  }
}

TEST(Protocols, GetsThroughToAServerThatDropsOrRefusesLongHellos) {
  TlsServer server = test::intermediate();
  server.suites[ProtocolVersion::SSLv3] = {CipherSuite::TLS_RSA_WITH_3DES_EDE_CBC_SHA};
  server.most_octets = 251;
  EXPECT_THAT(learn(server).support, ElementsAre("no", "yes", "no", "no", "yes", "yes"));
  server.most_octets = 100000;
  server.most_suites = 64;
  EXPECT_THAT(learn(server).support, ElementsAre("no", "yes", "no", "no", "yes", "yes"));
}

TEST(Protocols, FindsAServerWithARawPublicKeyAlone) {
  TlsServer const server = test::intermediate();
  auto const raw_key = [server](audit::Question const& question) {
    bool const takes = wire::find(question.hello.extensions, wire::ExtensionType::server_certificate_type) != nullptr;
    return takes ? server(question) : test::alerted();
  };
  ScriptedPeer peer{raw_key};
  EXPECT_THAT(learn(peer).support, ElementsAre("no", "no", "no", "no", "yes", "yes"));
  // It is offered only where there is no other way: servers without any certificate balk at it.
  ScriptedPeer usual{server};
  (void)learn(usual);
  for (audit::Transcript const& transcript : usual.transcripts()) {
    EXPECT_EQ(wire::find(transcript.question.hello.extensions, wire::ExtensionType::server_certificate_type), nullptr);
  }
}

TEST(Protocols, LeavesExtensionsOutWhereTheyAreDropped) {
  TlsServer server = test::intermediate();
  server.suites[ProtocolVersion::TLSv1_0] = {CipherSuite::TLS_RSA_WITH_3DES_EDE_CBC_SHA};
  ScriptedPeer peer{[server](audit::Question const& question) {
    bool const bare = question.ssl2 || question.hello.extensions.empty();
    return bare ? server(question) : unanswered(audit::Outcome::refused_silently, "closed 10 times");
  }};
  EXPECT_THAT(learn(peer).support, ElementsAre("no", "no", "yes", "no", "yes", "no"));
}

TEST(Protocols, SendsSharesWhereAnEmptyKeyShareIsNotAnswered) {
  TlsServer server = test::intermediate();
  server.answers_empty_key_share = false;
  Learned const learned = learn(server);
  EXPECT_EQ(learned.support[5], "yes");
  EXPECT_EQ(learned.reasons[5], "chose TLS_AES_256_GCM_SHA384");
}

TEST(Protocols, DoesNotTakeAServerHelloThatFailsForSupport) {
  TlsServer server;
  server.suites[ProtocolVersion::TLSv1_2] = {CipherSuite::TLS_DHE_DSS_WITH_AES_128_CBC_SHA};
  server.fail_after_hello = {CipherSuite::TLS_DHE_DSS_WITH_AES_128_CBC_SHA};
  EXPECT_EQ(learn(server).support[4], "inconclusive");  // nothing of it works at all
  server.suites[ProtocolVersion::TLSv1_0] = {CipherSuite::TLS_RSA_WITH_AES_128_CBC_SHA};
  EXPECT_EQ(learn(server).support[4], "no");
  server.suites[ProtocolVersion::TLSv1_2].push_back(CipherSuite::TLS_RSA_WITH_AES_128_CBC_SHA);
  EXPECT_EQ(learn(server).support[4], "yes");
}

TEST(Protocols, NeverSaysNoToSilence) {
  Learned const learned = learn([](audit::Question const&) { return unanswered(Outcome::inconclusive, "timed out"); });
  EXPECT_THAT(learned.support, testing::Each("inconclusive"));
  EXPECT_THAT(learned.reasons, testing::Each("timed out"));
  EXPECT_THAT(learned.open, SizeIs(6));
  EXPECT_LE(learned.connections, 16U);
}

TEST(Protocols, BelievesASilenceThatControlsHaveVouchedFor) {
  TlsServer const server = test::intermediate();
  Learned const learned = learn([&](audit::Question const& question) {
    audit::Reply reply = server(question);
    return reply.refused() ? unanswered(Outcome::refused_silently, "closed while control hellos were answered") : reply;
  });
  EXPECT_THAT(learned.support, ElementsAre("no", "no", "no", "no", "yes", "yes"));
  EXPECT_EQ(learned.reasons[2], "closed while control hellos were answered");
}

TEST(Protocols, AsksNothingMoreOfWhoCannotBeReached) {
  Learned const learned = learn([](audit::Question const&) { return unanswered(Outcome::unreachable, "connection refused"); });
  EXPECT_THAT(learned.support, testing::Each("inconclusive"));
  EXPECT_THAT(learned.reasons, testing::Each("connection refused"));
  EXPECT_EQ(learned.connections, 1U);
  Learned const foreign = learn([](audit::Question const&) { return unanswered(Outcome::not_tls, "an SSH banner"); });
  EXPECT_THAT(foreign.reasons, testing::Each("an SSH banner"));
  EXPECT_EQ(foreign.connections, 1U);
}

TEST(Protocols, IsInconclusiveAboutAServerThatPicksWhatWasNotOffered) {
  Learned const learned = learn([](audit::Question const&) { return unanswered(Outcome::malformed, "picked what was not offered"); });
  EXPECT_THAT(learned.support, testing::Each("inconclusive"));
}

TEST(Protocols, TakesAnAlertAboutTheNameForNoAnswer) {
  Learned const learned = learn([](audit::Question const& question) {
    return question.ssl2 ? alerted(AlertDescription::protocol_version) : alerted(AlertDescription::unrecognized_name);
  });
  EXPECT_THAT(learned.support, ElementsAre("no", "inconclusive", "inconclusive", "inconclusive", "inconclusive", "inconclusive"));
  EXPECT_THAT(learned.reasons[4], HasSubstr("unrecognized_name"));
}

/// A server that wants a name, say.
TEST(Protocols, IsInconclusiveWhereNoHelloIsAnswered) {
  Target nameless;
  nameless.address = "192.0.2.1";
  for (AlertDescription const alert : {AlertDescription::handshake_failure, AlertDescription::internal_error}) {
    ScriptedPeer peer{[alert](audit::Question const&) { return alerted(alert); }};
    Learned const learned = learn(peer);
    EXPECT_THAT(std::vector(learned.support.begin() + 1, learned.support.end()), testing::Each("inconclusive"));
    EXPECT_THAT(learned.reasons[4], HasSubstr("no hello at all is answered"));
    EXPECT_THAT(learned.open, Not(IsEmpty()));
  }
}

TEST(Protocols, AsksOnceMoreAloneBeforeItBelievesAVagueRefusal) {
  TlsServer server = test::intermediate();
  server.tells_version = false;
  server.suites[ProtocolVersion::TLSv1_0] = {CipherSuite::TLS_RSA_WITH_AES_128_CBC_SHA};
  ScriptedPeer peer{[&server](audit::Question const& question) {
    bool const old = question.hello.legacy_version == ProtocolVersion::TLSv1_0 && !question.ssl2;
    return old && !question.alone ? alerted() : server(question);
  }};
  Learned const learned = learn(peer);
  EXPECT_EQ(learned.support[2], "yes") << learned.reasons[2];
  EXPECT_EQ(learned.support[3], "no");
}

TEST(Protocols, AsksAgainWhereTheQuestionAloneHadNoAnswer) {
  TlsServer server = test::intermediate();
  server.tells_version = false;
  server.suites[ProtocolVersion::TLSv1_0] = {CipherSuite::TLS_RSA_WITH_AES_128_CBC_SHA};
  ScriptedPeer peer{[&server](audit::Question const& question) {
    bool const old = question.hello.legacy_version == ProtocolVersion::TLSv1_0 && !question.ssl2;
    if (!old) return server(question);
    if (!question.alone) return alerted();
    return question.purpose.find("short") == std::string::npos ? server(question) : unanswered(Outcome::inconclusive, "lost");
  }};
  Learned const learned = learn(peer);
  EXPECT_EQ(learned.support[2], "yes") << learned.reasons[2];
  EXPECT_TRUE(peer.slowed());
}

TEST(Protocols, StopsWhenInterrupted) {
  unsigned asked = 0;
  Learned const learned = learn([&](audit::Question const& question) {
    return ++asked > 2 ? unanswered(Outcome::cancelled, "interrupted") : test::intermediate()(question);
  });
  EXPECT_THAT(learned.support, Not(testing::Contains("yes")));
  EXPECT_LE(asked, 8U);
}

TEST(Protocols, DoesNotDependOnTheOrderOfReplies) {
  ScriptedPeer peer{test::intermediate()};
  peer.answer_batches_backwards();
  EXPECT_THAT(learn(peer).support, ElementsAre("no", "no", "no", "no", "yes", "yes"));
}

}  // namespace
}  // namespace tlsgauge::probes
