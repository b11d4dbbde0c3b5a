#include <gmock/gmock.h>

#include "support/facts.hpp"
#include "support/scripted_peer.hpp"

namespace tlsgauge::probes {

extern audit::Probe const http;

namespace {

using test::ask;
using test::ScriptedPeer;
using test::supporting;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

ScriptedPeer::HttpScript gives(Result<audit::HttpReply> reply) {
  return [reply](std::string const&) { return reply; };
}

audit::HttpReply response(long status, std::vector<std::pair<std::string, std::string>> headers) {
  audit::HttpReply reply;
  reply.status = status;
  reply.headers = std::move(headers);
  return reply;
}

audit::Observation seen_with(Result<audit::HttpReply> reply) {
  ScriptedPeer peer{{}, {}, gives(std::move(reply))};
  audit::Observation seen = ask(http, peer);
  EXPECT_THAT(peer.paths(), ElementsAre("/"));
  EXPECT_THAT(seen.facts(), SizeIs(1));
  EXPECT_EQ(seen.facts().front().first, "http");
  return seen;
}

Value facts_with(Result<audit::HttpReply> reply) { return seen_with(std::move(reply)).facts().front().second; }

TEST(Http, ReportsTheStatusAndTheHstsHeader) {
  Value const facts = facts_with(response(200, {{"Server", "x"}, {"STRICT-Transport-security", "max-age=63072000; preload"}}));
  EXPECT_TRUE(facts["spoken"].as_bool());
  EXPECT_EQ(facts["status"], Value{200});
  EXPECT_TRUE(facts["redirect"].is_null());
  Value const& hsts = facts["hsts"];
  EXPECT_EQ(hsts["present"], Value{true});
  EXPECT_EQ(hsts["valid"], Value{true});
  EXPECT_EQ(hsts["max_age"], Value{63072000});
  EXPECT_EQ(hsts["preload"], Value{true});
  EXPECT_EQ(hsts["include_subdomains"], Value{false});
  EXPECT_EQ(hsts["raw"], Value{"max-age=63072000; preload"});
  EXPECT_EQ(hsts["count"], Value{1});
}

TEST(Http, ReportsTheAbsenceOfTheHeader) {
  Value const hsts = facts_with(response(404, {{"X-Strict-Transport-Security", "max-age=1"}}))["hsts"];
  EXPECT_EQ(hsts["present"], Value{false});
  EXPECT_EQ(hsts["valid"], Value{false});
  EXPECT_TRUE(hsts["max_age"].is_null());
  EXPECT_TRUE(hsts["raw"].is_null());
  EXPECT_EQ(hsts["count"], Value{0});
  EXPECT_THAT(hsts["errors"].items(), IsEmpty());
}

TEST(Http, LetsOnlyTheFirstOfSeveralHeadersCount) {
  Value const hsts = facts_with(
      response(200, {{"Strict-Transport-Security", "max-age=5"}, {"Strict-Transport-Security", "max-age=9; includeSubDomains"}}))["hsts"];
  EXPECT_EQ(hsts["count"], Value{2});
  EXPECT_EQ(hsts["max_age"], Value{5});
  EXPECT_EQ(hsts["include_subdomains"], Value{false});
}

TEST(Http, SaysWhyAHeaderDoesNotCount) {
  Value const hsts = facts_with(response(200, {{"Strict-Transport-Security", "max-age=1; max-age=2"}}))["hsts"];
  EXPECT_EQ(hsts["present"], Value{true});
  EXPECT_EQ(hsts["valid"], Value{false});
  EXPECT_TRUE(hsts["max_age"].is_null());
  EXPECT_THAT(hsts["errors"].items(), SizeIs(1));
}

TEST(Http, ReportsARedirect) {
  audit::HttpReply reply = response(301, {});
  reply.redirect = "https://example.test/en/";
  EXPECT_EQ(facts_with(reply)["redirect"], Value{"https://example.test/en/"});
}

TEST(Http, BoundsAndCleansWhatAStrangerSends) {
  Value const hsts = facts_with(response(200, {{"Strict-Transport-Security", "\xFF" + std::string(100'000, 'x')}}))["hsts"];
  EXPECT_EQ(hsts["raw"].as_string().substr(0, 5), "\\xFFx");
  EXPECT_LT(hsts["raw"].as_string().size(), 5000U);
  EXPECT_EQ(hsts["valid"], Value{false});
}

TEST(Http, SaysThatSomethingElseIsSpoken) {
  audit::Observation const seen = seen_with(Error{ErrorKind::malformed, "the answer is no HTTP"});
  EXPECT_EQ(seen.facts().front().second["spoken"], Value{false});
  EXPECT_THAT(seen.open(), IsEmpty());
}

TEST(Http, IsInconclusiveWhenTheServerIsSilent) {
  audit::Observation const seen = seen_with(Error{ErrorKind::timed_out, "no answer within 10 s"});
  EXPECT_EQ(seen.facts().front().second["inconclusive"], Value{"no answer within 10 s"});
  EXPECT_EQ(seen.facts().front().second.find("spoken"), nullptr);
  EXPECT_THAT(seen.open(), ElementsAre("no answer within 10 s"));
}

TEST(Http, DoesNotApplyWhereNoVersionIsSpoken) {
  EXPECT_FALSE(http.applies(supporting({})).applies);
  EXPECT_TRUE(http.applies(supporting({"TLSv1.2"})).applies);
}

}  // namespace
}  // namespace tlsgauge::probes
