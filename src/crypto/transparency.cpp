#include "crypto/transparency.hpp"

#include <openssl/err.h>
#include <openssl/ocsp.h>
#include <openssl/sha.h>

#include "crypto/asn1.hpp"
#include "crypto/handles.hpp"
#include "wire/writer.hpp"

namespace tlsgauge::crypto {
namespace {

using OcspResponseHandle = std::unique_ptr<OCSP_RESPONSE, FreeWith<OCSP_RESPONSE_free>>;
using OcspBasicHandle = std::unique_ptr<OCSP_BASICRESP, FreeWith<OCSP_BASICRESP_free>>;
using OctetStringHandle = std::unique_ptr<ASN1_OCTET_STRING, FreeWith<ASN1_OCTET_STRING_free>>;
using DigestHandle = std::unique_ptr<EVP_MD_CTX, FreeWith<EVP_MD_CTX_free>>;

constexpr std::uint8_t kSha256 = 4, kRsa = 1, kEcdsa = 3;

/// The list lies in an OCTET STRING inside that of the extension.
Bytes inner_octets(X509_EXTENSION* extension) {
  ASN1_OCTET_STRING const* const outer = extension == nullptr ? nullptr : X509_EXTENSION_get_data(extension);
  if (outer == nullptr) return {};
  unsigned char const* at = ASN1_STRING_get0_data(outer);
  OctetStringHandle const inner{d2i_ASN1_OCTET_STRING(nullptr, &at, ASN1_STRING_length(outer))};
  ERR_clear_error();
  if (!inner) return {};
  unsigned char const* const data = ASN1_STRING_get0_data(inner.get());
  return {data, data + ASN1_STRING_length(inner.get())};
}

Bytes key_of(X509 const& certificate) {
  unsigned char* der = nullptr;
  int const size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(&certificate), &der);
  std::unique_ptr<unsigned char, FreeOpenSslMemory> const owned{der};
  return size > 0 ? Bytes{der, der + size} : Bytes{};
}

/// RFC 6962 section 3.2: writes what stands between timestamp and extensions.
Result<void> write_entry(wire::Writer& out, LogEntry kind, ByteView certificate, ByteView issuer) {
  constexpr std::uint16_t kX509 = 0, kPrecertificate = 1;
  if (kind == LogEntry::x509) {
    out.u16(kX509);
    out.vector24([&](wire::Writer& whole) { whole.bytes(certificate); });
    return {};
  }
  X509Handle const leaf = parse_x509(certificate), from = parse_x509(issuer);
  if (!leaf || !from) return Error{ErrorKind::malformed, "the certificate or its issuer's cannot be read"};
  int const at = X509_get_ext_by_NID(leaf.get(), NID_ct_precert_scts, -1);
  if (at >= 0) X509_EXTENSION_free(X509_delete_ext(leaf.get(), at));
  unsigned char* der = nullptr;
  int const size = i2d_re_X509_tbs(leaf.get(), &der);
  std::unique_ptr<unsigned char, FreeOpenSslMemory> const owned{der};
  if (size <= 0) return Error{ErrorKind::malformed, "the certificate cannot be written without its timestamps"};
  out.u16(kPrecertificate);
  out.bytes(log_id(key_of(*from)));
  out.vector24([&](wire::Writer& tbs) { tbs.bytes({der, static_cast<std::size_t>(size)}); });
  return {};
}

}  // namespace

std::array<std::uint8_t, 32> log_id(ByteView log_key) {
  std::array<std::uint8_t, 32> id{};
  SHA256(log_key.data(), log_key.size(), id.data());
  return id;
}

Bytes embedded_sct_list(ByteView certificate) {
  X509Handle const x = parse_x509(certificate);
  if (!x) return {};
  int const at = X509_get_ext_by_NID(x.get(), NID_ct_precert_scts, -1);
  return at < 0 ? Bytes{} : inner_octets(X509_get_ext(x.get(), at));
}

Bytes stapled_sct_list(ByteView ocsp_response) {
  unsigned char const* at = ocsp_response.data();
  OcspResponseHandle const response{ocsp_response.empty() ? nullptr
                                                          : d2i_OCSP_RESPONSE(nullptr, &at, static_cast<long>(ocsp_response.size()))};
  OcspBasicHandle const basic{response ? OCSP_response_get1_basic(response.get()) : nullptr};
  ERR_clear_error();
  for (int i = 0; basic && i < OCSP_resp_count(basic.get()); ++i) {
    OCSP_SINGLERESP* const single = OCSP_resp_get0(basic.get(), i);
    int const found = OCSP_SINGLERESP_get_ext_by_NID(single, NID_ct_cert_scts, -1);
    if (found >= 0) return inner_octets(OCSP_SINGLERESP_get_ext(single, found));
  }
  return {};
}

Result<bool> signed_by_log(wire::SignedCertificateTimestamp const& timestamp, LogEntry entry, ByteView certificate, ByteView issuer,
                           ByteView log_key) {
  if (timestamp.hash != kSha256 || (timestamp.algorithm != kRsa && timestamp.algorithm != kEcdsa)) {
    return Error{ErrorKind::unsupported, "signed with an algorithm that RFC 6962 does not know"};
  }
  unsigned char const* at = log_key.data();
  KeyHandle const key{log_key.empty() ? nullptr : d2i_PUBKEY(nullptr, &at, static_cast<long>(log_key.size()))};
  ERR_clear_error();
  if (!key) return Error{ErrorKind::malformed, "the log's key cannot be read"};
  wire::Writer input;
  input.u8(timestamp.version);
  input.u8(0);  // certificate_timestamp
  input.u32(static_cast<std::uint32_t>(timestamp.timestamp >> 32U));
  input.u32(static_cast<std::uint32_t>(timestamp.timestamp & 0xFFFFFFFFU));
  if (Result<void> const written = write_entry(input, entry, certificate, issuer); !written) return written.error();
  input.vector16([&](wire::Writer& extensions) { extensions.bytes(timestamp.extensions); });
  Bytes const message = input.take();

  DigestHandle const context{EVP_MD_CTX_new()};
  bool const right =
      (timestamp.algorithm == kRsa ? EVP_PKEY_RSA : EVP_PKEY_EC) == EVP_PKEY_get_base_id(key.get()) && context &&
      EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key.get()) == 1 &&
      EVP_DigestVerify(context.get(), timestamp.signature.data(), timestamp.signature.size(), message.data(), message.size()) == 1;
  ERR_clear_error();
  return right;
}

}  // namespace tlsgauge::crypto
