#include "base/hsts.hpp"

#include <gmock/gmock.h>

#include <limits>
#include <ostream>

namespace tlsgauge {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();

struct Good {
  std::string_view value;
  std::int64_t max_age;
  bool include_subdomains;
  bool preload;
  friend std::ostream& operator<<(std::ostream& out, Good const& good) { return out << good.value; }
};

class HstsReads : public testing::TestWithParam<Good> {};

TEST_P(HstsReads, WhatTheGrammarAllows) {
  Hsts const hsts = parse_hsts(GetParam().value);
  EXPECT_TRUE(hsts.valid);
  EXPECT_THAT(hsts.errors, IsEmpty());
  EXPECT_EQ(hsts.max_age, GetParam().max_age);
  EXPECT_EQ(hsts.include_subdomains, GetParam().include_subdomains);
  EXPECT_EQ(hsts.preload, GetParam().preload);
}

// The first five are the examples of RFC 6797 section 6.2.
INSTANTIATE_TEST_SUITE_P(
    Values, HstsReads,
    testing::Values(Good{"max-age=31536000", 31536000, false, false}, Good{"max-age=15768000 ; includeSubDomains", 15768000, true, false},
                    Good{"max-age=\"31536000\"", 31536000, false, false}, Good{"max-age=0", 0, false, false},
                    Good{"max-age=0; includeSubDomains", 0, true, false},
                    Good{"max-age=63072000; includeSubDomains; preload", 63072000, true, true},
                    Good{"PRELOAD; INCLUDESUBDOMAINS; MAX-AGE=1", 1, true, true}, Good{";;max-age=5;; ;includeSubDomains;", 5, true, false},
                    Good{"\tmax-age = 7\t", 7, false, false}, Good{"max-age=007", 7, false, false},
                    Good{"max-age=1; report-uri=\"https://a/;max-age=2\"; x", 1, false, false}, Good{"max-age=\"3\\1\"", 31, false, false},
                    Good{"max-age=9223372036854775807", kMost, false, false}, Good{"max-age=9223372036854775808", kMost, false, false},
                    Good{"max-age=99999999999999999999999999999999999999999999", kMost, false, false}));

struct Bad {
  std::string_view value;
  std::string_view error;
  friend std::ostream& operator<<(std::ostream& out, Bad const& bad) { return out << bad.value; }
};

class HstsRejects : public testing::TestWithParam<Bad> {};

TEST_P(HstsRejects, WhatTheGrammarForbids) {
  Hsts const hsts = parse_hsts(GetParam().value);
  EXPECT_FALSE(hsts.valid);
  ASSERT_FALSE(hsts.errors.empty());
  EXPECT_THAT(hsts.errors.front(), HasSubstr(std::string{GetParam().error}));
  EXPECT_EQ(hsts.max_age, std::nullopt);
  EXPECT_FALSE(hsts.include_subdomains);
  EXPECT_FALSE(hsts.preload);
}

INSTANTIATE_TEST_SUITE_P(
    Values, HstsRejects,
    testing::Values(Bad{"", "max-age is missing"}, Bad{"includeSubDomains; preload", "max-age is missing"}, Bad{"max-age", "no value"},
                    Bad{"max-age=", "empty value"}, Bad{"max-age=;preload", "empty value"}, Bad{"max-age=\"\"", "not a number"},
                    Bad{"max-age=-1", "not a number"}, Bad{"max-age=+1", "not a number"}, Bad{"max-age=1.5", "not a number"},
                    Bad{"max-age=1e6", "not a number"}, Bad{"max-age=0x10", "not a number"}, Bad{"max-age=\" 1\"", "not a number"},
                    Bad{"max-age=1; max-age=1", "more than once"}, Bad{"max-age=1; Max-Age=2", "more than once"},
                    Bad{"max-age=1; preload; preload", "more than once"}, Bad{"max-age=1; unknown; UNKNOWN=3", "more than once"},
                    Bad{"max-age=1; includeSubDomains=true", "takes no value"}, Bad{"max-age=1; preload=\"\"", "takes no value"},
                    Bad{"max-age=1 includeSubDomains", "without a semicolon"}, Bad{"max-age=1, max-age=2", "without a semicolon"},
                    Bad{"max-age=\"1", "does not end"}, Bad{"max-age=\"1\\", "does not end"}, Bad{"=1; max-age=1", "begins no directive"},
                    Bad{"max-age=1; \"preload\"", "begins no directive"}, Bad{"max-age=1; caf\xC3\xA9", "without a semicolon"},
                    Bad{std::string_view{"max-age=1\0;preload", 18}, "without a semicolon"}));

TEST(Hsts, BoundsTheErrorsOfAHostileValue) {
  std::string value = "max-age=1";
  for (int i = 0; i < 500; ++i) value += "; max-age=1";
  EXPECT_EQ(parse_hsts(value).errors.size(), 16U);
  Hsts const huge = parse_hsts(std::string(100'000, ';'));
  ASSERT_EQ(huge.errors.size(), 1U);
  EXPECT_THAT(huge.errors.front(), HasSubstr("100000 octets"));
}

TEST(Hsts, RepeatsForeignOctetsOnlyAsText) {
  Hsts const hsts = parse_hsts("max-age=\"\xFF\x80\"");
  ASSERT_EQ(hsts.errors.size(), 1U);
  EXPECT_THAT(hsts.errors.front(), HasSubstr("\\xFF\\x80"));
}

}  // namespace
}  // namespace tlsgauge
