#pragma once
// Elimination over what a ServerKeyExchange shows: its curve, its RFC 7919 group, its signature scheme.

#include <optional>
#include <string>
#include <vector>

#include "audit/facts.hpp"
#include "audit/peer.hpp"
#include "probes/offers.hpp"

namespace tlsgauge::probes {

/// Suites of the newest version up to TLS 1.2 that has some of a key exchange, all with one kind of authentication.
struct ExchangeSuites {
  ExchangeSuites() = default;
  wire::ProtocolVersion version{};
  std::string authentication;
  std::vector<wire::CipherSuite> suites;
};
/// The first of `authentications` that the version has; empty where no version has any.
[[nodiscard]] std::optional<ExchangeSuites> exchange_suites(audit::Facts const& facts, std::string_view key_exchange,
                                                            std::span<std::string_view const> authentications);

/// What a server with such a key may sign a handshake of TLS 1.2 with, in the order of the usual hello.
[[nodiscard]] solve::Universe schemes_of_tls12(std::string_view authentication);

class ExchangeRounds {
 public:
  ExchangeRounds(audit::Peer& peer, ExchangeSuites suites, Part part, solve::Universe universe);

  /// Takes up what transcripts tell.
  void recall();
  /// What the server has elsewhere; where the client chooses, in our order.
  void expect(std::vector<solve::Code> accepted, bool client_chooses);
  /// RFC 8422 section 5.1: a server may use a certificate only where the client names its curve. So that curve is kept, at the end of
  /// each list: what is then picked is another, or the one that is left.
  void keep(wire::NamedGroup certificate_curve) { kept_ = certificate_curve; }
  /// Signature schemes found in passing: each query that is expected to be answered offers what is left of these, too.
  void beside(solve::Universe schemes);
  /// Asks for these first, in the order of the universe.
  asio::awaitable<void> first(std::vector<solve::Code> offer);
  asio::awaitable<void> run();

  /// As it is asked, of a list of one's own.
  [[nodiscard]] audit::Question question(std::vector<solve::Code> offer) const;
  [[nodiscard]] solve::Solution solution() const;
  /// The certificate's curve hides what the server prefers less.
  [[nodiscard]] bool masked() const { return masked_ && enumeration_.solution().chooser != solve::Chooser::client; }
  /// A code that was picked though it was not offered.
  [[nodiscard]] std::optional<solve::Code> not_offered() const { return not_offered_; }

 private:
  struct Asked {
    Asked() = default;
    solve::Query query;
    std::optional<solve::Query> scheme;  ///< offered beside it
  };

  [[nodiscard]] audit::Question question(Asked const& asked) const;
  [[nodiscard]] solve::Answer read(std::vector<solve::Code> const& offer, audit::Reply const& reply);
  [[nodiscard]] bool keeps(std::vector<solve::Code> const& offer) const;
  void pair(Asked& asked);
  asio::awaitable<bool> settle(Asked asked, audit::Reply reply);

  audit::Peer& peer_;
  ExchangeSuites suites_;
  Part part_;
  wire::ClientHello model_;
  std::vector<solve::Code> members_;
  solve::Enumeration enumeration_;
  std::optional<solve::Enumeration> schemes_;
  std::optional<solve::Query> waiting_;  ///< of schemes, not sent yet
  std::optional<wire::NamedGroup> kept_;
  bool masked_ = false;  ///< the kept curve was picked, and without it nothing
  std::optional<solve::Code> not_offered_;
};

}  // namespace tlsgauge::probes
