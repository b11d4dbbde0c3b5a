#pragma once
// What an endpoint's certificates and names point to elsewhere: documents (AIA, OCSP, CRL) and DNS.

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.hpp"

namespace tlsgauge::audit {

/// One request to an address that the scanned endpoint chose, so a hostile one: see net/fetch.hpp for where it may lead.
struct FetchOrder {
  FetchOrder() = default;
  std::string url;
  Bytes body;                                  ///< empty: GET, else POST
  std::string content_type;                    ///< of `body`
  std::size_t most_octets = 20 * 1024 * 1024;  ///< of the answer's content
};

struct Fetched {
  Fetched() = default;
  long status = 0;
  std::string content_type;
  Bytes content;
  std::string url;  ///< where it came from after redirects
};

/// One RRset.
struct DnsAnswer {
  DnsAnswer() = default;
  std::vector<Bytes> records;  ///< RDATA in wire form (RFC 1035 section 3.2.1), in canonical order; empty: there are none of that type
  bool name_exists = true;     ///< false: NXDOMAIN
  bool secure = false;         ///< validated by DNSSEC (RFC 4035)
  bool validating = true;      ///< false: without a trust anchor nothing can be validated
};

}  // namespace tlsgauge::audit
