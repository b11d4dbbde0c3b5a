#pragma once
// A transparency log of one's own, and certificates with its timestamps inside.

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <string>
#include <vector>

#include "base/clock.hpp"
#include "crypto/handles.hpp"
#include "crypto/issue.hpp"
#include "crypto/transparency.hpp"
#include "crypto/vectors.hpp"

namespace tlsgauge::test {

inline void put(Bytes& out, std::uint64_t number, unsigned octets) {
  while (octets-- > 0) out.push_back(static_cast<std::uint8_t>(number >> (8U * octets)));
}

inline void append(Bytes& out, ByteView more) { out.insert(out.end(), more.begin(), more.end()); }

/// SignedCertificateTimestampList.
inline Bytes sct_list(std::vector<Bytes> const& members) {
  Bytes inner, out;
  for (Bytes const& one : members) {
    put(inner, one.size(), 2);
    append(inner, one);
  }
  put(out, inner.size(), 2);
  append(out, inner);
  return out;
}

class TestLog {
 public:
  explicit TestLog(bool rsa = false)
      : rsa_(rsa),
        key_(rsa ? EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", std::size_t{2048}) : EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256")) {
    unsigned char* der = nullptr;
    int const size = i2d_PUBKEY(key_.get(), &der);
    spki_.assign(der, der + size);
    OPENSSL_free(der);
  }

  [[nodiscard]] Bytes const& spki() const { return spki_; }

  /// `entry`: what follows the timestamp in the signed structure, up to the extensions.
  [[nodiscard]] Bytes sign(Bytes const& entry, Moment at) const {
    auto const milliseconds = static_cast<std::uint64_t>(at.time_since_epoch().count()) * 1000;
    Bytes input{0, 0};
    put(input, milliseconds, 8);
    append(input, entry);
    put(input, 0, 2);
    std::unique_ptr<EVP_MD_CTX, crypto::FreeWith<EVP_MD_CTX_free>> const context{EVP_MD_CTX_new()};
    EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key_.get());
    std::size_t size = 0;
    EVP_DigestSign(context.get(), nullptr, &size, input.data(), input.size());
    Bytes signature(size);
    EVP_DigestSign(context.get(), signature.data(), &size, input.data(), input.size());
    signature.resize(size);
    Bytes sct{0};
    append(sct, crypto::log_id(spki_));
    put(sct, milliseconds, 8);
    put(sct, 0, 2);
    put(sct, 4, 1);
    put(sct, rsa_ ? 1 : 3, 1);
    put(sct, signature.size(), 2);
    append(sct, signature);
    return sct;
  }

  [[nodiscard]] Bytes timestamp_of(Bytes const& certificate, Moment at) const {
    Bytes entry;
    put(entry, 0, 2);
    put(entry, certificate.size(), 3);
    append(entry, certificate);
    return sign(entry, at);
  }

  /// `tbs`: without timestamps.
  [[nodiscard]] Bytes timestamp_of_precertificate(Bytes const& tbs, Bytes const& issuer_spki, Moment at) const {
    Bytes entry;
    put(entry, 1, 2);
    append(entry, crypto::log_id(issuer_spki));
    put(entry, tbs.size(), 3);
    append(entry, tbs);
    return sign(entry, at);
  }

 private:
  bool rsa_;
  crypto::KeyHandle key_;
  Bytes spki_;
};

struct LoggedChain {
  Bytes leaf, issuer;
  [[nodiscard]] std::vector<Bytes> chain() const { return {leaf, issuer}; }
};

/// A certificate of 90 days for example.test, with a timestamp of each log inside.
inline LoggedChain logged_chain(std::vector<TestLog const*> const& logs, Moment from, std::chrono::days lifetime = std::chrono::days{90}) {
  crypto::CertificateRequestForm form;
  form.common_name = "authority";
  form.not_before = from - std::chrono::days{1};
  form.not_after = from + std::chrono::days{3650};
  form.ca = true;
  crypto::Issued const authority = crypto::issue(form).value();
  form.common_name = "example.test";
  form.dns_names = {"example.test"};
  form.not_before = from;
  form.not_after = from + lifetime;
  form.ca = false;
  Bytes const plain = from_pem(crypto::issue(form, &authority).value().certificate_pem);
  LoggedChain out;
  out.issuer = from_pem(authority.certificate_pem);

  unsigned char const* at = out.issuer.data();
  crypto::X509Handle const issuer{d2i_X509(nullptr, &at, static_cast<long>(out.issuer.size()))};
  unsigned char* der = nullptr;
  int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(issuer.get()), &der);
  Bytes const issuer_spki(der, der + size);
  OPENSSL_free(der);
  at = plain.data();
  crypto::X509Handle const leaf{d2i_X509(nullptr, &at, static_cast<long>(plain.size()))};
  der = nullptr;
  size = i2d_re_X509_tbs(leaf.get(), &der);
  Bytes const tbs(der, der + size);
  OPENSSL_free(der);
  std::vector<Bytes> timestamps;
  for (TestLog const* log : logs) timestamps.push_back(log->timestamp_of_precertificate(tbs, issuer_spki, from));
  if (!timestamps.empty()) {
    Bytes const list = sct_list(timestamps);
    std::unique_ptr<ASN1_OCTET_STRING, crypto::FreeWith<ASN1_OCTET_STRING_free>> const inner{ASN1_OCTET_STRING_new()};
    ASN1_OCTET_STRING_set(inner.get(), list.data(), static_cast<int>(list.size()));
    der = nullptr;
    size = i2d_ASN1_OCTET_STRING(inner.get(), &der);
    ASN1_OCTET_STRING_set(inner.get(), der, size);
    OPENSSL_free(der);
    std::unique_ptr<X509_EXTENSION, crypto::FreeWith<X509_EXTENSION_free>> const extension{
        X509_EXTENSION_create_by_NID(nullptr, NID_ct_precert_scts, 0, inner.get())};
    X509_add_ext(leaf.get(), extension.get(), -1);
  }
  crypto::BioHandle const key_text = crypto::bio_over(view(authority.private_key_pem));
  crypto::KeyHandle const key{PEM_read_bio_PrivateKey(key_text.get(), nullptr, nullptr, nullptr)};
  X509_sign(leaf.get(), key.get(), EVP_sha256());
  der = nullptr;
  size = i2d_X509(leaf.get(), &der);
  out.leaf.assign(der, der + size);
  OPENSSL_free(der);
  return out;
}

}  // namespace tlsgauge::test
