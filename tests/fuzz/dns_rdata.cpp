// link: wire
// The first octet says what the rest is taken for.

#include <cstdint>
#include <cstdlib>

#include "base/text.hpp"
#include "wire/dns_rdata.hpp"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  using namespace tlsgauge;
  if (size == 0) return 0;
  ByteView const rdata{data + 1, size - 1};
  switch (data[0] % 3) {
    case 0:
      if (Result<wire::CaaRecord> const caa = wire::read_caa(rdata)) {
        require(2 + caa->tag.size() + caa->value.size() == rdata.size());
        wire::CaaIssuer const issuer = wire::read_caa_issuer(caa->value);
        require(to_utf8(issuer.domain) == issuer.domain);
        require(issuer.valid || (issuer.domain.empty() && issuer.parameters.size() <= caa->value.size()));
      }
      break;
    case 1:
      if (Result<wire::TlsaRecord> const tlsa = wire::read_tlsa(rdata)) require(tlsa->data.size() + 3 == rdata.size());
      break;
    default:
      if (Result<wire::SvcbRecord> const svcb = wire::read_svcb(rdata)) {
        require(to_utf8(svcb->target) == svcb->target && svcb->target.size() <= 4 * 255);
        require(svcb->alpn.size() + svcb->ipv4_hints.size() + svcb->ipv6_hints.size() <= rdata.size());
        require(!svcb->ech || svcb->ech->public_name.size() <= svcb->ech->octets);
      }
  }
  return 0;
}
