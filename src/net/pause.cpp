#include "net/pause.hpp"

#include <asio/redirect_error.hpp>
#include <asio/steady_timer.hpp>
#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>
#include <utility>

namespace tlsgauge::net {

asio::awaitable<bool> pause(std::chrono::milliseconds time, std::stop_token stop) {
  if (stop.stop_requested()) co_return false;
  auto const executor = co_await asio::this_coro::executor;
  asio::steady_timer timer{executor, time};
  std::stop_callback const wake{stop, [&timer] { timer.cancel(); }};
  asio::error_code cancelled;
  co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
  co_return !stop.stop_requested();
}

struct Event::State {
  explicit State(asio::any_io_executor const& executor) : timer(executor, asio::steady_timer::time_point::max()) {}
  asio::steady_timer timer;
  std::uint64_t count = 0;
};

Event::Event(asio::any_io_executor executor) : state_(std::make_shared<State>(std::move(executor))) {}

void Event::happen() const {
  ++state_->count;
  state_->timer.cancel();
}

std::uint64_t Event::count() const { return state_->count; }

asio::awaitable<bool> Event::after(std::uint64_t seen, std::stop_token stop) const {
  auto const state = state_;
  std::stop_callback const wake{stop, [&state] { state->timer.cancel(); }};
  while (state->count == seen) {
    if (stop.stop_requested()) co_return false;
    asio::error_code cancelled;
    co_await state->timer.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
  }
  co_return true;
}

}  // namespace tlsgauge::net
