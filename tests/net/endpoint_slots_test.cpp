#include "net/endpoint_slots.hpp"

#include <gtest/gtest.h>

#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/io_context.hpp>

#include "net/pause.hpp"

namespace tlsgauge::net {
namespace {

using std::chrono::milliseconds;

struct Watched {
  unsigned now = 0;
  unsigned done = 0;
  unsigned beside = 0;  ///< at most, while somebody was alone
  bool alone_done = false;
};

asio::awaitable<void> hold(EndpointSlots& slots, Watched& watched, std::stop_token stop = {}) {
  EndpointSlots::Place const place = co_await slots.enter(stop, Slots::Turn::next);
  if (!place) co_return;
  ++watched.now;
  co_await pause(milliseconds{2}, stop);
  --watched.now;
  ++watched.done;
}

asio::awaitable<void> hold_alone(EndpointSlots& slots, Watched& watched) {
  EndpointSlots::Place const place = co_await slots.enter({}, Slots::Turn::alone);
  if (!place) co_return;
  unsigned const before = watched.done;
  watched.beside = std::max(watched.beside, watched.now);
  co_await pause(milliseconds{5}, {});
  watched.beside = std::max({watched.beside, watched.now, watched.done - before});
  watched.alone_done = true;
}

asio::awaitable<void> be_taken(EndpointSlots& slots) {
  EndpointSlots::Place const place = co_await slots.enter({}, Slots::Turn::next);
  co_await pause(milliseconds{2}, {});
  slots.took(place);
}

asio::awaitable<void> be_turned_down(EndpointSlots& slots) {
  EndpointSlots::Place const place = co_await slots.enter({}, Slots::Turn::next);
  co_await pause(milliseconds{1}, {});
  slots.balked();
}

TEST(EndpointSlots, SomebodyWhoWantsToBeAloneIs) {
  asio::io_context io;
  EndpointSlots slots{io.get_executor()};
  Watched watched;
  for (int i = 0; i < 6; ++i) asio::co_spawn(io, hold(slots, watched), asio::detached);
  for (int i = 0; i < 2; ++i) asio::co_spawn(io, hold_alone(slots, watched), asio::detached);
  for (int i = 0; i < 6; ++i) asio::co_spawn(io, hold(slots, watched), asio::detached);
  io.run();
  EXPECT_TRUE(watched.alone_done);
  EXPECT_EQ(watched.beside, 0U);
  EXPECT_EQ(watched.done, 12U);
}

TEST(EndpointSlots, AnEndpointThatBearsManyIsQuietBesideAsMany) {
  asio::io_context io;
  EndpointSlots slots{io.get_executor()};
  for (int i = 0; i < 4; ++i) asio::co_spawn(io, be_taken(slots), asio::detached);
  io.run();
  io.restart();
  Watched watched;
  asio::co_spawn(io, hold(slots, watched), asio::detached);
  asio::co_spawn(io, hold_alone(slots, watched), asio::detached);
  io.run();
  EXPECT_GT(watched.beside, 0U) << "it need not wait";
  slots.forget();
  io.restart();
  watched = {};
  asio::co_spawn(io, hold(slots, watched), asio::detached);
  asio::co_spawn(io, hold_alone(slots, watched), asio::detached);
  io.run();
  EXPECT_EQ(watched.beside, 0U);
}

TEST(EndpointSlots, OneThatTurnsSomebodyDownMeanwhileProvesNothing) {
  asio::io_context io;
  EndpointSlots slots{io.get_executor()};
  for (int i = 0; i < 3; ++i) asio::co_spawn(io, be_taken(slots), asio::detached);
  asio::co_spawn(io, be_turned_down(slots), asio::detached);
  io.run();
  io.restart();
  Watched watched;
  for (int i = 0; i < 4; ++i) asio::co_spawn(io, hold(slots, watched), asio::detached);
  asio::co_spawn(io, hold_alone(slots, watched), asio::detached);
  io.run();
  EXPECT_EQ(watched.beside, 0U);
}

TEST(EndpointSlots, StopsWaiting) {
  asio::io_context io;
  EndpointSlots slots{io.get_executor()};
  Watched watched;
  std::stop_source stop;
  asio::co_spawn(io, hold_alone(slots, watched), asio::detached);
  asio::co_spawn(io, hold(slots, watched, stop.get_token()), asio::detached);
  io.poll();
  stop.request_stop();
  io.run();
  EXPECT_TRUE(watched.alone_done);
  EXPECT_EQ(watched.done, 0U);
}

}  // namespace
}  // namespace tlsgauge::net
