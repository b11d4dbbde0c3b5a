#include <gmock/gmock.h>

#include "crypto/primality.hpp"
#include "probes/tls_server_script.hpp"
#include "support/facts.hpp"

namespace tlsgauge::probes {

extern audit::Probe const protocols;
extern audit::Probe const dh_parameters;

namespace {

using test::ScriptedPeer;
using test::supporting;
using wire::CipherSuite;
using wire::ProtocolVersion;

constexpr CipherSuite kDhe = CipherSuite::TLS_DHE_RSA_WITH_AES_128_GCM_SHA256;
constexpr CipherSuite kEcdhe = CipherSuite::TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256;

struct Dh {
  Bytes p{23}, g{5};
  bool fresh = true;
};

/// Asks twice, so that there are two connections to compare.
audit::Observation learn(ScriptedPeer& peer, unsigned times = 2, audit::Facts const& facts = supporting({"TLSv1.2"})) {
  for (unsigned k = 0; k < times; ++k) {
    audit::Question question{usual_hello(ProtocolVersion::TLSv1_2, {kDhe}, "example.test")};
    std::unique_ptr<audit::Batch> const batch = peer.batch();
    batch->ask(1, std::move(question));
    test::run(batch->next());
  }
  return test::ask(dh_parameters, peer, facts);
}

ScriptedPeer::Script dhe(Dh dh) {
  auto count = std::make_shared<std::uint8_t>(std::uint8_t{1});
  return [dh, count](audit::Question const&) {
    audit::Reply reply = test::picked(ProtocolVersion::TLSv1_2, kDhe);
    wire::ServerKeyExchange& exchange = reply.flight.server_key_exchange.emplace();
    exchange.dh_p = dh.p;
    exchange.dh_g = dh.g;
    exchange.dh_ys = Bytes{dh.fresh ? (*count)++ : std::uint8_t{7}};
    return reply;
  };
}

Value fact(audit::Observation const& seen) { return seen.facts().at(0).second; }

TEST(DhParameters, DescribesASafePrimeWithFreshKeys) {
  ScriptedPeer peer{dhe({})};
  audit::Observation const seen = learn(peer);
  Value const facts = fact(seen);
  ASSERT_EQ(facts["groups"].items().size(), 1U);
  Value const& group = facts["groups"].items()[0];
  EXPECT_EQ(group["bits"], Value{5});
  EXPECT_TRUE(group["name"].is_null());
  EXPECT_EQ(group["generator"], Value{"05"});
  EXPECT_EQ(group["prime"], Value{true});
  EXPECT_EQ(group["safe_prime"], Value{true});
  EXPECT_EQ(group["reused"], Value{false});
  EXPECT_TRUE(group["evidence"].is_null());
  EXPECT_EQ(group["suites"].items()[0], Value{wire::name(kDhe)});
  EXPECT_EQ(group["protocols"].items()[0], Value{"TLSv1.2"});
  EXPECT_EQ(peer.connections(), 2U);
}

TEST(DhParameters, NamesAKnownPrime) {
  wire::DhPrimeInfo const& known = wire::dh_primes().front();
  Dh dh;
  dh.p = from_hex(known.hex).value_or(Bytes{});
  ScriptedPeer peer{dhe(dh)};
  audit::Observation const seen = learn(peer);
  EXPECT_EQ(fact(seen)["groups"].items()[0]["name"], Value{known.name});
}

TEST(DhParameters, ShowsACompositeWithEvidence) {
  Dh dh;
  dh.p = {21};
  ScriptedPeer peer{dhe(dh)};
  audit::Observation const seen = learn(peer);
  Value const facts = fact(seen);
  Value const& group = facts["groups"].items()[0];
  EXPECT_EQ(group["prime"], Value{false});
  EXPECT_EQ(group["safe_prime"], Value{false});
  ASSERT_EQ(group["evidence"].items().size(), 2U);
  EXPECT_NE(group["evidence"].items()[0]["connection"], group["evidence"].items()[1]["connection"]);
}

TEST(DhParameters, ShowsBothConnectionsOfAReusedKey) {
  Dh dh;
  dh.fresh = false;
  ScriptedPeer peer{dhe(dh)};
  audit::Observation const seen = learn(peer);
  Value const facts = fact(seen);
  Value const& group = facts["groups"].items()[0];
  EXPECT_EQ(group["reused"], Value{true});
  ASSERT_EQ(group["evidence"].items().size(), 2U);
  EXPECT_NE(group["evidence"].items()[0]["connection"], group["evidence"].items()[1]["connection"]);
}

TEST(DhParameters, DoesNotKnowOfReuseAfterOneConnection) {
  ScriptedPeer peer{dhe({})};
  audit::Observation const seen = learn(peer, 1);
  EXPECT_TRUE(fact(seen)["groups"].items()[0]["reused"].is_null());
}

TEST(DhParameters, ComparesPointsOfOneCurve) {
  for (bool const fresh : {true, false}) {
    std::uint8_t count = 0;
    ScriptedPeer peer{[&](audit::Question const&) {
      audit::Reply reply = test::picked(ProtocolVersion::TLSv1_2, kEcdhe);
      wire::ServerKeyExchange& exchange = reply.flight.server_key_exchange.emplace();
      exchange.group = wire::NamedGroup::secp256r1;
      exchange.ec_point = Bytes{4, fresh ? ++count : std::uint8_t{9}};
      return reply;
    }};
    audit::Observation const seen = learn(peer);
    EXPECT_EQ(fact(seen)["ecdh_reused"], Value{!fresh});
    EXPECT_EQ(fact(seen)["evidence"].items().size(), fresh ? 0U : 2U);
    EXPECT_TRUE(fact(seen)["groups"].items().empty());
  }
}

TEST(DhParameters, SaysThatAGroupWasNotRead) {
  ScriptedPeer peer{[](audit::Question const&) { return test::unanswered(audit::Outcome::inconclusive, "timed out"); }};
  audit::Facts facts = supporting({"TLSv1.2"});
  Value suite = Value::object();
  suite.set("protocol", "TLSv1.2").set("code", wire::code_text(kDhe)).set("name", wire::name(kDhe));
  Value suites = Value::array();
  suites.push_back(std::move(suite));
  facts.set("cipher_suites", std::move(suites));
  audit::Observation const seen = learn(peer, 1, facts);
  EXPECT_TRUE(fact(seen)["inconclusive"].is_string());
  EXPECT_EQ(seen.open().size(), 1U);
  EXPECT_TRUE(fact(seen)["ecdh_reused"].is_null());
}

TEST(DhParameters, AppliesUpToTls12) {
  EXPECT_FALSE(dh_parameters.applies(supporting({"TLSv1.3"})).applies);
  EXPECT_TRUE(dh_parameters.applies(supporting({"TLSv1.0", "TLSv1.3"})).applies);
}

TEST(Primality, KnowsSmallNumbersAndLeavesLongOnes) {
  for (unsigned const number : {2U, 3U, 5U, 7U, 11U, 13U, 23U})
    EXPECT_TRUE(crypto::primality(Bytes{static_cast<std::uint8_t>(number)})->prime);
  for (unsigned const number : {0U, 1U, 4U, 9U, 15U, 21U}) EXPECT_FALSE(crypto::primality(Bytes{static_cast<std::uint8_t>(number)})->prime);
  EXPECT_FALSE(crypto::primality(Bytes{13})->safe_prime);
  EXPECT_TRUE(crypto::primality(Bytes{23})->safe_prime);
  EXPECT_FALSE(crypto::primality(Bytes(1025, 0xFF)).has_value());
}

}  // namespace
}  // namespace tlsgauge::probes
