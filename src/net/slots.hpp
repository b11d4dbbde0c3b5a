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

  enum class Turn {
    next,   ///< behind all others that wait
    first,  ///< before them
    alone,  ///< as soon as less than the quiet number of places is in use; until it is given back nobody else gets more
  };

  /// Waits for a place. False: stopped, none is held.
  [[nodiscard]] asio::awaitable<bool> acquire(std::stop_token stop, Turn turn = Turn::next) const;
  void release(Turn turn = Turn::next) const;
  /// Places that may be in use beside one that wants to be alone, itself included; 1 to begin with.
  void set_quiet(unsigned places) const;
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
