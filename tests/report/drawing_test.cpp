#include <gmock/gmock.h>
#include <gtest/gtest.h>

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
  std::string const svg = draw_ladder(flights("TLSv1.3 full", 1, ""), "label");
  EXPECT_THAT(svg, HasSubstr("aria-label=\"label\""));
  std::size_t arrows = 0;
  for (std::size_t at = svg.find("class=\"flight"); at != std::string::npos; at = svg.find("class=\"flight", at + 1)) ++arrows;
  EXPECT_EQ(arrows, 3U);
}

TEST(Gauges, StayWithinTheirBounds) {
  EXPECT_THAT(draw_ring(250), HasSubstr("stroke-dasharray=\"100 100\""));
  EXPECT_EQ(draw_ring(-5).find("stroke-dasharray"), std::string::npos);
  EXPECT_THAT(draw_bar(1, 2), HasSubstr("class=\"part\" width=\"500\""));
  EXPECT_THAT(draw_bar(3, 0), HasSubstr("width=\"10\""));
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
