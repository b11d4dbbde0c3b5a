#include <gmock/gmock.h>

#include "probes/tls_server_script.hpp"
#include "support/facts.hpp"

namespace tlsgauge::probes {

extern audit::Probe const client_authentication;

namespace {

using audit::Outcome;
using test::picked;
using test::ScriptedPeer;
using test::supporting;
using test::unanswered;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using wire::CipherSuite;
using wire::ProtocolVersion;

// CN=A
Bytes const kName{0x30, 0x0C, 0x31, 0x0A, 0x30, 0x08, 0x06, 0x03, 0x55, 0x04, 0x03, 0x0C, 0x01, 'A'};

ScriptedPeer::Script server(bool asks) {
  return [asks](audit::Question const& question) {
    ProtocolVersion const version = *only_version(question.hello);
    bool const tls13 = version == ProtocolVersion::TLSv1_3;
    audit::Reply reply = picked(version, tls13 ? CipherSuite::TLS_AES_128_GCM_SHA256 : CipherSuite::TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256);
    reply.flight.certificates = {{1}};
    reply.flight.finished = tls13;
    if (!asks) return reply;
    wire::CertificateRequest& request = reply.flight.certificate_request.emplace();
    if (!tls13) request.certificate_types = {64, 1, 200};
    request.signature_algorithms = {wire::SignatureScheme::ed25519};
    request.certificate_authorities = {kName, {0xFF, 0x00}};
    return reply;
  };
}

ScriptedPeer::HandshakeScript shakes(bool established, std::string error = {}, int round_trips = 2) {
  return [=](audit::HandshakeOrder const&) {
    audit::HandshakeRecord record;
    record.round_trips = round_trips;
    record.established = established;
    record.error = error;
    return record;
  };
}

audit::Observation learn(ScriptedPeer& peer, std::string const& version, Value http = {}) {
  ProtocolVersion const asked = *wire::version_from(version);
  audit::Question const question{usual_hello(
      asked, {CipherSuite::TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, CipherSuite::TLS_AES_128_GCM_SHA256}, peer.target().server_name)};
  test::run(peer.exchange(question));
  audit::Facts facts = supporting({version});
  facts.set("http", std::move(http));
  return test::ask(client_authentication, peer, facts);
}

Value http(Value spoken, Value status) { return Value::object().set("spoken", std::move(spoken)).set("status", std::move(status)); }

TEST(ClientAuthentication, SaysWhatIsAskedFor) {
  ScriptedPeer peer{server(true), shakes(true)};
  audit::Observation const seen = learn(peer, "TLSv1.2", http(true, 400));
  Value const& facts = seen.facts().front().second;
  EXPECT_EQ(facts["requested"], Value{"yes"});
  EXPECT_THAT(facts["protocols"].items(), ElementsAre(Value{"TLSv1.2"}));
  EXPECT_THAT(facts["certificate_types"].items(), ElementsAre(Value{"rsa_sign"}, Value{"ecdsa_sign"}, Value{"0xC8"}));
  EXPECT_THAT(facts["signature_schemes"].items(), ElementsAre(Value{"ed25519"}));
  EXPECT_THAT(facts["authorities"].items(), ElementsAre(Value{"CN=A"}, Value{"not a name: ff00"}));
  EXPECT_EQ(facts["authorities_total"], Value{2});
  EXPECT_EQ(facts["required"], Value{"no"});
  EXPECT_EQ(facts["http_status"], Value{400});
  EXPECT_EQ(peer.connections(), 2U);
  EXPECT_THAT(seen.open(), IsEmpty());
}

TEST(ClientAuthentication, CostsNothingWhereNobodyAsks) {
  for (std::string const version : {"TLSv1.2", "TLSv1.3"}) {
    ScriptedPeer peer{server(false), shakes(true)};
    audit::Observation const seen = learn(peer, version);
    Value const& facts = seen.facts().front().second;
    EXPECT_EQ(facts["requested"], Value{"no"});
    EXPECT_TRUE(facts["required"].is_null());
    EXPECT_EQ(peer.connections(), 1U);
    EXPECT_THAT(seen.open(), IsEmpty());
  }
}

TEST(ClientAuthentication, SeesThatTls12Insists) {
  ScriptedPeer peer{server(true), shakes(false, "sslv3 alert handshake failure")};
  Value const facts = learn(peer, "TLSv1.2").facts().front().second;
  EXPECT_EQ(facts["required"], Value{"yes"});
  EXPECT_THAT(facts["reason"].as_string(), HasSubstr("handshake failure"));
}

TEST(ClientAuthentication, DoesNotTakeARefusalOfTheHelloForInsistence) {
  ScriptedPeer peer{server(true), shakes(false, "sslv3 alert handshake failure", 1)};
  audit::Observation const seen = learn(peer, "TLSv1.2");
  EXPECT_EQ(seen.facts().front().second["required"], Value{"inconclusive"});
  EXPECT_THAT(seen.open(), SizeIs(1));
}

TEST(ClientAuthentication, IsAskedForByARequestThatCannotBeRead) {
  ScriptedPeer peer{[script = server(true)](audit::Question const& question) {
                      audit::Reply reply = script(question);
                      reply.flight.certificate_request.reset();
                      reply.flight.messages.emplace_back().type = wire::HandshakeType::certificate_request;
                      return reply;
                    },
                    shakes(true)};
  Value const facts = learn(peer, "TLSv1.2").facts().front().second;
  EXPECT_EQ(facts["requested"], Value{"yes"});
  EXPECT_EQ(facts["required"], Value{"no"});
}

TEST(ClientAuthentication, TakesUpAHandshakeThatWasMade) {
  ScriptedPeer peer{server(true), shakes(true)};
  audit::HandshakeOrder const order;
  test::run(peer.handshake(order));
  EXPECT_EQ(learn(peer, "TLSv1.2").facts().front().second["required"], Value{"no"});
  EXPECT_EQ(peer.connections(), 2U);
}

TEST(ClientAuthentication, LetsApplicationDataTellWhetherTls13Insists) {
  ScriptedPeer peer{server(true)};
  EXPECT_EQ(learn(peer, "TLSv1.3", http(true, 200)).facts().front().second["required"], Value{"no"});
  EXPECT_EQ(learn(peer, "TLSv1.3", http(false, {})).facts().front().second["required"], Value{"no"});
  EXPECT_EQ(peer.connections(), 2U);
}

TEST(ClientAuthentication, ReadsWhatComesBehindAHandshakeOfTls13) {
  audit::HandshakeRecord record;
  record.established = true;
  ScriptedPeer peer{server(true), [&](audit::HandshakeOrder const&) { return record; }};
  audit::Observation const silent = learn(peer, "TLSv1.3");
  EXPECT_EQ(silent.facts().front().second["required"], Value{"inconclusive"});
  EXPECT_THAT(silent.open(), SizeIs(1));
  record.tickets.emplace_back();
  EXPECT_EQ(learn(peer, "TLSv1.3").facts().front().second["required"], Value{"no"});
  record.error = "alert certificate_required";
  EXPECT_EQ(learn(peer, "TLSv1.3").facts().front().second["required"], Value{"yes"});
  record.error = "alert internal_error";
  EXPECT_EQ(learn(peer, "TLSv1.3").facts().front().second["required"], Value{"inconclusive"});
}

TEST(ClientAuthentication, DoesNotTakeATimeoutForARefusal) {
  ScriptedPeer peer{server(true), shakes(false, "timed out")};
  audit::Observation const seen = learn(peer, "TLSv1.2");
  EXPECT_EQ(seen.facts().front().second["required"], Value{"inconclusive"});
  EXPECT_THAT(seen.open(), SizeIs(1));
}

TEST(ClientAuthentication, IsInconclusiveWhenTheServerIsSilent) {
  ScriptedPeer peer{[](audit::Question const&) { return unanswered(Outcome::inconclusive, "timed out"); }};
  audit::Observation const seen = learn(peer, "TLSv1.2");
  EXPECT_EQ(seen.facts().front().second["requested"], Value{"inconclusive"});
  EXPECT_TRUE(seen.facts().front().second["inconclusive"].is_string());
  EXPECT_THAT(seen.open(), SizeIs(1));
}

TEST(ClientAuthentication, DoesNotApplyToSslv2) {
  EXPECT_FALSE(client_authentication.applies(supporting({"SSLv2"})).applies);
  EXPECT_TRUE(client_authentication.applies(supporting({"TLSv1.3"})).applies);
}

}  // namespace
}  // namespace tlsgauge::probes
