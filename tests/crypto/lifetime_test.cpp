#include "crypto/lifetime.hpp"

#include <gtest/gtest.h>

namespace tlsgauge::crypto {
namespace {

using std::chrono::seconds;

struct Row {
  char const* begin;
  std::int64_t seconds_between;  ///< from notBefore to notAfter
  std::int64_t days;
  std::optional<int> limit;
  bool within;
  bool brief;
};

constexpr std::int64_t kDay = 86'400;

TEST(Lifetime, FollowsTheScheduleToTheSecond) {
  Row const rows[] = {
      {"2018-02-28T23:59:59Z", 1200 * kDay, 1201, std::nullopt, true, false},
      {"2018-03-01T00:00:00Z", 825 * kDay - 1, 825, 825, true, false},
      {"2020-08-31T23:59:59Z", 825 * kDay, 826, 825, false, false},
      {"2020-09-01T00:00:00Z", 398 * kDay - 1, 398, 398, true, false},
      {"2020-09-01T00:00:00Z", 398 * kDay, 399, 398, false, false},
      {"2026-03-14T23:59:59Z", 398 * kDay - 1, 398, 398, true, false},
      {"2026-03-15T00:00:00Z", 398 * kDay - 1, 398, 200, false, false},
      {"2026-03-15T00:00:00Z", 200 * kDay - 1, 200, 200, true, false},
      {"2026-03-15T00:00:00Z", 200 * kDay, 201, 200, false, false},
      {"2027-03-14T23:59:59Z", 200 * kDay - 1, 200, 200, true, false},
      {"2027-03-15T00:00:00Z", 100 * kDay - 1, 100, 100, true, false},
      {"2027-03-15T00:00:00Z", 100 * kDay, 101, 100, false, false},
      {"2029-03-14T23:59:59Z", 100 * kDay - 1, 100, 100, true, false},
      {"2029-03-15T00:00:00Z", 47 * kDay - 1, 47, 47, true, false},
      {"2029-03-15T00:00:00Z", 47 * kDay, 48, 47, false, false},
      {"2024-03-14T23:59:59Z", kDay, 2, 398, true, false},
      {"2024-03-15T00:00:00Z", 10 * kDay - 1, 10, 398, true, true},
      {"2024-03-15T00:00:00Z", 10 * kDay, 11, 398, true, false},
      {"2026-03-15T00:00:00Z", 7 * kDay - 1, 7, 200, true, true},
      {"2026-03-15T00:00:00Z", 7 * kDay, 8, 200, true, false},
      {"2026-03-15T00:00:00Z", 0, 1, 200, true, true},
      {"2026-03-15T00:00:00Z", -5, 0, 200, true, true},
  };
  for (Row const& row : rows) {
    Moment const begin = parse_rfc3339(row.begin).value();
    Lifetime const found = lifetime(begin, begin + seconds{row.seconds_between}, begin);
    EXPECT_EQ(found.days, row.days) << row.begin << " " << row.seconds_between;
    EXPECT_EQ(found.limit_days, row.limit) << row.begin << " " << row.seconds_between;
    EXPECT_EQ(found.within_limit, row.within) << row.begin << " " << row.seconds_between;
    EXPECT_EQ(found.short_lived, row.brief) << row.begin << " " << row.seconds_between;
  }
}

TEST(Lifetime, TellsWhatPartIsLeft) {
  Moment const begin = parse_rfc3339("2026-04-01T00:00:00Z").value();
  Moment const end = begin + seconds{100 * kDay - 1};
  EXPECT_DOUBLE_EQ(lifetime(begin, end, begin - seconds{kDay}).fraction_left, 1);
  EXPECT_DOUBLE_EQ(lifetime(begin, end, begin).fraction_left, 1);
  EXPECT_DOUBLE_EQ(lifetime(begin, end, begin + seconds{75 * kDay}).fraction_left, 0.25);
  EXPECT_DOUBLE_EQ(lifetime(begin, end, end + seconds{1}).fraction_left, 0);
  EXPECT_DOUBLE_EQ(lifetime(begin, end, end + seconds{kDay}).fraction_left, 0);
  EXPECT_DOUBLE_EQ(lifetime(end, begin, end).fraction_left, 0);
}

}  // namespace
}  // namespace tlsgauge::crypto
