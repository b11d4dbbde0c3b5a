#include <gmock/gmock.h>

#include "probes/tls_server_script.hpp"
#include "support/facts.hpp"

namespace tlsgauge::probes {

extern audit::Probe const server_name;

namespace {

using audit::Outcome;
using test::alerted;
using test::picked;
using test::ScriptedPeer;
using test::supporting;
using test::unanswered;
using testing::IsEmpty;
using testing::SizeIs;
using wire::AlertDescription;
using wire::CipherSuite;
using wire::ExtensionType;
using wire::ProtocolVersion;

Bytes const kOwn{1}, kDefault{2};

enum class Named { yes, no, other };

Named named(wire::ClientHello const& hello) {
  wire::Extension const* const name = wire::find(hello.extensions, ExtensionType::server_name);
  if (name == nullptr) return Named::no;
  return *name == wire::server_name("example.test") ? Named::yes : Named::other;
}

audit::Reply showing(audit::Question const& question, Bytes const& certificate) {
  bool const tls13 = only_version(question.hello) == ProtocolVersion::TLSv1_3;
  audit::Reply reply = picked(*only_version(question.hello),
                              tls13 ? question.hello.cipher_suites.front() : CipherSuite::TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256);
  reply.flight.certificates = {certificate};
  return reply;
}

/// What the usual questions leave, and then what the probe learns.
audit::Observation learn(ScriptedPeer& peer, ProtocolVersion version = ProtocolVersion::TLSv1_2) {
  audit::Question const question{usual_hello(
      version, {CipherSuite::TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, CipherSuite::TLS_AES_128_GCM_SHA256}, peer.target().server_name)};
  test::run(peer.exchange(question));
  return test::ask(server_name, peer, supporting({wire::name(version)}));
}

Value facts_of(ScriptedPeer::Script script, ProtocolVersion version = ProtocolVersion::TLSv1_2) {
  ScriptedPeer peer{std::move(script)};
  return learn(peer, version).facts().front().second;
}

TEST(ServerName, SeesTheSameCertificate) {
  ScriptedPeer peer{[](audit::Question const& question) { return showing(question, kOwn); }};
  audit::Observation const seen = learn(peer);
  Value const& facts = seen.facts().front().second;
  EXPECT_EQ(facts["protocol"], Value{"TLSv1.2"});
  EXPECT_EQ(facts["without_name"]["answer"], Value{"same_certificate"});
  EXPECT_EQ(facts["unknown_name"]["answer"], Value{"same_certificate"});
  EXPECT_EQ(facts["unknown_name"]["warning"], Value{false});
  EXPECT_EQ(peer.connections(), 3U);
  EXPECT_THAT(seen.open(), IsEmpty());
}

TEST(ServerName, SeesAnotherCertificate) {
  for (ProtocolVersion const version : {ProtocolVersion::TLSv1_2, ProtocolVersion::TLSv1_3}) {
    Value const facts = facts_of(
        [](audit::Question const& question) { return showing(question, named(question.hello) == Named::no ? kDefault : kOwn); }, version);
    EXPECT_EQ(facts["without_name"]["answer"], Value{"other_certificate"});
    EXPECT_TRUE(facts["without_name"]["subject"].is_null());
    EXPECT_EQ(facts["unknown_name"]["answer"], Value{"same_certificate"});
  }
}

TEST(ServerName, SeesARefusal) {
  Value const facts = facts_of([](audit::Question const& question) {
    return named(question.hello) == Named::yes ? showing(question, kOwn) : alerted(AlertDescription::unrecognized_name);
  });
  EXPECT_EQ(facts["without_name"]["answer"], Value{"refused"});
  EXPECT_EQ(facts["unknown_name"]["answer"], Value{"refused"});
  EXPECT_EQ(facts["unknown_name"]["alert"], Value{"unrecognized_name"});
  EXPECT_EQ(facts["unknown_name"]["warning"], Value{false});
}

TEST(ServerName, SeesAWarning) {
  Value const facts = facts_of([](audit::Question const& question) {
    audit::Reply reply = showing(question, kOwn);
    if (named(question.hello) == Named::other) {
      reply.flight.alerts.push_back({wire::AlertLevel::warning, AlertDescription::unrecognized_name});
    }
    return reply;
  });
  EXPECT_EQ(facts["without_name"]["warning"], Value{false});
  EXPECT_EQ(facts["unknown_name"]["warning"], Value{true});
  EXPECT_TRUE(facts["unknown_name"]["alert"].is_null());
}

TEST(ServerName, AsksATargetWithoutANameForTheUnknownOneOnly) {
  ScriptedPeer peer{
      [](audit::Question const& question) { return showing(question, named(question.hello) == Named::no ? kOwn : kDefault); }};
  Target target = peer.target();
  target.server_name.clear();
  peer.set_target(target);
  Value const facts = learn(peer).facts().front().second;
  EXPECT_EQ(peer.connections(), 2U);
  EXPECT_EQ(facts["without_name"]["answer"], Value{"not_applicable"});
  EXPECT_EQ(facts["unknown_name"]["answer"], Value{"other_certificate"});
}

TEST(ServerName, AsksForItsOwnNameWhereThereIsNothingToCompareWith) {
  ScriptedPeer peer{
      [](audit::Question const& question) { return showing(question, named(question.hello) == Named::no ? kDefault : kOwn); }};
  audit::Observation const seen = test::ask(server_name, peer, supporting({"TLSv1.3"}));
  Value const& facts = seen.facts().front().second;
  EXPECT_EQ(peer.connections(), 3U);
  EXPECT_EQ(facts["without_name"]["answer"], Value{"other_certificate"});
  EXPECT_EQ(facts["unknown_name"]["answer"], Value{"same_certificate"});
}

TEST(ServerName, IsInconclusiveWhenTheServerIsSilent) {
  ScriptedPeer peer{[](audit::Question const&) { return unanswered(Outcome::inconclusive, "timed out"); }};
  audit::Observation const seen = learn(peer);
  Value const& facts = seen.facts().front().second;
  EXPECT_EQ(facts["without_name"]["answer"], Value{"inconclusive"});
  EXPECT_EQ(facts["unknown_name"]["inconclusive"], Value{"timed out"});
  EXPECT_THAT(seen.open(), SizeIs(2));
}

TEST(ServerName, DoesNotApplyWithoutExtensions) {
  EXPECT_FALSE(server_name.applies(supporting({"SSLv3"})).applies);
  EXPECT_TRUE(server_name.applies(supporting({"TLSv1.3"})).applies);
}

}  // namespace
}  // namespace tlsgauge::probes
