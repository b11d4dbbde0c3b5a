#pragma once
// Elimination over signature_algorithms in TLS 1.3, read from the CertificateVerify of flights that a share of our own opens.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "audit/peer.hpp"
#include "probes/lesser_share.hpp"
#include "probes/offers.hpp"

namespace tlsgauge::probes {

class VerifyRounds {
 public:
  /// Takes up what transcripts tell, and from them a hello whose encrypted flight could be read. The first question that is expected to
  /// be answered goes with `lesser`, so that it tells of retries, too.
  VerifyRounds(audit::Peer& peer, std::optional<LesserShare> lesser);

  [[nodiscard]] bool readable() const { return model_.has_value(); }
  asio::awaitable<void> run();
  [[nodiscard]] solve::Solution solution() const { return enumeration_.solution(); }
  /// A scheme that was used though it was not offered.
  [[nodiscard]] std::optional<solve::Code> not_offered() const { return not_offered_; }

 private:
  [[nodiscard]] Result<audit::Question> question(std::vector<solve::Code> const& offer, std::optional<LesserShare> const& lesser) const;
  [[nodiscard]] solve::Answer read(std::vector<solve::Code> const& offer, audit::Reply const& reply);
  [[nodiscard]] std::vector<solve::Code> offered(wire::ClientHello const& hello) const;
  void recall();
  asio::awaitable<audit::Reply> again(std::vector<solve::Code> const& offer, audit::Reply reply);
  asio::awaitable<audit::Reply> alone(std::vector<solve::Code> const& offer);
  asio::awaitable<std::optional<solve::Code>> culprit(std::vector<solve::Code> const& offer);

  audit::Peer& peer_;
  std::vector<solve::Code> members_;  ///< in the order of the usual hello
  solve::Enumeration enumeration_;
  std::optional<wire::ClientHello> model_;
  wire::NamedGroup group_{};
  std::optional<LesserShare> lesser_;
  std::optional<solve::Code> not_offered_;
  std::vector<solve::Code> culprits_;
};

}  // namespace tlsgauge::probes
