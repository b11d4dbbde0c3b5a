#include "report/text_http.hpp"

#include <gmock/gmock.h>

#include "report/text_page.hpp"

namespace tlsgauge::report {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

std::string shown(Value const& facts, bool colour = false) {
  TextPage page{100, colour};
  write_http_details(page, facts);
  return page.take();
}

Value page(std::int64_t status, bool present, bool valid) {
  return Value::object().set("status", status).set("hsts", Value::object().set("present", present).set("valid", valid));
}

Value spoken(std::string_view key, Value value) {
  Value http = Value::object().set("spoken", true).set("hsts", Value::object().set("valid", true));
  return Value::object().set("http", http.set(key, std::move(value)));
}

TEST(TextHttp, SaysNothingWithoutFacts) {
  EXPECT_THAT(shown(Value::object()), IsEmpty());
  EXPECT_THAT(shown(spoken("status", 200)), IsEmpty());
  EXPECT_THAT(shown(Value::object().set("http", Value::object().set("spoken", false))), IsEmpty());
}

TEST(TextHttp, TellsOtherPages) {
  EXPECT_THAT(shown(spoken("hsts_on_error", page(404, true, true)), true), HasSubstr("\x1b[32mset (404)"));
  EXPECT_THAT(shown(spoken("hsts_on_error", page(404, false, false)), true), HasSubstr("\x1b[31mnot set (404)"));
  EXPECT_THAT(shown(spoken("hsts_behind_redirect", page(200, true, false))), HasSubstr("not valid (200)"));
  EXPECT_THAT(shown(spoken("hsts_on_error", Value::object().set("inconclusive", "reset"))), HasSubstr("inconclusive: reset"));
}

TEST(TextHttp, TellsCookiesAndHeaders) {
  Value const cookie = Value::object().set("name", "sid").set("secure", false).set("http_only", true).set("same_site", "lax");
  EXPECT_THAT(shown(spoken("cookies", Value::array().push_back(cookie)), true),
              HasSubstr("\x1b[31msid: not Secure, HttpOnly, SameSite=lax"));
  EXPECT_THAT(shown(spoken("obsolete", Value::array().push_back("expect-ct"))), HasSubstr("expect-ct"));
  EXPECT_THAT(shown(spoken("http2", Value::object().set("error", "reset"))), HasSubstr("chosen, and does not work: reset"));
}

TEST(TextHttp, ShowsWhatAStrangerSentSafely) {
  EXPECT_THAT(shown(spoken("server", "x\x1b[2J\xE2\x80\xAEy")), Not(testing::AnyOf(HasSubstr("\x1b"), HasSubstr("\xE2\x80\xAE"))));
}

Value plain(std::int64_t status, Value redirect, bool https, Value same_host) {
  Value facts = Value::object().set("state", "open").set("http", true).set("status", status).set("redirect", std::move(redirect));
  return Value::object().set("plain_http", facts.set("redirects_to_https", https).set("same_host", std::move(same_host)));
}

TEST(TextHttp, TellsWhatPlainHttpDoes) {
  EXPECT_THAT(shown(plain(301, "https://a/", true, true), true), HasSubstr("\x1b[32m301, redirects to https://a/"));
  EXPECT_THAT(shown(plain(200, nullptr, false, nullptr), true), HasSubstr("\x1b[31m200, no redirect to HTTPS"));
  EXPECT_THAT(shown(Value::object().set("plain_http", Value::object().set("state", "filtered"))), HasSubstr("the port is filtered"));
  EXPECT_THAT(shown(Value::object().set("plain_http", Value::object().set("state", "open").set("http", false))),
              HasSubstr("something else"));
}

TEST(TextHttp, TellsWhetherTheNameMayBePreloaded) {
  Value const reasons = Value::array().push_back("a").push_back("b");
  auto const preload = [&](Value eligible) {
    return Value::object().set("hsts_preload", Value::object().set("eligible", std::move(eligible)).set("reasons", reasons));
  };
  EXPECT_THAT(shown(preload(true)), HasSubstr("the name may be preloaded"));
  EXPECT_THAT(shown(preload(false)), HasSubstr("not possible: a; b"));
  EXPECT_THAT(shown(preload(nullptr)), HasSubstr("not established: a; b"));
}

}  // namespace
}  // namespace tlsgauge::report
