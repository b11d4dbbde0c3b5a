#include <gmock/gmock.h>

#include "support/facts.hpp"
#include "support/scripted_peer.hpp"

namespace tlsgauge::probes {

extern audit::Probe const handshakes;
extern audit::Probe const early_data;

namespace {

using audit::EarlyData;
using audit::HandshakeOrder;
using audit::HandshakeRecord;
using test::ScriptedPeer;
using test::supporting;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

/// What comes of early data, the first time and then on; of handshakes without it, tickets alone.
struct Server {
  std::uint32_t size = 16'384;
  std::vector<EarlyData> outcomes = {EarlyData::accepted, EarlyData::accepted, EarlyData::accepted};
  std::vector<int> statuses = {200, 200, 200};
  std::vector<std::string> errors = {"", "", ""};
  bool answers_early = true;
  bool answers_late = false;
};

ScriptedPeer::HandshakeScript script(Server server, std::vector<HandshakeOrder>* early = nullptr) {
  auto number = std::make_shared<std::uint8_t>(std::uint8_t{0});
  auto next = std::make_shared<std::size_t>(0);
  return [=](HandshakeOrder const& order) {
    HandshakeRecord record;
    record.established = true;
    record.resumed = !order.resume.empty();
    record.time_ms = 1;
    record.round_trips = 1;
    record.sent = {1};
    record.received = {2};
    if (order.early_data.empty()) {
      record.tickets.emplace_back().max_early_data = server.size;
      record.session = Bytes{++*number};
      return record;
    }
    if (early != nullptr) early->push_back(order);
    std::size_t const i = (*next)++;
    record.early_data = server.outcomes.at(i);
    if (record.early_data == EarlyData::accepted) record.round_trips = 0;
    record.http_status = server.statuses.at(i);
    record.answered_early = server.answers_early;
    record.answered_late = server.answers_late;
    record.established = server.errors.at(i).empty();
    record.error = server.errors.at(i);
    return record;
  };
}

struct Seen {
  Value ladder;
  Value facts;
  std::vector<std::string> open;
};

Seen learn(ScriptedPeer& peer) {
  audit::Facts const facts = supporting({"TLSv1.3"});
  Seen seen;
  seen.ladder = test::ask(handshakes, peer, facts).facts().at(0).second;
  audit::Observation const answer = test::ask(early_data, peer, facts);
  seen.facts = answer.facts().at(0).second;
  seen.open = answer.open();
  return seen;
}

TEST(EarlyDataProbe, ConfirmsThatItCanBeReplayed) {
  std::vector<HandshakeOrder> early;
  ScriptedPeer peer{{}, script({}, &early)};
  Seen const seen = learn(peer);
  EXPECT_EQ(seen.facts["offered"], Value{"yes"});
  EXPECT_EQ(seen.facts["max_early_data_size"], Value{16'384});
  EXPECT_EQ(seen.facts["accepted"], Value{"yes"});
  EXPECT_EQ(seen.facts["answer"], Value{200});
  EXPECT_EQ(seen.facts["replay"], Value{"accepted"});
  EXPECT_EQ(seen.facts["evidence"]["connection"], Value{5});
  EXPECT_THAT(seen.facts["evidence"]["reproduce"].as_string(), HasSubstr("-sess_in ticket -early_data early"));
  EXPECT_THAT(seen.open, IsEmpty());
  ASSERT_THAT(early, SizeIs(3));
  EXPECT_EQ(early[0].resume, Bytes{2});  // a ticket of its own: those before have been used or are older
  for (HandshakeOrder const& order : early) {
    EXPECT_EQ(order.resume, early[0].resume);
    EXPECT_EQ(order.early_data, early[0].early_data);
  }
  EXPECT_THAT(std::string(early[0].early_data.begin(), early[0].early_data.end()),
              testing::StartsWith("GET / HTTP/1.1\r\nHost: example.test\r\n"));
}

TEST(EarlyDataProbe, HasItsLadder) {
  ScriptedPeer peer{{}, script({})};
  Value const ladder = learn(peer).ladder;
  ASSERT_THAT(ladder.items(), SizeIs(3));
  EXPECT_EQ(ladder.items()[2]["kind"], Value{"TLSv1.3 0-RTT"});
  EXPECT_EQ(ladder.items()[2]["round_trips"], Value{0});
}

TEST(EarlyDataProbe, TellsThatAReplayIsRejected) {
  Server server;
  server.outcomes[1] = EarlyData::rejected;
  ScriptedPeer peer{{}, script(server)};
  Seen const seen = learn(peer);
  EXPECT_EQ(seen.facts["accepted"], Value{"yes"});
  EXPECT_EQ(seen.facts["replay"], Value{"rejected"});
  EXPECT_EQ(seen.facts.find("evidence"), nullptr);
  EXPECT_EQ(peer.connections(), 4U);
}

TEST(EarlyDataProbe, TellsThatTheApplicationWantsItLater) {
  Server server;
  server.statuses = {425, 425, 425};
  ScriptedPeer peer{{}, script(server)};
  Seen const seen = learn(peer);
  EXPECT_EQ(seen.facts["answer"], Value{425});
  EXPECT_EQ(seen.facts["replay"], Value{"too_early"});
}

TEST(EarlyDataProbe, TellsThatTheServerWaitsForFinished) {
  Server server;
  server.answers_early = false;
  ScriptedPeer peer{{}, script(server)};
  EXPECT_EQ(learn(peer).facts["replay"], Value{"deferred"});
  server.statuses = {0, 0, 0};  // nothing is known of an application that does not speak HTTP
  ScriptedPeer silent{{}, script(server)};
  Seen const seen = learn(silent);
  EXPECT_EQ(seen.facts["replay"], Value{"accepted"});
  EXPECT_TRUE(seen.facts["answer"].is_null());
}

TEST(EarlyDataProbe, DoesNotTakeASlowAnswerForOneThatWaitsForFinished) {
  Server server;
  server.answers_early = false;
  server.answers_late = true;
  ScriptedPeer peer{{}, script(server)};
  Seen const seen = learn(peer);
  EXPECT_EQ(seen.facts["replay"], Value{"inconclusive"});
  EXPECT_THAT(seen.open, SizeIs(1));
}

TEST(EarlyDataProbe, TellsThatItIsAnnouncedButNotTaken) {
  Server server;
  server.outcomes[0] = EarlyData::rejected;
  ScriptedPeer peer{{}, script(server)};
  Seen const seen = learn(peer);
  EXPECT_EQ(seen.facts["accepted"], Value{"no"});
  EXPECT_EQ(seen.facts.find("replay"), nullptr);
  EXPECT_THAT(seen.ladder.items(), SizeIs(2));
}

TEST(EarlyDataProbe, TakesNoConnectionWhereNoneIsOffered) {
  Server server;
  server.size = 0;
  ScriptedPeer peer{{}, script(server)};
  Seen const seen = learn(peer);
  EXPECT_EQ(seen.facts["offered"], Value{"no"});
  EXPECT_EQ(seen.facts.find("accepted"), nullptr);
  EXPECT_THAT(seen.open, IsEmpty());
  EXPECT_EQ(peer.connections(), 2U);
}

TEST(EarlyDataProbe, IsInconclusiveWhenOneReplayAloneIsTaken) {
  Server server;
  server.outcomes[2] = EarlyData::rejected;
  ScriptedPeer peer{{}, script(server)};
  Seen const seen = learn(peer);
  EXPECT_EQ(seen.facts["replay"], Value{"inconclusive"});
  EXPECT_EQ(seen.facts.find("evidence"), nullptr);
  EXPECT_THAT(seen.open, SizeIs(1));
}

TEST(EarlyDataProbe, IsInconclusiveWhenTheReplayBreaksOff) {
  Server server;
  server.errors[1] = "reset";
  ScriptedPeer peer{{}, script(server)};
  Seen const seen = learn(peer);
  EXPECT_EQ(seen.facts["replay"], Value{"inconclusive"});
  EXPECT_THAT(seen.open, ElementsAre("replay: reset"));
}

TEST(EarlyDataProbe, IsInconclusiveWithASilentServer) {
  ScriptedPeer peer{{}, [](HandshakeOrder const&) {
                      HandshakeRecord failed;
                      failed.error = "timed out";
                      return failed;
                    }};
  Seen const seen = learn(peer);
  EXPECT_EQ(seen.facts["offered"], Value{"inconclusive"});
  EXPECT_EQ(seen.facts["inconclusive"], Value{"timed out"});
  EXPECT_THAT(seen.open, SizeIs(1));
}

TEST(EarlyDataProbe, DoesNotApplyWithoutTls13) {
  EXPECT_FALSE(early_data.applies(supporting({"TLSv1.2"})).applies);
  EXPECT_TRUE(early_data.applies(supporting({"TLSv1.3"})).applies);
}

}  // namespace
}  // namespace tlsgauge::probes
