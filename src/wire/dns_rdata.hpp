#pragma once
// RDATA of the DNS records that concern TLS. Everything in it is a stranger's; texts are octets as sent.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace tlsgauge::wire {

// IANA DNS parameters, resource record types.
inline constexpr std::uint16_t kDnsTlsa = 52;
inline constexpr std::uint16_t kDnsHttps = 65;
inline constexpr std::uint16_t kDnsCaa = 257;

/// RFC 8659 section 4.1.
struct CaaRecord {
  CaaRecord() = default;
  std::uint8_t flags = 0;
  std::string tag;  ///< in lower case
  std::string value;
  [[nodiscard]] bool critical() const { return (flags & 0x80) != 0; }
};
[[nodiscard]] Result<CaaRecord> read_caa(ByteView rdata);

/// The value of the tags issue and issuewild: RFC 8659 section 4.2.
struct CaaIssuer {
  CaaIssuer() = default;
  bool valid = false;
  std::string domain;  ///< in lower case; empty: nobody
  std::vector<std::pair<std::string, std::string>> parameters;
};
/// What cannot be read permits nobody.
[[nodiscard]] CaaIssuer read_caa_issuer(std::string_view value);

/// RFC 6698 section 2.1.
struct TlsaRecord {
  TlsaRecord() = default;
  std::uint8_t usage = 0;          ///< PKIX-TA, PKIX-EE, DANE-TA, DANE-EE
  std::uint8_t selector = 0;       ///< certificate, SubjectPublicKeyInfo
  std::uint8_t matching_type = 0;  ///< exact, SHA-256, SHA-512
  Bytes data;
};
[[nodiscard]] Result<TlsaRecord> read_tlsa(ByteView rdata);

/// ECHConfigList: draft-ietf-tls-esni.
struct EchConfigs {
  EchConfigs() = default;
  std::size_t octets = 0;
  std::size_t count = 0;
  std::string public_name;  ///< of the first configuration of version 0xFE0D; empty: there is none
};

/// RFC 9460, of the types HTTPS and SVCB.
struct SvcbRecord {
  SvcbRecord() = default;
  std::uint16_t priority = 0;  ///< 0: alias of `target`
  std::string target;          ///< as in zone files, without the last dot; empty: the owner itself, or for an alias: there is no service
  std::vector<std::uint16_t> mandatory;
  std::vector<std::string> alpn;
  bool no_default_alpn = false;
  std::optional<std::uint16_t> port;
  std::vector<std::string> ipv4_hints;
  std::vector<std::string> ipv6_hints;
  std::optional<EchConfigs> ech;
  std::vector<std::uint16_t> other_keys;
};
[[nodiscard]] Result<SvcbRecord> read_svcb(ByteView rdata);

}  // namespace tlsgauge::wire
