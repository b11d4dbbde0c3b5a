#include <gmock/gmock.h>

#include <algorithm>
#include <set>

#include "probes/tls_server_script.hpp"
#include "support/facts.hpp"

namespace tlsgauge::probes {

extern audit::Probe const extensions;

namespace {

using audit::Outcome;
using test::alerted;
using test::picked;
using test::ScriptedPeer;
using test::supporting;
using test::unanswered;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using wire::CipherSuite;
using wire::ExtensionType;
using wire::ProtocolVersion;

bool offers(wire::ClientHello const& hello, ExtensionType type) { return wire::find(hello.extensions, type) != nullptr; }

/// Answers TLS 1.2, and TLS 1.3 where a flight can be read, with those extensions that it knows and was offered.
struct Server {
  std::set<ExtensionType> knows;
  CipherSuite suite = CipherSuite::TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA;
  std::vector<std::uint8_t> methods{};  ///< of compression, most preferred first

  audit::Reply operator()(audit::Question const& question) const {
    wire::ClientHello const& hello = question.hello;
    bool const tls13 = only_version(hello) == ProtocolVersion::TLSv1_3;
    audit::Reply reply = picked(*only_version(hello), tls13 ? hello.cipher_suites.front() : suite);
    std::vector<wire::Extension>& list = tls13 ? reply.flight.encrypted_extensions : reply.flight.server_hello->extensions;
    reply.flight.finished = tls13;
    for (ExtensionType const type : knows) {
      if (offers(hello, type)) list.emplace_back(type, content(type));
    }
    for (std::uint8_t const method : methods) {
      auto const& offered = hello.legacy_compression_methods;
      std::uint8_t& chosen = reply.flight.server_hello->legacy_compression_method;
      if (chosen == 0 && std::find(offered.begin(), offered.end(), method) != offered.end()) chosen = method;
    }
    return reply;
  }

