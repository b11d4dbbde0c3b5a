#include "crypto/revocation.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>

#include <algorithm>

#include "base/text.hpp"
#include "crypto/asn1.hpp"
#include "crypto/digest.hpp"
#include "crypto/fault.hpp"
#include "crypto/store.hpp"

namespace tlsgauge::crypto {
namespace {

using std::chrono::days;
using std::chrono::minutes;

constexpr std::size_t kMaxUrls = 16;
constexpr std::size_t kMaxUrl = 2048;
constexpr minutes kGrace{5};
constexpr days kWithoutNextUpdate{10};

/// The http or https address that a name is; empty: it is none.
std::string web_address(GENERAL_NAME const& name) {
  int type = 0;
  auto const* const value = static_cast<ASN1_STRING const*>(GENERAL_NAME_get0_value(&name, &type));
  if (type != GEN_URI || value == nullptr || ASN1_STRING_length(value) <= 0) return {};
  std::string_view const url{reinterpret_cast<char const*>(ASN1_STRING_get0_data(value)),
                             static_cast<std::size_t>(ASN1_STRING_length(value))};
  std::string const scheme = ascii_lower(url.substr(0, url.find(':')));
  return url.size() <= kMaxUrl && (scheme == "http" || scheme == "https") ? to_utf8(url) : std::string{};
}

void add(std::vector<std::string>& urls, GENERAL_NAME const& name) {
  std::string url = web_address(name);
  if (!url.empty() && urls.size() < kMaxUrls && std::find(urls.begin(), urls.end(), url) == urls.end()) urls.push_back(std::move(url));
}

void read_ocsp_urls(X509 const& x, RevocationPointers& out) {
  using Handle = std::unique_ptr<AUTHORITY_INFO_ACCESS, FreeWith<AUTHORITY_INFO_ACCESS_free>>;
  Handle const access{static_cast<AUTHORITY_INFO_ACCESS*>(X509_get_ext_d2i(&x, NID_info_access, nullptr, nullptr))};
  for (int i = 0; access && i < sk_ACCESS_DESCRIPTION_num(access.get()); ++i) {
    ACCESS_DESCRIPTION const& one = *sk_ACCESS_DESCRIPTION_value(access.get(), i);
    if (OBJ_obj2nid(one.method) == NID_ad_OCSP) add(out.ocsp_urls, *one.location);
  }
}

void read_crl_points(X509 const& x, RevocationPointers& out) {
  using Handle = std::unique_ptr<CRL_DIST_POINTS, FreeWith<CRL_DIST_POINTS_free>>;
  Handle const points{static_cast<CRL_DIST_POINTS*>(X509_get_ext_d2i(&x, NID_crl_distribution_points, nullptr, nullptr))};
  for (int i = 0; points && i < sk_DIST_POINT_num(points.get()) && out.crl_points.size() < kMaxUrls; ++i) {
    DIST_POINT const& one = *sk_DIST_POINT_value(points.get(), i);
    bool const whole = one.reasons == nullptr && one.CRLissuer == nullptr;
    if (!whole || one.distpoint == nullptr || one.distpoint->type != 0) continue;
    DistributionPoint point;
    for (int j = 0; j < sk_GENERAL_NAME_num(one.distpoint->name.fullname); ++j) {
      add(point.urls, *sk_GENERAL_NAME_value(one.distpoint->name.fullname, j));
    }
    if (!point.urls.empty()) out.crl_points.push_back(std::move(point));
  }
}

bool asks_for_staple(X509 const& x) {
  using Handle = std::unique_ptr<TLS_FEATURE, FreeWith<TLS_FEATURE_free>>;
  Handle const features{static_cast<TLS_FEATURE*>(X509_get_ext_d2i(&x, NID_tlsfeature, nullptr, nullptr))};
  for (int i = 0; features && i < sk_ASN1_INTEGER_num(features.get()); ++i) {
    long const feature = ASN1_INTEGER_get(sk_ASN1_INTEGER_value(features.get(), i));
    constexpr long kStatusRequest = 5, kStatusRequestV2 = 17;
    if (feature == kStatusRequest || feature == kStatusRequestV2) return true;
  }
  return false;
}

bool issued_by(X509& x, X509& issuer) {
  bool const holds = X509_check_issued(&issuer, &x) == X509_V_OK && X509_verify(&x, X509_get0_pubkey(&issuer)) == 1;
  ERR_clear_error();
  return holds;
}

Bytes der_of(X509& x) {
  unsigned char* der = nullptr;
  int const size = i2d_X509(&x, &der);
  std::unique_ptr<unsigned char, FreeOpenSslMemory> const owned{der};
  return size > 0 ? Bytes(der, der + size) : Bytes{};
}

}  // namespace

Result<RevocationPointers> revocation_pointers(ByteView certificate) {
  ERR_clear_error();
  X509Handle const x = parse_x509(certificate);
  if (!x) return fault(ErrorKind::malformed, "the certificate cannot be parsed");
  RevocationPointers out;
  out.sha256 = sha256_hex(certificate);
  out.not_before = moment_of(X509_get0_notBefore(x.get())).value_or(Moment{});
  out.not_after = moment_of(X509_get0_notAfter(x.get())).value_or(Moment{});
  out.is_ca = (X509_get_extension_flags(x.get()) & EXFLAG_CA) != 0;
  out.self_issued = X509_NAME_cmp(X509_get_subject_name(x.get()), X509_get_issuer_name(x.get())) == 0;
  out.must_staple = asks_for_staple(*x);
  read_ocsp_urls(*x, out);
  read_crl_points(*x, out);
  ERR_clear_error();
  return out;
}

bool is_short_lived(RevocationPointers const& certificate) {
  constexpr Moment kChange{std::chrono::sys_days{std::chrono::year{2026} / 3 / 15}};
  days const most = certificate.not_before >= kChange ? days{7} : days{10};
  auto const lifetime = certificate.not_after - certificate.not_before + std::chrono::seconds{1};  // both ends are within
  return certificate.not_after > certificate.not_before && lifetime <= most && certificate.not_before > Moment{};
}

Bytes find_issuer(ByteView certificate, std::span<Bytes const> candidates, TrustStore const* store) {
  ERR_clear_error();
  X509Handle const x = parse_x509(certificate);
  if (!x) return {};
  if (issued_by(*x, *x)) return {certificate.begin(), certificate.end()};
  for (Bytes const& candidate : candidates) {
    X509Handle const issuer = parse_x509(candidate);
    if (issuer && issued_by(*x, *issuer)) return candidate;
  }
  if (store == nullptr) return {};
  StoreContextHandle const context{X509_STORE_CTX_new()};
  if (!context || X509_STORE_CTX_init(context.get(), store->impl().store.get(), x.get(), nullptr) != 1) return {};
  X509* found = nullptr;
  if (X509_STORE_CTX_get1_issuer(&found, context.get(), x.get()) != 1) found = nullptr;
  X509Handle const issuer{found};
  ERR_clear_error();
  return issuer && issued_by(*x, *issuer) ? der_of(*issuer) : Bytes{};
}

std::string staleness(RevocationAnswer const& answer, Moment at) {
  if (!answer.this_update) return "malformed";
  if (*answer.this_update > at + kGrace) return "not_yet_valid";
  Moment const end = answer.next_update.value_or(*answer.this_update + kWithoutNextUpdate);
  if (end < *answer.this_update) return "malformed";
  return end + kGrace < at ? "stale" : "";
}

}  // namespace tlsgauge::crypto
