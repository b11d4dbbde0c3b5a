#include <gmock/gmock.h>

#include "crypto/key_share.hpp"
#include "probes/tls_server_script.hpp"
#include "support/facts.hpp"

namespace tlsgauge::probes {

extern audit::Probe const protocols;
extern audit::Probe const groups;

namespace {

using audit::Outcome;
using test::ScriptedPeer;
using test::supporting;
using test::TlsServer;
using test::unanswered;
using testing::ElementsAre;
using testing::ElementsAreArray;
using testing::HasSubstr;
using testing::IsEmpty;
using wire::NamedGroup;
using wire::ProtocolVersion;

struct Learned {
  std::vector<std::string> names;
  Value groups, order;
  std::vector<std::string> open;
};

Learned learn(ScriptedPeer& peer, audit::Facts const& facts = supporting({"TLSv1.3"})) {
  audit::Observation const seen = test::ask(groups, peer, facts);
  Learned learned;
  for (auto const& [key, value] : seen.facts()) (key == "groups" ? learned.groups : learned.order) = value;
  for (Value const& group : learned.groups.items()) learned.names.push_back(group["name"].as_string());
  learned.open = seen.open();
  return learned;
}

std::vector<std::string> names(std::vector<NamedGroup> const& list) {
  std::vector<std::string> out;
  for (NamedGroup const group : list) out.push_back(wire::name(group));
  return out;
}

TEST(Groups, ListsTheServersGroupsInItsOrder) {
  TlsServer server = test::intermediate();
  server.groups.insert(server.groups.begin(), NamedGroup::X25519MLKEM768);
  ScriptedPeer peer{server};
  Learned const learned = learn(peer);
  ASSERT_THAT(learned.names, ElementsAreArray(names(server.groups)));
  EXPECT_EQ(learned.groups.items()[0]["code"].as_string(), "0x11EC");
  EXPECT_EQ(learned.groups.items()[0]["protocol"].as_string(), "TLSv1.3");
  EXPECT_EQ(learned.groups.items()[0]["post_quantum"], Value{true});
  EXPECT_EQ(learned.groups.items()[1]["post_quantum"], Value{false});
  EXPECT_EQ(learned.order["chooser"].as_string(), "server");
  EXPECT_EQ(learned.order["complete"], Value{true});
  EXPECT_TRUE(learned.order["reason"].is_null());
  EXPECT_THAT(learned.open, IsEmpty());
  EXPECT_LE(peer.connections(), 11 + 4U);
  for (audit::Transcript const& transcript : peer.transcripts()) EXPECT_FALSE(has_shares(transcript.question.hello));
}

TEST(Groups, TakesUpWhatTheVersionsQuestionLearned) {
  ScriptedPeer peer{test::intermediate()};
  audit::Facts const facts = test::learned(protocols, peer);
  std::uint32_t const before = peer.connections();
  Learned const learned = learn(peer, facts);
  EXPECT_THAT(learned.names, ElementsAreArray(names(test::intermediate().groups)));
  EXPECT_LE(peer.connections() - before, 12U);
}

TEST(Groups, SaysThatTheClientChooses) {
  TlsServer server = test::intermediate();
  server.client_chooses = true;
  ScriptedPeer peer{server};
  Learned const learned = learn(peer);
  EXPECT_THAT(learned.names, testing::UnorderedElementsAreArray(names(server.groups)));
  EXPECT_EQ(learned.order["chooser"].as_string(), "client");
}

TEST(Groups, FindsASingleUnusualGroup) {
  for (NamedGroup const group :
       {NamedGroup::x448, NamedGroup::brainpoolP256r1tls13, NamedGroup::MLKEM768, NamedGroup::SecP384r1MLKEM1024}) {
    TlsServer server = test::intermediate();
    server.groups = {group};
    ScriptedPeer peer{server};
    Learned const learned = learn(peer);
    EXPECT_THAT(learned.names, ElementsAre(wire::name(group)));
    EXPECT_EQ(learned.order["chooser"].as_string(), "indifferent");
  }
}

TEST(Groups, SendsSharesWhereAnEmptyKeyShareIsNotAnswered) {
  TlsServer server = test::intermediate();
  server.answers_empty_key_share = false;
  server.groups = {NamedGroup::secp384r1, NamedGroup::x25519, NamedGroup::secp256r1};
  ScriptedPeer peer{server};
  audit::Facts const facts = test::learned(protocols, peer);
  Learned const learned = learn(peer, facts);
  EXPECT_THAT(learned.names, ElementsAre("secp384r1", "x25519", "secp256r1"));
  EXPECT_EQ(learned.order["complete"], Value{false});
  EXPECT_THAT(learned.order["reason"].as_string(), HasSubstr("empty key_share"));
}

TEST(Groups, IsIncompleteWhenTheServerIsSilent) {
  ScriptedPeer peer{[](audit::Question const&) { return unanswered(Outcome::inconclusive, "timed out"); }};
  Learned const learned = learn(peer);
  EXPECT_THAT(learned.names, IsEmpty());
  EXPECT_EQ(learned.order["complete"], Value{false});
  EXPECT_EQ(learned.order["reason"].as_string(), "timed out");
  EXPECT_THAT(learned.open, testing::SizeIs(1));
  EXPECT_LE(peer.connections(), 40U);
}

TEST(Groups, StopsWhenInterrupted) {
  unsigned asked = 0;
  TlsServer const server = test::intermediate();
  ScriptedPeer peer{
      [&](audit::Question const& question) { return ++asked > 3 ? unanswered(Outcome::cancelled, "interrupted") : server(question); }};
  Learned const learned = learn(peer);
  EXPECT_EQ(asked, 4U);
  EXPECT_EQ(learned.order["complete"], Value{false});
}

TEST(Groups, AppliesToTls13Alone) {
  EXPECT_FALSE(groups.applies(supporting({"TLSv1.2"})).applies);
  EXPECT_TRUE(groups.applies(supporting({"TLSv1.3"})).applies);
}

}  // namespace
}  // namespace tlsgauge::probes
