#pragma once
// How long to wait for an answer: as long as the user allows until the address has shown how fast it is.

#include <algorithm>
#include <chrono>
#include <optional>

namespace tlsgauge::peer {

class Timing {
 public:
  using Milliseconds = std::chrono::milliseconds;

  explicit Timing(Milliseconds full) : full_(full) {}

  /// An answer came: so long for TCP to connect, so long from the hello to the end of the flight.
  void good(double connect_ms, double answer_ms) {
    round_trip_ms_ = std::min(round_trip_ms_.value_or(connect_ms), connect_ms);
    slowest_ms_ = std::max(slowest_ms_, answer_ms);
  }

  [[nodiscard]] Milliseconds full() const { return full_; }
  /// 8 round trips and 4 times the slowest good answer, at least a second; never more than full().
  [[nodiscard]] Milliseconds usual() const {
    if (!round_trip_ms_) return full_;
    double const wanted = std::max(1000.0, 8 * *round_trip_ms_ + 4 * slowest_ms_);
    return std::min(full_, Milliseconds{static_cast<Milliseconds::rep>(std::min(wanted, 3.6e6))});
  }

 private:
  Milliseconds full_;
  std::optional<double> round_trip_ms_;
  double slowest_ms_ = 0;
};

}  // namespace tlsgauge::peer
