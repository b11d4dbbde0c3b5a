#include "base/causes.hpp"

#include <gtest/gtest.h>

namespace tlsgauge {
namespace {

Cause number(Cause::Kind kind, double amount, double off, std::string fact = "f") {
  return {.key = "k", .label = "k", .kind = kind, .fact = std::move(fact), .amount = amount, .off = off};
}

TEST(Causes, MembersMustHaveBeenThere) {
  Cause const a{.key = "a", .label = "A"};
  Cause const b{.key = "b", .label = "B"};
  EXPECT_TRUE(new_causes({a, b}, {b}).empty());
  ASSERT_EQ(new_causes({a}, {a, b}).size(), 1U);
  EXPECT_EQ(new_causes({a}, {a, b}).front()->key, "b");
  EXPECT_EQ(new_causes({}, {a}).size(), 1U);
  Cause value = a;
  value.kind = Cause::Kind::value;
  EXPECT_EQ(new_causes({a}, {value}).size(), 1U) << "a value in words is no member";
}

TEST(Causes, NumbersMustNotBeFartherOff) {
  using enum Cause::Kind;
  EXPECT_TRUE(new_causes({number(amount, 1024, 1024)}, {number(amount, 1024, 1024)}).empty());
  EXPECT_TRUE(new_causes({number(amount, 1024, 1024)}, {number(amount, 1536, 512)}).empty());
  EXPECT_EQ(new_causes({number(amount, 1024, 1024)}, {number(amount, 512, 1536)}).size(), 1U);
  EXPECT_EQ(new_causes({number(amount, 4, 1)}, {number(amount, 6, 1)}).size(), 1U) << "too much is not too little";
  EXPECT_EQ(new_causes({number(amount, 1, 9)}, {number(amount, 1, 9, "other")}).size(), 1U);
}

TEST(Causes, DaysRunOutByThemselvesUntilThereAreNone) {
  using enum Cause::Kind;
  EXPECT_TRUE(new_causes({number(time_left, 12, 18)}, {number(time_left, 11, 19)}).empty());
  EXPECT_TRUE(new_causes({number(time_left, -3, 33)}, {number(time_left, -4, 34)}).empty());
  EXPECT_TRUE(new_causes({number(time_left, -3, 33)}, {number(time_left, 5, 25)}).empty());
  EXPECT_EQ(new_causes({number(time_left, 0, 30)}, {number(time_left, -1, 31)}).size(), 1U);
}

}  // namespace
}  // namespace tlsgauge
