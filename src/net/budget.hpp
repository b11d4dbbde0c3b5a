#pragma once
// How many connections may be in flight: to one address, and in all. Politeness is part of accuracy: what looks like a refusal is often
// only a limit that was met.

#include <asio/any_io_executor.hpp>
#include <asio/awaitable.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <stop_token>
#include <utility>

#include "net/slots.hpp"

namespace tlsgauge::net {

/// Shared by all peers of a scan: connections in flight, and new ones a second. A handle; copies are the same limits.
class Limits {
 public:
  /// `rate` 0: no limit.
  Limits(asio::any_io_executor executor, unsigned connections, double rate);

  /// Waits for a place and for its turn. False: stopped, nothing is held.
  [[nodiscard]] asio::awaitable<bool> enter(std::stop_token stop) const;
  void leave() const;
  [[nodiscard]] unsigned connections() const;

 private:
  struct Pace;
  asio::any_io_executor executor_;
  Slots slots_;
  std::shared_ptr<Pace> pace_;
};

/// Connections to one address: additive growth, halved on trouble.
class Budget {
 public:
  /// At most `limit` at once, at least 1.
  Budget(asio::any_io_executor const& executor, Limits limits, unsigned limit);

  /// Leave to hold one connection, until destroyed.
  class Pass {
   public:
    Pass() = default;
    Pass(Pass&& other) noexcept
        : slots_(std::exchange(other.slots_, std::nullopt)), limits_(std::exchange(other.limits_, std::nullopt)), era_(other.era_) {}
    Pass& operator=(Pass&& other) noexcept;
    ~Pass() { give_back(); }
    [[nodiscard]] explicit operator bool() const { return slots_.has_value(); }

   private:
    friend class Budget;
    void give_back();
    std::optional<Slots> slots_;
    std::optional<Limits> limits_;
    std::uint64_t era_ = 0;
  };

  /// Waits for a place at the address, then in all. An empty pass: stopped.
  [[nodiscard]] asio::awaitable<Pass> acquire(std::stop_token stop, Slots::Turn turn = Slots::Turn::next);

  /// A connection did well: room for more, slowly.
  void good();
  /// A connection was reset, refused or left without an answer. Halves the limit, once for all connections that were in flight together.
  void trouble(std::uint64_t era);
  /// One connection at a time from now on, whatever happens.
  void one_by_one();
  /// What looked like trouble was the server's way to say no.
  void no_trouble_after_all();

  [[nodiscard]] unsigned limit() const { return slots_.limit(); }
  [[nodiscard]] unsigned in_flight() const { return slots_.in_flight(); }
  [[nodiscard]] static std::uint64_t era(Pass const& pass) { return pass.era_; }

 private:
  Limits limits_;
  Slots slots_;
  unsigned most_;
  unsigned suspect_limit_;  ///< connections at once that last brought trouble; `most_` + 1 when none did
  unsigned patience_ = 32;  ///< good connections before that number is tried again
  unsigned good_ = 0;       ///< since the limit last changed
  std::uint64_t era_ = 0;   ///< counts halvings
};

}  // namespace tlsgauge::net
