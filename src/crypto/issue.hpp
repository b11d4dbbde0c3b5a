#pragma once
// A certificate authority of one's own, for the demo and for tests. Never for production.

#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"

namespace tlsgauge::crypto {

struct Issued {
  std::string certificate_pem;
  std::string private_key_pem;
};

struct CertificateRequestForm {
  std::string common_name;
  std::vector<std::string> dns_names;
  std::vector<std::string> ip_addresses;  ///< literals
  std::string key_type = "ecdsa";         ///< "ecdsa" (P-256) or "rsa"
  int rsa_bits = 2048;
  Moment not_before{};
  Moment not_after{};
  bool ca = false;
};

/// Self-signed when `issuer` is null.
[[nodiscard]] Result<Issued> issue(CertificateRequestForm const& form, Issued const* issuer = nullptr);

}  // namespace tlsgauge::crypto
