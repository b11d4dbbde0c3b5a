#include <gmock/gmock.h>

#include "probes/oddities.hpp"
#include "probes/tls_server_script.hpp"
#include "support/facts.hpp"

namespace tlsgauge::probes {

extern audit::Probe const protocols;
extern audit::Probe const downgrade;
extern audit::Probe const tolerance;

namespace {

using audit::Outcome;
using audit::Question;
using test::alerted;
using test::ScriptedPeer;
using test::TlsServer;
using test::unanswered;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using wire::CipherSuite;
using wire::ProtocolVersion;

bool is_v2(Question const& question) { return !question.raw.empty() && (question.raw[0] & 0x80U) != 0; }

/// A good server but for what `refuses` says.
ScriptedPeer::Script script(std::function<std::optional<audit::Reply>(Question const&)> refuses, TlsServer server = test::intermediate(),
                            bool takes_v2 = false) {
  return [=](Question const& asked) {
    if (is_v2(asked) && !asked.ssl2) {
      return takes_v2 ? test::picked(ProtocolVersion::TLSv1_0, CipherSuite::TLS_RSA_WITH_AES_128_CBC_SHA) : alerted();
    }
    if (auto const reply = refuses(asked); reply && !asked.ssl2) return *reply;
    Question question = asked;
    question.hello.legacy_version = std::min(question.hello.legacy_version, ProtocolVersion::TLSv1_2);
    return server(question);
  };
}

ScriptedPeer::Script without(Oddity oddity, audit::Reply const& reply) {
  return script([=](Question const& question) { return has(question, oddity) ? std::optional{reply} : std::nullopt; });
}

ScriptedPeer::Script good(TlsServer server = test::intermediate(), bool takes_v2 = false) {
  return script([](Question const&) { return std::nullopt; }, std::move(server), takes_v2);
}

struct Learned {
  Value facts;
  std::vector<std::string> open;
  std::uint32_t connections = 0;
};

Learned learn(ScriptedPeer& peer) {
  audit::Facts const known = test::learned(protocols, peer);
  (void)test::ask(downgrade, peer, known);
  std::uint32_t const before = peer.connections();
  audit::Observation const seen = test::ask(tolerance, peer, known);
  return {seen.facts().at(0).second, seen.open(), peer.connections() - before};
}

TEST(Tolerance, OfAGoodServerIsKnownFromTheHellosOfOthers) {
  ScriptedPeer peer{good()};
  Learned const learned = learn(peer);
  for (Oddity const oddity : kOddities) EXPECT_EQ(learned.facts[name(oddity)], Value{"yes"}) << name(oddity);
  EXPECT_EQ(learned.facts["ssl2_hello"], Value{"not_applicable"});
  EXPECT_THAT(learned.open, IsEmpty());
  EXPECT_EQ(learned.connections, 0U);
}

TEST(Tolerance, OfAServerOfAnyVersionIsAskedForWithItsOwnHello) {
  for (ProtocolVersion const version :
       {ProtocolVersion::TLSv1_0, ProtocolVersion::TLSv1_1, ProtocolVersion::TLSv1_2, ProtocolVersion::TLSv1_3}) {
    TlsServer server = test::intermediate();
    if (version != ProtocolVersion::TLSv1_3) {
      server.suites.clear();
      server.suites[version] = {CipherSuite::TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA};
    } else {
      server.suites.erase(ProtocolVersion::TLSv1_2);
    }
    ScriptedPeer peer{good(server)};
    Learned const learned = learn(peer);
    for (Oddity const oddity : kOddities) EXPECT_EQ(learned.facts[name(oddity)], Value{"yes"}) << name(oddity) << wire::name(version);
    EXPECT_EQ(learned.facts["ssl2_hello"], Value{version > ProtocolVersion::TLSv1_1 ? "not_applicable" : "no"});
    EXPECT_LE(learned.connections, 2U);
  }
}

TEST(Tolerance, NamesTheCulpritAndNoOther) {
  for (Oddity const culprit : kOddities) {
    for (audit::Reply const& reply : {alerted(), unanswered(Outcome::refused_silently, "silent"), unanswered(Outcome::malformed, "odd")}) {
      ScriptedPeer peer{without(culprit, reply)};
      Learned const learned = learn(peer);
      for (Oddity const oddity : kOddities) {
        EXPECT_EQ(learned.facts[name(oddity)], Value{oddity == culprit ? "no" : "yes"}) << name(oddity) << " beside " << name(culprit);
      }
      EXPECT_TRUE(learned.facts["reasons"][name(culprit)].is_string());
      EXPECT_THAT(learned.open, IsEmpty());
    }
  }
}

TEST(Tolerance, IsInconclusiveWhereTheHelloTimesOut) {
  ScriptedPeer peer{without(Oddity::two_records, unanswered(Outcome::inconclusive, "timed out"))};
  Learned const learned = learn(peer);
  EXPECT_EQ(learned.facts["two_records"], Value{"inconclusive"});
  EXPECT_EQ(learned.facts["two_segments"], Value{"yes"});
  EXPECT_EQ(learned.facts["inconclusive"], Value{"two_records: timed out"});
  EXPECT_THAT(learned.open, SizeIs(1));
}

TEST(Tolerance, IsNotDeniedByAServerThatRefusesPlainHellosToo) {
  bool closed = false;
  ScriptedPeer::Script const server = good();
  ScriptedPeer peer{[&](Question const& question) { return closed ? alerted() : server(question); }};
  audit::Facts const known = test::learned(protocols, peer);
  closed = true;
  audit::Observation const seen = test::ask(tolerance, peer, known);
  Value const& facts = seen.facts().at(0).second;
  for (Oddity const oddity : kOddities) {
    EXPECT_NE(facts[name(oddity)], Value{"no"}) << name(oddity);
  }
  EXPECT_EQ(facts["grease"], Value{"inconclusive"});
  EXPECT_THAT(facts["reasons"]["grease"].as_string(), HasSubstr("plain hello"));
}

TEST(Tolerance, DoesNotTakeAGreaseValueForAnAnswer) {
  ScriptedPeer peer{[server = good()](Question const& question) {
    audit::Reply reply = server(question);
    if (reply.flight.server_hello && has(question, Oddity::many_suites)) {
      // What an exchange does with raw octets: it does not check the answer against the hello.
      reply.flight.server_hello->cipher_suite = CipherSuite::GREASE_0A0A;
      if (question.raw.empty()) reply.outcome = Outcome::malformed;
    }
    return reply;
  }};
  Learned const learned = learn(peer);
  EXPECT_EQ(learned.facts["many_suites"], Value{"no"});
  EXPECT_EQ(learned.facts["grease"], Value{"yes"});
}

TEST(Tolerance, OfAnSsl2HelloIsNamed) {
  TlsServer old = test::intermediate();
  old.suites[ProtocolVersion::TLSv1_0] = {CipherSuite::TLS_RSA_WITH_AES_128_CBC_SHA};
  ScriptedPeer peer{good(old, true)};
  Learned const learned = learn(peer);
  EXPECT_EQ(learned.facts["ssl2_hello"], Value{"yes"});
  ScriptedPeer::Script const server = good(old);
  ScriptedPeer slow{[&](Question const& question) {
    return is_v2(question) && !question.ssl2 ? unanswered(Outcome::inconclusive, "timed out") : server(question);
  }};
  EXPECT_EQ(learn(slow).facts["ssl2_hello"], Value{"inconclusive"});
}

TEST(Tolerance, IsInconclusiveWhenTheServerIsSilent) {
  ScriptedPeer peer{[](Question const&) { return unanswered(Outcome::inconclusive, "timed out"); }};
  audit::Observation const seen = test::ask(tolerance, peer, test::supporting({"TLSv1.0", "TLSv1.2", "TLSv1.3"}));
  Value const& facts = seen.facts().at(0).second;
  for (Oddity const oddity : kOddities) EXPECT_EQ(facts[name(oddity)], Value{"inconclusive"}) << name(oddity);
  EXPECT_EQ(facts["ssl2_hello"], Value{"inconclusive"});
  EXPECT_THAT(seen.open(), SizeIs(1));
  EXPECT_LE(peer.connections(), 11U);
}

TEST(Tolerance, AppliesFromTls10On) {
  EXPECT_FALSE(tolerance.applies(test::supporting({"SSLv2", "SSLv3"})).applies);
  EXPECT_TRUE(tolerance.applies(test::supporting({"TLSv1.1"})).applies);
}

TEST(Oddities, AreInTheHello) {
  for (ProtocolVersion const version : {ProtocolVersion::TLSv1_2, ProtocolVersion::TLSv1_3}) {
    wire::ClientHello const plain = version == ProtocolVersion::TLSv1_3
                                        ? wire::canary_hello("example.test")
                                        : wire::hello_for(version, {CipherSuite::TLS_RSA_WITH_AES_128_CBC_SHA}, "example.test");
    for (Oddity const oddity : kOddities) {
      Question const question = odd(plain, oddity);
      EXPECT_TRUE(has(question, oddity)) << name(oddity);
      for (Oddity const other : kOddities) {
        bool const size = other == Oddity::large_hello || other == Oddity::hello_256_511;
        if (other == oddity || size) continue;
        EXPECT_FALSE(has(question, other)) << name(other) << " with " << name(oddity);
      }
      Result<wire::ClientHello> const read = wire::ClientHello::parse(question.hello.encode());
      EXPECT_TRUE(read) << name(oddity);
    }
    Question const all = odd(plain, kTogether, "all");
    for (Oddity const oddity : kTogether) EXPECT_TRUE(has(all, oddity)) << name(oddity);
    EXPECT_GT(all.delivery.segment, 1500U);
    EXPECT_GT(all.delivery.record, all.delivery.segment);
    EXPECT_LT(all.delivery.record, all.hello.encode().size());
    EXPECT_FALSE(has(all, Oddity::hello_256_511));
  }
}

}  // namespace
}  // namespace tlsgauge::probes
