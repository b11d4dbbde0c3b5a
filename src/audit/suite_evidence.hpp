#pragma once
// What gradings of a suite read: the suite, its ephemeral group and the keys behind it, each as RSA bits. No opinions.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tlsgauge/value.hpp"
#include "wire/registry/registry.hpp"

namespace tlsgauge::audit {

/// Bits of an RSA modulus that is as strong as a curve, by the table of NIST SP 800-57 part 1 as nmap and SSL Labs use it: below 160 bits
/// 512, below 224 1024, below 256 2048, below 384 3072, below 512 7680, else 15360.
[[nodiscard]] int rsa_bits_of_curve(int curve_bits);
/// ... as a named group; of a hybrid, as its classical part. 0: not known.
[[nodiscard]] int rsa_bits_of_group(std::string_view group);
/// ... as a certificate's key of that type, as facts name it. 0: not known.
[[nodiscard]] int rsa_bits_of_key(std::string_view type, int bits);

/// A suite that is accepted at a version.
struct SuiteEvidence {
  wire::ProtocolVersion version = wire::ProtocolVersion::none;
  std::string name;
  wire::CipherSuiteInfo const* info = nullptr;  ///< nullptr: no registry knows it
  std::string group;                            ///< of the ephemeral key exchange; empty: none was seen
  int dh_bits = 0;                              ///< 0: none was seen
};
/// Group and bits of an item of facts.cipher_suites, bounded.
void set_exchange(SuiteEvidence& suite, Value const& item);

struct KeyEvidence {
  std::string type;
  int bits = 0;
  int rsa_bits = 0;  ///< 0: not known
  std::string signature_algorithm;
  bool exponent_one = false;
  std::string curve = {};  ///< of a key on a curve
};
/// Of the end entity of an item of facts.certificates; nullopt: it could not be read.
[[nodiscard]] std::optional<KeyEvidence> key_of(Value const& chain);
/// Of all these chains. One that could not be read may be shown with any key of its authentication: it counts as a key of 0 bits, or as one
/// of each kind where that is not known either; but for TLS 1.3, whose suites say nothing of the key.
[[nodiscard]] std::vector<KeyEvidence> keys_of(std::vector<Value const*> const& chains);
/// Whether suites with this authentication ("RSA", "ECDSA", "DSS") show that key.
[[nodiscard]] bool key_serves(KeyEvidence const& key, std::string_view authentication);

enum class Ephemeral : std::uint8_t { none, finite_field, curve, any };
[[nodiscard]] Ephemeral ephemeral_of(wire::CipherSuiteInfo const& suite);
/// The ephemeral key exchange as RSA bits; 0: not known.
[[nodiscard]] int ephemeral_bits(SuiteEvidence const& suite);

/// "SHA1", "MD5", "MD4" or "MD2" where the name of a signature algorithm says so, else empty.
[[nodiscard]] std::string_view broken_hash(std::string_view signature_algorithm);

}  // namespace tlsgauge::audit
