#include "net/slots.hpp"

#include <algorithm>
#include <asio/redirect_error.hpp>
#include <asio/steady_timer.hpp>
#include <asio/use_awaitable.hpp>
#include <deque>
#include <utility>

namespace tlsgauge::net {

struct Slots::State {
  State(asio::any_io_executor e, unsigned l) : executor(std::move(e)), limit(l) {}
  [[nodiscard]] bool room(Turn turn) const { return in_flight < (turn == Turn::alone || alone > 0 ? std::min(limit, quiet) : limit); }
  void enter(Turn turn) {
    ++in_flight;
    if (turn == Turn::alone) ++alone;
  }
  void leave(Turn turn) {
    --in_flight;
    if (turn == Turn::alone) --alone;
    admit();
  }
  void admit();

  asio::any_io_executor executor;
  unsigned limit;
  unsigned in_flight = 0;
  unsigned quiet = 1;
  unsigned alone = 0;  ///< of those in flight
  std::deque<Waiter*> waiting;
  std::deque<Waiter*> waiting_alone;  // others need not stand behind them
};

/// Lives in the frame of the coroutine that waits, and leaves the queue with it.
struct Slots::Waiter {
  Waiter(std::shared_ptr<State> s, Turn t) : state(std::move(s)), turn(t), woken(state->executor, asio::steady_timer::time_point::max()) {
    std::deque<Waiter*>& queue = turn == Turn::alone ? state->waiting_alone : state->waiting;
    queue.insert(turn == Turn::first ? queue.begin() : queue.end(), this);
  }
  Waiter(Waiter const&) = delete;
  Waiter& operator=(Waiter const&) = delete;
  ~Waiter() {
    std::erase(turn == Turn::alone ? state->waiting_alone : state->waiting, this);
    if (granted) state->leave(turn);
  }
  /// The place goes to the caller.
  bool take() { return std::exchange(granted, false); }

  std::shared_ptr<State> state;
  Turn turn;
  asio::steady_timer woken;
  bool granted = false;
};

void Slots::State::admit() {
  while (true) {
    bool const alone_next = !waiting_alone.empty() && room(Turn::alone);
    if (!alone_next && (waiting.empty() || !room(Turn::next))) return;
    std::deque<Waiter*>& queue = alone_next ? waiting_alone : waiting;
    Waiter* const next = queue.front();
    queue.pop_front();
    enter(next->turn);
    next->granted = true;
    next->woken.cancel();
  }
}

Slots::Slots(asio::any_io_executor executor, unsigned limit) : state_(std::make_shared<State>(std::move(executor), std::max(1U, limit))) {}

asio::awaitable<bool> Slots::acquire(std::stop_token stop, Turn turn) const {
  auto const state = state_;
  if (stop.stop_requested()) co_return false;
  if (state->room(turn) && (turn != Turn::next || state->waiting.empty())) {
    state->enter(turn);
    co_return true;
  }
  Waiter waiter{state, turn};
  std::stop_callback const wake{stop, [&waiter] { waiter.woken.cancel(); }};
  asio::error_code cancelled;
  co_await waiter.woken.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
  co_return waiter.take();
}

void Slots::release(Turn turn) const { state_->leave(turn); }

void Slots::set_quiet(unsigned places) const {
  state_->quiet = std::max(1U, places);
  state_->admit();
}

void Slots::set_limit(unsigned limit) const {
  state_->limit = std::max(1U, limit);
  state_->admit();
}

unsigned Slots::limit() const { return state_->limit; }
unsigned Slots::in_flight() const { return state_->in_flight; }

}  // namespace tlsgauge::net
