#include <gmock/gmock.h>

#include "probes/tls_server_script.hpp"
#include "support/facts.hpp"

namespace tlsgauge::probes {

extern audit::Probe const group_retry;

namespace {

using test::ScriptedPeer;
using test::supporting;
using wire::CipherSuite;
using wire::NamedGroup;
using wire::ProtocolVersion;

audit::Facts preferring(std::initializer_list<NamedGroup> groups, std::string_view chooser = "server") {
  audit::Facts facts = supporting({"TLSv1.3"});
  Value list = Value::array(), order = Value::object();
  for (NamedGroup const group : groups) {
    Value entry = Value::object();
    entry.set("name", wire::name(group));
    list.push_back(std::move(entry));
  }
  order.set("chooser", chooser);
  facts.set("groups", std::move(list));
  facts.set("group_order", std::move(order));
  return facts;
}

/// A HelloRetryRequest for the group, or a ServerHello with its share.
audit::Reply answer(NamedGroup group, bool retry) {
  audit::Reply reply = test::picked(ProtocolVersion::TLSv1_3, CipherSuite::TLS_AES_128_GCM_SHA256);
  auto const code = static_cast<std::uint16_t>(group);
  Bytes data{static_cast<std::uint8_t>(code >> 8U), static_cast<std::uint8_t>(code & 0xFFU)};
  if (!retry) data.insert(data.end(), {0, 1, 7});
  reply.flight.server_hello->extensions.emplace_back(wire::ExtensionType::key_share, data);
  if (retry) reply.flight.server_hello->random = test::TlsServer::kRetry;
  return reply;
}

Value learn(ScriptedPeer& peer, audit::Facts const& facts) {
  audit::Observation const seen = test::ask(group_retry, peer, facts);
  return seen.facts().at(0).second;
}

audit::Facts const& usual() {
  static audit::Facts const facts = preferring({NamedGroup::X25519MLKEM768, NamedGroup::x25519, NamedGroup::secp256r1});
  return facts;
}

TEST(GroupRetry, TellsThatARetryIsAskedFor) {
  ScriptedPeer peer{[](audit::Question const&) { return answer(NamedGroup::X25519MLKEM768, true); }};
  Value const facts = learn(peer, usual());
  EXPECT_EQ(facts["asks"], Value{true});
  EXPECT_EQ(facts["asked_for"], Value{"X25519MLKEM768"});
  EXPECT_EQ(facts["preferred"], Value{"X25519MLKEM768"});
  EXPECT_EQ(facts["shared"], Value{"x25519"});
  ASSERT_EQ(peer.connections(), 1U);
  wire::ClientHello const& hello = peer.transcripts().front().question.hello;
  EXPECT_TRUE(has_shares(hello));
  EXPECT_THAT(named_groups_of(hello), testing::ElementsAre(NamedGroup::X25519MLKEM768, NamedGroup::x25519, NamedGroup::secp256r1));
}

TEST(GroupRetry, TellsThatTheShareIsTaken) {
  ScriptedPeer peer{[](audit::Question const&) { return answer(NamedGroup::x25519, false); }};
  Value const facts = learn(peer, usual());
  EXPECT_EQ(facts["asks"], Value{false});
  EXPECT_TRUE(facts["asked_for"].is_null());
}

TEST(GroupRetry, AsksNothingThatATranscriptTells) {
  ScriptedPeer peer{[](audit::Question const&) { return answer(NamedGroup::x25519, false); }};
  learn(peer, usual());
  Value const facts = learn(peer, usual());
  EXPECT_EQ(facts["asks"], Value{false});
  EXPECT_EQ(peer.connections(), 1U);
}

TEST(GroupRetry, IsInconclusiveWhenTheServerIsSilent) {
  ScriptedPeer peer{[](audit::Question const&) { return test::unanswered(audit::Outcome::inconclusive, "timed out"); }};
  Value const facts = learn(peer, usual());
  EXPECT_TRUE(facts["asks"].is_null());
  EXPECT_EQ(facts["inconclusive"], Value{"timed out"});
}

TEST(GroupRetry, AppliesWhereTheServerPrefersAGroup) {
  EXPECT_TRUE(group_retry.applies(usual()).applies);
  EXPECT_FALSE(group_retry.applies(preferring({NamedGroup::x25519})).applies);
  EXPECT_FALSE(group_retry.applies(preferring({NamedGroup::x25519, NamedGroup::secp256r1}, "client")).applies);
  EXPECT_FALSE(group_retry.applies(supporting({"TLSv1.3"})).applies);
}

}  // namespace
}  // namespace tlsgauge::probes
