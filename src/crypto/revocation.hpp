#pragma once
// What a certificate says about its own revocation, and what OCSP responses and CRLs have in common.

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"

namespace tlsgauge::crypto {

class TrustStore;

/// RFC 5280 section 4.2.1.13
struct DistributionPoint {
  DistributionPoint() = default;
  std::vector<std::string> urls;  ///< http and https, at least one
};

struct RevocationPointers {
  RevocationPointers() = default;
  std::string sha256;
  Moment not_before{};
  Moment not_after{};
  bool is_ca = false;
  bool self_issued = false;
  bool must_staple = false;                   ///< RFC 7633: status_request or status_request_v2
  std::vector<std::string> ocsp_urls;         ///< http and https
  std::vector<DistributionPoint> crl_points;  ///< those for all reasons and by the issuer itself
};

/// `malformed` when it is no certificate.
[[nodiscard]] Result<RevocationPointers> revocation_pointers(ByteView certificate);

/// Issued on or after 2026-03-15 for at most 7 days, before that for at most 10: needs no revocation (CA/Browser Forum Baseline
/// Requirements, section 1.6.1).
[[nodiscard]] bool is_short_lived(RevocationPointers const& certificate);

/// The issuer among `candidates`, proved by name, key identifier and signature; itself where it is self-signed; else of the store (if any).
/// Empty: it is not known.
[[nodiscard]] Bytes find_issuer(ByteView certificate, std::span<Bytes const> candidates, TrustStore const* store);

/// A signed statement on one certificate.
struct RevocationAnswer {
  RevocationAnswer() = default;
  /// "good", "revoked" or "unknown", as signed; empty when the signature does not hold or the statement is on something else.
  std::string status;
  /// Why it does not count, or not now; empty: it does. One of malformed, unsuccessful:REASON, wrong_certificate, bad_signature,
  /// unauthorized_responder, wrong_issuer, wrong_distribution_point, unsupported, stale, not_yet_valid.
  std::string error;
  std::optional<Moment> this_update, next_update, produced_at, revoked_at;
  std::string reason;  ///< of the revocation, as RFC 5280 section 5.3.1 spells it

  /// Revocation is for ever, unless it is a hold: an old statement of it still counts.
  [[nodiscard]] bool revoked() const { return status == "revoked" && (error.empty() || (error == "stale" && reason != "certificateHold")); }
  [[nodiscard]] bool counts() const { return error.empty() && !status.empty(); }
};

/// "stale", "not_yet_valid" or empty, with 5 minutes of grace. Without nextUpdate a statement is good for 10 days.
[[nodiscard]] std::string staleness(RevocationAnswer const& answer, Moment at);

}  // namespace tlsgauge::crypto
