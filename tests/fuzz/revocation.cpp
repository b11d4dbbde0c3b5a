// link: crypto
// A certificate and its issuer, each behind two octets of length, and any octets as an OCSP response and as a CRL.

#include <cstdint>
#include <cstdlib>

#include "base/text.hpp"
#include "crypto/crl.hpp"
#include "crypto/ocsp.hpp"

namespace {

using namespace tlsgauge;

void require(bool holds) {
  if (!holds) std::abort();
}

ByteView take(ByteView& rest) {
  if (rest.size() < 2) return {};
  std::size_t const size = std::min<std::size_t>(rest[0] * 256U + rest[1], rest.size() - 2);
  ByteView const part = rest.subspan(2, size);
  rest = rest.subspan(2 + size);
  return part;
}

void check(crypto::RevocationAnswer const& answer) {
  require(!answer.error.empty() || !answer.status.empty());
  require(to_utf8(answer.error) == answer.error && to_utf8(answer.reason) == answer.reason);
  require(answer.status.empty() || answer.error.empty() || answer.error == "stale" || answer.error == "not_yet_valid");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  ByteView rest{data, size};
  ByteView const certificate = take(rest), issuer = take(rest);
  Moment const at = parse_rfc3339("2026-11-24").value();
  std::vector<std::string> const urls{"http://crl.test/1.crl"};
  Bytes const exact{rest.begin(), rest.end()};
  check(crypto::read_ocsp_response(exact, certificate, issuer, at));
  check(crypto::read_crl(exact, certificate, issuer, urls, at));
  if (Result<crypto::RevocationPointers> const found = crypto::revocation_pointers(certificate)) {
    (void)crypto::is_short_lived(*found);
    for (std::string const& url : found->ocsp_urls) require(to_utf8(url) == url);
    (void)crypto::ocsp_request(certificate, issuer);
  }
  return 0;
}
