#include "peer/asking.hpp"

#include <gtest/gtest.h>

#include <asio/steady_timer.hpp>
#include <set>

namespace tlsgauge::peer {
namespace {

using namespace test;
using audit::Outcome;
using wire::AlertDescription;

TEST(Peer, AsksAndIsAnswered) {
  ScriptedServer server{[](wire::ClientHello const& hello, unsigned) { return serve(hello, {kServed}); }};
  Asking asking{server.port()};
  audit::Reply const reply = asking.ask(question({kOther, kServed}));
  ASSERT_TRUE(reply.answered()) << reply.why();
  EXPECT_EQ(reply.server_hello()->cipher_suite, kServed);
  EXPECT_EQ(reply.attempts, 1U);
  EXPECT_EQ(reply.connection, 1U);
  EXPECT_GT(reply.connect_ms, 0);
  EXPECT_GT(reply.first_byte_ms, 0);
  EXPECT_EQ(reply.flight.certificates.size(), 1U);
  ASSERT_EQ(asking.peer().transcripts().size(), 1U);
  EXPECT_EQ(asking.peer().cost().connections, 1U);
  EXPECT_GT(asking.peer().cost().bytes_sent, 100U);
  EXPECT_GT(asking.peer().cost().bytes_received, 40U);
}

TEST(Peer, KeepsWhatWasSentAndWhatCameBack) {
  ScriptedServer server{[](wire::ClientHello const& hello, unsigned) { return serve(hello, {kServed}); }};
  Asking asking{server.port()};
  audit::Reply const reply = asking.ask(question({kOther}));
  EXPECT_EQ(reply.received, alert(AlertDescription::handshake_failure));
  Bytes const message{reply.sent.begin() + 5, reply.sent.end()};
  Result<wire::ClientHello> const sent = wire::ClientHello::parse(message);
  ASSERT_TRUE(sent);
  EXPECT_EQ(sent->cipher_suites, std::vector{kOther});
  audit::Reply const answered = asking.ask(question({kServed}));
  EXPECT_LE(answered.received.size(), audit::Reply::kKeptOctets);
  EXPECT_FALSE(answered.received.empty());
}

TEST(Peer, CutsAHelloIntoRecordsAndSegmentsAsTold) {
  ScriptedServer server{[](wire::ClientHello const& hello, unsigned) { return serve(hello, {kServed}); }};
  Asking asking{server.port()};
  audit::Question whole = question({kServed});
  std::size_t const octets = whole.hello.encode().size();

  audit::Question records = whole;
  records.delivery.record = 100;
  audit::Reply const cut = asking.ask(records);
  EXPECT_TRUE(cut.answered()) << cut.why();
  EXPECT_EQ(cut.sent.size(), octets + 5 * ((octets + 99) / 100));
  EXPECT_EQ(cut.sent[4], 100);  // the length of the first record

  audit::Question segments = whole;
  segments.delivery.segment = 9;
  Clock::time_point const start = Clock::now();
  audit::Reply const late = asking.ask(segments);
  EXPECT_TRUE(late.answered()) << late.why();
  EXPECT_EQ(late.sent.size(), octets + 5);
  EXPECT_GE(ms_since(start), 50);
}

TEST(Peer, SendsAFreshRandomEachTime) {
  std::set<Bytes> randoms;
  ScriptedServer server{[&](wire::ClientHello const& hello, unsigned) {
    randoms.emplace(hello.random.begin(), hello.random.end());
    return serve(hello, {kServed});
  }};
  Asking asking{server.port()};
  asking.ask_all({question({kServed}), question({kServed}), question({kServed})});
  EXPECT_EQ(randoms.size(), 3U);
  EXPECT_FALSE(randoms.contains(Bytes(32, 0)));
}

TEST(Peer, BelievesAnAlertAtOnce) {
  ScriptedServer server{[](wire::ClientHello const& hello, unsigned) { return serve(hello, {kServed}); }};
  Asking asking{server.port()};
  audit::Reply const reply = asking.ask(question({kOther}));
  EXPECT_EQ(reply.outcome, Outcome::refused);
  EXPECT_EQ(reply.why(), "fatal handshake_failure (40)");
  EXPECT_EQ(reply.attempts, 1U);
}

TEST(Peer, AsksAgainOnInternalError) {
  ScriptedServer server{[](wire::ClientHello const& hello, unsigned connection) {
    return connection == 1 ? send(alert(AlertDescription::internal_error), true) : serve(hello, {kServed});
  }};
  Asking asking{server.port()};
  EXPECT_TRUE(asking.ask(question({kServed})).answered());

  ScriptedServer stubborn{[](wire::ClientHello const&, unsigned) { return send(alert(AlertDescription::internal_error), true); }};
  Asking again{stubborn.port()};
  audit::Reply const reply = again.ask(question({kServed}));
  EXPECT_EQ(reply.outcome, Outcome::refused);
  EXPECT_EQ(reply.why(), "fatal internal_error (80), twice");
  EXPECT_EQ(reply.attempts, 2U);
}

TEST(Peer, TakesAnAlertAfterAServerHelloForARefusalTheSecondTime) {
  ScriptedServer server{[](wire::ClientHello const&, unsigned) {
    Bytes bytes = in_records(server_hello(ProtocolVersion::TLSv1_2, kServed));
    Bytes const end = alert(AlertDescription::handshake_failure);
    bytes.insert(bytes.end(), end.begin(), end.end());
    return send(bytes, true);
  }};
  Asking asking{server.port()};
  audit::Reply const reply = asking.ask(question({kServed}));
  EXPECT_EQ(reply.outcome, Outcome::refused);
  EXPECT_EQ(reply.server_hello(), nullptr);
  EXPECT_EQ(reply.attempts, 2U);
}

TEST(Peer, TakesASuiteThatFailsInTwoQuestionsAboutSuitesForOneThatFails) {
  ScriptedServer server{[](wire::ClientHello const& hello, unsigned) {
    ProtocolVersion const version = hello.legacy_version == ProtocolVersion::TLSv1_2 ? ProtocolVersion::TLSv1_2 : ProtocolVersion::TLSv1_1;
    Bytes bytes = in_records(server_hello(version, hello.cipher_suites.back()));
    Bytes const end = alert(AlertDescription::internal_error);
    bytes.insert(bytes.end(), end.begin(), end.end());
    return send(bytes, true);
  }};
  Asking asking{server.port()};
  auto const attempts = [&](audit::Question asked, bool about_suites) {
    asked.about_suites = about_suites;
    audit::Reply const reply = asking.ask(asked);
    EXPECT_EQ(reply.outcome, Outcome::refused);
    EXPECT_EQ(reply.why(), "fatal internal_error (80) after a ServerHello, twice");
    return reply.attempts;
  };
  EXPECT_EQ(attempts(question({kServed}), true), 2U);
  EXPECT_EQ(attempts(question({kOther, kServed}), true), 1U);
  EXPECT_EQ(attempts(question({kOther, kServed}), false), 2U);
  EXPECT_EQ(attempts(question({kServed, kOther}), true), 2U);  // another suite
  audit::Question older = question({kServed});
  older.hello.legacy_version = ProtocolVersion::TLSv1_1;
  EXPECT_EQ(attempts(older, true), 2U);  // up to TLS 1.1 servers sign otherwise
}

TEST(Peer, ReadsAnAnswerInRecordsOfOneOctet) {
  ScriptedServer server{[](wire::ClientHello const&, unsigned) { return send(in_records(flight(ProtocolVersion::TLSv1_2, kServed), 1)); }};
  Asking asking{server.port()};
  EXPECT_TRUE(asking.ask(question({kServed})).answered());
}

TEST(Peer, IsUnreachableWhereNobodyListens) {
  std::uint16_t port = 0;
  {
    ScriptedServer const server{[](wire::ClientHello const&, unsigned) { return hang_up(); }};
    port = server.port();
  }
  Asking asking{port};
  Clock::time_point const start = Clock::now();
  audit::Reply const reply = asking.ask(question({kServed}));
  EXPECT_EQ(reply.outcome, Outcome::unreachable);
  EXPECT_EQ(reply.attempts, 2U);
  EXPECT_NE(reply.why().find("refused"), std::string::npos) << reply.why();
  EXPECT_LT(ms_since(start), 300);
}

TEST(Peer, IsUnreachableWithoutAnAddress) {
  asio::io_context io;
  Target target;
  auto const peer =
      make_peer(io.get_executor(), target, {}, std::make_shared<net::Budget>(io.get_executor(), net::Limits{io.get_executor(), 1, 0}, 1));
  audit::Reply reply;
  asio::co_spawn(
      io, [](audit::Peer& asked, audit::Reply& out) -> asio::awaitable<void> { out = co_await asked.exchange({}); }(*peer, reply),
      asio::detached);
  io.run();
  EXPECT_EQ(reply.outcome, Outcome::unreachable);
}

TEST(Peer, StopsWithinASecond) {
  ScriptedServer server{[](wire::ClientHello const&, unsigned) { return stay_silent(); }};
  Asking asking{server.port(), milliseconds{20'000}, 2};
  asio::steady_timer timer{asking.io(), milliseconds{50}};
  timer.async_wait([&](asio::error_code const&) { asking.peer().cancel(); });
  Clock::time_point const start = Clock::now();
  std::vector<audit::Reply> const replies =
      asking.ask_all({question({kServed}), question({kServed}), question({kServed}), question({kServed})});
  EXPECT_LT(ms_since(start), 1000);
  for (audit::Reply const& reply : replies) EXPECT_EQ(reply.outcome, Outcome::cancelled);
  EXPECT_EQ(asking.ask(question({kServed})).outcome, Outcome::cancelled);
  EXPECT_TRUE(asking.peer().transcripts().empty());
}

TEST(Peer, MayEndBeforeItsQuestions) {
  ScriptedServer server{[](wire::ClientHello const& hello, unsigned) { return serve(hello, {kServed}); }};
  asio::io_context io;
  Target target;
  target.address = "127.0.0.1";
  target.port = server.port();
  auto peer =
      make_peer(io.get_executor(), target, {}, std::make_shared<net::Budget>(io.get_executor(), net::Limits{io.get_executor(), 1, 0}, 1));
  audit::Reply reply;
  asio::co_spawn(
      io,
      [](asio::awaitable<audit::Reply> asked, audit::Reply& out) -> asio::awaitable<void> {
        audit::Reply got = co_await std::move(asked);
        out = std::move(got);
      }(peer->exchange(question({kServed})), reply),
      asio::detached);
  peer.reset();
  io.run();
  EXPECT_TRUE(reply.answered());
}

asio::awaitable<void> collect(audit::Peer& peer, std::vector<std::uint64_t>& ids, std::size_t count) {
  auto const batch = peer.batch();
  for (std::uint64_t id = 1; id <= 5; ++id) batch->ask(id, question({id == 2 ? kOther : kServed}));
  while (ids.size() < count) {
    audit::Batch::Ended const ended = co_await batch->next();
    ids.push_back(ended.id);
    EXPECT_EQ(ended.reply.answered(), ended.id != 2);
  }
  EXPECT_EQ(batch->pending(), 5 - count);
}

TEST(Batch, ReturnsEveryReplyOnce) {
  ScriptedServer server{[](wire::ClientHello const& hello, unsigned) { return serve(hello, {kServed}); }};
  Asking asking{server.port()};
  std::vector<std::uint64_t> ids;
  asio::co_spawn(asking.io(), collect(asking.peer(), ids, 5), asio::detached);
  asking.run();
  EXPECT_EQ(std::set(ids.begin(), ids.end()).size(), 5U);
  EXPECT_EQ(asking.peer().transcripts().size(), 5U);
}

TEST(Batch, GivesUpWhatWasNotCollected) {
  ScriptedServer server{
      [](wire::ClientHello const& hello, unsigned connection) { return connection > 2 ? stay_silent() : serve(hello, {kServed}); }};
  Asking asking{server.port(), milliseconds{20'000}, 1};
  std::vector<std::uint64_t> ids;
  Clock::time_point const start = Clock::now();
  asio::co_spawn(asking.io(), collect(asking.peer(), ids, 2), asio::detached);
  asking.run();
  EXPECT_EQ(ids.size(), 2U);
  EXPECT_LT(ms_since(start), 1000);
}

}  // namespace
}  // namespace tlsgauge::peer
