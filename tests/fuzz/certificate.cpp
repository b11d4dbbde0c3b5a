// link: crypto
// Any octets as a certificate, and as a chain of one.

#include <cstdint>
#include <cstdlib>

#include "base/text.hpp"
#include "crypto/certificate.hpp"
#include "crypto/verify.hpp"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

bool well_formed(std::string const& text) { return tlsgauge::to_utf8(text) == text; }

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  using namespace tlsgauge;
  static std::shared_ptr<crypto::TrustStore const> const store = crypto::TrustStore::load("").value();
  Bytes const der{data, data + size};
  Result<crypto::Certificate> const read = crypto::read_certificate(der);
  std::vector<Bytes> const chain{der, der};
  crypto::Verification const found = crypto::verify_chain(chain, *store, parse_rfc3339("2026-11-24").value());
  require(found.trusted == found.errors.empty() && found.trusted == found.error.empty());
  if (!read) return 0;

  require(read->subject.size() <= 4096 && well_formed(read->subject));
  require(read->issuer.size() <= 4096 && well_formed(read->issuer));
  require(well_formed(read->serial) && well_formed(read->key_type) && well_formed(read->key_curve) &&
          well_formed(read->signature_algorithm));
  require(read->subject_alt_names.size() <= 1000 && read->ocsp_urls.size() <= 16);
  for (std::string const& one : read->subject_alt_names) require(well_formed(one));
  for (std::string const& one : read->ocsp_urls) require(well_formed(one));
  (void)rfc3339(read->not_before);
  (void)rfc3339(read->not_after);
  for (char const* const reference : {"www.example.com", "192.0.2.1", "2001:db8::1", ""}) {
    require(well_formed(crypto::match_hostname(*read, reference).reason));
  }
  return 0;
}
