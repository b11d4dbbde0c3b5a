#include <gmock/gmock.h>

#include "support/facts.hpp"
#include "support/scripted_peer.hpp"
#include "wire/jarm.hpp"
#include "wire/record.hpp"

namespace tlsgauge::probes {

extern audit::Probe const fingerprints;

namespace {

using audit::Outcome;
using test::alerted;
using test::ScriptedPeer;
using test::supporting;
using test::unanswered;
using testing::Each;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using wire::ExtensionType;

std::string name_of(audit::Question const& question) { return question.purpose.substr(std::string{"JARM "}.size()); }

/// A ServerHello in its record, as octets and read.
audit::Reply shown(std::uint16_t suite, std::vector<wire::Extension> const& extensions, Outcome outcome = Outcome::answered) {
  wire::ClientHello form;  // the two hellos differ in the middle only
  form.extensions = extensions;
  Bytes const client = form.encode();
  Bytes message{2, 0, 0, 0, 3, 3};
  message.insert(message.end(), 32, 0x55);
  message.insert(message.end(), {0, static_cast<std::uint8_t>(suite >> 8U), static_cast<std::uint8_t>(suite & 0xFFU), 0});
  constexpr std::size_t kBeforeExtensions = 4 + 2 + 32 + 1 + 2 + 2;
  message.insert(message.end(), client.begin() + kBeforeExtensions, client.end());
  message[2] = static_cast<std::uint8_t>((message.size() - 4) >> 8U);
  message[3] = static_cast<std::uint8_t>(message.size() - 4);
  audit::Reply reply;
  reply.outcome = outcome;
  reply.detail = outcome == Outcome::answered ? "" : "scripted";
  reply.flight.server_hello = wire::ServerHello::parse(ByteView{message}.subspan(4)).value();
  wire::HandshakeMessage& kept = reply.flight.messages.emplace_back();
  kept.type = wire::HandshakeType::server_hello;
  kept.whole = message;
  reply.received = wire::encode_records(wire::ContentType::handshake, wire::ProtocolVersion::TLSv1_2, message);
  reply.received.resize(std::min(reply.received.size(), audit::Reply::kKeptOctets));
  return reply;
}

std::vector<wire::Extension> plain() {
  return {{ExtensionType::renegotiation_info, {0}},
          {ExtensionType::max_fragment_length, {1}},
          {ExtensionType::session_ticket, {}},
          {ExtensionType::extended_master_secret, {}}};
}

std::vector<wire::Extension> with_points() {
  std::vector<wire::Extension> list = plain();
  list.insert(list.begin() + 2, {ExtensionType::ec_point_formats, {1, 0}});
  return list;
}

/// The server of Metasploit, whose fingerprint is in the README of salesforce/jarm.
audit::Reply metasploit(audit::Question const& question) {
  std::string const name = name_of(question);
  std::vector<wire::Extension> const tls13 = {{ExtensionType::supported_versions, {3, 4}}, {ExtensionType::key_share, Bytes(36, 1)}};
  if (name == "tls1_2_forward") return shown(0x0033, plain());
  if (name == "tls1_2_reverse") return shown(0x009D, plain());
  if (name == "tls1_2_top_half") return shown(0x009F, plain());
  if (name == "tls1_2_bottom_half" || name == "tls1_2_middle_out") return shown(0xC013, with_points());
  if (name == "tls1_3_forward") return shown(0x1302, tls13);
  if (name == "tls1_3_reverse") return shown(0x1303, tls13);
  return alerted();
}

constexpr std::string_view kMetasploit = "07d14d16d21d21d00042d43d000000aa99ce74e2c6d013c745aa52b5cc042d";

audit::Observation seen_with(ScriptedPeer& peer) {
  audit::Observation seen = test::ask(fingerprints, peer);
  EXPECT_THAT(seen.facts(), SizeIs(1));
  EXPECT_EQ(seen.facts().front().first, "fingerprints");
  return seen;
}

Value facts_with(ScriptedPeer::Script script) {
  ScriptedPeer peer{std::move(script)};
  audit::Observation const seen = seen_with(peer);
  EXPECT_THAT(seen.open(), IsEmpty());
  return seen.facts().front().second;
}

TEST(Fingerprints, FindsThePublishedOneOfMetasploit) {
  Value const facts = facts_with(metasploit);
  EXPECT_EQ(facts["jarm"].as_string(), kMetasploit);
  EXPECT_EQ(facts["jarm_answers"].items().at(3).as_string(), "c013|0303||ff01-0001-000b-0023-0017");
  EXPECT_EQ(facts["jarm_answers"].items().at(9).as_string(), "|||");
  EXPECT_EQ(facts["ja3s"]["tls1_2_forward"]["text"].as_string(), "771,51,65281-1-35-23");
  EXPECT_EQ(facts["ja3s"]["tls1_3_forward"]["text"].as_string(), "771,4866,43-51");
  EXPECT_EQ(facts["ja3s"]["tls1_3_forward"]["md5"].as_string(), "15af977ce25de452b96affa2addb1036");
  EXPECT_EQ(facts["ja3s"]["tls1_3_forward"]["ja3"].as_string().size(), 32U);
  EXPECT_EQ(facts.find("inconclusive"), nullptr);
}

TEST(Fingerprints, AsksTheTenHellosOctetByOctet) {
  ScriptedPeer peer{metasploit};
  seen_with(peer);
  std::vector<wire::JarmHello> const hellos = wire::jarm_hellos("example.test");
  ASSERT_EQ(peer.transcripts().size(), hellos.size());
  for (std::size_t i = 0; i < hellos.size(); ++i) {
    audit::Question const& question = peer.transcripts()[i].question;
    EXPECT_EQ(question.raw, hellos[i].hello.encode_in_records());
    EXPECT_EQ(question.hello.encode(), hellos[i].hello.encode());  // for who wants to learn from it
  }
}

TEST(Fingerprints, NamesTheHostWhereNoNameIsSentOtherwise) {
  ScriptedPeer peer{metasploit};
  Target target = peer.target();
  target.server_name.clear();
  target.host = "192.0.2.1";
  peer.set_target(target);
  seen_with(peer);
  EXPECT_EQ(peer.transcripts().front().question.raw, wire::jarm_hellos("192.0.2.1").front().hello.encode_in_records());
}

TEST(Fingerprints, DoesNotCareInWhichOrderAnswersCome) {
  ScriptedPeer peer{metasploit};
  peer.answer_batches_backwards();
  EXPECT_EQ(seen_with(peer).facts().front().second["jarm"].as_string(), kMetasploit);
}

TEST(Fingerprints, IsZeroWhereEveryHelloIsRefused) {
  Value const facts = facts_with([](audit::Question const&) { return alerted(); });
  EXPECT_EQ(facts["jarm"].as_string(), std::string(62, '0'));
  EXPECT_THAT(facts["jarm_answers"].items(), Each(Value{"|||"}));
  EXPECT_TRUE(facts["ja3s"]["tls1_2_forward"].is_null());
}

TEST(Fingerprints, TakesBelievedSilenceForARefusal) {
  Value const facts = facts_with([](audit::Question const& question) {
    audit::Reply const reply = metasploit(question);
    return reply.answered() ? reply : unanswered(Outcome::refused_silently, "no answer in time (3 times)");
  });
  EXPECT_EQ(facts["jarm"].as_string(), kMetasploit);
}

TEST(Fingerprints, AServerHelloCountsWhateverFollowsIt) {
  for (Outcome const outcome : {Outcome::refused, Outcome::malformed, Outcome::inconclusive}) {
    Value const facts = facts_with([&](audit::Question const& question) {
      return name_of(question) == "tls1_2_reverse" ? shown(0x009D, plain(), outcome) : metasploit(question);
    });
    EXPECT_EQ(facts["jarm"].as_string(), kMetasploit);
  }
}

TEST(Fingerprints, NeverGuessesWhatWasNotHeard) {
  for (Outcome const outcome : {Outcome::inconclusive, Outcome::unreachable, Outcome::cancelled}) {
    ScriptedPeer peer{[&](audit::Question const& question) {
      return name_of(question) == "tls1_1_middle_out" ? unanswered(outcome, "timed out") : metasploit(question);
    }};
    audit::Observation const seen = seen_with(peer);
    Value const& facts = seen.facts().front().second;
    EXPECT_TRUE(facts["jarm"].is_null());
    EXPECT_EQ(facts["inconclusive"].as_string(), "tls1_1_middle_out: timed out");
    EXPECT_TRUE(facts["jarm_answers"].items().at(5).is_null());
    EXPECT_EQ(facts["jarm_answers"].items().at(0).as_string(), "0033|0303||ff01-0001-0023-0017");
    EXPECT_FALSE(facts["ja3s"]["tls1_2_forward"].is_null());
    EXPECT_THAT(seen.open(), testing::ElementsAre(HasSubstr("timed out")));
  }
}

TEST(Fingerprints, ReadsAServerHelloLongerThanWhatIsKept) {
  std::vector<wire::Extension> const retry = {
      {ExtensionType::supported_versions, {3, 4}}, {ExtensionType::cookie, Bytes(400, 7)}, {ExtensionType::key_share, {0, 23}}};
  Value const facts = facts_with([&](audit::Question const&) { return shown(0x1301, retry); });
  EXPECT_THAT(facts["jarm_answers"].items(), Each(Value{"1301|0303||002b-002c-0033"}));
}

TEST(Fingerprints, AnAlertInFrontHidesTheServerHelloFromJarm) {
  Value const facts = facts_with([&](audit::Question const&) {
    audit::Reply reply = shown(0x0033, plain());
    Bytes const warning = {21, 3, 3, 0, 2, 1, 112};
    reply.received.insert(reply.received.begin(), warning.begin(), warning.end());
    return reply;
  });
  EXPECT_EQ(facts["jarm"].as_string(), std::string(62, '0'));
  EXPECT_EQ(facts["ja3s"]["tls1_2_forward"]["text"].as_string(), "771,51,65281-1-35-23");
}

TEST(Fingerprints, CleansWhatAStrangerSends) {
  std::vector<wire::Extension> const odd = {{ExtensionType::application_layer_protocol_negotiation, {0, 4, 3, 0xFF, '|', ','}}};
  Value const facts = facts_with([&](audit::Question const&) { return shown(0xC02F, odd); });
  EXPECT_EQ(facts["jarm_answers"].items().front().as_string(), "c02f|0303|\\xFF|,|0010");
  EXPECT_EQ(facts["jarm"].as_string().size(), 62U);
}

TEST(Fingerprints, DoesNotApplyWhereNoVersionIsSpoken) {
  EXPECT_FALSE(fingerprints.applies(supporting({})).applies);
  EXPECT_TRUE(fingerprints.applies(supporting({"TLSv1.2"})).applies);
}

}  // namespace
}  // namespace tlsgauge::probes
