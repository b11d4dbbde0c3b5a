// Servers that misbehave: each ends within its time, in bounded memory, and never as a "no".

#include <gtest/gtest.h>
#include <malloc.h>

#include <algorithm>
#include <cstddef>
#include <random>

#include "peer/asking.hpp"

#ifdef __SANITIZE_ADDRESS__
extern "C" std::size_t __sanitizer_get_current_allocated_bytes();  // NOLINT: sanitizer/allocator_interface.h comes with clang only
#endif

namespace tlsgauge::peer {
namespace {

using namespace test;
using audit::Outcome;

/// Allocated and not freed. (The resident set would count the sanitizer's quarantine.)
std::size_t live_octets() {
#ifdef __SANITIZE_ADDRESS__
  return __sanitizer_get_current_allocated_bytes();
#else
  struct mallinfo2 const info = mallinfo2();
  return info.uordblks + info.hblkhd;
#endif
}

/// Says what it is told as soon as it is connected to.
class Greeting final : public net::Handler {
 public:
  explicit Greeting(Reaction reaction) : reaction_(std::move(reaction)) {}
  Reaction on_open() override { return reaction_; }
  Reaction on_bytes(ByteView) override { return {}; }

 private:
  Reaction reaction_;
};

/// Sends these octets again and again, from the first one that arrives on.
class Endless final : public net::Handler {
 public:
  Endless(Bytes octets, milliseconds pause) : octets_(std::move(octets)), pause_(pause) {}
  Reaction on_bytes(ByteView) override { return on_wake(); }
  Reaction on_wake() override {
    Reaction reaction = send(octets_);
    reaction.wake_after = pause_;
    return reaction;
  }

 private:
  Bytes octets_;
  milliseconds pause_;
};

/// Sends a whole flight, octet by octet.
class Slow final : public net::Handler {
 public:
  explicit Slow(milliseconds pause) : pause_(pause) {}
  Reaction on_bytes(ByteView) override { return on_wake(); }
  Reaction on_wake() override {
    Reaction reaction = send(Bytes{flight_[at_ % flight_.size()]});
    ++at_;
    reaction.wake_after = pause_;
    return reaction;
  }