  static Bytes content(ExtensionType type) {
    if (type == ExtensionType::heartbeat) return {2};
    if (type == ExtensionType::next_protocol_negotiation) return {2, 'h', '2', 1, 0xFF};
    return {};
  }
};

Server const kModern{{ExtensionType::renegotiation_info, ExtensionType::extended_master_secret, ExtensionType::encrypt_then_mac,
                      ExtensionType::session_ticket, ExtensionType::server_name}};

/// A flight that other questions have left.
void warm(ScriptedPeer& peer) {
  audit::Question question{usual_hello(ProtocolVersion::TLSv1_2, {CipherSuite::TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA}, "example.test")};
  test::run(peer.exchange(question));
}

audit::Observation seen_at(ScriptedPeer& peer, std::initializer_list<std::string_view> versions) {
  return test::ask(extensions, peer, supporting(versions));
}

Value facts_of(Server const& server, std::initializer_list<std::string_view> versions = {"TLSv1.2"}) {
  ScriptedPeer peer{server};
  warm(peer);
  return seen_at(peer, versions).facts().front().second;
}

TEST(Extensions, AreReadFromWhatWasAskedAnyway) {
  ScriptedPeer peer{kModern};
  warm(peer);
  audit::Observation const seen = seen_at(peer, {"TLSv1.2"});
  EXPECT_EQ(peer.connections(), 3U);
  Value const& facts = seen.facts().front().second;
  for (std::string_view const key :
       {"secure_renegotiation", "extended_master_secret", "encrypt_then_mac", "session_ticket", "server_name"}) {
    EXPECT_EQ(facts[key], Value{"yes"}) << key;
  }
  for (std::string_view const key : {"compression", "heartbeat", "max_fragment_length", "record_size_limit", "next_protocol_negotiation",
                                     "signed_certificate_timestamp"}) {
    EXPECT_EQ(facts[key], Value{"no"}) << key;
  }
  EXPECT_EQ(facts["status_request"], Value{"not_applicable"});  // no certificate was seen
  EXPECT_THAT(seen.open(), IsEmpty());
  EXPECT_EQ(facts.find("evidence"), nullptr);
}

TEST(Extensions, AreOfferedThatTheUsualHelloLacks) {
  Server server = kModern;
  server.knows.insert({ExtensionType::heartbeat, ExtensionType::max_fragment_length, ExtensionType::record_size_limit,
                       ExtensionType::next_protocol_negotiation, ExtensionType::signed_certificate_timestamp});
  Value const facts = facts_of(server);
  EXPECT_EQ(facts["heartbeat"], Value{"yes"});
  EXPECT_EQ(facts["heartbeat_mode"], Value{"peer_not_allowed_to_send"});
  EXPECT_EQ(facts["max_fragment_length"], Value{"yes"});
  EXPECT_EQ(facts["record_size_limit"], Value{"yes"});
  EXPECT_EQ(facts["next_protocol_negotiation"], Value{"yes"});
  EXPECT_THAT(facts["next_protocols"].items(), ElementsAre(Value{"h2"}, Value{"\\xFF"}));
  EXPECT_EQ(facts["signed_certificate_timestamp"], Value{"yes"});
}

TEST(Extensions, NeverOfferALimitBesideWhatItHides) {
  ScriptedPeer peer{kModern};
  seen_at(peer, {"TLSv1.2", "TLSv1.3"});
  for (audit::Transcript const& each : peer.transcripts()) {
    wire::ClientHello const& hello = each.question.hello;
    EXPECT_FALSE(offers(hello, ExtensionType::record_size_limit) && offers(hello, ExtensionType::max_fragment_length));
    EXPECT_FALSE(offers(hello, ExtensionType::next_protocol_negotiation) &&
                 offers(hello, ExtensionType::application_layer_protocol_negotiation));
  }
}

TEST(Extensions, ShowAMissingBindingOfRenegotiationsTwice) {
  Server server = kModern;
  server.knows.erase(ExtensionType::renegotiation_info);
  Value const facts = facts_of(server);
  EXPECT_EQ(facts["secure_renegotiation"], Value{"no"});
  auto const& shown = facts["evidence"]["secure_renegotiation"].items();
  ASSERT_THAT(shown, SizeIs(2));
  EXPECT_NE(shown[0]["connection"], shown[1]["connection"]);
  EXPECT_THAT(shown[0]["reproduce"].as_string(), HasSubstr("-tls1_2"));
}

TEST(Extensions, DoNotTrustOneServerHelloWithoutTheBinding) {
  unsigned asked = 0;
  Server without = kModern;
  without.knows.erase(ExtensionType::renegotiation_info);
  ScriptedPeer peer{[&](audit::Question const& question) { return ++asked == 1 ? without(question) : kModern(question); }};
  Value const facts = seen_at(peer, {"TLSv1.2"}).facts().front().second;
  EXPECT_EQ(facts["secure_renegotiation"], Value{"inconclusive"});
  EXPECT_EQ(facts.find("evidence"), nullptr);
}

TEST(Extensions, ListTheMethodsOfCompression) {
  Server server = kModern;
  server.methods = {64, 1};
  Value const facts = facts_of(server);
  EXPECT_EQ(facts["compression"], Value{"yes"});
  EXPECT_THAT(facts["compression_methods"].items(), ElementsAre(Value{"LZS"}, Value{"DEFLATE"}));
  EXPECT_THAT(facts["evidence"]["compression"].items(), SizeIs(1));
}

TEST(Extensions, DoNotTrustCompressionThatIsChosenOnce) {
  unsigned asked = 0;
  Server compressing = kModern;
  compressing.methods = {1};
  ScriptedPeer peer{[&](audit::Question const& question) { return ++asked == 1 ? compressing(question) : kModern(question); }};
  Value const facts = seen_at(peer, {"TLSv1.2"}).facts().front().second;
  EXPECT_EQ(facts["compression"], Value{"inconclusive"});
  EXPECT_THAT(facts["compression_methods"].items(), IsEmpty());
}

TEST(Extensions, CountEncryptThenMacForCbcAlone) {
  Server server = kModern;
  server.suite = CipherSuite::TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256;
  server.knows.erase(ExtensionType::encrypt_then_mac);
  EXPECT_EQ(facts_of(server)["encrypt_then_mac"], Value{"not_applicable"});
  server.suite = CipherSuite::TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA;
  EXPECT_EQ(facts_of(server)["encrypt_then_mac"], Value{"no"});
}

TEST(Extensions, AreReadFromEncryptedFlights) {
  ScriptedPeer peer{Server{{ExtensionType::record_size_limit, ExtensionType::max_fragment_length, ExtensionType::server_name}}};
  Value const facts = seen_at(peer, {"TLSv1.3"}).facts().front().second;
  EXPECT_EQ(peer.connections(), 2U);
  EXPECT_EQ(facts["record_size_limit"], Value{"yes"});
  EXPECT_EQ(facts["max_fragment_length"], Value{"yes"});
  EXPECT_EQ(facts["server_name"], Value{"yes"});
  EXPECT_EQ(facts["heartbeat"], Value{"no"});
  for (std::string_view const key : {"secure_renegotiation", "extended_master_secret", "encrypt_then_mac", "session_ticket", "compression",
                                     "next_protocol_negotiation"}) {
    EXPECT_EQ(facts[key], Value{"not_applicable"}) << key;
  }
}

TEST(Extensions, AskForCompressionAloneWhereTheFullHelloIsRefused) {
  Server server = kModern;
  server.methods = {1};
  ScriptedPeer peer{[&](audit::Question const& question) {
    return offers(question.hello, ExtensionType::heartbeat) ? alerted(wire::AlertDescription::decode_error) : server(question);
  }};
  audit::Observation const seen = seen_at(peer, {"TLSv1.2"});
  Value const& facts = seen.facts().front().second;
  EXPECT_EQ(facts["compression"], Value{"yes"});
  EXPECT_EQ(facts["heartbeat"], Value{"inconclusive"});
  EXPECT_THAT(facts["inconclusive"].as_string(), HasSubstr("decode_error"));
  EXPECT_THAT(seen.open(), SizeIs(1));
}

TEST(Extensions, AreInconclusiveWhenTheServerIsSilent) {
  ScriptedPeer peer{[](audit::Question const&) { return unanswered(Outcome::inconclusive, "timed out"); }};
  audit::Observation const seen = seen_at(peer, {"TLSv1.2", "TLSv1.3"});
  Value const& facts = seen.facts().front().second;
  for (auto const& [key, value] : facts.members()) EXPECT_NE(value, Value{"no"}) << key;
  EXPECT_EQ(facts["compression"], Value{"inconclusive"});
  EXPECT_THAT(facts["inconclusive"].as_string(), HasSubstr("timed out"));
  EXPECT_THAT(seen.open(), SizeIs(1));
}

TEST(Extensions, DoNotApplyToSslv2) {
  EXPECT_FALSE(extensions.applies(supporting({"SSLv2"})).applies);
  EXPECT_TRUE(extensions.applies(supporting({"SSLv3"})).applies);
}

}  // namespace
}  // namespace tlsgauge::probes
