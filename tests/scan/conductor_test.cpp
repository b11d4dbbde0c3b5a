#include "scan/conductor.hpp"

#include <gmock/gmock.h>

#include <asio/steady_timer.hpp>
#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>
#include <stdexcept>

#include "support/scripted_peer.hpp"

namespace tlsgauge::scanning {
namespace {

using audit::Observation;
using audit::Outcome;
using test::ScriptedPeer;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

// What the probes below did, in order.
std::vector<std::string> g_log;

asio::awaitable<void> pause() {
  auto const executor = co_await asio::this_coro::executor;
  asio::steady_timer timer{executor, std::chrono::milliseconds{20}};
  co_await timer.async_wait(asio::use_awaitable);
}

asio::awaitable<Observation> ask_protocols(audit::Peer& peer, audit::Facts const&) {
  g_log.emplace_back("protocols begins");
  audit::Question question;
  audit::Reply const reply = co_await peer.exchange(std::move(question));
  co_await pause();
  g_log.emplace_back("protocols ends");
  Observation seen;
  seen.fact("protocols", reply.answered() ? "known" : "unknown");
  co_return seen;
}

asio::awaitable<Observation> ask_left(audit::Peer&, audit::Facts const& facts) {
  g_log.emplace_back("left begins");
  std::string const known = facts.document()["protocols"].as_string();
  co_await pause();
  g_log.emplace_back("left ends");
  Observation seen;
  seen.fact("left", known);
  co_return seen;
}

asio::awaitable<Observation> ask_right(audit::Peer&, audit::Facts const&) {
  g_log.emplace_back("right begins");
  co_await pause();
  co_await pause();
  g_log.emplace_back("right ends");
  Observation seen;
  seen.fact("right", 1).open("one thing stayed open");
  co_return seen;
}

asio::awaitable<Observation> ask_alone(audit::Peer&, audit::Facts const&) {
  g_log.emplace_back("alone begins");
  co_await pause();
  g_log.emplace_back("alone ends");
  co_return Observation{};
}

asio::awaitable<Observation> ask_broken(audit::Peer&, audit::Facts const&) {
  co_await pause();
  throw std::runtime_error("a fault in the probe");
}

audit::Applicability always(audit::Facts const&) { return {}; }
audit::Applicability never(audit::Facts const&) { return {.applies = false, .reason = "not here"}; }

constexpr std::string_view kNeeds[] = {"protocols"};
constexpr std::string_view kNeedsLeft[] = {"left"};

using Ask = asio::awaitable<Observation> (*)(audit::Peer&, audit::Facts const&);

constexpr audit::Probe probe(std::string_view id, std::span<std::string_view const> needs, Ask ask,
                             audit::Applicability (*applies)(audit::Facts const&) = always, bool alone = false) {
  return {.id = id, .question = "?", .keys = {}, .citations = {}, .needs = needs, .applies = applies, .ask = ask, .alone = alone};
}

constexpr audit::Probe kProtocols = probe("protocols", {}, ask_protocols);
constexpr audit::Probe kLeft = probe("left", kNeeds, ask_left);
constexpr audit::Probe kRight = probe("right", kNeeds, ask_right);
constexpr audit::Probe kAlone = probe("alone", kNeeds, ask_alone, always, true);
constexpr audit::Probe kBroken = probe("broken", kNeeds, ask_broken);
constexpr audit::Probe kNever = probe("left", kNeeds, ask_left, never);
constexpr audit::Probe waiting(std::string_view id, std::span<std::string_view const> after) {
  audit::Probe out = probe(id, kNeeds, ask_right);
  out.after = after;
  return out;
}
constexpr audit::Probe kWaiting = waiting("right", kNeedsLeft);
constexpr audit::Probe kAfterLeft = probe("after", kNeedsLeft, ask_alone);

Plan plan_of(std::vector<audit::Probe const*> probes) {
  g_log.clear();
  Plan plan;
  plan.probes = std::move(probes);
  return plan;
}

ScriptedPeer::Script always_says(Outcome outcome) {
  return [outcome](audit::Question const&) { return test::unanswered(outcome, "as scripted"); };
}

audit::Reply tls(audit::Question const&) {
  return test::picked(wire::ProtocolVersion::TLSv1_2, wire::CipherSuite::TLS_RSA_WITH_AES_128_CBC_SHA);
}

Endpoint conduct(Plan const& plan, ScriptedPeer::Script script) {
  auto const conductor = std::make_shared<Conductor>(std::make_shared<ScriptedPeer>(std::move(script)), plan);
  test::run(conductor->run());
  Endpoint endpoint;
  conductor->report(endpoint);
  return endpoint;
}

std::ptrdiff_t at(std::string const& line) { return std::find(g_log.begin(), g_log.end(), line) - g_log.begin(); }

TEST(Conductor, StartsAProbeWhenWhatItNeedsIsKnown) {
  Endpoint const endpoint = conduct(plan_of({&kProtocols, &kLeft}), tls);
  EXPECT_THAT(g_log, ElementsAre("protocols begins", "protocols ends", "left begins", "left ends"));
  EXPECT_EQ(endpoint.facts["left"], Value{"known"});
  EXPECT_EQ(endpoint.status, Status::complete);
  EXPECT_THAT(endpoint.errors, IsEmpty());
}

TEST(Conductor, AsksIndependentProbesSideBySide) {
  conduct(plan_of({&kProtocols, &kLeft, &kRight}), tls);
  EXPECT_LT(at("right begins"), at("left ends"));
}

TEST(Conductor, LetsAProbeWaitForAnotherOnlyWhereThatIsAsked) {
  conduct(plan_of({&kProtocols, &kLeft, &kWaiting}), tls);
  EXPECT_GT(at("right begins"), at("left ends"));
  EXPECT_LT(at("right begins"), std::ssize(g_log));
  Endpoint const without = conduct(plan_of({&kProtocols, &kWaiting}), tls);
  EXPECT_THAT(g_log, ElementsAre("protocols begins", "protocols ends", "right begins", "right ends"));
  EXPECT_NE(without.facts.find("right"), nullptr);
}

TEST(Conductor, AsksAProbeThatMeasuresTimeAlone) {
  conduct(plan_of({&kProtocols, &kAlone, &kLeft, &kRight}), tls);
  EXPECT_THAT(g_log, SizeIs(8));
  EXPECT_GT(at("alone begins"), at("left ends"));
  EXPECT_GT(at("alone begins"), at("right ends"));
}

TEST(Conductor, KeepsFactsInTheOrderOfTheReport) {
  Endpoint const endpoint = conduct(plan_of({&kRight, &kLeft, &kProtocols}), tls);
  ASSERT_THAT(endpoint.facts.members(), SizeIs(3));
  EXPECT_EQ(endpoint.facts.members()[0].first, "right");
  EXPECT_EQ(endpoint.facts.members()[2].first, "protocols");
}

TEST(Conductor, CallsWhatStayedOpenPartial) {
  Endpoint const endpoint = conduct(plan_of({&kProtocols, &kRight}), tls);
  EXPECT_EQ(endpoint.status, Status::partial);
  ASSERT_THAT(endpoint.errors, SizeIs(1));
  EXPECT_EQ(endpoint.errors[0].where, "right");
  EXPECT_EQ(endpoint.errors[0].what, "one thing stayed open");
}

TEST(Conductor, SurvivesAProbeThatThrows) {
  Endpoint const endpoint = conduct(plan_of({&kProtocols, &kBroken, &kLeft}), tls);
  EXPECT_EQ(endpoint.status, Status::partial);
  ASSERT_THAT(endpoint.errors, SizeIs(1));
  EXPECT_EQ(endpoint.errors[0].where, "broken");
  EXPECT_THAT(endpoint.errors[0].what, HasSubstr("a fault in the probe"));
  EXPECT_EQ(endpoint.facts["left"], Value{"known"});
}

TEST(Conductor, LeavesOutWhatDoesNotApplyAndGoesOn) {
  Endpoint const endpoint = conduct(plan_of({&kProtocols, &kNever, &kAfterLeft}), tls);
  EXPECT_EQ(endpoint.facts.find("left"), nullptr);
  EXPECT_THAT(g_log, Contains("alone ends"));
  EXPECT_EQ(endpoint.status, Status::complete);
}

TEST(Conductor, EndsWhenNothingAnswers) {
  Endpoint const endpoint = conduct(plan_of({&kProtocols, &kLeft}), always_says(Outcome::unreachable));
  EXPECT_EQ(endpoint.status, Status::unreachable);
  EXPECT_THAT(g_log, ElementsAre("protocols begins", "protocols ends"));
  ASSERT_THAT(endpoint.errors, SizeIs(1));
  EXPECT_EQ(endpoint.errors[0].where, "connect");
  EXPECT_EQ(endpoint.errors[0].what, "as scripted");
}

TEST(Conductor, EndsWhenSomethingElseAnswers) {
  Endpoint const endpoint = conduct(plan_of({&kProtocols, &kLeft}), always_says(Outcome::not_tls));
  EXPECT_EQ(endpoint.status, Status::not_tls);
  ASSERT_THAT(endpoint.errors, SizeIs(1));
  EXPECT_EQ(endpoint.errors[0].what, "as scripted");
  EXPECT_THAT(g_log, ElementsAre("protocols begins", "protocols ends"));
}

TEST(Conductor, DoesNotTakeSilenceForAbsence) {
  Endpoint const endpoint = conduct(plan_of({&kProtocols, &kLeft}), always_says(Outcome::inconclusive));
  EXPECT_EQ(endpoint.facts["left"], Value{"unknown"});
  EXPECT_EQ(endpoint.status, Status::complete);
}

TEST(Conductor, StartsNothingMoreOnceStopped) {
  Plan const plan = plan_of({&kProtocols, &kLeft});
  Conductor* running = nullptr;
  auto const peer = std::make_shared<ScriptedPeer>([&](audit::Question const& question) {
    running->stop("interrupted");
    return tls(question);
  });
  auto const conductor = std::make_shared<Conductor>(peer, plan);
  running = conductor.get();
  test::run(conductor->run());
  Endpoint endpoint;
  conductor->report(endpoint);
  EXPECT_THAT(g_log, ElementsAre("protocols begins", "protocols ends"));
  EXPECT_EQ(endpoint.status, Status::partial);
  ASSERT_THAT(endpoint.errors, SizeIs(1));
  EXPECT_EQ(endpoint.errors[0].where, "scan");
  EXPECT_EQ(endpoint.errors[0].what, "interrupted");
}

TEST(Conductor, CallsAnEndpointThatWasAskedNothingPartial) { EXPECT_EQ(conduct(plan_of({}), tls).status, Status::partial); }

}  // namespace
}  // namespace tlsgauge::scanning
