#include "report/text_dh.hpp"

#include <gmock/gmock.h>

#include "report/text_page.hpp"

namespace tlsgauge::report {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

std::string shown(Value const& dh, bool colour = false) {
  TextPage page{100, colour};
  write_dh_parameters(page, dh);
  return page.take();
}

Value group(std::int64_t bits, Value const& name, bool reused) {
  return Value::object().set("bits", bits).set("name", name).set("prime", true).set("safe_prime", true).set("reused", reused);
}

Value one(Value const& each) { return Value::object().set("groups", Value::array().push_back(each)); }

TEST(TextDh, SaysNothingWithoutFacts) {
  EXPECT_THAT(shown({}), IsEmpty());
  EXPECT_THAT(shown(Value::object().set("groups", Value::array()).set("ecdh_reused", false)), IsEmpty());
}

TEST(TextDh, GivesAPrimeOneOfItsNames) {
  EXPECT_THAT(shown(one(group(2048, "Group 14 | MODP-2048", false))), HasSubstr("  2048 bits   Group 14, safe prime\n"));
  EXPECT_THAT(shown(one(group(2048, nullptr, false))), HasSubstr("a prime without a name, safe prime\n"));
}

TEST(TextDh, MarksWhatIsShortOrReused) {
  EXPECT_THAT(shown(one(group(2048, "A", false)), true), HasSubstr("   A, safe prime\n"));
  EXPECT_THAT(shown(one(group(1024, "A", false)), true), HasSubstr("\x1b[33mA, safe prime"));
  EXPECT_THAT(shown(one(group(768, "A", false)), true), HasSubstr("\x1b[31mA, safe prime"));
  EXPECT_THAT(shown(one(group(2048, "A", true)), true), HasSubstr("\x1b[31mA, safe prime, key reused"));
}

}  // namespace
}  // namespace tlsgauge::report