 private:
  Bytes flight_ = in_records(flight(ProtocolVersion::TLSv1_2, kServed));
  std::size_t at_ = 0;
  milliseconds pause_;
};

audit::Reply ask_once(ScriptedServer const& server, double most_ms, milliseconds timeout = milliseconds{400}) {
  Asking asking{server.port(), timeout};
  Clock::time_point const start = Clock::now();
  audit::Reply reply = asking.ask(question({kServed}));
  EXPECT_LT(ms_since(start), most_ms);
  EXPECT_FALSE(reply.refused()) << reply.why();
  EXPECT_FALSE(reply.answered());
  EXPECT_FALSE(reply.why().empty());
  return reply;
}

TEST(HostilePeer, Silence) {
  ScriptedServer server{[](wire::ClientHello const&, unsigned) { return stay_silent(); }};
  EXPECT_EQ(ask_once(server, 1500).outcome, Outcome::inconclusive);
}

TEST(HostilePeer, OneOctetNowAndThen) {
  ScriptedServer server{[] { return std::make_unique<Slow>(milliseconds{50}); }};
  EXPECT_EQ(ask_once(server, 1500).outcome, Outcome::inconclusive);
}

TEST(HostilePeer, ClosesAtOnce) {
  ScriptedServer server{[] { return std::make_unique<Greeting>(hang_up()); }};
  EXPECT_EQ(ask_once(server, 1000).outcome, Outcome::inconclusive);
}

TEST(HostilePeer, ClosesOnTheHello) {
  ScriptedServer server{[](wire::ClientHello const&, unsigned) { return hang_up(); }};
  audit::Reply const reply = ask_once(server, 1000);
  EXPECT_EQ(reply.outcome, Outcome::inconclusive);
  EXPECT_EQ(reply.attempts, 3U);
}

TEST(HostilePeer, ResetsInTheMiddle) {
  ScriptedServer server{[](wire::ClientHello const&, unsigned) {
    Bytes bytes = in_records(flight(ProtocolVersion::TLSv1_2, kServed));
    bytes.resize(bytes.size() / 2);
    Reaction reaction = send(bytes);
    reaction.reset = true;
    return reaction;
  }};
  EXPECT_EQ(ask_once(server, 1000).outcome, Outcome::inconclusive);
}

TEST(HostilePeer, SpeaksHttp) {
  ScriptedServer server{
      [](wire::ClientHello const&, unsigned) { return send("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n", true); }};
  EXPECT_EQ(ask_once(server, 1000).outcome, Outcome::not_tls);
}

TEST(HostilePeer, GreetsAsSshDoes) {
  ScriptedServer server{[] { return std::make_unique<Greeting>(send("SSH-2.0-OpenSSH_9.2\r\n")); }};
  EXPECT_EQ(ask_once(server, 1000).outcome, Outcome::not_tls);
}

TEST(HostilePeer, SendsGarbage) {
  for (unsigned seed = 0; seed < 20; ++seed) {
    ScriptedServer server{[seed](wire::ClientHello const&, unsigned) {
      std::mt19937 random{seed};
      Bytes bytes(3000);
      std::generate(bytes.begin(), bytes.end(), [&] { return static_cast<std::uint8_t>(random()); });
      return send(bytes, true);
    }};
    ask_once(server, 1500, milliseconds{300});
  }
}

TEST(HostilePeer, SendsGarbageInRecords) {
  for (unsigned seed = 0; seed < 20; ++seed) {
    ScriptedServer server{[seed](wire::ClientHello const&, unsigned) {
      std::mt19937 random{seed};
      Bytes bytes(300);
      std::generate(bytes.begin(), bytes.end(), [&] { return static_cast<std::uint8_t>(random()); });
      return send(in_records(bytes), true);
    }};
    ask_once(server, 1500, milliseconds{300});
  }
}

TEST(HostilePeer, AnnouncesAnOversizedRecord) {
  ScriptedServer server{[](wire::ClientHello const&, unsigned) { return send(Bytes{22, 3, 3, 0xFF, 0xFF, 2, 0}); }};
  EXPECT_EQ(ask_once(server, 1000).outcome, Outcome::malformed);
}

TEST(HostilePeer, AnnouncesAMessageOfSixteenMebibytes) {
  ScriptedServer server{[](wire::ClientHello const&, unsigned) { return send(in_records(Bytes{11, 0xFF, 0xFF, 0xFF, 1, 2, 3})); }};
  EXPECT_EQ(ask_once(server, 1000).outcome, Outcome::malformed);
}

TEST(HostilePeer, SendsAMessageOfSixteenMebibytes) {
  Bytes message{11, 0xFF, 0xFF, 0xFF};
  message.resize(16 * 1024 * 1024);
  ScriptedServer server{[records = in_records(message)](wire::ClientHello const&, unsigned) { return send(records); }};
  EXPECT_EQ(ask_once(server, 2000).outcome, Outcome::malformed);
}

TEST(HostilePeer, SendsRecordsForEver) {
  Bytes many;
  for (int i = 0; i < 50; ++i) {
    Bytes const record = alert(wire::AlertDescription::unrecognized_name, wire::AlertLevel::warning);
    many.insert(many.end(), record.begin(), record.end());
  }
  ScriptedServer server{[many] { return std::make_unique<Endless>(many, milliseconds{1}); }};
  audit::Reply const reply = ask_once(server, 3000);
  EXPECT_TRUE(reply.outcome == Outcome::inconclusive || reply.outcome == Outcome::malformed) << reply.why();
}

TEST(HostilePeer, SendsCertificatesForEver) {
  Bytes const hello = in_records(server_hello(ProtocolVersion::TLSv1_2, kServed));
  Bytes many(64 * 1024);
  Bytes const message = in_records(test::message(wire::HandshakeType::certificate, Bytes(10'000)));
  for (int i = 0; i < 100; ++i) many.insert(many.end(), message.begin(), message.end());
  ScriptedServer server{[&](wire::ClientHello const&, unsigned) {
    Bytes all = hello;
    all.insert(all.end(), many.begin() + 64 * 1024, many.end());
    return send(all);
  }};
  EXPECT_EQ(ask_once(server, 2000).outcome, Outcome::malformed);
}

TEST(HostilePeer, PicksASuiteThatWasNotOffered) {
  ScriptedServer server{[](wire::ClientHello const&, unsigned) { return send(in_records(flight(ProtocolVersion::TLSv1_2, kOther))); }};
  audit::Reply const reply = ask_once(server, 1000);
  EXPECT_EQ(reply.outcome, Outcome::malformed);
  EXPECT_EQ(reply.attempts, 3U);
  EXPECT_NE(reply.why().find("TLS_RSA_WITH_AES_256_CBC_SHA"), std::string::npos) << reply.why();
}

TEST(HostilePeer, PicksAVersionThatWasNotOffered) {
  ScriptedServer server{[](wire::ClientHello const&, unsigned) { return send(in_records(flight(ProtocolVersion{0x0305}, kServed))); }};
  EXPECT_EQ(ask_once(server, 1000).outcome, Outcome::malformed);
}

TEST(HostilePeer, PicksACompressionThatWasNotOffered) {
  ScriptedServer server{[](wire::ClientHello const&, unsigned) { return send(in_records(flight(ProtocolVersion::TLSv1_2, kServed, 1))); }};
  EXPECT_EQ(ask_once(server, 1000).outcome, Outcome::malformed);
}

TEST(HostilePeer, AnswersOnlyOnce) {
  ScriptedServer server{
      [](wire::ClientHello const& hello, unsigned connection) { return connection == 1 ? serve(hello, {kServed}) : stay_silent(); }};
  Asking asking{server.port(), milliseconds{300}};
  EXPECT_TRUE(asking.ask(question({kServed})).answered());
  Clock::time_point const start = Clock::now();
  audit::Reply const reply = asking.ask(question({kOther}));
  EXPECT_EQ(reply.outcome, Outcome::inconclusive) << reply.why();
  EXPECT_LT(ms_since(start), 3000 + 2500);  // the patience, and what was under way
}

TEST(HostilePeer, DoesNotMakeUsKeepMuch) {
  Bytes message = test::message(wire::HandshakeType::certificate, Bytes(200'000));
  Bytes all = in_records(server_hello(ProtocolVersion::TLSv1_2, kServed));
  Bytes const rest = in_records(message);
  all.insert(all.end(), rest.begin(), rest.end());
  std::size_t const before = live_octets();
  ScriptedServer server{[all](wire::ClientHello const&, unsigned) { return send(all, true); }};
  Asking asking{server.port(), milliseconds{300}};
  for (int i = 0; i < 400; ++i) asking.ask(question({kServed}));
  EXPECT_LT(live_octets() - before, 40UL * 1024 * 1024);  // 400 flights would take 80
}

}  // namespace
}  // namespace tlsgauge::peer
