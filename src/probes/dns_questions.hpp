#pragma once
// What is asked of DNS for one endpoint: in a bounded time, the same question once.

#include <asio/awaitable.hpp>
#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "audit/peer.hpp"

namespace tlsgauge::probes {

class DnsQuestions {
 public:
  explicit DnsQuestions(audit::Peer& peer) : peer_(peer) {}

  /// As Peer::look_up; nothing more is asked once an answer stayed out or all answers took too long.
  asio::awaitable<Result<audit::DnsAnswer>> ask(std::string name, std::uint16_t type);

  /// Whether answers are held against a trust anchor; unknown without any answer.
  [[nodiscard]] std::optional<bool> validating() const { return validating_; }

 private:
  audit::Peer& peer_;
  std::chrono::steady_clock::time_point const begun_ = std::chrono::steady_clock::now();
  std::map<std::pair<std::string, std::uint16_t>, Result<audit::DnsAnswer>> answers_;
  std::optional<bool> validating_;
  std::string given_up_;  ///< why
};

/// {bogus: reason} for what DNSSEC proves forged, {not_checked: reason} for all else.
[[nodiscard]] Value no_answer(Error const& error);

}  // namespace tlsgauge::probes
