#include "net/budget.hpp"

#include <gtest/gtest.h>

#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/io_context.hpp>
#include <vector>

#include "net/pause.hpp"

namespace tlsgauge::net {
namespace {

using std::chrono::milliseconds;

struct Watched {
  unsigned now = 0;
  unsigned most = 0;
  unsigned done = 0;
};

asio::awaitable<void> hold(Budget& budget, Watched& watched, std::stop_token stop) {
  Budget::Pass const pass = co_await budget.acquire(stop);
  if (!pass) co_return;
  watched.most = std::max(watched.most, ++watched.now);
  co_await pause(milliseconds{2}, stop);
  --watched.now;
  ++watched.done;
}

TEST(Budget, LetsSoManyThroughAtOnceAndAllInTheEnd) {
  asio::io_context io;
  Budget budget{io.get_executor(), Limits{io.get_executor(), 100, 0}, 3};
  Watched watched;
  for (int i = 0; i < 20; ++i) asio::co_spawn(io, hold(budget, watched, {}), asio::detached);
  io.run();
  EXPECT_EQ(watched.most, 3U);
  EXPECT_EQ(watched.done, 20U);
  EXPECT_EQ(budget.in_flight(), 0U);
}

TEST(Budget, SharesTheLimitsOfAllAddresses) {
  asio::io_context io;
  Limits const limits{io.get_executor(), 2, 0};
  Budget one{io.get_executor(), limits, 8};
  Budget other{io.get_executor(), limits, 8};
  Watched watched;
  for (int i = 0; i < 10; ++i) {
    asio::co_spawn(io, hold(one, watched, {}), asio::detached);
    asio::co_spawn(io, hold(other, watched, {}), asio::detached);
  }
  io.run();
  EXPECT_EQ(watched.most, 2U);
  EXPECT_EQ(watched.done, 20U);
}

TEST(Budget, GivesTheQueueUpWhenStopped) {
  asio::io_context io;
  Budget budget{io.get_executor(), Limits{io.get_executor(), 100, 0}, 1};
  Watched watched;
  std::stop_source stop;
  for (int i = 0; i < 20; ++i) asio::co_spawn(io, hold(budget, watched, stop.get_token()), asio::detached);
  io.poll();
  stop.request_stop();
  io.run();
  EXPECT_EQ(watched.done, 1U);
  EXPECT_EQ(budget.in_flight(), 0U);
}

TEST(Budget, SurvivesTheEndOfAnExecutorWithAQueue) {
  Watched watched;
  std::unique_ptr<Budget> budget;
  {
    asio::io_context io;
    budget = std::make_unique<Budget>(io.get_executor(), Limits{io.get_executor(), 100, 0}, 1);
    for (int i = 0; i < 5; ++i) asio::co_spawn(io, hold(*budget, watched, {}), asio::detached);
    io.poll();
  }
  EXPECT_EQ(watched.done, 0U);
}

TEST(Budget, IsHalvedOnceForConnectionsThatWereInFlightTogether) {
  asio::io_context io;
  Budget budget{io.get_executor(), Limits{io.get_executor(), 100, 0}, 8};
  budget.trouble(0);
  budget.trouble(0);
  budget.trouble(0);
  EXPECT_EQ(budget.limit(), 4U);
  budget.trouble(1);
  EXPECT_EQ(budget.limit(), 2U);
  budget.trouble(2);
  budget.trouble(3);
  budget.trouble(4);
  EXPECT_EQ(budget.limit(), 1U);
}

TEST(Budget, RegrowsSlowlyAndSlowestWhereTheTroubleWas) {
  asio::io_context io;
  Budget budget{io.get_executor(), Limits{io.get_executor(), 100, 0}, 8};
  budget.trouble(0);
  budget.trouble(1);
  ASSERT_EQ(budget.limit(), 2U);
  budget.good();
  budget.good();
  EXPECT_EQ(budget.limit(), 3U);
  for (int i = 0; i < 31; ++i) budget.good();
  EXPECT_EQ(budget.limit(), 3U);
  budget.good();
  EXPECT_EQ(budget.limit(), 4U);
  for (int i = 0; i < 1000; ++i) budget.good();
  EXPECT_EQ(budget.limit(), 8U);
}

TEST(Budget, StaysAtOneWhenToldTo) {
  asio::io_context io;
  Budget budget{io.get_executor(), Limits{io.get_executor(), 100, 0}, 8};
  budget.one_by_one();
  for (int i = 0; i < 1000; ++i) budget.good();
  EXPECT_EQ(budget.limit(), 1U);
  budget.no_trouble_after_all();
  EXPECT_EQ(budget.limit(), 1U);
}

asio::awaitable<void> pass_through(Limits limits, std::vector<std::chrono::steady_clock::time_point>& times) {
  bool const entered = co_await limits.enter({});
  if (!entered) co_return;
  times.push_back(std::chrono::steady_clock::now());
  limits.leave();
}

TEST(Limits, KeepTheRateOfNewConnections) {
  asio::io_context io;
  Limits const limits{io.get_executor(), 100, 100};
  std::vector<std::chrono::steady_clock::time_point> times;
  auto const start = std::chrono::steady_clock::now();
  for (int i = 0; i < 40; ++i) asio::co_spawn(io, pass_through(limits, times), asio::detached);
  io.run();
  ASSERT_EQ(times.size(), 40U);
  // 100 a second, of which 100 ms may be saved up: the last of 40 is due after 290 ms.
  EXPECT_GE(times.back() - start, milliseconds{280});
}

}  // namespace
}  // namespace tlsgauge::net
