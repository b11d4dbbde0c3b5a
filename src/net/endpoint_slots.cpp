#include "net/endpoint_slots.hpp"

#include <algorithm>

namespace tlsgauge::net {

asio::awaitable<EndpointSlots::Place> EndpointSlots::enter(std::stop_token stop, Slots::Turn turn) {
  Place place;
  Slots const slots = slots_;
  bool const here = co_await slots.acquire(std::move(stop), turn);
  if (!here) co_return place;
  place.slots_ = slots;
  place.turn_ = turn;
  place.began_ = slots_.in_flight();
  place.balks_ = balks_;
  co_return place;
}

void EndpointSlots::took(Place const& place) {
  if (place.balks_ != balks_) return;
  quiet_ = std::max(quiet_, std::min(place.began_, slots_.in_flight()));
  slots_.set_quiet(quiet_);
}

void EndpointSlots::forget() {
  ++balks_;
  quiet_ = 1;
  slots_.set_quiet(quiet_);
}

}  // namespace tlsgauge::net
