#pragma once
// Algorithms as CycloneDX describes them. What a name does not say for certain is left empty, and left out of the BOM.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tlsgauge/value.hpp"

namespace tlsgauge::report {

/// The words are those of CycloneDX 1.7 (definitions/cryptoProperties and cryptography-defs).
struct Algorithm {
  std::string name;  ///< shared: two of one name are one asset
  std::string_view primitive = {};
  std::string_view family = {};  ///< algorithmFamiliesEnum
  std::string parameters = {};   ///< parameterSetIdentifier
  std::string curve = {};        ///< ellipticCurvesEnum; 1.6 has the part behind the slash
  std::string_view mode = {};
  std::string_view padding = {};
  std::vector<std::string_view> functions = {};
  std::optional<int> classical = {};    ///< bits
  std::optional<int> quantum = {};      ///< NIST's category; 0: none is met
  std::vector<std::string> parts = {};  ///< names of the algorithms that a combiner combines
};

/// What a suite of facts.cipher_suites names: key exchange, authentication, cipher, MAC or hash. Nothing for code points that are unknown.
[[nodiscard]] std::vector<Algorithm> suite_algorithms(Value const& suite);

/// A group by its registry name, behind the parts that it combines.
[[nodiscard]] std::vector<Algorithm> group_algorithms(std::string_view name);

/// Diffie-Hellman with a prime of so many bits that no group names.
[[nodiscard]] Algorithm dh_algorithm(std::int64_t bits);

/// A signature scheme by its registry name.
[[nodiscard]] Algorithm scheme_algorithm(std::string_view name);

/// `key` of a certificate: its algorithm with its size.
[[nodiscard]] Algorithm key_algorithm(Value const& key);

/// "sha256WithRSAEncryption", "ecdsa-with-SHA256", "ML-DSA-65", or an OID.
[[nodiscard]] Algorithm signature_algorithm(std::string_view name);

}  // namespace tlsgauge::report
