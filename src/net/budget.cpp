#include "net/budget.hpp"

#include <algorithm>

#include "net/pause.hpp"

namespace tlsgauge::net {

using Clock = std::chrono::steady_clock;

/// A token bucket, kept as the moment from which the next token is due.
struct Limits::Pace {
  explicit Pace(double rate)
      : gap(rate > 0 ? std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(std::min(1.0 / rate, 3600.0)))
                     : Clock::duration::zero()) {}

  /// Books the next token; how long to wait for it.
  Clock::duration book() {
    if (gap == Clock::duration::zero()) return {};
    Clock::time_point const now = Clock::now();
    due = std::max(due, now - kBurst) + gap;
    return std::max(due - gap - now, Clock::duration::zero());
  }

  static constexpr Clock::duration kBurst = std::chrono::milliseconds{100};  // tokens that an idle time may save up
  Clock::duration gap;
  Clock::time_point due{};
};

Limits::Limits(asio::any_io_executor executor, unsigned connections, double rate)
    : executor_(executor), slots_(std::move(executor), connections), pace_(std::make_shared<Pace>(rate)) {}

asio::awaitable<bool> Limits::enter(std::stop_token stop) const {
  Slots const slots = slots_;
  auto const pace = pace_;
  bool const entered = co_await slots.acquire(stop);
  if (!entered) co_return false;
  auto const wait = std::chrono::ceil<std::chrono::milliseconds>(pace->book());
  if (wait.count() == 0) co_return true;
  bool const waited = co_await pause(wait, stop);
  if (!waited) slots.release();
  co_return waited;
}

void Limits::leave() const { slots_.release(); }
unsigned Limits::connections() const { return slots_.limit(); }

Budget::Budget(asio::any_io_executor const& executor, Limits limits, unsigned limit)
    : limits_(std::move(limits)), slots_(executor, limit), most_(std::max(1U, limit)), suspect_limit_(most_ + 1) {}

Budget::Pass& Budget::Pass::operator=(Pass&& other) noexcept {
  if (this == &other) return *this;
  give_back();
  slots_ = std::exchange(other.slots_, std::nullopt);
  limits_ = std::exchange(other.limits_, std::nullopt);
  era_ = other.era_;
  return *this;
}

void Budget::Pass::give_back() {
  if (limits_) limits_->leave();
  if (slots_) slots_->release();
  limits_.reset();
  slots_.reset();
}

asio::awaitable<Budget::Pass> Budget::acquire(std::stop_token stop, Slots::Turn turn) {
  Pass pass;
  Limits const limits = limits_;
  Slots const slots = slots_;
  bool const here = co_await slots.acquire(stop, turn);
  if (!here) co_return pass;
  pass.slots_ = slots;
  bool const overall = co_await limits.enter(stop);
  if (!overall) {
    pass.give_back();
    co_return pass;
  }
  pass.limits_ = limits;
  pass.era_ = era_;
  co_return pass;
}

void Budget::good() {
  ++good_;
  unsigned const now = slots_.limit();
  if (now >= most_) return;
  if (good_ < (now + 1 < suspect_limit_ ? now : patience_)) return;
  if (now + 1 >= suspect_limit_) suspect_limit_ = now + 2;
  good_ = 0;
  slots_.set_limit(now + 1);
}

void Budget::trouble(std::uint64_t era) {
  if (era != era_) return;
  ++era_;
  good_ = 0;
  unsigned const now = slots_.limit();
  if (now == 1) return;
  if (now == suspect_limit_) patience_ = std::min(patience_ * 2, 1024U);
  suspect_limit_ = now;
  slots_.set_limit(now / 2);
}

void Budget::one_by_one() {
  most_ = 1;
  suspect_limit_ = 2;
  ++era_;
  slots_.set_limit(1);
}

void Budget::no_trouble_after_all() {
  suspect_limit_ = most_ + 1;
  slots_.set_limit(std::min(most_, slots_.limit() * 2));
}

}  // namespace tlsgauge::net
