#include "report/text_versions.hpp"

#include <gmock/gmock.h>

#include "report/text_page.hpp"

namespace tlsgauge::report {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(TextVersions, SayNothingOfWhatWasNotAsked) {
  TextPage page{100, false};
  write_downgrade(page, {});
  write_tolerance(page, {});
  EXPECT_EQ(page.take(), "");
}

TEST(TextVersions, GiveReasonsForEveryNo) {
  Value mark = Value::object();
  mark.set("protocol", "TLSv1.2").set("sent", "yes");
  Value marks = Value::array(), reasons = Value::object(), facts = Value::object();
  marks.push_back(std::move(mark));
  reasons.set("fallback_scsv", "answered with TLSv1.2");
  facts.set("fallback_scsv", "no").set("sentinel", std::move(marks)).set("prefers_tls13", "not_applicable").set("reasons", reasons);
  TextPage page{100, false};
  write_downgrade(page, facts);
  std::string const text = page.take();
  EXPECT_THAT(text, HasSubstr("fallback refused (SCSV)     no: answered with TLSv1.2\n"));
  EXPECT_THAT(text, HasSubstr("downgrade mark in TLSv1.2   yes\n"));
  EXPECT_THAT(text, Not(HasSubstr("TLS 1.3 before")));
}

TEST(TextVersions, NameTheHelloThatIsNotTolerated) {
  Value reasons = Value::object(), facts = Value::object();
  reasons.set("large_hello", "no answer in time");
  facts.set("grease", "yes").set("many_suites", "yes").set("large_hello", "no").set("ssl2_hello", "no").set("reasons", reasons);
  TextPage page{100, false};
  write_tolerance(page, facts);
  std::string const text = page.take();
  EXPECT_THAT(text, HasSubstr("over 1500 octets            no: no answer in time\n"));
  EXPECT_THAT(text, HasSubstr("tolerated                   over 128 suites, GREASE\n"));
  EXPECT_THAT(text, HasSubstr("hello in SSLv2's format     not answered\n"));
}

}  // namespace
}  // namespace tlsgauge::report
