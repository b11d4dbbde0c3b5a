#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <regex>

#include "report/charts.hpp"
#include "report/gauges.hpp"
#include "report/ladder.hpp"

namespace tlsgauge::report {
namespace {

using testing::HasSubstr;

TEST(Ladder, KnowsTheFlightsOfTls12) {
  std::vector<Flight> const full = flights("TLSv1.2 full", 2, "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256");
  EXPECT_EQ(drawn_round_trips(full), 2);
  EXPECT_EQ(full.at(1).second, "ServerKeyExchange, ServerHelloDone");
  EXPECT_TRUE(full.back().data);
  EXPECT_EQ(drawn_round_trips(flights("TLSv1.2 resumed", 1, "")), 1);
}

TEST(Ladder, LeavesOutServerKeyExchangeWhereThereIsNone) {
  EXPECT_EQ(flights("TLSv1.2 full", 2, "TLS_RSA_WITH_AES_128_CBC_SHA").at(1).second, "ServerHelloDone");
  EXPECT_EQ(flights("TLSv1.2 full", 2, "TLS_ECDH_RSA_WITH_AES_128_CBC_SHA").at(1).second, "ServerHelloDone");
}

TEST(Ladder, KnowsTheFlightsOfTls13) {
  EXPECT_EQ(drawn_round_trips(flights("TLSv1.3 full", 1, "")), 1);
  EXPECT_EQ(drawn_round_trips(flights("TLSv1.3 resumed", 1, "")), 1);
  std::vector<Flight> const retried = flights("TLSv1.3 full", 2, "");
  EXPECT_EQ(drawn_round_trips(retried), 2);
  EXPECT_EQ(retried.at(1).first, "HelloRetryRequest");
  EXPECT_EQ(flights("TLSv1.3 after HelloRetryRequest", 2, "").at(1).first, "HelloRetryRequest");
}

TEST(Ladder, DrawsEachFlightOnce) {
  EXPECT_TRUE(flights("TLSv1.4 full", 1, "").empty());
  std::vector<Flight> const early = flights("TLSv1.3 0-RTT", 0, "");
  EXPECT_EQ(drawn_round_trips(early), 0);
  EXPECT_TRUE(early.at(0).data);
  std::string const svg = draw_ladder(flights("TLSv1.3 full", 1, ""), "label", {25, 50, {}});
  EXPECT_THAT(svg, HasSubstr("aria-label=\"label\""));
  std::size_t arrows = 0;
  for (std::size_t at = svg.find("class=\"flight"); at != std::string::npos; at = svg.find("class=\"flight", at + 1)) ++arrows;
  EXPECT_EQ(arrows, 3U);
}

/// The y of the first arrow's start and of the last arrow's end.
std::pair<double, double> extent(std::string const& svg) {
  double first = 0;
  double last = 0;
  std::regex const line("<line stroke=\"#888\" x1=\"[0-9]+\" y1=\"([0-9.]+)\" x2=\"[0-9]+\" y2=\"([0-9.]+)\"/><path d");
  for (std::sregex_iterator at(svg.begin(), svg.end(), line), end; at != end; ++at) {
    if (first == 0) first = std::stod((*at)[1]);
    last = std::stod((*at)[2]);
  }
  return {first, last};
}

TEST(Ladder, IsToScaleInTime) {
  // Two round trips in 40 ms and one in 20 ms, both with the data's way behind: 50 and 30 of the scale.
  auto const [slow_first, slow_last] = extent(draw_ladder(flights("TLSv1.2 full", 2, ""), "label", {40, 40, {}}));
  auto const [fast_first, fast_last] = extent(draw_ladder(flights("TLSv1.3 full", 1, ""), "label", {20, 40, {}}));
  EXPECT_EQ(slow_first, fast_first);
  EXPECT_NEAR((slow_last - slow_first) / (fast_last - fast_first), 50.0 / 30, 0.01);
}

TEST(Ladder, FlightsTakeAsLongAsTcpAndTheRestIsWork) {
  std::string const svg = draw_ladder(flights("TLSv1.3 full", 1, ""), "label", {40, 40, 10});  // 5 there, 15 of work, 5 back, 15, 5 there
  auto const [first, last] = extent(svg);
  EXPECT_NEAR(last - first, 190.0 * 45 / 40, 0.2);
  std::smatch work;
  ASSERT_TRUE(
      std::regex_search(svg, work, std::regex{"<rect class=\"work\" x=\"[0-9.]+\" y=\"([0-9.]+)\" width=\"5\" height=\"([0-9.]+)\""}));
  EXPECT_NEAR(std::stod(work[1]) - first, 190.0 * 5 / 40, 0.2);
  EXPECT_NEAR(std::stod(work[2]), 190.0 * 15 / 40, 0.2);
  EXPECT_EQ(draw_ladder(flights("TLSv1.3 full", 1, ""), "label", {40, 40, 50}).find("work"), std::string::npos);  // all of it the way
  EXPECT_EQ(draw_ladder(flights("TLSv1.3 full", 1, ""), "label", {40, 40, {}}).find("work"), std::string::npos);  // not known
}

TEST(Ladder, TheWayIsNeverLongerThanTheWhole) {
  EXPECT_EQ(way_ms({40, 40, {}}, 2), std::nullopt);
  EXPECT_EQ(way_ms({40, 40, 10}, 2), 20);
  EXPECT_EQ(way_ms({40, 40, 10}, 0), 10);  // early data goes there, and the answer comes back
  EXPECT_EQ(way_ms({40, 40, 30}, 2), 40);
  EXPECT_EQ(way_ms({40, 40, -1}, 2), 0);
  EXPECT_EQ(way_ms({40, 40, std::numeric_limits<double>::infinity()}, 2), std::nullopt);
}

TEST(Ladder, WordsStandApartHoweverFastItWas) {
  for (double const time : {0.0, 1e-9, 0.5, 1e308, -5.0}) {
    std::string const svg = draw_ladder(flights("TLSv1.2 full", 2, ""), "label", {time, 1000, {}});
    double before = -100;
    std::regex const words("<text x=\"144\" y=\"([0-9.]+)\">");
    for (std::sregex_iterator at(svg.begin(), svg.end(), words), end; at != end; ++at) {
      double const y = std::stod((*at)[1]);
      EXPECT_GT(y, before + 10);
      before = y;
    }
    EXPECT_EQ(svg.find("nan"), std::string::npos);
    EXPECT_EQ(svg.find("inf"), std::string::npos);
  }
}

TEST(Charts, SplitABarAndSayItInWords) {
  std::string const svg = draw_bars("Grades: A 3, F 1", {{"A", {.good = 2, .fair = 1}, "3"}, {"F", {.bad = 1}, "1"}}, 4);
  EXPECT_THAT(svg, HasSubstr("<title>Grades: A 3, F 1</title>"));
  EXPECT_THAT(svg, HasSubstr("<rect class=\"good\" x=\"88.0\" y=\"4\" width=\"35.0\""));
  EXPECT_THAT(svg, HasSubstr("<rect class=\"fair\" x=\"123.0\" y=\"4\" width=\"17.5\""));
  EXPECT_THAT(svg, HasSubstr("<rect class=\"bad\" x=\"88.0\" y=\"24\" width=\"17.5\""));
  EXPECT_EQ(draw_bars("t", {{"A", {.good = 1}, "1"}}, 0).find("nan"), std::string::npos);
}

TEST(Charts, ExpiryHasAColumnForEachWeek) {
  std::string const svg = draw_expiry("t", {-5, -1, 0, 6, 7, 181, 182, INT64_MIN, INT64_MAX});
  auto const columns = [&](std::string const& tone) {
    std::size_t found = 0;
    for (std::size_t at = svg.find("<rect class=\"" + tone); at != std::string::npos; at = svg.find("<rect class=\"" + tone, at + 1))
      ++found;
    return found;
  };
  EXPECT_EQ(columns("bad"), 1U);    // what has expired
  EXPECT_EQ(columns("fair"), 2U);   // this week and the next
  EXPECT_EQ(columns("plain"), 2U);  // the 26th week, and later
  EXPECT_THAT(svg, HasSubstr(">3</text>"));
}

TEST(Gauges, StayWithinTheirBounds) {
  EXPECT_THAT(draw_ring(250), HasSubstr("stroke-dasharray=\"100 100\""));
  EXPECT_EQ(draw_ring(-5).find("stroke-dasharray"), std::string::npos);
  EXPECT_THAT(draw_bar(1, 2), HasSubstr("class=\"part\" width=\"500\""));
  EXPECT_THAT(draw_bar(3, 0), HasSubstr("width=\"10\""));
  EXPECT_THAT(draw_bar(1, 2, 0.5), HasSubstr("class=\"way\" width=\"250\""));
  EXPECT_THAT(draw_bar(1, 2, 3), HasSubstr("class=\"way\" width=\"500\""));
}

TEST(Gauges, ShowHowMuchOfTheValidityHasPassed) {
  Moment const begin{std::chrono::seconds{1000}};
  Moment const end{std::chrono::seconds{2000}};
  EXPECT_THAT(draw_validity(begin, end, Moment{std::chrono::seconds{1250}}), HasSubstr("width=\"250\""));
  EXPECT_THAT(draw_validity(begin, end, Moment{std::chrono::seconds{9000}}), HasSubstr("x=\"994\""));
  EXPECT_THAT(draw_validity(begin, end, Moment{std::chrono::seconds{10}}), HasSubstr("x=\"0\""));
  EXPECT_THAT(draw_validity(end, begin, begin), HasSubstr("width=\"1000\""));
}

}  // namespace
}  // namespace tlsgauge::report
