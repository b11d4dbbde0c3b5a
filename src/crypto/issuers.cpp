#include "crypto/issuers.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/pkcs7.h>

#include "base/text.hpp"
#include "crypto/handles.hpp"

namespace tlsgauge::crypto {
namespace {

constexpr std::size_t kMaxUrls = 4;
constexpr std::size_t kMaxUrl = 2048;
constexpr std::size_t kMaxCertificates = 16;

using AccessHandle = std::unique_ptr<AUTHORITY_INFO_ACCESS, FreeWith<AUTHORITY_INFO_ACCESS_free>>;
using Pkcs7Handle = std::unique_ptr<PKCS7, FreeWith<PKCS7_free>>;

X509Handle parse(ByteView der) {
  unsigned char const* at = der.data();
  X509Handle certificate{der.empty() ? nullptr : d2i_X509(nullptr, &at, static_cast<long>(der.size()))};
  if (at != der.data() + der.size()) certificate.reset();
  return certificate;
}

std::vector<Bytes> from_pkcs7(PKCS7 const& message) {
  std::vector<Bytes> out;
  if (!PKCS7_type_is_signed(&message) || message.d.sign == nullptr) return out;
  STACK_OF(X509) const* const certificates = message.d.sign->cert;
  for (int i = 0; certificates != nullptr && i < sk_X509_num(certificates) && out.size() < kMaxCertificates; ++i) {
    out.push_back(to_der(*sk_X509_value(certificates, i)));
  }
  return out;
}

}  // namespace

std::vector<std::string> issuer_urls(ByteView der) {
  std::vector<std::string> out;
  X509Handle const certificate = parse(der);
  AccessHandle const access{
      certificate ? static_cast<AUTHORITY_INFO_ACCESS*>(X509_get_ext_d2i(certificate.get(), NID_info_access, nullptr, nullptr)) : nullptr};
  for (int i = 0; access && i < sk_ACCESS_DESCRIPTION_num(access.get()) && out.size() < kMaxUrls; ++i) {
    ACCESS_DESCRIPTION const& each = *sk_ACCESS_DESCRIPTION_value(access.get(), i);
    if (OBJ_obj2nid(each.method) != NID_ad_ca_issuers || each.location == nullptr || each.location->type != GEN_URI) continue;
    ASN1_IA5STRING const* const uri = each.location->d.uniformResourceIdentifier;
    std::string const url{reinterpret_cast<char const*>(ASN1_STRING_get0_data(uri)), static_cast<std::size_t>(ASN1_STRING_length(uri))};
    std::string const scheme = ascii_lower(url.substr(0, url.find(':')));
    if (url.size() <= kMaxUrl && (scheme == "http" || scheme == "https")) out.push_back(url);
  }
  ERR_clear_error();
  return out;
}

std::vector<Bytes> read_certificates(ByteView document) {
  std::vector<Bytes> out;
  if (document.empty()) return out;
  if (X509Handle const one = parse(document)) out.emplace_back(document.begin(), document.end());
  if (out.empty()) {
    unsigned char const* at = document.data();
    if (Pkcs7Handle const message{d2i_PKCS7(nullptr, &at, static_cast<long>(document.size()))}) out = from_pkcs7(*message);
  }
  if (out.empty()) {
    BioHandle const text = bio_over(document);
    while (out.size() < kMaxCertificates) {
      X509Handle const next{text ? PEM_read_bio_X509(text.get(), nullptr, nullptr, nullptr) : nullptr};
      if (!next) break;
      out.push_back(to_der(*next));
    }
  }
  if (out.empty()) {
    BioHandle const text = bio_over(document);
    if (Pkcs7Handle const message{text ? PEM_read_bio_PKCS7(text.get(), nullptr, nullptr, nullptr) : nullptr}) out = from_pkcs7(*message);
  }
  ERR_clear_error();
  return out;
}

bool names_as_issuer(ByteView subject, ByteView issuer) {
  X509Handle const below = parse(subject);
  X509Handle const above = parse(issuer);
  bool const named = below && above && X509_check_issued(above.get(), below.get()) == X509_V_OK;
  ERR_clear_error();
  return named;
}

}  // namespace tlsgauge::crypto
