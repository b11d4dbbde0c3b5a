#include <gmock/gmock.h>

#include "crypto/issue.hpp"
#include "crypto/session.hpp"
#include "support/facts.hpp"
#include "support/scripted_peer.hpp"

namespace tlsgauge::probes {

extern audit::Probe const handshakes;
extern audit::Probe const sessions;

namespace {

using audit::HandshakeOrder;
using audit::HandshakeRecord;
using test::ScriptedPeer;
using test::supporting;
using testing::ElementsAre;
using testing::IsEmpty;
using wire::ProtocolVersion;

/// What a server does with sessions.
struct Server {
  bool ids = true;
  bool tickets = true;
  bool resumes = true;
  bool reuses = true;
  bool one_key = true;
  double time_ms = 1;
};

ScriptedPeer::HandshakeScript script(Server server) {
  struct Memory {
    int next = 0;
    std::vector<Bytes> taken;
  };
  auto memory = std::make_shared<Memory>();
  return [server, memory](HandshakeOrder const& order) {
    HandshakeRecord record;
    record.established = true;
    record.time_ms = server.time_ms;
    record.round_trips = 1;
    record.key_exchanged = true;
    bool const again = std::find(memory->taken.begin(), memory->taken.end(), order.resume) != memory->taken.end();
    record.resumed = !order.resume.empty() && server.resumes && (server.reuses || !again);
    if (!order.resume.empty()) memory->taken.push_back(order.resume);
    bool const fresh = order.version == ProtocolVersion::TLSv1_3;
    bool const by_ticket = server.tickets && (order.tickets || fresh);
    Bytes const session{static_cast<std::uint8_t>(++memory->next)};
    if (by_ticket && (fresh || !record.resumed)) {
      for (int i = 0; i < (fresh ? 2 : 1); ++i) {
        audit::Ticket& ticket = record.tickets.emplace_back();
        ticket.octets = 192;
        ticket.lifetime_s = fresh ? 7200 : 300;
        ticket.key_name = server.one_key ? std::string(32, 'a') : std::string(31, 'b') + std::to_string(memory->next % 10);
      }
      record.session = session;
    } else if (!fresh && !by_ticket && server.ids) {
      record.session_id_octets = 32;
      record.session = session;
    }
    return record;
  };
}

Value learn(ScriptedPeer& peer, audit::Facts const& facts) {
  test::ask(handshakes, peer, facts);
  audit::Observation const seen = test::ask(sessions, peer, facts);
  EXPECT_THAT(seen.open(), IsEmpty());
  return seen.facts().at(0).second;
}

TEST(Sessions, TellsIdsAndTickets) {
  ScriptedPeer peer{{}, script({})};
  Value const facts = learn(peer, supporting({"TLSv1.2", "TLSv1.3"}));
  EXPECT_EQ(facts["tls12_session_ids"]["given"], Value{"yes"});
  EXPECT_EQ(facts["tls12_session_ids"]["resumed"], Value{"yes"});
  Value const& old = facts["tls12_tickets"];
  EXPECT_EQ(old["given"], Value{"yes"});
  EXPECT_EQ(old["resumed"], Value{"yes"});
  EXPECT_EQ(old["lifetime_s"], Value{300});
  EXPECT_EQ(old["key_name"], Value{std::string(32, 'a')});
  Value const& fresh = facts["tls13_tickets"];
  EXPECT_EQ(fresh["given"], Value{"yes"});
  EXPECT_EQ(fresh["count"], Value{2});
  EXPECT_EQ(fresh["lifetime_s"], Value{7200});
  EXPECT_EQ(fresh["resumed"], Value{"yes"});
  EXPECT_EQ(fresh["psk_modes"].items().at(0), Value{"psk_dhe_ke"});
  EXPECT_EQ(fresh["reusable"], Value{"yes"});
  EXPECT_EQ(peer.connections(), 4U + 3U);  // session IDs twice, the ticket again
}

TEST(Sessions, TellsWhatIsNotGiven) {
  Server server;
  server.tickets = false;
  server.ids = false;
  ScriptedPeer peer{{}, script(server)};
  Value const facts = learn(peer, supporting({"TLSv1.2", "TLSv1.3"}));
  for (char const* const means : {"tls12_session_ids", "tls12_tickets", "tls13_tickets"}) {
    EXPECT_EQ(facts[means]["given"], Value{"no"}) << means;
    EXPECT_EQ(facts[means].find("resumed"), nullptr) << means;
  }
  EXPECT_EQ(peer.connections(), 2U);  // those of `handshakes`
}

TEST(Sessions, NeedsNoConnectionForIdsWithoutTickets) {
  Server server;
  server.tickets = false;
  ScriptedPeer peer{{}, script(server)};
  Value const facts = learn(peer, supporting({"TLSv1.2"}));
  EXPECT_EQ(facts["tls12_session_ids"]["given"], Value{"yes"});
  EXPECT_EQ(facts["tls12_session_ids"]["resumed"], Value{"yes"});
  EXPECT_EQ(facts["tls12_tickets"]["given"], Value{"no"});
  EXPECT_EQ(peer.connections(), 2U);
}

TEST(Sessions, TellsThatNothingIsTakenBack) {
  Server server;
  server.resumes = false;
  ScriptedPeer peer{{}, script(server)};
  Value const facts = learn(peer, supporting({"TLSv1.2", "TLSv1.3"}));
  EXPECT_EQ(facts["tls12_session_ids"]["resumed"], Value{"no"});
  EXPECT_EQ(facts["tls12_tickets"]["resumed"], Value{"no"});
  EXPECT_EQ(facts["tls13_tickets"]["resumed"], Value{"no"});
  EXPECT_THAT(facts["tls13_tickets"]["psk_modes"].items(), IsEmpty());
  EXPECT_EQ(facts["tls13_tickets"].find("reusable"), nullptr);
}

TEST(Sessions, TellsTicketsThatAreTakenOnce) {
  Server server;
  server.reuses = false;
  ScriptedPeer peer{{}, script(server)};
  EXPECT_EQ(learn(peer, supporting({"TLSv1.3"}))["tls13_tickets"]["reusable"], Value{"no"});
}

TEST(Sessions, NamesNoKeyThatChanges) {
  Server server;
  server.one_key = false;
  ScriptedPeer peer{{}, script(server)};
  Value const facts = learn(peer, supporting({"TLSv1.2", "TLSv1.3"}));
  EXPECT_EQ(facts["tls12_tickets"].find("key_name"), nullptr);
  EXPECT_EQ(facts["tls13_tickets"].find("key_name"), nullptr);
}

TEST(Sessions, ComparesTwoTicketsOnALongWayToo) {
  Server server;
  server.time_ms = 80;  // then `handshakes` takes one sample
  ScriptedPeer peer{{}, script(server)};
  Value const facts = learn(peer, supporting({"TLSv1.2"}));
  EXPECT_EQ(facts["tls12_tickets"]["key_name"], Value{std::string(32, 'a')});
  EXPECT_EQ(peer.connections(), 2U + 1U + 2U);
}

TEST(Sessions, IsInconclusiveWhenNothingIsEstablished) {
  ScriptedPeer peer{{}, [](HandshakeOrder const&) {
                      HandshakeRecord failed;
                      failed.error = "timed out \xFF";
                      return failed;
                    }};
  audit::Facts const facts = supporting({"TLSv1.2", "TLSv1.3"});
  test::ask(handshakes, peer, facts);
  audit::Observation const seen = test::ask(sessions, peer, facts);
  Value const& sessions = seen.facts().at(0).second;
  for (char const* const means : {"tls12_session_ids", "tls12_tickets", "tls13_tickets"}) {
    EXPECT_EQ(sessions[means]["given"], Value{"inconclusive"}) << means;
    EXPECT_EQ(sessions[means]["inconclusive"], Value{"timed out \\xFF"}) << means;
  }
  EXPECT_THAT(seen.open(), testing::SizeIs(3));
}

TEST(Sessions, IsInconclusiveWhenResumptionBreaksOff) {
  ScriptedPeer::HandshakeScript const good = script({});
  ScriptedPeer peer{{}, [&](HandshakeOrder const& order) {
                      HandshakeRecord record = good(order);
                      if (order.resume.empty()) return record;
                      record.established = record.resumed = false;
                      record.error = "reset";
                      return record;
                    }};
  audit::Facts const facts = supporting({"TLSv1.3"});
  test::ask(handshakes, peer, facts);
  audit::Observation const seen = test::ask(sessions, peer, facts);
  Value const& tickets = seen.facts().at(0).second["tls13_tickets"];
  EXPECT_EQ(tickets["given"], Value{"yes"});
  EXPECT_EQ(tickets["resumed"], Value{"inconclusive"});
  EXPECT_EQ(tickets["inconclusive"], Value{"reset"});
  EXPECT_THAT(seen.open(), ElementsAre("TLSv1.3 tickets: resumption: reset"));
}

/// Sessions that libssl can read, each one once.
Bytes real_session() {
  crypto::CertificateRequestForm form;
  form.not_before = now() - std::chrono::days{1};
  form.not_after = now() + std::chrono::days{1};
  crypto::Issued const issued = crypto::issue(form).value();
  crypto::ServerSettings settings;
  settings.certificate_pem = issued.certificate_pem;
  settings.private_key_pem = issued.private_key_pem;
  crypto::ServerSession server{crypto::ServerContext::make(settings).value()};
  crypto::ClientSettings wanted;
  wanted.version = ProtocolVersion::TLSv1_3;
  auto const client = std::move(crypto::ClientSession::start(wanted).value());
  for (int i = 0; i < 3; ++i) {
    server.feed(client->take_output());
    client->feed(server.take_output());
  }
  return client->session();
}

/// Asks a server that answers to psk_ke in this way, one reply after the other.
audit::Observation ask_psk_alone(std::vector<audit::Reply> replies) {
  ScriptedPeer::HandshakeScript const plain = script({});
  std::size_t next = 0;
  ScriptedPeer peer{[&](audit::Question const& question) {
                      EXPECT_FALSE(question.raw.empty());
                      return replies.at(next++);
                    },
                    [&](HandshakeOrder const& order) {
                      HandshakeRecord record = plain(order);
                      record.session = real_session();
                      return record;
                    }};
  test::ask(handshakes, peer, supporting({"TLSv1.3"}));
  return test::ask(sessions, peer, supporting({"TLSv1.3"}));
}

audit::Reply hello_with(std::vector<wire::Extension> extensions) {
  audit::Reply reply;
  reply.outcome = audit::Outcome::answered;
  reply.flight.server_hello.emplace().extensions = std::move(extensions);
  return reply;
}

wire::Extension extension(wire::ExtensionType type, Bytes data) {
  wire::Extension out;
  out.type = type;
  out.data = std::move(data);
  return out;
}

TEST(Sessions, ConfirmsAPskWithoutAnEphemeralKey) {
  audit::Reply const taken = hello_with({extension(wire::ExtensionType::pre_shared_key, {0, 0})});
  audit::Observation const seen = ask_psk_alone({taken, taken});
  Value const& tickets = seen.facts().at(0).second["tls13_tickets"];
  EXPECT_EQ(tickets["psk_modes"].items(), (Value::Array{Value{"psk_dhe_ke"}, Value{"psk_ke"}}));
  EXPECT_TRUE(tickets["evidence"].is_object());
  EXPECT_THAT(seen.open(), IsEmpty());
}

TEST(Sessions, TellsThatAPskAloneIsRefused) {
  audit::Reply const full = hello_with({extension(wire::ExtensionType::key_share, {0, 0x1D, 0, 1, 7})});
  audit::Reply alerted;
  alerted.outcome = audit::Outcome::refused;
  for (audit::Reply const& reply : {full, alerted}) {
    audit::Observation const seen = ask_psk_alone({reply});
    EXPECT_THAT(seen.facts().at(0).second["tls13_tickets"]["psk_modes"].items(), ElementsAre(Value{"psk_dhe_ke"}));
    EXPECT_THAT(seen.open(), IsEmpty());
  }
}

TEST(Sessions, IsInconclusiveWhenAPskAloneIsMetWithSilence) {
  audit::Reply silent;
  silent.detail = "timed out";
  audit::Reply const taken = hello_with({extension(wire::ExtensionType::pre_shared_key, {0, 0})});
  EXPECT_THAT(ask_psk_alone({silent}).open(), ElementsAre("TLSv1.3 tickets: psk_ke: timed out"));
  EXPECT_THAT(ask_psk_alone({taken, silent}).open(), ElementsAre("TLSv1.3 tickets: psk_ke: timed out"));
  audit::Reply const full = hello_with({extension(wire::ExtensionType::key_share, {0, 0x1D, 0, 1, 7})});
  EXPECT_THAT(ask_psk_alone({taken, full}).open(), ElementsAre("TLSv1.3 tickets: psk_ke: taken on one connection alone"));
}

TEST(Sessions, DoesNotApplyToOldVersions) {
  EXPECT_FALSE(sessions.applies(supporting({"TLSv1.0", "TLSv1.1"})).applies);
  EXPECT_TRUE(sessions.applies(supporting({"TLSv1.3"})).applies);
}

}  // namespace
}  // namespace tlsgauge::probes
