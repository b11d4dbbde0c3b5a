#pragma once
// Connections that are open to one endpoint, so that a question can be asked beside no more of them than the endpoint is seen to bear.

#include <asio/any_io_executor.hpp>
#include <asio/awaitable.hpp>
#include <cstdint>
#include <optional>
#include <stop_token>
#include <utility>

#include "net/slots.hpp"

namespace tlsgauge::net {

class EndpointSlots {
 public:
  explicit EndpointSlots(asio::any_io_executor executor) : slots_(std::move(executor), kAny) {}

  /// Stands for an open connection, until destroyed.
  class Place {
   public:
    Place() = default;
    Place(Place&& other) noexcept
        : slots_(std::exchange(other.slots_, std::nullopt)), turn_(other.turn_), began_(other.began_), balks_(other.balks_) {}
    Place& operator=(Place&&) = delete;
    ~Place() {
      if (slots_) slots_->release(turn_);
    }
    [[nodiscard]] explicit operator bool() const { return slots_.has_value(); }

   private:
    friend class EndpointSlots;
    std::optional<Slots> slots_;
    Slots::Turn turn_ = Slots::Turn::next;
    unsigned began_ = 0;  ///< open when it was given out, itself included
    std::uint64_t balks_ = 0;
  };

  /// Waits only for the sake of those who want to be alone. An empty place: stopped.
  [[nodiscard]] asio::awaitable<Place> enter(std::stop_token stop, Slots::Turn turn);

  /// The server has taken what that connection, still open, asked for. As many as were open at its begin and are now, with none turned down
  /// meanwhile, are then no reason to turn one down: beside so many, who wants to be alone is.
  void took(Place const& place);
  /// It has turned one down, for whatever reason.
  void balked() { ++balks_; }
  /// What it was seen to bear is not believed any more.
  void forget();

 private:
  static constexpr unsigned kAny = 1U << 20U;  // the number is for the budget of the address to limit
  Slots slots_;
  std::uint64_t balks_ = 0;
  unsigned quiet_ = 1;
};

}  // namespace tlsgauge::net
