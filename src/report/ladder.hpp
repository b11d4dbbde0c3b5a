#pragma once
// The handshake ladder: who sends what in which flight, drawn as SVG with classes and attributes only.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tlsgauge::report {

struct Flight {
  bool to_server = true;
  std::string_view first;   ///< messages, named as in the RFC
  std::string_view second;  ///< the rest of them, on a second line
  bool data = false;        ///< carries the client's first application data
};

/// The flights of a handshake up to the client's first application data. RFC 5246 section 7.3 (figures 1 and 2), RFC 8446 sections
/// 2 and 2.1. `round_trips` tells a TLS 1.3 handshake with HelloRetryRequest; the suite's name one without ServerKeyExchange.
/// Empty for kinds that are not known.
[[nodiscard]] std::vector<Flight> flights(std::string_view kind, std::int64_t round_trips, std::string_view cipher_suite);

/// Round trips before the client's first application data.
[[nodiscard]] std::int64_t drawn_round_trips(std::vector<Flight> const& flights);

/// An <svg> element, to scale in time: what took `slowest_ms` is drawn in a fixed height, and each round trip takes an equal part of
/// `time_ms`. Holds constant text and numbers only, nothing that a server chose.
[[nodiscard]] std::string draw_ladder(std::vector<Flight> const& flights, std::string_view label, double time_ms, double slowest_ms);

}  // namespace tlsgauge::report
