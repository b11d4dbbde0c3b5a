#pragma once
// A number of places with a queue before them, first come, first served. For one thread.

#include <asio/any_io_executor.hpp>
#include <asio/awaitable.hpp>
#include <memory>
#include <stop_token>

namespace tlsgauge::net {

/// A handle; copies are the same places.
class Slots {
 public:
  Slots(asio::any_io_executor executor, unsigned limit);

  /// Waits for a place, `first`: before all others that wait. False: stopped, none is held.
  [[nodiscard]] asio::awaitable<bool> acquire(std::stop_token stop, bool first = false) const;
  void release() const;
  /// Takes effect as places are given back.
  void set_limit(unsigned limit) const;
  [[nodiscard]] unsigned limit() const;
  [[nodiscard]] unsigned in_flight() const;

 private:
  struct State;
  struct Waiter;
  std::shared_ptr<State> state_;
};

}  // namespace tlsgauge::net
