#include <gmock/gmock.h>

#include "support/facts.hpp"
#include "support/scripted_peer.hpp"

namespace tlsgauge::probes {

extern audit::Probe const handshakes;

namespace {

using test::ask;
using test::ScriptedPeer;
using test::supporting;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using wire::ProtocolVersion;

/// A server with that many round trips for a full handshake and one fewer to resume.
audit::HandshakeRecord record(audit::HandshakeOrder const& order, bool gives_session = true, bool resumes = true) {
  audit::HandshakeRecord record;
  record.established = true;
  record.resumed = resumes && !order.resume.empty();
  record.cipher_suite = wire::CipherSuite::TLS_AES_256_GCM_SHA384;
  record.round_trips = (order.version == ProtocolVersion::TLSv1_3 || record.resumed) ? 1 : 2;
  record.time_ms = 40.50004;
  record.bytes_sent = 500;
  record.bytes_received = 3000;
  if (gives_session) record.session = Bytes{1, static_cast<std::uint8_t>(order.version)};
  return record;
}

Value handshake_facts(ScriptedPeer& peer, audit::Facts const& facts) {
  audit::Observation const seen = ask(handshakes, peer, facts);
  EXPECT_THAT(seen.facts(), SizeIs(1));
  return seen.facts().front().second;
}

TEST(Handshakes, MeasuresFullAndResumedForEachVersion) {
  std::vector<audit::HandshakeOrder> orders;
  ScriptedPeer peer{{}, [&](audit::HandshakeOrder const& order) {
                      orders.push_back(order);
                      return record(order);
                    }};
  Value const list = handshake_facts(peer, supporting({"TLSv1.0", "TLSv1.2", "TLSv1.3"}));
  ASSERT_THAT(list.items(), SizeIs(4));
  EXPECT_EQ(list.items()[0]["kind"], Value{"TLSv1.2 full"});
  EXPECT_EQ(list.items()[0]["round_trips"], Value{2});
  EXPECT_EQ(list.items()[0]["time_ms"], Value{40.5});  // microseconds are kept, no more
  EXPECT_EQ(list.items()[0]["bytes_sent"], Value{500});
  EXPECT_EQ(list.items()[0]["bytes_received"], Value{3000});
  EXPECT_EQ(list.items()[0]["cipher_suite"], Value{"TLS_AES_256_GCM_SHA384"});
  EXPECT_EQ(list.items()[1]["kind"], Value{"TLSv1.2 resumed"});
  EXPECT_EQ(list.items()[1]["round_trips"], Value{1});
  EXPECT_EQ(list.items()[2]["kind"], Value{"TLSv1.3 full"});
  EXPECT_EQ(list.items()[3]["kind"], Value{"TLSv1.3 resumed"});
  ASSERT_THAT(orders, SizeIs(4));
  EXPECT_THAT(orders[0].resume, IsEmpty());
  EXPECT_THAT(orders[1].resume, ElementsAre(1, 0x03));
  EXPECT_THAT(orders[3].resume, ElementsAre(1, 0x04));
}

TEST(Handshakes, ListsOnlySupportedVersions) {
  ScriptedPeer peer{{}, [](audit::HandshakeOrder const& order) { return record(order); }};
  Value const list = handshake_facts(peer, supporting({"TLSv1.3"}));
  ASSERT_THAT(list.items(), SizeIs(2));
  EXPECT_EQ(list.items()[0]["kind"], Value{"TLSv1.3 full"});
}

TEST(Handshakes, SaysThatNoSessionIsOffered) {
  ScriptedPeer peer{{}, [](audit::HandshakeOrder const& order) { return record(order, false); }};
  Value const list = handshake_facts(peer, supporting({"TLSv1.2"}));
  ASSERT_THAT(list.items(), SizeIs(2));
  EXPECT_EQ(list.items()[1]["offered"], Value{false});
  EXPECT_EQ(peer.connections(), 1U);
}

TEST(Handshakes, SaysThatASessionIsNotTakenBack) {
  ScriptedPeer peer{{}, [](audit::HandshakeOrder const& order) { return record(order, true, false); }};
  Value const list = handshake_facts(peer, supporting({"TLSv1.3"}));
  ASSERT_THAT(list.items(), SizeIs(2));
  EXPECT_EQ(list.items()[1]["kind"], Value{"TLSv1.3 resumed"});
  EXPECT_EQ(list.items()[1]["offered"], Value{false});
  EXPECT_EQ(list.items()[1].find("round_trips"), nullptr);
}

TEST(Handshakes, IsInconclusiveWhenNoneSucceeds) {
  ScriptedPeer peer{{}, [](audit::HandshakeOrder const&) {
                      audit::HandshakeRecord failed;
                      failed.error = "tlsv13 alert certificate required";
                      return failed;
                    }};
  audit::Observation const seen = ask(handshakes, peer, supporting({"TLSv1.3"}));
  Value const& list = seen.facts().front().second;
  ASSERT_THAT(list.items(), SizeIs(2));
  EXPECT_EQ(list.items()[0]["inconclusive"], Value{"tlsv13 alert certificate required"});
  EXPECT_NE(list.items()[1].find("inconclusive"), nullptr);
  EXPECT_THAT(seen.open(), SizeIs(2));
}

TEST(Handshakes, IsInconclusiveWhenTheResumedOneIsBrokenOff) {
  ScriptedPeer peer{{}, [](audit::HandshakeOrder const& order) {
                      audit::HandshakeRecord result = record(order);
                      if (!order.resume.empty()) {
                        result.established = false;
                        result.error = "reset";
                      }
                      return result;
                    }};
  audit::Observation const seen = ask(handshakes, peer, supporting({"TLSv1.2"}));
  EXPECT_EQ(seen.facts().front().second.items()[1]["inconclusive"], Value{"reset"});
  EXPECT_THAT(seen.open(), ElementsAre("TLSv1.2 resumed: reset"));
}

TEST(Handshakes, AsksOnceMoreBeforeItSaysThatNothingIsResumed) {
  int resumptions = 0;
  ScriptedPeer peer{{}, [&](audit::HandshakeOrder const& order) {
                      bool const resumes = !order.resume.empty() && ++resumptions == 2;
                      audit::HandshakeRecord result = record(order, true, resumes);
                      result.time_ms = 1;
                      return result;
                    }};
  Value const list = handshake_facts(peer, supporting({"TLSv1.3"}));
  EXPECT_EQ(list.items().at(1).find("offered"), nullptr);
  EXPECT_EQ(list.items().at(1)["round_trips"], Value{1});
}

/// TLS 1.3 with that one group.
audit::Facts taking(wire::NamedGroup group) {
  audit::Facts facts = supporting({"TLSv1.3"});
  Value entry = Value::object();
  entry.set("code", wire::code_text(group)).set("protocol", "TLSv1.3");
  Value groups = Value::array();
  groups.push_back(std::move(entry));
  facts.set("groups", std::move(groups));
  return facts;
}

TEST(Handshakes, ForcesARetryByAShareThatTheServerDoesNotTake) {
  std::vector<wire::NamedGroup> offered;
  ScriptedPeer peer{{}, [&](audit::HandshakeOrder const& order) {
                      audit::HandshakeRecord result = record(order);
                      if (!order.groups.empty()) offered = order.groups;
                      if (!order.groups.empty()) result.round_trips = 2;
                      result.tcp_round_trip_ms = 20.25049;
                      return result;
                    }};
  Value const list = handshake_facts(peer, taking(wire::NamedGroup::x448));
  ASSERT_THAT(list.items(), SizeIs(3));
  EXPECT_EQ(list.items()[2]["kind"], Value{"TLSv1.3 after HelloRetryRequest"});
  EXPECT_EQ(list.items()[2]["round_trips"], Value{2});
  EXPECT_EQ(list.items()[2]["tcp_round_trip_ms"], Value{20.25});
  EXPECT_THAT(offered, ElementsAre(wire::NamedGroup::secp521r1, wire::NamedGroup::x448));
}

TEST(Handshakes, DoesNotCallAHandshakeWithoutARetryOne) {
  ScriptedPeer peer{{}, [](audit::HandshakeOrder const& order) { return record(order); }};
  Value const list = handshake_facts(peer, taking(wire::NamedGroup::x25519));
  ASSERT_THAT(list.items(), SizeIs(2));
  EXPECT_EQ(list.items()[0].find("tcp_round_trip_ms"), nullptr);  // unknown
  EXPECT_EQ(peer.connections(), 3U);
}

TEST(Handshakes, IsInconclusiveWhenTheRetryBreaksOff) {
  ScriptedPeer peer{{}, [](audit::HandshakeOrder const& order) {
                      audit::HandshakeRecord result = record(order);
                      result.established = order.groups.empty();
                      result.error = "reset";
                      return result;
                    }};
  audit::Observation const seen = ask(handshakes, peer, taking(wire::NamedGroup::x25519));
  EXPECT_EQ(seen.facts().front().second.items().at(2)["inconclusive"], Value{"reset"});
  EXPECT_THAT(seen.open(), ElementsAre("TLSv1.3 after HelloRetryRequest: reset"));
}

TEST(Handshakes, DoesNotApplyToOldVersions) {
  EXPECT_FALSE(handshakes.applies(supporting({"SSLv3", "TLSv1.0", "TLSv1.1"})).applies);
  EXPECT_TRUE(handshakes.applies(supporting({"TLSv1.2"})).applies);
  EXPECT_FALSE(handshakes.applies({}).applies);
}

}  // namespace
}  // namespace tlsgauge::probes
