// What the default profile makes of HTTP beyond the first page: each mistake has its own name, and its good twin none.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "policy/vocabulary.hpp"
#include "support/facts_builder.hpp"
#include "tlsgauge/profile.hpp"

namespace tlsgauge {
namespace {

using test::FactsBuilder;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Assessment judge(FactsBuilder const& facts) {
  static Profile const profile = load_profile("nginx-recommended");
  return evaluate(profile, facts.endpoint(), Severity::medium);
}

std::vector<std::string> with(Assessment const& assessment, Verdict verdict) {
  std::vector<std::string> out;
  for (Requirement const& one : assessment.requirements) {
    if (one.verdict == verdict) out.push_back(one.id);
  }
  return out;
}

Requirement requirement(Assessment const& assessment, std::string_view id) {
  for (Requirement const& one : assessment.requirements) {
    if (one.id == id) return one;
  }
  ADD_FAILURE() << id;
  return {};
}

Value cookies(bool secure) {
  return Value::array().push_back(FactsBuilder::cookie("ok", true)).push_back(FactsBuilder::cookie("sid", secure));
}

struct Mistake {
  std::string name;
  std::function<void(FactsBuilder&)> make;
  std::vector<std::string> failed;
  std::string observed;  // of the first
  Verdict verdict;
};

TEST(HttpProfile, EachMistakeHasItsName) {
  auto const hsts = FactsBuilder::hsts(63072000);
  auto const none = FactsBuilder::no_hsts();
  auto const page = [](std::int64_t status, Value const& header) { return FactsBuilder::page(status, header); };
  std::vector<Mistake> const mistakes = {
      {"error page",
       [&](FactsBuilder& f) { f.http.set("hsts_on_error", page(404, none)); },
       {"hsts-on-error"},
       "with status 404",
       Verdict::pass},
      {"behind the redirect",
       [&](FactsBuilder& f) { f.http.set("hsts_behind_redirect", page(200, none)); },
       {"hsts-on-redirect"},
       "behind the redirect with status 200",
       Verdict::pass},
      {"redirect",
       [&](FactsBuilder& f) {
         f.answers_with(none);
         f.http.set("status", 301).set("hsts_behind_redirect", page(200, hsts));
       },
       {"hsts-present", "hsts-on-redirect", "hsts-inherited"},
       "no Strict",
       Verdict::fail},
      {"inheritance",
       [&](FactsBuilder& f) { f.http.set("hsts", none).set("hsts_behind_redirect", nullptr); },
       {"hsts-present", "hsts-inherited"},
       "no Strict",
       Verdict::fail},
      {"twice", [&](FactsBuilder& f) { f.answers_with(FactsBuilder::hsts(63072000).set("count", 2)); }, {"hsts-once"}, "2", Verdict::pass},
      {"zero",
       [&](FactsBuilder& f) { f.answers_with(FactsBuilder::hsts(0)); },
       {"hsts-max-age", "hsts-not-zero"},
       "0 seconds",
       Verdict::fail},
      {"invalid",
       [&](FactsBuilder& f) { f.answers_with(FactsBuilder::invalid_hsts("x", "no max-age")); },
       {"hsts-syntax"},
       "no max-age",
       Verdict::fail},
      {"no redirect",
       [&](FactsBuilder& f) {
         f.plain_http.set("status", 200).set("redirect", nullptr).set("redirects_to_https", false).set("same_host", nullptr);
       },
       {"plain-http-redirect"},
       "status 200, no redirect",
       Verdict::fail},
      {"other host",
       [&](FactsBuilder& f) { f.plain_http.set("redirect", "https://www.good.example/").set("same_host", false); },
       {"plain-http-same-host"},
       "https://www.good.example/",
       Verdict::pass},
      {"www in the clear",
       [&](FactsBuilder& f) {
         f.plain_http.set("redirect", "http://www.good.example/").set("redirects_to_https", false).set("same_host", false);
       },
       {"plain-http-redirect", "plain-http-same-host"},
       "http://www.good.example/",
       Verdict::fail},
      {"HSTS in the clear",
       [&](FactsBuilder& f) { f.plain_http.set("hsts", true); },
       {"plain-http-hsts"},
       "sent over plain",
       Verdict::pass},
      {"cookie in the clear",
       [&](FactsBuilder& f) { f.plain_http.set("cookies", cookies(false)); },
       {"plain-http-cookies"},
       "sid",
       Verdict::pass},
      {"cookie", [&](FactsBuilder& f) { f.http.set("cookies", cookies(false)); }, {"cookies-secure"}, "sid", Verdict::fail},
      {"HTTP/2",
       [&](FactsBuilder& f) { f.http.set("http2", Value::object().set("offered", true).set("works", false).set("error", "stream error")); },
       {"http2-works"},
       "stream error",
       Verdict::pass},
      {"obsolete",
       [&](FactsBuilder& f) { f.http.set("obsolete", Value::array().push_back("expect-ct")); },
       {"headers-obsolete"},
       "expect-ct",
       Verdict::pass}};
  for (Mistake const& mistake : mistakes) {
    FactsBuilder facts;
    mistake.make(facts);
    Assessment const got = judge(facts);
    EXPECT_THAT(with(got, Verdict::fail), ::testing::ElementsAreArray(mistake.failed)) << mistake.name;
    EXPECT_THAT(with(got, Verdict::inconclusive), IsEmpty()) << mistake.name;
    EXPECT_THAT(requirement(got, mistake.failed.front()).observed, HasSubstr(mistake.observed)) << mistake.name;
    EXPECT_EQ(got.verdict, mistake.verdict) << mistake.name;
  }
}

TEST(HttpProfile, GoodTwinsHaveNone) {
  auto const hsts = FactsBuilder::hsts(63072000);
  std::vector<std::function<void(FactsBuilder&)>> const twins = {
      [&](FactsBuilder& f) { f.http.set("hsts_behind_redirect", nullptr); },
      [&](FactsBuilder& f) { f.http.set("hsts_on_error", FactsBuilder::page(200, FactsBuilder::no_hsts())); },  // no error page
      [&](FactsBuilder& f) { f.http.set("cookies", Value::array()); },
      [&](FactsBuilder& f) { f.http.set("http2", Value::object().set("offered", false).set("works", false)); },
      [&](FactsBuilder& f) { f.plain_http = Value::object().set("state", "closed"); },
      [&](FactsBuilder& f) { f.plain_http = Value::object().set("state", "filtered"); },
      [&](FactsBuilder& f) { f.plain_http = Value::object().set("state", "open").set("http", false); },
      [&](FactsBuilder& f) { f.without("plain_http"); },
      [&](FactsBuilder& f) { f.http = Value::object().set("spoken", true).set("status", 200).set("redirect", nullptr).set("hsts", hsts); },
      [&](FactsBuilder& f) {
        f.http = Value::object().set("spoken", false);
        f.without("plain_http");
      }};
  for (std::size_t i = 0; i < twins.size(); ++i) {
    FactsBuilder facts;
    twins[i](facts);
    Assessment const got = judge(facts);
    EXPECT_EQ(got.verdict, Verdict::pass) << i;
    EXPECT_EQ(got.score, 100) << i;
    EXPECT_THAT(with(got, Verdict::fail), IsEmpty()) << i;
    EXPECT_THAT(with(got, Verdict::inconclusive), IsEmpty()) << i;
  }
}

TEST(HttpProfile, WhatWasNotEstablishedIsOpen) {
  FactsBuilder facts;
  facts.http.set("hsts_on_error", Value::object().set("inconclusive", "connection reset"));
  facts.plain_http = Value::object().set("inconclusive", "no answer");
  Assessment const got = judge(facts);
  EXPECT_THAT(with(got, Verdict::fail), IsEmpty());
  EXPECT_THAT(with(got, Verdict::inconclusive),
              ElementsAre("hsts-on-error", "plain-http-redirect", "plain-http-same-host", "plain-http-hsts", "plain-http-cookies"));
  EXPECT_EQ(requirement(got, "hsts-on-error").observed, "connection reset");
  EXPECT_EQ(got.verdict, Verdict::inconclusive);
}

TEST(HttpProfile, TellsWhetherANameMayBePreloaded) {
  policy::FactSpec const* const fact = policy::find_fact("http.hsts.preload_eligible");
  ASSERT_NE(fact, nullptr);
  auto const read = [&](Value preload) {
    Endpoint endpoint = FactsBuilder{}.endpoint();
    endpoint.facts.set("hsts_preload", std::move(preload));
    return fact->read({.endpoint = &endpoint}, fact->version);
  };
  auto const made = [](Value eligible) {
    return Value::object().set("eligible", std::move(eligible)).set("reasons", Value::array().push_back("preload is not set"));
  };
  EXPECT_TRUE(read(made(true)).flag);
  EXPECT_FALSE(read(made(false)).flag);
  EXPECT_EQ(read(made(false)).text, "preload is not set");
  EXPECT_EQ(read(made(Value{})).state, policy::Observed::State::unknown);
  EXPECT_EQ(read(Value{}).state, policy::Observed::State::not_applicable);
}

TEST(HttpProfile, ReadsNothingFromTreesOfTheWrongShape) {
  for (Value const& odd : {Value{7}, Value{"x"}, Value::array(), Value::array().push_back(1), Value::object(),
                           Value::object().set("state", 3), Value::object().set("state", "open"), Value::object().set("eligible", "yes")}) {
    Endpoint endpoint;
    for (char const* key : {"plain_http", "hsts_preload"}) endpoint.facts.set(key, odd);
    endpoint.facts.set("http",
                       Value::object().set("spoken", true).set("hsts_on_error", odd).set("hsts_behind_redirect", odd).set("http2", odd));
    for (policy::FactSpec const& fact : policy::facts()) {
      if (!fact.name.starts_with("plain_http.") && !fact.name.starts_with("http.hsts.")) continue;
      policy::Observed const got = fact.read({.endpoint = &endpoint}, fact.version);
      EXPECT_NE(got.state, policy::Observed::State::known) << fact.name;
    }
  }
}

}  // namespace
}  // namespace tlsgauge
