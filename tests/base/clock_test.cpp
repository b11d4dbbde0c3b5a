#include "base/clock.hpp"

#include <gtest/gtest.h>

namespace tlsgauge {
namespace {

Moment at(long long seconds) { return Moment{std::chrono::seconds{seconds}}; }

TEST(Clock, WritesUtcWithWholeSeconds) {
  EXPECT_EQ(rfc3339(at(0)), "1970-01-01T00:00:00Z");
  EXPECT_EQ(rfc3339(at(-1)), "1969-12-31T23:59:59Z");
  EXPECT_EQ(rfc3339(at(1709210096)), "2024-02-29T12:34:56Z");
  EXPECT_EQ(rfc3339(at(253402300799)), "9999-12-31T23:59:59Z");
}

TEST(Clock, AMomentThatFourDigitsCannotWriteIsShownAsTheNearest) {
  EXPECT_EQ(rfc3339(at(253402300800)), "9999-12-31T23:59:59Z");
  EXPECT_EQ(rfc3339(Moment::max()), "9999-12-31T23:59:59Z");
  EXPECT_EQ(rfc3339(Moment::min()), "0000-01-01T00:00:00Z");
}

TEST(Clock, ReadsAnyOffsetAndDropsFractions) {
  EXPECT_EQ(parse_rfc3339("2024-02-29T12:34:56Z"), at(1709210096));
  EXPECT_EQ(parse_rfc3339("2024-02-29t12:34:56z"), at(1709210096));
  EXPECT_EQ(parse_rfc3339("2024-02-29 14:34:56.999999999999+02:00"), at(1709210096));
  EXPECT_EQ(parse_rfc3339("2024-02-29T07:04:56-05:30"), at(1709210096));
  EXPECT_EQ(parse_rfc3339("1937-01-01T12:00:27.87+00:20"), parse_rfc3339("1937-01-01T11:40:27Z"));
}

TEST(Clock, ReadsABareDateAsMidnight) { EXPECT_EQ(parse_rfc3339("2024-02-29"), parse_rfc3339("2024-02-29T00:00:00Z")); }

TEST(Clock, ALeapSecondEndsADayOfUtc) {
  EXPECT_EQ(parse_rfc3339("1990-12-31T23:59:60Z"), parse_rfc3339("1991-01-01T00:00:00Z"));
  EXPECT_EQ(parse_rfc3339("1990-12-31T15:59:60-08:00"), parse_rfc3339("1991-01-01T00:00:00Z"));
  EXPECT_FALSE(parse_rfc3339("1990-12-31T23:58:60Z"));
}

TEST(Clock, RefusesWhatNamesNoRealMoment) {
  for (char const* text : {"",
                           "2024",
                           "2024-2-9",
                           "2023-02-29",
                           "2024-13-01",
                           "2024-00-01",
                           "2024-01-00",
                           "2024-01-32",
                           "2024-01-01T",
                           "2024-01-01T24:00:00Z",
                           "2024-01-01T00:60:00Z",
                           "2024-01-01T00:00:61Z",
                           "2024-01-01T00:00:00",
                           "2024-01-01T00:00:00.Z",
                           "2024-01-01T00:00:00+2:00",
                           "2024-01-01T00:00:00+24:00",
                           "2024-01-01T00:00:00Z ",
                           " 2024-01-01",
                           "+2024-01-01",
                           "20240101",
                           "2024-01-01X00:00:00Z",
                           "now"}) {
    EXPECT_FALSE(parse_rfc3339(text)) << text;
  }
}

TEST(Clock, WhatIsWrittenIsReadBack) {
  for (long long seconds = -62167219200; seconds < 253402300800; seconds += 86399LL * 997) {
    EXPECT_EQ(parse_rfc3339(rfc3339(at(seconds))), at(seconds)) << seconds;
  }
  EXPECT_GT(now(), *parse_rfc3339("2024-01-01"));
}

}  // namespace
}  // namespace tlsgauge
