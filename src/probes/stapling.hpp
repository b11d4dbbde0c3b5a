#pragma once
// OCSP responses that a server staples to a chain, and what they prove.

#include <cstddef>
#include <span>
#include <vector>

#include "audit/peer.hpp"
#include "crypto/revocation.hpp"
#include "tlsgauge/value.hpp"
#include "wire/flight.hpp"

namespace tlsgauge::probes {

/// Each distinct one once; at most 8 for each of the first 8 certificates of the chain, of at most 64 KiB each.
class StapleBook {
 public:
  struct Staple {
    std::size_t certificate = 0;  ///< position in the chain that it came for
    Bytes response;               ///< empty: it was too long to be kept
  };
  void add(wire::Flight const& flight);
  [[nodiscard]] std::vector<Staple> const& staples() const { return staples_; }

 private:
  void add(std::size_t certificate, Bytes const& response);
  std::vector<Staple> staples_;
};

/// {must_staple, staples}: the member `revocation` of a chain.
[[nodiscard]] Value staple_facts(std::span<Bytes const> chain, StapleBook const& book, audit::Settings const& settings);

/// The members status, this_update, next_update, produced_at, revoked_at, reason and error, null where there is none.
[[nodiscard]] Value answer_facts(crypto::RevocationAnswer const& answer);

/// The issuer of a certificate of the chain, from the chain or from the store that the settings name; empty: not known.
[[nodiscard]] Bytes issuer_in(std::span<Bytes const> chain, ByteView certificate, audit::Settings const& settings);

}  // namespace tlsgauge::probes
