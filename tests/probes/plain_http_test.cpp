#include <gmock/gmock.h>

#include "support/facts.hpp"
#include "support/scripted_peer.hpp"

namespace tlsgauge::probes {

extern audit::Probe const plain_http;

namespace {

using test::ask;
using test::ScriptedPeer;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Value hsts(std::int64_t max_age, bool include_subdomains = true, bool preload = true, std::int64_t count = 1) {
  return Value::object()
      .set("present", true)
      .set("valid", true)
      .set("max_age", max_age)
      .set("include_subdomains", include_subdomains)
      .set("preload", preload)
      .set("count", count);
}

audit::Facts facts_with(Value header = hsts(63072000)) {
  audit::Facts facts;
  facts.set("http", Value::object().set("spoken", true).set("hsts", std::move(header)));
  facts.set("certificates", Value::array().push_back(Value::object()
                                                         .set("shown_for", Value::object().set("sni", "example.com"))
                                                         .set("verification", Value::object().set("trusted", true))
                                                         .set("hostname", Value::object().set("matches", true))));
  return facts;
}

audit::HttpReply response(long status, std::string redirect, std::vector<std::pair<std::string, std::string>> headers = {}) {
  audit::HttpReply reply;
  reply.status = status;
  reply.redirect = std::move(redirect);
  reply.headers = std::move(headers);
  return reply;
}

struct Asked {
  audit::Observation seen;
  std::vector<audit::HttpOrder> orders;
  [[nodiscard]] Value operator[](std::string_view key) const {
    for (auto const& [name, value] : seen.facts()) {
      if (name == key) return value;
    }
    return {};
  }
};

Asked asked(Result<audit::HttpReply> const& reply, audit::Facts const& facts = facts_with(), std::string const& host = "example.com",
            std::uint16_t port = 443, std::uint16_t http_port = 0) {
  Asked out;
  ScriptedPeer peer{{}};
  Target target;
  target.host = target.server_name = host;
  target.address = "192.0.2.1";
  target.port = port;
  peer.set_target(target);
  audit::Settings settings;
  settings.http_port = http_port;
  peer.set_settings(settings);
  peer.set_http([&](audit::HttpOrder const& order) {
    out.orders.push_back(order);
    return reply;
  });
  out.seen = ask(plain_http, peer, facts);
  return out;
}

TEST(PlainHttp, GoesStraightToHttps) {
  Asked const got = asked(response(301, "https://example.com/"));
  ASSERT_EQ(got.orders.size(), 1U);
  EXPECT_TRUE(got.orders[0].plain);
  EXPECT_EQ(got.orders[0].connect_limit, std::chrono::milliseconds{3000});
  Value const plain = got["plain_http"];
  EXPECT_EQ(plain["state"], Value{"open"});
  EXPECT_EQ(plain["http"], Value{true});
  EXPECT_EQ(plain["status"], Value{301});
  EXPECT_EQ(plain["redirects_to_https"], Value{true});
  EXPECT_EQ(plain["same_host"], Value{true});
  EXPECT_EQ(plain["hsts"], Value{false});
  EXPECT_EQ(got["hsts_preload"]["eligible"], Value{true});
  EXPECT_THAT(got["hsts_preload"]["reasons"].items(), IsEmpty());
  EXPECT_THAT(got.seen.open(), IsEmpty());
}

struct Way {
  long status;
  std::string redirect;
  bool to_https;
  Value same_host;
};

TEST(PlainHttp, TellsWaysApart) {
  for (Way const& way : {Way{301, "https://www.example.com/", true, false}, Way{302, "http://www.example.com/", false, false},
                         Way{301, "http://example.com/en/", false, true}, Way{200, "", false, {}}, Way{301, "", false, {}},
                         Way{200, "https://example.com/", false, {}}, Way{308, "HTTPS://EXAMPLE.com.:443/x", true, true},
                         Way{301, "https://example.com@evil.test/", true, false}, Way{301, "//example.com", false, false}}) {
    Value const plain = asked(response(way.status, way.redirect))["plain_http"];
    EXPECT_EQ(plain["redirects_to_https"], Value{way.to_https}) << way.redirect;
    EXPECT_EQ(plain["same_host"], way.same_host) << way.redirect;
    Value const preload = asked(response(way.status, way.redirect))["hsts_preload"];
    EXPECT_EQ(preload["eligible"], Value{way.to_https && way.same_host == Value{true}}) << way.redirect;
  }
}

TEST(PlainHttp, NotesHstsAndCookies) {
  Value const plain = asked(response(200, "", {{"strict-transport-security", "max-age=1"}, {"Set-Cookie", "a=b"}}))["plain_http"];
  EXPECT_EQ(plain["hsts"], Value{true});
  EXPECT_EQ(plain["cookies"].items()[0]["name"], Value{"a"});
}

TEST(PlainHttp, AClosedPortIsAnAnswer) {
  Asked const got = asked(Error{ErrorKind::refused, "connection refused"});
  EXPECT_EQ(got["plain_http"], Value::object().set("state", "closed"));
  EXPECT_EQ(got["hsts_preload"]["eligible"], Value{true});
  EXPECT_THAT(got.seen.open(), IsEmpty());
  EXPECT_EQ(asked(Error{ErrorKind::unreachable, "timed out"})["plain_http"], Value::object().set("state", "filtered"));
}

TEST(PlainHttp, SomethingElseThanHttpThere) {
  Value const plain = asked(Error{ErrorKind::malformed, "SSH"})["plain_http"];
  EXPECT_EQ(plain, Value::object().set("state", "open").set("http", false));
}

TEST(PlainHttp, SilenceIsNoAnswer) {
  for (ErrorKind const kind : {ErrorKind::timed_out, ErrorKind::reset, ErrorKind::closed, ErrorKind::unsupported}) {
    Asked const got = asked(Error{kind, "no answer"});
    EXPECT_EQ(got["plain_http"], Value::object().set("inconclusive", "no answer"));
    EXPECT_THAT(got.seen.open(), ElementsAre("no answer"));
    EXPECT_TRUE(got["hsts_preload"]["eligible"].is_null());
  }
}

TEST(PlainHttp, IsNotAskedBesideAnotherPortUnlessToldWhere) {
  Asked const got = asked(response(200, ""), facts_with(), "example.com", 8443);
  EXPECT_TRUE(got.orders.empty());
  EXPECT_TRUE(got["plain_http"].is_null());
  EXPECT_EQ(got["hsts_preload"]["eligible"], Value{false});
  EXPECT_EQ(asked(response(200, ""), facts_with(), "example.com", 8443, 8080).orders.size(), 1U);
}

std::string first_reason(Value header, std::string const& host = "example.com") {
  Value const preload = asked(Error{ErrorKind::refused, ""}, facts_with(std::move(header)), host)["hsts_preload"];
  EXPECT_EQ(preload["eligible"], Value{false});
  EXPECT_EQ(preload["reasons"].items().size(), 1U);
  return preload["reasons"].items().empty() ? "" : preload["reasons"].items()[0].as_string();
}

TEST(PlainHttp, SaysWhatKeepsANameFromBeingPreloaded) {
  EXPECT_THAT(first_reason(hsts(31535999)), HasSubstr("max-age"));
  EXPECT_THAT(first_reason(hsts(31536000, false)), HasSubstr("includeSubDomains"));
  EXPECT_THAT(first_reason(hsts(31536000, true, false)), HasSubstr("preload"));
  EXPECT_THAT(first_reason(hsts(31536000, true, true, 2)), HasSubstr("more than once"));
  EXPECT_THAT(first_reason(Value::object().set("present", false).set("valid", false).set("count", 0)), HasSubstr("no Strict"));
  EXPECT_THAT(first_reason(Value::object().set("present", true).set("valid", false).set("count", 1)), HasSubstr("not valid"));
  EXPECT_EQ(first_reason(hsts(31536000), "www.example.com"), "www.example.com is no registrable domain, example.com is");
  EXPECT_EQ(first_reason(hsts(31536000), "co.uk"), "co.uk is no registrable domain");
}

TEST(PlainHttp, APreloadedNameNeedsAGoodCertificate) {
  audit::Facts facts = facts_with();
  facts.set("certificates", Value::array().push_back(Value::object()
                                                         .set("shown_for", Value::object().set("sni", "example.com"))
                                                         .set("verification", Value::object().set("trusted", false))
                                                         .set("hostname", Value::object().set("matches", true))));
  EXPECT_EQ(asked(Error{ErrorKind::refused, ""}, facts)["hsts_preload"]["eligible"], Value{false});
  facts.set("certificates", Value{});
  EXPECT_TRUE(asked(Error{ErrorKind::refused, ""}, facts)["hsts_preload"]["eligible"].is_null());
}

TEST(PlainHttp, AppliesWhereHttpIsSpoken) {
  EXPECT_TRUE(plain_http.applies(facts_with()).applies);
  for (Value const& http : {Value::object().set("spoken", false), Value::object().set("inconclusive", "x"), Value{}}) {
    audit::Facts facts;
    facts.set("http", http);
    EXPECT_FALSE(plain_http.applies(facts).applies);
  }
}

}  // namespace
}  // namespace tlsgauge::probes
