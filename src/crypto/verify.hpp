#pragma once
// Does the chain lead to an anchor that we trust? RFC 5280 section 6, by OpenSSL.

#include <span>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "crypto/trust_store.hpp"

namespace tlsgauge::crypto {

struct Verification {
  bool trusted = false;
  /// The fault that a reader should hear first; empty when trusted. One of: self_signed, self_signed_in_chain, untrusted_root,
  /// incomplete_chain, expired, not_yet_valid, bad_signature, invalid_ca, path_length, key_usage, critical_extension,
  /// name_constraints, weak_key, weak_signature, wrong_purpose, unparsable, other.
  std::string error;
  std::vector<std::string> errors;  ///< all faults found, same words, the first one first
  std::string detail;               ///< OpenSSL's sentence and the subject it concerns
  std::string store;
  std::vector<Bytes> path;  ///< DER of the path that was judged, end entity first, the anchor, where one was reached, last
  bool anchored = false;    ///< `path` ends in an anchor, whatever else is wrong with it
  /// Not empty: the OID of an algorithm of the chain's keys or signatures that this libcrypto does not know. It cannot tell such a chain
  /// from a forged one, so that neither trust nor distrust is established.
  std::string unknown_algorithm;
};

/// `chain` as sent, end entity first; the rest are untrusted helpers in any order. Purpose: TLS server. `at`: moment of judgement.
/// Self-signed end entity: self_signed, unless it is itself an anchor. Of several paths the first good one counts, else the one that
/// comes closest: a path to an expired anchor is expired, whatever other path leads to no anchor. At most 64 paths are tried.
[[nodiscard]] Verification verify_chain(std::span<Bytes const> chain, TrustStore const& store, Moment at);

}  // namespace tlsgauge::crypto
