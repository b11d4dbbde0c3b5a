#pragma once
// The handshake ladder: who sends what in which flight, drawn as SVG with classes and attributes only.

#include <cstdint>
#include <optional>
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

struct LadderTime {
  double whole_ms = 0;                      ///< of this handshake
  double slowest_ms = 0;                    ///< of those that it is compared with: drawn in a fixed height
  std::optional<double> tcp_round_trip_ms;  ///< of the same connection; empty: not measured
};

/// How long the flights of a handshake were on their way: its round trips at the pace of TCP, at most `whole_ms`. What is left is work at
/// both ends. Empty: the pace is not known.
[[nodiscard]] std::optional<double> way_ms(LadderTime const& time, std::int64_t round_trips);

/// An <svg> element, to scale in time. Each round trip takes an equal part of the whole. Where the pace of TCP is known, a flight takes
/// half of its round trip and the work stands before each answer, in equal parts at either end; else flights share the time. Holds constant
/// text and numbers only, nothing that a server chose.
[[nodiscard]] std::string draw_ladder(std::vector<Flight> const& flights, std::string_view label, LadderTime const& time);

}  // namespace tlsgauge::report
