#pragma once
// Certificates of every kind, good and bad, really signed.

#include <openssl/pem.h>

#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "crypto/handles.hpp"

namespace tlsgauge::test {

inline Moment const kNow = parse_rfc3339("2026-11-24T00:00:00Z").value();
constexpr std::chrono::days kDay{1};

using Extensions = std::vector<std::pair<std::string, std::string>>;  ///< as in OpenSSL's configuration files

struct Form {
  std::string subject;        ///< common name; empty: an empty subject
  std::string key = "P-256";  ///< P-256, P-384, RSA-2048, RSA-1024, ED25519
  Moment from = kNow - 30 * kDay;
  Moment until = kNow + 30 * kDay;
  char const* digest = "SHA256";
  bool pss = false;
  long version = X509_VERSION_3;
  long serial = 0x1234567;
  Extensions extensions;
};

struct Made {
  std::shared_ptr<X509> certificate;
  std::shared_ptr<EVP_PKEY> key;

  [[nodiscard]] Bytes der() const { return crypto::to_der(*certificate); }
  [[nodiscard]] std::string pem() const {
    crypto::BioHandle const out{BIO_new(BIO_s_mem())};
    PEM_write_bio_X509(out.get(), certificate.get());
    return std::string{crypto::text(crypto::content(*out))};
  }
};

inline void must(bool good, char const* what) {
  if (!good) throw std::runtime_error(what);
}

inline std::shared_ptr<EVP_PKEY> fresh_key(std::string const& kind) {
  EVP_PKEY* key = nullptr;
  if (kind.starts_with("RSA-")) {
    key = EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", static_cast<std::size_t>(std::stoul(kind.substr(4))));
  } else if (kind.starts_with("P-")) {
    key = EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", kind.c_str());
  } else {
    key = EVP_PKEY_Q_keygen(nullptr, nullptr, kind.c_str());
  }
  must(key != nullptr, "no key");
  return {key, EVP_PKEY_free};
}

inline void set_subject(X509& x, std::string const& name) {
  auto const* const octets = reinterpret_cast<unsigned char const*>(name.data());
  must(name.empty() || X509_NAME_add_entry_by_NID(X509_get_subject_name(&x), NID_commonName, MBSTRING_UTF8, octets,
                                                  static_cast<int>(name.size()), -1, 0) == 1,
       "no subject");
}

/// Self-signed without `issuer`. `key`: of another certificate, as for cross-signing.
inline Made make(Form const& form, Made const* issuer = nullptr, Made const* key = nullptr) {
  Made made;
  made.certificate = {X509_new(), X509_free};
  made.key = key != nullptr ? key->key : fresh_key(form.key);
  X509& x = *made.certificate;
  X509& parent = issuer != nullptr ? *issuer->certificate : x;
  must(X509_set_version(&x, form.version) == 1 && ASN1_INTEGER_set(X509_get_serialNumber(&x), form.serial) == 1, "no serial");
  ASN1_TIME_set(X509_getm_notBefore(&x), form.from.time_since_epoch().count());
  ASN1_TIME_set(X509_getm_notAfter(&x), form.until.time_since_epoch().count());
  must(X509_set_pubkey(&x, made.key.get()) == 1, "no key set");
  set_subject(x, form.subject);
  must(X509_set_issuer_name(&x, X509_get_subject_name(&parent)) == 1, "no issuer");
  X509V3_CTX context{};
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, &parent, &x, nullptr, nullptr, 0);
  for (auto const& [name, value] : form.extensions) {
    std::unique_ptr<X509_EXTENSION, crypto::FreeWith<X509_EXTENSION_free>> const one{
        X509V3_EXT_conf(nullptr, &context, name.c_str(), value.c_str())};
    must(one && X509_add_ext(&x, one.get(), -1) == 1, (name + " = " + value).c_str());
  }
  EVP_PKEY* const signer = issuer != nullptr ? issuer->key.get() : made.key.get();
  EVP_MD const* const digest = EVP_PKEY_is_a(signer, "ED25519") ? nullptr : EVP_get_digestbyname(form.digest);
  std::unique_ptr<EVP_MD_CTX, crypto::FreeWith<EVP_MD_CTX_free>> const sign{EVP_MD_CTX_new()};
  EVP_PKEY_CTX* options = nullptr;
  must(EVP_DigestSignInit(sign.get(), &options, digest, nullptr, signer) == 1, "cannot sign");
  if (form.pss) EVP_PKEY_CTX_set_rsa_padding(options, RSA_PKCS1_PSS_PADDING);
  must(X509_sign_ctx(&x, sign.get()) > 0, "not signed");
  return made;
}

inline Extensions with(Extensions all, Extensions const& more) {
  for (auto const& one : more) {
    std::erase_if(all, [&one](auto const& other) { return other.first == one.first; });
    if (!one.second.empty()) all.push_back(one);
  }
  return all;
}

/// `more` replaces extensions of the same name; an empty value leaves one out.
inline Form authority(std::string const& name, Extensions const& more = {}) {
  return {.subject = name,
          .extensions = with({{"basicConstraints", "critical,CA:TRUE"},
                              {"keyUsage", "critical,keyCertSign,cRLSign"},
                              {"subjectKeyIdentifier", "hash"},
                              {"authorityKeyIdentifier", "keyid"}},
                             more)};
}

inline Form anchor(std::string const& name, Extensions const& more = {}) {
  return authority(name, with({{"authorityKeyIdentifier", ""}}, more));
}

inline Form entity(std::string const& names = "DNS:www.example.com", Extensions const& more = {}) {
  return {.subject = "leaf",
          .extensions = with({{"basicConstraints", "critical,CA:FALSE"},
                              {"keyUsage", "critical,digitalSignature"},
                              {"extendedKeyUsage", "serverAuth"},
                              {"subjectKeyIdentifier", "hash"},
                              {"authorityKeyIdentifier", "keyid"},
                              {"subjectAltName", names}},
                             more)};
}

}  // namespace tlsgauge::test
