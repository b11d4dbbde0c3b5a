#include <gmock/gmock.h>

#include "support/facts.hpp"
#include "support/run.hpp"
#include "support/scripted_peer.hpp"

namespace tlsgauge::probes {

extern audit::Probe const renegotiation;

namespace {

using audit::HandshakeOrder;
using audit::HandshakeRecord;
using audit::Renegotiation;
using test::ScriptedPeer;
using test::supporting;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using wire::ProtocolVersion;

/// Accepts so many, then ends in that way.
HandshakeRecord record(unsigned accepted, Renegotiation end, std::string words, bool secure = true) {
  HandshakeRecord out;
  out.established = true;
  out.secure_renegotiation = secure;
  out.renegotiated = accepted;
  out.renegotiation = end;
  out.renegotiation_end = std::move(words);
  out.sent = {1, 2};
  out.received = {3};
  return out;
}

ScriptedPeer::HandshakeScript in_turn(std::vector<HandshakeRecord> records, std::vector<HandshakeOrder>* orders = nullptr) {
  auto next = std::make_shared<std::size_t>(0);
  return [=](HandshakeOrder const& order) {
    if (orders != nullptr) orders->push_back(order);
    return records.at((*next)++);
  };
}

TEST(Renegotiation, IsRefusedOnOneConnection) {
  std::vector<HandshakeOrder> orders;
  ScriptedPeer peer{{}, in_turn({record(0, Renegotiation::refused, "alert no_renegotiation")}, &orders)};
  audit::Observation const seen = test::ask(renegotiation, peer, supporting({"TLSv1.0", "TLSv1.1", "TLSv1.3"}));
  Value const& facts = seen.facts().at(0).second;
  EXPECT_EQ(facts["protocol"], Value{"TLSv1.1"});
  EXPECT_EQ(facts["client_initiated"], Value{"no"});
  EXPECT_EQ(facts["refused_by"], Value{"alert no_renegotiation"});
  EXPECT_EQ(facts["secure"], Value{true});
  EXPECT_EQ(facts.find("evidence"), nullptr);
  EXPECT_THAT(seen.open(), IsEmpty());
  ASSERT_THAT(orders, SizeIs(1));
  EXPECT_EQ(orders[0].version, ProtocolVersion::TLSv1_1);
  EXPECT_EQ(orders[0].renegotiations, 10U);
}

TEST(Renegotiation, TakesNoConnectionWhereAnotherQuestionHasTriedIt) {
  ScriptedPeer peer{{}, in_turn({record(0, Renegotiation::refused, "alert no_renegotiation")})};
  HandshakeOrder order;
  order.resume = {1};
  order.renegotiations = audit::kMostRenegotiations;
  test::run(peer.handshake(order));
  audit::Observation const seen = test::ask(renegotiation, peer, supporting({"TLSv1.2"}));
  EXPECT_EQ(seen.facts().at(0).second["client_initiated"], Value{"no"});
  EXPECT_EQ(peer.connections(), 1U);
}

TEST(Renegotiation, IsAcceptedWhenTwoConnectionsShowIt) {
  std::vector<HandshakeOrder> orders;
  ScriptedPeer peer{{}, in_turn({record(10, Renegotiation::accepted, "", false), record(1, Renegotiation::accepted, "", false)}, &orders)};
  audit::Observation const seen = test::ask(renegotiation, peer, supporting({"TLSv1.2"}));
  Value const& facts = seen.facts().at(0).second;
  EXPECT_EQ(facts["client_initiated"], Value{"yes"});
  EXPECT_EQ(facts["count"], Value{10});
  EXPECT_EQ(facts["secure"], Value{false});
  EXPECT_EQ(facts.find("refused_by"), nullptr);
  EXPECT_EQ(facts["evidence"]["connection"], Value{2});
  EXPECT_EQ(facts["evidence"]["answer"], Value{"03"});
  EXPECT_THAT(facts["evidence"]["reproduce"].as_string(), HasSubstr("echo R"));
  EXPECT_THAT(facts["evidence"]["reproduce"].as_string(), HasSubstr("-servername example.test -tls1_2"));
  ASSERT_THAT(orders, SizeIs(2));
  EXPECT_EQ(orders[1].renegotiations, 1U);
}

TEST(Renegotiation, CountsUntilTheServerHasEnough) {
  ScriptedPeer peer{{}, in_turn({record(3, Renegotiation::refused, "closed"), record(1, Renegotiation::accepted, "")})};
  audit::Observation const seen = test::ask(renegotiation, peer, supporting({"TLSv1.2"}));
  Value const& facts = seen.facts().at(0).second;
  EXPECT_EQ(facts["client_initiated"], Value{"yes"});
  EXPECT_EQ(facts["count"], Value{3});
  EXPECT_EQ(facts["refused_by"], Value{"closed"});
}

TEST(Renegotiation, IsInconclusiveWhenConnectionsDiffer) {
  ScriptedPeer peer{{}, in_turn({record(10, Renegotiation::accepted, ""), record(0, Renegotiation::refused, "closed")})};
  audit::Observation const seen = test::ask(renegotiation, peer, supporting({"TLSv1.2"}));
  EXPECT_EQ(seen.facts().at(0).second["client_initiated"], Value{"inconclusive"});
  EXPECT_EQ(seen.facts().at(0).second["inconclusive"], Value{"accepted on one connection, not on another"});
  EXPECT_EQ(seen.facts().at(0).second.find("count"), nullptr);
  EXPECT_THAT(seen.open(), SizeIs(1));
}

TEST(Renegotiation, IsRefusedByAResetOnlyTwice) {
  ScriptedPeer twice{{}, in_turn({record(0, Renegotiation::torn, "reset by peer"), record(0, Renegotiation::torn, "reset by peer")})};
  Value const refused = test::ask(renegotiation, twice, supporting({"TLSv1.2"})).facts().at(0).second;
  EXPECT_EQ(refused["client_initiated"], Value{"no"});
  EXPECT_EQ(refused["refused_by"], Value{"reset"});
  ScriptedPeer once{{}, in_turn({record(0, Renegotiation::torn, "reset by peer"), record(0, Renegotiation::open, "timed out")})};
  Value const open = test::ask(renegotiation, once, supporting({"TLSv1.2"})).facts().at(0).second;
  EXPECT_EQ(open["client_initiated"], Value{"inconclusive"});
}

TEST(Renegotiation, IsInconclusiveWithASilentServer) {
  HandshakeRecord const silent = record(0, Renegotiation::open, "nothing within 400 ms");
  ScriptedPeer peer{{}, in_turn({silent, silent})};
  audit::Observation const seen = test::ask(renegotiation, peer, supporting({"TLSv1.2"}));
  EXPECT_EQ(seen.facts().at(0).second["inconclusive"], Value{"nothing within 400 ms"});
  EXPECT_THAT(seen.open(), SizeIs(1));
}

TEST(Renegotiation, IsInconclusiveWithoutAHandshake) {
  HandshakeRecord failed;
  failed.error = "alert certificate required";
  ScriptedPeer peer{{}, in_turn({failed})};
  audit::Observation const seen = test::ask(renegotiation, peer, supporting({"TLSv1.2"}));
  EXPECT_EQ(seen.facts().at(0).second["inconclusive"], Value{"alert certificate required"});
  EXPECT_EQ(seen.facts().at(0).second.find("secure"), nullptr);
  EXPECT_EQ(peer.connections(), 1U);
}

TEST(Renegotiation, DoesNotApplyToTls13) {
  EXPECT_FALSE(renegotiation.applies(supporting({"TLSv1.3", "SSLv3"})).applies);
  EXPECT_TRUE(renegotiation.applies(supporting({"TLSv1.0"})).applies);
}

}  // namespace
}  // namespace tlsgauge::probes
