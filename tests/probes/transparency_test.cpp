#include <gmock/gmock.h>

#include "crypto/test_log.hpp"
#include "support/facts.hpp"
#include "support/scripted_peer.hpp"
#include "wire/hello.hpp"

namespace tlsgauge::probes {

extern audit::Probe const transparency;

namespace {

using test::LoggedChain;
using test::picked;
using test::ScriptedPeer;
using test::supporting;
using test::TestLog;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using wire::ExtensionType;
using wire::ProtocolVersion;

Moment const kFrom = parse_rfc3339("2026-06-01T00:00:00Z").value();

std::shared_ptr<std::vector<CtLog> const> known(std::vector<std::pair<TestLog const*, std::string>> const& logs,
                                                std::string state = "usable") {
  auto list = std::make_shared<std::vector<CtLog>>();
  for (auto const& [log, operated_by] : logs) {
    CtLog& one = list->emplace_back();
    one.description = operated_by + "'s log";
    one.operated_by = operated_by;
    one.key = log->spki();
    one.state = state;
    one.state_since = kFrom + std::chrono::days{10};
  }
  return list;
}

/// TLS 1.2 with this chain; `by_tls` are given to whoever asks.
ScriptedPeer::Script showing(std::vector<Bytes> chain, std::vector<Bytes> by_tls = {}) {
  return [chain = std::move(chain), by_tls = std::move(by_tls)](audit::Question const& question) {
    audit::Reply reply = picked(ProtocolVersion::TLSv1_2, wire::CipherSuite::TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256);
    reply.flight.certificates = chain;
    bool const wanted = wire::find(question.hello.extensions, ExtensionType::signed_certificate_timestamp) != nullptr;
    if (wanted && !by_tls.empty()) {
      reply.flight.server_hello->extensions.emplace_back(ExtensionType::signed_certificate_timestamp, test::sct_list(by_tls));
    }
    return reply;
  };
}

struct Case {
  explicit Case(ScriptedPeer::Script script, std::shared_ptr<std::vector<CtLog> const> logs = nullptr) : peer(std::move(script)) {
    audit::Settings settings;
    settings.at = kFrom + std::chrono::days{30};
    settings.ct_logs = std::move(logs);
    peer.set_settings(settings);
    // What the probe of certificates has asked before.
    test::run(peer.exchange(audit::Question{
        wire::hello_for(ProtocolVersion::TLSv1_2, {wire::CipherSuite::TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256}, "example.test")}));
  }
  Value entry() { return observe().facts().front().second.items().front(); }
  audit::Observation observe() { return test::ask(transparency, peer, supporting({"TLSv1.2"})); }
  ScriptedPeer peer;
};

std::vector<std::string> statuses(Value const& entry) {
  std::vector<std::string> out;
  for (Value const& each : entry["timestamps"].items()) out.push_back(each["status"].as_string());
  return out;
}

TEST(TransparencyProbe, TwoLogsOfTwoOperatorsAreEnoughForNinetyDays) {
  TestLog const a, b;
  Case one{showing(test::logged_chain({&a, &b}, kFrom).chain()), known({{&a, "A"}, {&b, "B"}})};
  Value const entry = one.entry();
  EXPECT_THAT(statuses(entry), ElementsAre("valid", "valid"));
  EXPECT_EQ(entry["satisfied"], Value{true});
  EXPECT_EQ(entry["timestamps"].items().front()["operator"], Value{"A"});
  EXPECT_EQ(entry["timestamps"].items().front()["time"], Value{"2026-06-01T00:00:00Z"});
  EXPECT_EQ(one.peer.connections(), 2U);
}

TEST(TransparencyProbe, OneOperatorOrALongLifetimeIsNotEnough) {
  TestLog const a, b;
  std::vector<Bytes> const chain = test::logged_chain({&a, &b}, kFrom).chain();
  EXPECT_EQ((Case{showing(chain), known({{&a, "A"}, {&b, "A"}})}.entry()["satisfied"]), Value{false});
  Case longer{showing(test::logged_chain({&a, &b}, kFrom, std::chrono::days{199}).chain()), known({{&a, "A"}, {&b, "B"}})};
  Value const entry = longer.entry();
  EXPECT_EQ(entry["satisfied"], Value{false});
  EXPECT_EQ(entry["required"], Value{3});
}

TEST(TransparencyProbe, AForeignSignatureIsNamed) {
  TestLog const a;
  LoggedChain const logged = test::logged_chain({}, kFrom), other = test::logged_chain({}, kFrom);
  Case one{showing(logged.chain(), {a.timestamp_of(other.leaf, kFrom)}), known({{&a, "A"}})};
  EXPECT_THAT(statuses(one.entry()), ElementsAre("bad_signature"));
  // An issuer of the right name that did not sign it proves nothing against the log.
  LoggedChain const inside = test::logged_chain({&a}, kFrom);
  EXPECT_THAT(statuses(Case{showing({inside.leaf, other.issuer}), known({{&a, "A"}})}.entry()), ElementsAre("unverified"));
  EXPECT_THAT(statuses(Case{showing({inside.leaf, other.issuer, inside.issuer}), known({{&a, "A"}})}.entry()), ElementsAre("valid"));
}

TEST(TransparencyProbe, WithoutAListNothingIsVerifiedAndNothingAlleged) {
  TestLog const a, b;
  Value const entry = Case{showing(test::logged_chain({&a, &b}, kFrom).chain())}.entry();
  EXPECT_THAT(statuses(entry), ElementsAre("unverified", "unverified"));
  EXPECT_TRUE(entry["satisfied"].is_null());
  EXPECT_EQ(entry["logs_known"], Value{false});
  EXPECT_EQ((Case{showing(test::logged_chain({}, kFrom).chain())}.entry()["satisfied"]), Value{false});
}

TEST(TransparencyProbe, LogsThatAreUnknownRetiredOrRejected) {
  TestLog const a, b, stranger;
  std::vector<Bytes> const chain = test::logged_chain({&a, &b}, kFrom).chain();
  Value const unknown = Case{showing(chain), known({{&stranger, "S"}})}.entry();
  EXPECT_THAT(statuses(unknown), ElementsAre("unknown_log", "unknown_log"));
  EXPECT_TRUE(unknown["satisfied"].is_null());
  EXPECT_EQ((Case{showing(chain), known({{&a, "A"}, {&b, "B"}}, "retired")}.entry()["satisfied"]), Value{true});  // later
  EXPECT_EQ((Case{showing(chain), known({{&a, "A"}, {&b, "B"}}, "rejected")}.entry()["satisfied"]), Value{false});
}

TEST(TransparencyProbe, TimestampsByTls) {
  TestLog const a, b;
  LoggedChain const chain = test::logged_chain({}, kFrom);
  std::vector<Bytes> const both{a.timestamp_of(chain.leaf, kFrom), b.timestamp_of(chain.leaf, kFrom)};
  Value const entry = Case{showing(chain.chain(), both), known({{&a, "A"}, {&b, "B"}})}.entry();
  EXPECT_THAT(statuses(entry), ElementsAre("valid", "valid"));
  EXPECT_EQ(entry["timestamps"].items().front()["source"], Value{"tls"});
  EXPECT_EQ(entry["satisfied"], Value{true});
}

TEST(TransparencyProbe, TimestampsFromTheFutureAndMalformedOnes) {
  TestLog const a;
  LoggedChain const chain = test::logged_chain({}, kFrom);
  std::vector<Bytes> const odd{a.timestamp_of(chain.leaf, kFrom + std::chrono::days{365}), Bytes{0, 1, 2}};
  Value const entry = Case{showing(chain.chain(), odd), known({{&a, "A"}})}.entry();
  EXPECT_THAT(statuses(entry), ElementsAre("in_future", "malformed"));
}

TEST(TransparencyProbe, SilenceLeavesTlsOpenAndKeepsTheRest) {
  TestLog const a, b;
  ScriptedPeer::Script const good = showing(test::logged_chain({&a, &b}, kFrom).chain());
  Case one{[good](audit::Question const& question) {
    bool const wanted = wire::find(question.hello.extensions, ExtensionType::signed_certificate_timestamp) != nullptr;
    return wanted ? test::unanswered(audit::Outcome::inconclusive, "timed out") : good(question);
  }};
  audit::Observation const seen = one.observe();
  Value const entry = seen.facts().front().second.items().front();
  EXPECT_THAT(statuses(entry), SizeIs(2));
  EXPECT_THAT(entry["inconclusive"].as_string(), HasSubstr("timed out"));
  EXPECT_THAT(seen.open(), SizeIs(1));
}

TEST(TransparencyProbe, WithoutCertificatesNothingIsAsked) {
  Case one{showing({})};
  EXPECT_THAT(one.observe().facts().front().second.items(), IsEmpty());
  EXPECT_EQ(one.peer.connections(), 1U);
  EXPECT_FALSE(transparency.applies(supporting({"SSLv3"})).applies);
  EXPECT_TRUE(transparency.applies(supporting({"TLSv1.2"})).applies);
}

}  // namespace
}  // namespace tlsgauge::probes
