// Honest servers behind a bad way: what they serve is found, and what they do not serve is never mixed up with faults.

#include <gtest/gtest.h>

#include <atomic>
#include <random>
#include <thread>

#include "peer/asking.hpp"
#include "peer/suspicion.hpp"

namespace tlsgauge::peer {
namespace {

using namespace test;
using audit::Outcome;

/// Twenty questions that are served and ten that are not.
std::vector<audit::Question> thirty() {
  std::vector<audit::Question> questions;
  for (int i = 0; i < 30; ++i) questions.push_back(question({i % 3 == 2 ? kOther : kServed}));
  return questions;
}

struct Tally {
  unsigned served_found = 0;
  unsigned refused_found = 0;
  unsigned open = 0;
  unsigned wrong = 0;
  std::string why;
};

Tally tally(std::vector<audit::Reply> const& replies) {
  Tally tally;
  for (std::size_t i = 0; i < replies.size(); ++i) {
    bool const served = i % 3 != 2;
    audit::Reply const& reply = replies[i];
    if (reply.answered() && served) ++tally.served_found;
    if (reply.refused() && !served) ++tally.refused_found;
    if ((reply.answered() && !served) || (reply.refused() && served)) ++tally.wrong;
    if (!reply.answered() && !reply.refused()) ++tally.open;
    if (!reply.answered() && served) tally.why += reply.why() + "\n";
  }
  return tally;
}

TEST(FaultyWay, ThirtyPerCentOfConnectionsAreReset) {
  for (unsigned seed = 0; seed < 5; ++seed) {
    std::mt19937 random{seed};
    ScriptedServer server{[&](wire::ClientHello const& hello, unsigned) { return random() % 10 < 3 ? reset() : serve(hello, {kServed}); }};
    Asking asking{server.port(), milliseconds{3000}};
    Tally const found = tally(asking.ask_all(thirty()));
    EXPECT_EQ(found.served_found, 20U) << found.why;
    EXPECT_EQ(found.refused_found, 10U);
    EXPECT_EQ(found.wrong, 0U);
  }
}

TEST(FaultyWay, TenPerCentOfConnectionsStall) {
  std::mt19937 random{7};
  ScriptedServer server{
      [&](wire::ClientHello const& hello, unsigned) { return random() % 10 < 1 ? stay_silent() : serve(hello, {kServed}); }};
  Asking asking{server.port(), milliseconds{500}};
  Tally const found = tally(asking.ask_all(thirty()));
  EXPECT_EQ(found.served_found, 20U) << found.why;
  EXPECT_EQ(found.refused_found, 10U);
  EXPECT_EQ(found.wrong, 0U);
}

/// Resets what comes while `most` others are open.
class Crowded final : public net::Handler {
 public:
  Crowded(std::atomic<int>& open, int most) : open_(open), refused_(++open > most) {}
  ~Crowded() override { --open_; }
  Reaction on_open() override { return refused_ ? reset() : Reaction{}; }
  Reaction on_bytes(ByteView) override {
    Reaction reaction;  // takes its time
    reaction.wake_after = milliseconds{5};
    return reaction;
  }
  Reaction on_wake() override { return send(in_records(flight(ProtocolVersion::TLSv1_2, kServed))); }

