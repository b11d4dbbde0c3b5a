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
  EXPECT_EQ(peer.paths().front(), "/");
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

constexpr char const* kNoSuchPage = "/.well-known/tlsgauge-no-such-page";
using Field = std::pair<std::string, std::string>;
Field const kHsts{"Strict-Transport-Security", "max-age=63072000"};

TEST(Http, AsksForTheErrorPageOnTheSameConnection) {
  ScriptedPeer peer{{}};
  std::vector<audit::HttpOrder> orders;
  peer.set_http([&](audit::HttpOrder const& order) {
    orders.push_back(order);
    return order.path == "/" ? response(200, {kHsts}) : response(404, {});
  });
  Value const facts = ask(http, peer).facts().front().second;
  EXPECT_THAT(peer.paths(), ElementsAre("/", kNoSuchPage));
  EXPECT_TRUE(orders.front().keep);
  EXPECT_FALSE(orders.back().keep);
  EXPECT_EQ(facts["hsts"]["present"], Value{true});
  EXPECT_EQ(facts["hsts_on_error"]["status"], Value{404});
  EXPECT_EQ(facts["hsts_on_error"]["hsts"]["present"], Value{false});
  EXPECT_TRUE(facts["hsts_behind_redirect"].is_null());
}

TEST(Http, FollowsARedirectWithinTheHostOnce) {
  ScriptedPeer peer{{}};
  peer.set_http([](audit::HttpOrder const& order) {
    audit::HttpReply reply = response(302, {});
    if (order.path == "/") reply.redirect = "https://EXAMPLE.test/en/?a=b#top";
    if (order.path == "/en/?a=b") reply.redirect = "https://example.test/more";
    if (order.path == kNoSuchPage) reply = response(404, {kHsts});
    return reply;
  });
  Value const facts = ask(http, peer).facts().front().second;
  EXPECT_THAT(peer.paths(), ElementsAre("/", "/en/?a=b", kNoSuchPage));
  EXPECT_EQ(facts["hsts_behind_redirect"]["status"], Value{302});
  EXPECT_EQ(facts["hsts_behind_redirect"]["hsts"]["present"], Value{false});
  EXPECT_EQ(facts["hsts_on_error"]["hsts"]["valid"], Value{true});
}

TEST(Http, FollowsNoRedirectElsewhere) {
  for (char const* elsewhere :
       {"https://www.example.test/a", "http://example.test/a", "https://example.test:444/a", "https://example.test/",
        "https://example.test@other.test/a", "ftp://example.test/a", "/a", "https://example.test:99999/a"}) {
    ScriptedPeer peer{{}};
    peer.set_http([&](audit::HttpOrder const& order) {
      audit::HttpReply reply = response(301, {});
      if (order.path == "/") reply.redirect = elsewhere;
      return reply;
    });
    EXPECT_TRUE(ask(http, peer).facts().front().second["hsts_behind_redirect"].is_null()) << elsewhere;
    EXPECT_THAT(peer.paths(), ElementsAre("/", kNoSuchPage)) << elsewhere;
  }
}

TEST(Http, KeepsWhatItKnowsWhenTheErrorPageStaysAway) {
  ScriptedPeer peer{{}};
  peer.set_http([](audit::HttpOrder const& order) -> Result<audit::HttpReply> {
    if (order.path == "/") return response(200, {kHsts});
    return Error{ErrorKind::reset, "connection reset"};
  });
  audit::Observation const seen = ask(http, peer);
  Value const& facts = seen.facts().front().second;
  EXPECT_EQ(facts["hsts"]["present"], Value{true});
  EXPECT_EQ(facts["hsts_on_error"]["inconclusive"], Value{"connection reset"});
  EXPECT_EQ(facts["hsts_on_error"].find("hsts"), nullptr);
  EXPECT_THAT(seen.open(), ElementsAre("connection reset"));
}

TEST(Http, TellsVersions) {
  audit::HttpReply reply = response(200, {});
  reply.version = 20;
  Value facts = facts_with(reply);
  EXPECT_EQ(facts["version"], Value{"HTTP/2"});
  EXPECT_EQ(facts["http2"]["offered"], Value{true});
  EXPECT_EQ(facts["http2"]["works"], Value{true});
  reply.version = 11;
  facts = facts_with(reply);
  EXPECT_EQ(facts["version"], Value{"HTTP/1.1"});
  EXPECT_EQ(facts["http2"]["offered"], Value{false});
  reply.http2_error = "HTTP: stream error";
  facts = facts_with(reply);
  EXPECT_EQ(facts["http2"]["offered"], Value{true});
  EXPECT_EQ(facts["http2"]["works"], Value{false});
  EXPECT_EQ(facts["http2"]["error"], Value{"HTTP: stream error"});
}

