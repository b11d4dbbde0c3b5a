#include "report/text_dns.hpp"

#include <gmock/gmock.h>

#include "report/text_page.hpp"

namespace tlsgauge::report {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

std::string shown(Value const& dns, bool colour = false) {
  TextPage page{100, colour};
  write_dns(page, dns);
  return page.take();
}

Value array(std::initializer_list<Value> items) { return Value{Value::Array{items}}; }

Value caa(std::string_view permitted) {
  Value const record = Value::object().set("flags", 0).set("tag", "issue").set("value", "digicert.com");
  Value const chain = Value::object().set("issuer", "Let's Encrypt").set("permitted", permitted).set("reason", "it is not named");
  return Value::object().set(
      "caa", Value::object().set("at", "example.com").set("secure", true).set("records", array({record})).set("chains", array({chain})));
}

Value tlsa(std::string_view result) {
  Value const record = Value::object()
                           .set("usage", 3)
                           .set("selector", 1)
                           .set("matching_type", 1)
                           .set("data", std::string(64, 'a'))
                           .set("matches", result == "matches")
                           .set("reason", "no such key");
  return Value::object().set(
      "tlsa",
      Value::object().set("name", "_443._tcp.example.com").set("secure", true).set("records", array({record})).set("result", result));
}

TEST(TextDns, SaysNothingWhereDnsWasNotAsked) {
  EXPECT_THAT(shown({}), IsEmpty());
  EXPECT_THAT(shown(Value::object().set("name", nullptr).set("not_checked", "offline")), IsEmpty());
}

TEST(TextDns, NamesTheCasAndTheIssuer) {
  EXPECT_THAT(shown(caa("yes")), AllOf(HasSubstr("at example.com, secure: issue digicert.com"), HasSubstr("Let's Encrypt may issue\n")));
  EXPECT_THAT(shown(caa("no"), true), HasSubstr("\x1b[31mLet's Encrypt may not issue: it is not named"));
  Value const none = Value::object().set("caa", Value::object().set("at", nullptr).set("secure", true));
  EXPECT_THAT(shown(none), HasSubstr("no record: any CA may issue"));
}

TEST(TextDns, TellsWhetherTlsaMatches) {
  EXPECT_THAT(shown(tlsa("matches")), AllOf(HasSubstr("matches, at _443._tcp.example.com"), HasSubstr("3 1 1 aaaaaaaaaaaaaaaa\n")));
  EXPECT_THAT(shown(tlsa("no_match"), true), AllOf(HasSubstr("\x1b[31mdoes not match"), HasSubstr("no such key")));
  EXPECT_THAT(shown(tlsa("insecure")), HasSubstr("counts for nothing"));
  EXPECT_THAT(shown(tlsa("none")), AllOf(HasSubstr("no record"), Not(HasSubstr("3 1 1"))));
}

TEST(TextDns, ShowsWhatTheServiceOffers) {
  Value const alias = Value::object().set("priority", 0).set("target", "cdn.example");
  Value const service = Value::object()
                            .set("priority", 1)
                            .set("target", nullptr)
                            .set("alpn", array({"h2", "h3"}))
                            .set("port", 8443)
                            .set("ech", Value::object().set("octets", 71).set("public_name", "public.example"));
  Value const dns = Value::object().set("https", Value::object().set("name", "x").set("records", array({alias, service})));
  EXPECT_THAT(shown(dns),
              AllOf(HasSubstr("alias of cdn.example"), HasSubstr("1 ., ALPN h2 h3, port 8443, ECH with public name public.example")));
}

TEST(TextDns, SaysWhatWasNotHadAndWhatIsBogus) {
  Value const dns = Value::object()
                        .set("validating", false)
                        .set("caa", Value::object().set("not_checked", "no answer"))
                        .set("tlsa", Value::object().set("name", "x").set("bogus", "bad signature"));
  EXPECT_THAT(shown(dns),
              AllOf(HasSubstr("there is no trust anchor"), HasSubstr("not checked: no answer"), HasSubstr("bogus: bad signature")));
}

}  // namespace
}  // namespace tlsgauge::report
