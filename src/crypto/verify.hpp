#pragma once
// Does the chain lead to an anchor that we trust? RFC 5280 section 6, by OpenSSL.

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"

namespace tlsgauge::crypto {

/// Anchors, loaded once and shared by all endpoints; immutable and safe to use from several threads.
class TrustStore {
 public:
  /// The system's store plus the certificates of `ca_file` (PEM; empty: none). `invalid_input` when the file cannot be read or
  /// holds no certificate. Loaded once per distinct `ca_file` in a process.
  static Result<std::shared_ptr<TrustStore const>> load(std::string const& ca_file);
  ~TrustStore();
  [[nodiscard]] std::string const& name() const { return name_; }  ///< "system" or "system + ca.pem"
  struct Impl;
  [[nodiscard]] Impl const& impl() const { return *impl_; }

 private:
  TrustStore();
  std::unique_ptr<Impl> impl_;
  std::string name_;
};

struct Verification {
  bool trusted = false;
  /// The fault that a reader should hear first; empty when trusted. One of: self_signed, self_signed_in_chain, untrusted_root,
  /// incomplete_chain, expired, not_yet_valid, bad_signature, invalid_ca, name_constraints, weak_key, weak_signature,
  /// wrong_purpose, unparsable, other.
  std::string error;
  std::vector<std::string> errors;  ///< all faults found, same words, the first one first
  std::string detail;               ///< OpenSSL's sentence and the subject it concerns
  std::string store;
};

/// `chain` as sent, end entity first; the rest are untrusted helpers in any order. Purpose: TLS server. `at`: moment of judgement.
/// Self-signed end entity: self_signed, unless it is itself an anchor.
[[nodiscard]] Verification verify_chain(std::span<Bytes const> chain, TrustStore const& store, Moment at);

}  // namespace tlsgauge::crypto