TEST(Http, ListsCookiesWithoutTheirValues) {
  Value const facts = facts_with(response(200, {{"Set-Cookie", "sid=secret; Path=/; secure ; HttpOnly; SameSite=Lax"},
                                                {"set-cookie", " lang =en;samesite=odd"},
                                                {"Set-Cookie", "sid=other"},
                                                {"Set-Cookie", "nonsense"},
                                                {"Set-Cookie", "=nameless"}}));
  Value const& cookies = facts["cookies"];
  ASSERT_THAT(cookies.items(), SizeIs(2));
  EXPECT_EQ(cookies.items()[0], Value::object().set("name", "sid").set("secure", true).set("http_only", true).set("same_site", "lax"));
  EXPECT_EQ(cookies.items()[1], Value::object().set("name", "lang").set("secure", false).set("http_only", false).set("same_site", nullptr));
}

TEST(Http, BoundsCookies) {
  audit::HttpReply reply = response(200, {});
  for (int i = 0; i < 400; ++i) reply.headers.emplace_back("Set-Cookie", std::to_string(i) + std::string(1000, '\xFF') + "=x");
  Value const facts = facts_with(reply);
  ASSERT_THAT(facts["cookies"].items(), SizeIs(50));
  EXPECT_LT(facts["cookies"].items()[0]["name"].as_string().size(), 1100U);
}

TEST(Http, NamesObsoleteFieldsAndAlternatives) {
  Value const facts = facts_with(response(
      200, {{"Public-Key-Pins", "x"}, {"Expect-CT", "max-age=1"}, {"Alt-Svc", "h3=\":443\""}, {"Server", "nginx"}, {"X-Expect-CT", "y"}}));
  EXPECT_EQ(facts["obsolete"], Value::array().push_back("expect-ct").push_back("public-key-pins"));
  EXPECT_EQ(facts["alt_svc"], Value{"h3=\":443\""});
  EXPECT_EQ(facts["server"], Value{"nginx"});
}

Target at_port(std::uint16_t port) {
  Target target;
  target.host = target.server_name = "example.test";
  target.address = "192.0.2.1";
  target.port = port;
  return target;
}

TEST(Http, AServiceKnownForSomethingElseThatHangsUpSpeaksNoHttp) {
  for (ErrorKind const kind : {ErrorKind::closed, ErrorKind::reset}) {
    for (int const port : {636, 8883, 443}) {
      ScriptedPeer peer{{}, {}, gives(Error{kind, "gone"})};
      peer.set_target(at_port(static_cast<std::uint16_t>(port)));
      audit::Observation const seen = ask(http, peer);
      Value const& facts = seen.facts().front().second;
      EXPECT_EQ(facts.find("spoken") != nullptr, port != 443) << port;
      EXPECT_EQ(seen.open().empty(), port != 443) << port;
      if (port != 443) {
        EXPECT_EQ(facts["spoken"], Value{false});
      }
    }
  }
}

TEST(Http, SpendsLittleTimeOnAServiceKnownForSomethingElse) {
  for (int const port : {853, 443}) {
    ScriptedPeer peer{{}};
    peer.set_target(at_port(static_cast<std::uint16_t>(port)));
    std::chrono::milliseconds limit{-1};
    peer.set_http([&](audit::HttpOrder const& order) -> Result<audit::HttpReply> {
      limit = order.limit;
      return Error{ErrorKind::timed_out, "silence"};
    });
    audit::Observation const seen = ask(http, peer);
    EXPECT_EQ(limit, std::chrono::milliseconds{port == 853 ? 4000 : 0});
    EXPECT_EQ(seen.facts().front().second["inconclusive"], Value{"silence"});
  }
}

TEST(Http, DoesNotApplyWhereNoVersionIsSpoken) {
  EXPECT_FALSE(http.applies(supporting({})).applies);
  EXPECT_TRUE(http.applies(supporting({"TLSv1.2"})).applies);
}

}  // namespace
}  // namespace tlsgauge::probes
