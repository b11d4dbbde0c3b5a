#include "report/ladder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace tlsgauge::report {
namespace {

constexpr double kWidth = 336;
constexpr double kClient = 44;
constexpr double kServer = 128;
constexpr double kWords = 144;  // left edge of the names of messages
constexpr double kTop = 22;
constexpr double kHighest = 190;  // of the slowest handshake that is compared
constexpr double kWordLine = 11.5;
constexpr double kLeastWork = 0.2;  // that can be seen
constexpr double kTicks = 4;        // about as many on the slowest

bool without_server_key_exchange(std::string_view suite) {
  return suite.starts_with("TLS_RSA_WITH_") || suite.starts_with("TLS_RSA_EXPORT") || suite.starts_with("TLS_DH_RSA") ||
         suite.starts_with("TLS_DH_DSS") || suite.starts_with("TLS_ECDH_");
}

std::vector<Flight> tls12_full(std::string_view suite) {
  return {
      {true, "ClientHello", ""},
      {false, "ServerHello, Certificate,", without_server_key_exchange(suite) ? "ServerHelloDone" : "ServerKeyExchange, ServerHelloDone"},
      {true, "ClientKeyExchange,", "ChangeCipherSpec, Finished"},
      {false, "ChangeCipherSpec, Finished", ""},
      {true, "application data", "", true}};
}

std::vector<Flight> tls12_resumed() {
  return {{true, "ClientHello with session", ""},
          {false, "ServerHello,", "ChangeCipherSpec, Finished"},
          {true, "ChangeCipherSpec, Finished,", "application data", true}};
}

std::vector<Flight> tls13(bool resumed, bool retried) {
  std::vector<Flight> out;
  if (retried) out = {{true, "ClientHello", ""}, {false, "HelloRetryRequest", ""}};
  out.push_back({true, resumed ? "ClientHello with key_share," : "ClientHello with key_share", resumed ? "pre_shared_key" : ""});
  if (resumed) {
    out.push_back({false, "ServerHello,", "EncryptedExtensions, Finished"});
  } else {
    out.push_back({false, "ServerHello, EncryptedExtensions,", "Certificate, CertificateVerify, Finished"});
  }
  out.push_back({true, "Finished,", "application data", true});
  return out;
}

std::string arrow(Flight const& flight, double top, double bottom) {
  double const from = flight.to_server ? kClient : kServer;
  double const to = flight.to_server ? kServer : kClient;
  double const length = std::hypot(to - from, bottom - top);
  double const x = (to - from) / length;
  double const y = (bottom - top) / length;
  // The head: 7 long, 3 to each side.
  return fmt::format(
      R"(<line stroke="#888" x1="{:.0f}" y1="{:.1f}" x2="{:.0f}" y2="{:.1f}"/><path d="M{:.1f} {:.1f}L{:.1f} {:.1f}L{:.1f} {:.1f}Z"/>)",
      from, top, to, bottom, to, bottom, to - 7 * x - 3 * y, bottom - 7 * y + 3 * x, to - 7 * x + 3 * y, bottom - 7 * y - 3 * x);
}

/// The names of a flight's messages, with a line from the middle of its arrow; beside one that is not `steep`, from its end.
std::string words(Flight const& flight, double middle, double top, bool steep) {
  double const lines = flight.second.empty() ? 1 : 2;
  double const from = steep ? (kClient + kServer) / 2 : kServer + 3;
  std::string out =
      fmt::format(R"(<path class="lead" d="M{:.0f} {:.1f}L{:.0f} {:.1f}"/>)", from, middle, kWords - 3, top + lines * kWordLine / 2);
  for (auto const& [text, line] : {std::pair{flight.first, 1.0}, std::pair{flight.second, 2.0}}) {
    if (!text.empty()) out += fmt::format(R"(<text x="{:.0f}" y="{:.1f}">{}</text>)", kWords, top + line * kWordLine - 2.5, text);
  }
  return out;
}

/// 1, 2 or 5 times a power of ten.
double round_step(double about) {
  double const power = std::pow(10, std::floor(std::log10(about)));
  for (double const factor : {1.0, 2.0, 5.0}) {
    if (factor * power >= about) return factor * power;
  }
  return 10 * power;
}

}  // namespace

