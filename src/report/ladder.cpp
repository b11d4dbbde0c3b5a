#include "report/ladder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

namespace tlsgauge::report {
namespace {

constexpr double kWidth = 290;
constexpr double kClient = 40;
constexpr double kServer = 270;
constexpr double kTop = 20;
constexpr double kStep = 40;  // from the start of one flight to the next
constexpr double kDrop = 24;  // how far a flight comes down on its way

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

std::string arrow(Flight const& flight, double y) {
  double const from = flight.to_server ? kClient : kServer;
  double const to = flight.to_server ? kServer : kClient;
  double const middle_x = (kClient + kServer) / 2;
  double const middle_y = y + kDrop / 2;
  double const angle = std::atan2(kDrop, kServer - kClient) * 180 / std::numbers::pi * (flight.to_server ? 1 : -1);
  double const tip = flight.to_server ? -1 : 1;
  double const end_y = y + kDrop;
  std::string out = fmt::format(R"(<g class="flight{}"><line x1="{:.0f}" y1="{:.1f}" x2="{:.0f}" y2="{:.1f}"/>)",
                                flight.data ? " data" : "", from, y, to, end_y);
  out += fmt::format(R"(<path d="M{:.1f} {:.1f}L{:.1f} {:.1f}L{:.1f} {:.1f}Z"/>)", to, end_y, to + tip * 8.4, end_y - 4.6, to + tip * 7.4,
                     end_y + 2.6);
  auto const text = [&](std::string_view words, double shift) {
    out += fmt::format(R"svg(<text x="{0:.0f}" y="{1:.1f}" transform="rotate({2:.2f} {0:.0f} {3:.1f})">{4}</text>)svg", middle_x,
                       middle_y + shift, angle, middle_y, words);
  };
  text(flight.first, -4);
  if (!flight.second.empty()) text(flight.second, 11.5);
  return out + "</g>";
}

/// A bracket beside the client's line for each round trip.
std::string round_trip(std::int64_t number) {
  double const top = kTop + 4 + static_cast<double>(2 * (number - 1)) * kStep;
  double const bottom = top + kStep + kDrop;
  return fmt::format(
      R"svg(<g class="trip"><path d="M{0:.0f} {1:.1f}h-7V{2:.1f}h7"/><text x="{3:.0f}" y="{4:.1f}" transform="rotate(-90 {3:.0f} {4:.1f})">round trip {5}</text></g>)svg",
      kClient - 6, top, bottom, kClient - 18, (top + bottom) / 2, number);
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

std::string draw_ladder(std::vector<Flight> const& flights, std::string_view label) {
  double const bottom = kTop + 4 + static_cast<double>(flights.size() - 1) * kStep + kDrop + 8;
  std::string out =
      fmt::format(R"(<svg class="ladder" viewBox="0 0 {0:.0f} {1:.0f}" width="{0:.0f}" height="{1:.0f}" role="img" aria-label="{2}">)",
                  kWidth, bottom, label);
  for (auto const& [x, who] : {std::pair{kClient, "client"}, std::pair{kServer, "server"}}) {
    out +=
        fmt::format(R"(<text class="end" x="{:.0f}" y="12">{}</text><line class="life" x1="{:.0f}" y1="{:.0f}" x2="{:.0f}" y2="{:.1f}"/>)",
                    x, who, x, kTop - 2, x, bottom);
  }
  for (std::int64_t i = 1; i <= drawn_round_trips(flights); ++i) out += round_trip(i);
  double y = kTop + 4;
  for (Flight const& flight : flights) {
    out += arrow(flight, y);
    y += kStep;
  }
  return out + "</svg>";
}

}  // namespace tlsgauge::report