 private:
  std::atomic<int>& open_;
  bool refused_;
};

TEST(FaultyWay, SoManyConnectionsAtATimeAndNoMore) {
  for (int const most : {1, 2, 4}) {
    std::atomic<int> open{0};
    ScriptedServer server{[&] { return std::make_unique<Crowded>(open, most); }};
    Asking asking{server.port(), milliseconds{500}};
    std::vector<audit::Question> questions;
    for (int i = 0; i < 30; ++i) questions.push_back(question({kServed}));
    unsigned answered = 0;
    for (audit::Reply const& reply : asking.ask_all(std::move(questions))) {
      answered += reply.answered() ? 1U : 0U;
      EXPECT_FALSE(reply.refused()) << most << ": " << reply.why();
    }
    EXPECT_EQ(answered, 30U) << most;
    EXPECT_LE(asking.peer().lanes(), 8U);
  }
}

TEST(FaultyWay, ARateOfConnectionsAndNoMore) {
  std::atomic<long> tokens{10};
  std::atomic<bool> over{false};
  std::thread refill{[&] {
    while (!over) {
      std::this_thread::sleep_for(milliseconds{25});
      if (tokens < 10) ++tokens;
    }
  }};
  {
    ScriptedServer server{[&](wire::ClientHello const& hello, unsigned) {
      if (tokens <= 0) return reset();
      --tokens;
      return serve(hello, {kServed});
    }};
    Asking asking{server.port(), milliseconds{1000}};
    Tally const found = tally(asking.ask_all(thirty()));
    EXPECT_EQ(found.served_found, 20U) << found.why;
    EXPECT_EQ(found.refused_found, 10U);
    EXPECT_EQ(found.wrong, 0U);
  }
  over = true;
  refill.join();
}

TEST(SilentRefusal, IsBelievedWhenControlsInBetweenSucceed) {
  for (Reaction const& no : {hang_up(), reset(), stay_silent()}) {
    ScriptedServer server{[&](wire::ClientHello const& hello, unsigned) {
      for (CipherSuite const suite : hello.cipher_suites) {
        if (suite == kServed) return serve(hello, {kServed});
      }
      // the canary's
      return hello.cipher_suites.size() > 5 ? send(in_records(flight(ProtocolVersion::TLSv1_2, hello.cipher_suites.back()))) : no;
    }};
    Asking asking{server.port(), milliseconds{300}};
    for (int i = 0; i < 20; ++i) ASSERT_TRUE(asking.ask(question({kServed})).answered());
    audit::Reply const reply = asking.ask(question({kOther}));
    EXPECT_EQ(reply.outcome, Outcome::refused_silently) << reply.why();
    EXPECT_GE(reply.attempts, 3U);
    EXPECT_LE(reply.attempts, Suspicion::kMost);
    EXPECT_NE(reply.why().find("control hellos"), std::string::npos);
  }
}

TEST(SilentRefusal, IsNotBelievedOfHellosThatAreOnlyTooLarge) {
  ScriptedServer server{[&](wire::ClientHello const& hello, unsigned) {
    if (hello.encode_in_records().size() > 700) return hang_up();
    return hello.cipher_suites.size() > 5 ? send(in_records(flight(ProtocolVersion::TLSv1_2, hello.cipher_suites.back())))
                                          : serve(hello, {kServed});
  }};
  Asking asking{server.port(), milliseconds{300}};
  audit::Question large = question({kServed});
  wire::put(large.hello, wire::padding(1000));
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(asking.ask(question({kServed})).answered());
  audit::Reply const reply = asking.ask(large);
  EXPECT_EQ(reply.outcome, Outcome::inconclusive) << reply.why();
  EXPECT_NE(reply.why().find("octets"), std::string::npos) << reply.why();
}

TEST(SilentRefusal, IsNotBelievedOfHellosThatOnlyHoldTooManySuites) {
  ScriptedServer server{[&](wire::ClientHello const& hello, unsigned) {
    if (hello.cipher_suites.size() > 64) return hang_up();
    return hello.cipher_suites.size() > 5 ? send(in_records(flight(ProtocolVersion::TLSv1_2, hello.cipher_suites.back())))
                                          : serve(hello, {kServed});
  }};
  Asking asking{server.port(), milliseconds{300}};
  std::vector<CipherSuite> suites = wire::offerable_suites(ProtocolVersion::TLSv1_2);
  suites.resize(100);
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(asking.ask(question({kServed})).answered());
  audit::Reply const reply = asking.ask(question(suites));
  EXPECT_EQ(reply.outcome, Outcome::inconclusive) << reply.why();
}

/// Keys that are used up by their first start.
class OneUse final : public wire::FlightKeys {
 public:
  Result<void> start(ByteView, ByteView, wire::ServerHello const&) override {
    ++starts;
    return {};
  }
  Result<wire::OpenedRecord> open(ByteView) override { return Error{ErrorKind::malformed, "not opened"}; }
  int starts = 0;
};

TEST(Keys, AreNotUsedTwice) {
  ScriptedServer server{[](wire::ClientHello const& hello, unsigned) {
    wire::Writer writer;
    writer.code(ProtocolVersion::TLSv1_2);
    writer.bytes(Bytes(32, 0x5A));
    writer.vector8([&](wire::Writer& w) { w.bytes(hello.legacy_session_id); });
    writer.code(CipherSuite::TLS_AES_128_GCM_SHA256);
    writer.u8(0);
    writer.vector16([](wire::Writer& list) {
      list.u16(43);
      list.vector16([](wire::Writer& version) { version.u16(0x0304); });
    });
    return send(in_records(message(wire::HandshakeType::server_hello, writer.take())), true);
  }};
  Asking asking{server.port(), milliseconds{300}};
  audit::Question asked = question({CipherSuite::TLS_AES_128_GCM_SHA256}, ProtocolVersion::TLSv1_3);
  auto const keys = std::make_shared<OneUse>();
  asked.keys = keys;
  audit::Reply const reply = asking.ask(asked);
  EXPECT_EQ(reply.outcome, Outcome::inconclusive) << reply.why();
  EXPECT_EQ(keys->starts, 1);
  EXPECT_EQ(reply.attempts, 1U);
}

}  // namespace
}  // namespace tlsgauge::peer
