#pragma once
// Waiting for time to pass, or for something to happen.

#include <asio/any_io_executor.hpp>
#include <asio/awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <stop_token>

namespace tlsgauge::net {

/// False: stopped before.
[[nodiscard]] asio::awaitable<bool> pause(std::chrono::milliseconds time, std::stop_token stop);

/// Something that happens again and again, and that many may wait for. For one thread. A handle; copies are the same event.
class Event {
 public:
  explicit Event(asio::any_io_executor executor);
  /// Wakes all that wait now.
  void happen() const;
  /// How often it has happened.
  [[nodiscard]] std::uint64_t count() const;
  /// Returns once count() is not `seen` any more. False: stopped before.
  [[nodiscard]] asio::awaitable<bool> after(std::uint64_t seen, std::stop_token stop) const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace tlsgauge::net
