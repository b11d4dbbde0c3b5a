#include "cli/progress.hpp"

#include <gtest/gtest.h>

#include <string>

namespace tlsgauge::test {
namespace {

using cli::progress_text;
using cli::progress_wanted;
using cli::Rate;

Progress at(std::size_t finished, std::size_t total, std::uint64_t connections = 0) {
  Progress progress;
  progress.finished = finished;
  progress.total = total;
  progress.connections = connections;
  return progress;
}

TEST(Progress, SaysHowManyHowFastAndHowLong) {
  EXPECT_EQ(progress_text(at(400, 1000, 18211), 32, 12.5, 60), "400/1000 endpoints, 12.5/s, 0:48 left, 18211 connections");
  EXPECT_EQ(progress_text(at(400, 1000, 18211), 32, 12.5, 100),
            "[#############---------------------]  40 %  400/1000 endpoints, 12.5/s, 0:48 left, 18211 connections");
  EXPECT_EQ(progress_text(at(0, 1000, 1), 1, {}, 60), "[--------------------]   0 %  0/1000 endpoints, 1 connection");
  EXPECT_EQ(progress_text(at(400, 1000, 18211), 32, 12.5, 20), "400/1000 endpoints");
}

TEST(Progress, KnowsNothingOfOneEndpointButItsConnections) {
  EXPECT_EQ(progress_text(at(0, 1, 23), 1.24, {}, 80), "23 connections, 1.2 s");
  EXPECT_EQ(progress_text(at(0, 1, 1), 0, {}, 80), "1 connection, 0.0 s");
}

TEST(Progress, IsNeverWiderThanTheTerminal) {
  for (std::size_t columns = 1; columns <= 250; ++columns) {
    for (auto const& progress : {at(0, 0), at(0, 1, 5), at(1, 2), at(999'999, 1'000'000, 99'999'999), at(7, 5)}) {
      for (std::optional<double> const rate :
           {std::optional<double>{}, std::optional{0.0}, std::optional{1e-9}, std::optional{12.3}, std::optional{1e6}}) {
        EXPECT_LE(progress_text(progress, 1e6, rate, columns).size(), columns);
      }
    }
  }
}

TEST(Progress, TellsTimesAsClocksDo) {
  EXPECT_NE(progress_text(at(0, 7), 1, 1.0, 60).find("0:07 left"), std::string::npos);
  EXPECT_NE(progress_text(at(0, 750), 1, 1.0, 60).find("12:30 left"), std::string::npos);
  EXPECT_NE(progress_text(at(0, 10'920), 1, 1.0, 60).find("3:02:00 left"), std::string::npos);
  EXPECT_EQ(progress_text(at(5, 10), 1, 0.0, 60).find("left"), std::string::npos);
}

TEST(Progress, BarIsFullAtTheEndOnly) {
  EXPECT_EQ(progress_text(at(999, 1000), 1, 1.0, 200).find("--"), std::string::npos);  // 38 of 38 signs would say it is over
  EXPECT_NE(progress_text(at(999, 1000), 1, 1.0, 200).find("-]  99 %"), std::string::npos);
  EXPECT_NE(progress_text(at(1000, 1000), 1, 1.0, 200).find("#] 100 %"), std::string::npos);
}

TEST(ProgressRate, FollowsWhatHappens) {
  Rate rate;
  EXPECT_EQ(rate.per_second(), std::nullopt);
  for (int i = 1; i <= 100; ++i) rate.add(static_cast<std::size_t>(2 * i), 0.2 * i);  // 10 a second
  EXPECT_NEAR(rate.per_second().value(), 10, 0.5);
  for (int i = 1; i <= 150; ++i) rate.add(200, 20 + 0.2 * i);  // half a minute of nothing
  EXPECT_LT(rate.per_second().value(), 1);
  for (int i = 1; i <= 200; ++i) rate.add(static_cast<std::size_t>(200 + i), 50 + 0.2 * i);  // 5 a second
  EXPECT_NEAR(rate.per_second().value(), 5, 0.5);
}

TEST(ProgressRate, StaysFiniteWhenTheClockStands) {
  Rate rate;
  rate.add(5, 0);
  EXPECT_EQ(rate.per_second(), std::nullopt);
  rate.add(5, 1);
  rate.add(4, 1);  // never goes back
  EXPECT_GT(rate.per_second().value(), 0);
  EXPECT_LT(rate.per_second().value(), 6);
}

TEST(ProgressWanted, IsForPeopleUnlessAskedFor) {
  EXPECT_TRUE(progress_wanted("auto", true, nullptr));
  EXPECT_TRUE(progress_wanted("auto", true, ""));
  EXPECT_FALSE(progress_wanted("auto", true, "true"));
  EXPECT_FALSE(progress_wanted("auto", false, nullptr));
  EXPECT_TRUE(progress_wanted("always", false, "true"));
  EXPECT_FALSE(progress_wanted("never", true, nullptr));
}

}  // namespace
}  // namespace tlsgauge::test