std::vector<Flight> flights(std::string_view kind, std::int64_t round_trips, std::string_view cipher_suite) {
  if (kind == "TLSv1.2 full") return tls12_full(cipher_suite);
  if (kind == "TLSv1.2 resumed") return tls12_resumed();
  if (kind == "TLSv1.3 full") return tls13(false, round_trips == 2);
  if (kind == "TLSv1.3 after HelloRetryRequest") return tls13(false, true);
  if (kind == "TLSv1.3 resumed") return tls13(true, round_trips == 2);
  if (kind == "TLSv1.3 0-RTT") return {{true, "ClientHello with pre_shared_key,", "early application data", true}};
  return {};
}

std::int64_t drawn_round_trips(std::vector<Flight> const& flights) {
  return std::count_if(flights.begin(), flights.end(), [](Flight const& flight) { return !flight.to_server; });
}

std::optional<double> way_ms(LadderTime const& time, std::int64_t round_trips) {
  if (!time.tcp_round_trip_ms || !std::isfinite(*time.tcp_round_trip_ms)) return {};
  double const way = std::max(*time.tcp_round_trip_ms, 0.0) * static_cast<double>(std::max<std::int64_t>(round_trips, 1));
  return std::min(way, std::isfinite(time.whole_ms) ? std::max(time.whole_ms, 0.0) : 0.0);
}

std::string draw_ladder(std::vector<Flight> const& flights, std::string_view label, LadderTime const& time) {
  double const slowest = std::isfinite(time.slowest_ms) && time.slowest_ms > 1e-6 ? time.slowest_ms : 1;
  double const whole = std::isfinite(time.whole_ms) ? std::clamp(time.whole_ms, 0.0, slowest) : 0;
  double const scale = kHighest / slowest;
  std::int64_t const round_trips = drawn_round_trips(flights);
  double const trips = static_cast<double>(std::max<std::int64_t>(round_trips, 1));
  double const way = std::min(way_ms(time, round_trips).value_or(whole), whole) / (2 * trips) * scale;  // of one flight
  double const work = whole / trips / 2 * scale - way;                                                  // before each answer, at either end
  std::string drawn;
  double y = kTop;
  double free = kTop - 8;  // below the words that stand already
  for (Flight const& flight : flights) {
    if (&flight != &flights.front()) {
      if (work > kLeastWork) {
        drawn += fmt::format(R"(<rect class="work" x="{:.1f}" y="{:.1f}" width="5" height="{:.1f}" fill="#1f55b0"/>)",
                             (flight.to_server ? kClient : kServer) - 2.5, y, work);
      }
      y += work;
    }
    double const top = std::max(y + way / 2 - (flight.second.empty() ? 0.5 : 1) * kWordLine, free);
    drawn += fmt::format(R"(<g class="flight{}">)", flight.data ? " data" : "") + arrow(flight, y, y + way) +
             words(flight, y + way / 2, top, way > 6) + "</g>";
    free = top + (flight.second.empty() ? 1 : 2) * kWordLine + 3;
    y += way;
  }
  double const bottom = std::max(y, free) + 6;
  std::string out = fmt::format(
      R"(<svg class="ladder" viewBox="0 0 {0:.0f} {1:.0f}" width="{0:.0f}" height="{1:.0f}" font-size="9.6" role="img" aria-label="{2}">)",
      kWidth, bottom, label);
  for (auto const& [x, who] : {std::pair{kClient, "client"}, std::pair{kServer, "server"}}) {
    out += fmt::format(
        R"(<text class="end" text-anchor="middle" x="{0:.0f}" y="10">{1}</text><line class="life" stroke="#ddd" x1="{0:.0f}" y1="{2:.0f}" x2="{0:.0f}" y2="{3:.1f}"/>)",
        x, who, kTop - 6, bottom);
  }
  double const step = round_step(slowest / kTicks);
  for (int i = 0; i * step <= whole * 1.001 && i < 12; ++i) {
    double const at = kTop + i * step * scale;
    out += fmt::format(
        R"(<path class="tick" stroke="#888" d="M{:.0f} {:.1f}h-5"/><text class="tick" text-anchor="end" x="{:.0f}" y="{:.1f}">{:.4g}{}</text>)",
        kClient, at, kClient - 8, at + 3, i * step, i == 0 ? " ms" : "");
  }
  return out + drawn + "</svg>";
}

}  // namespace tlsgauge::report
