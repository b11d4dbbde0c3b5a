// link: wire
#include <cstdint>
#include <cstdlib>
#include <numeric>

#include "wire/handshake.hpp"

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  using namespace tlsgauge;
  for (wire::ProtocolVersion const version :
       {wire::ProtocolVersion::SSLv3, wire::ProtocolVersion::TLSv1_2, wire::ProtocolVersion::TLSv1_3}) {
    if (auto const message = wire::CertificateMessage::parse({data, size}, version)) {
      if (message->certificates.size() > 64) std::abort();
      std::size_t const octets = std::accumulate(message->certificates.begin(), message->certificates.end(), message->ocsp_response.size(),
                                                 [](std::size_t sum, Bytes const& one) { return sum + one.size(); });
      if (octets > size) std::abort();
    }
    (void)wire::CertificateRequest::parse({data, size}, version);
  }
  if (auto const status = wire::parse_certificate_status({data, size}); status && status->size() > size) std::abort();
  return 0;
}
