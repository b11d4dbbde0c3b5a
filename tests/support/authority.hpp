#pragma once
// A CA in memory that issues certificates, OCSP responses and CRLs, right and wrong.

#include <openssl/ocsp.h>
#include <openssl/x509v3.h>

#include <chrono>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "crypto/handles.hpp"

namespace tlsgauge::test {

inline constexpr Moment kNow{std::chrono::sys_days{std::chrono::year{2026} / 11 / 24}};
using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using Extensions = std::vector<std::pair<int, std::string>>;  ///< NID and OpenSSL's way to write the value

template <class T, class Write>
Bytes der(T const* object, Write write) {
  unsigned char* out = nullptr;
  int const size = write(object, &out);
  if (size <= 0) throw std::runtime_error("cannot be written");
  Bytes const bytes(out, out + size);
  OPENSSL_free(out);
  return bytes;
}

inline long offset(Moment moment) { return static_cast<long>(moment.time_since_epoch().count()); }

struct Issuee {
  crypto::X509Handle x;
  crypto::KeyHandle key;
  [[nodiscard]] Bytes der() const {
    return test::der(x.get(), [](X509 const* c, unsigned char** out) { return i2d_X509(c, out); });
  }
};

/// Signed by itself where there is no issuer.
inline Issuee make_certificate(std::string const& name, Issuee const* issuer, Extensions const& extensions, long serial = 2,
                               Moment begin = kNow - days{10}, Moment end = kNow + days{80}) {
  Issuee made;
  made.key.reset(EVP_EC_gen("P-256"));
  made.x.reset(X509_new());
  X509* const x = made.x.get();
  X509_set_version(x, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(x), serial);
  ASN1_TIME_set(X509_getm_notBefore(x), offset(begin));
  ASN1_TIME_set(X509_getm_notAfter(x), offset(end));
  X509_set_pubkey(x, made.key.get());
  X509_NAME_add_entry_by_NID(X509_get_subject_name(x), NID_commonName, MBSTRING_UTF8, reinterpret_cast<unsigned char const*>(name.data()),
                             static_cast<int>(name.size()), -1, 0);
  X509* const parent = issuer != nullptr ? issuer->x.get() : x;
  X509_set_issuer_name(x, X509_get_subject_name(parent));
  X509V3_CTX context{};
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, parent, x, nullptr, nullptr, 0);
  for (auto const& [id, value] : extensions) {
    X509_EXTENSION* const extension = X509V3_EXT_conf_nid(nullptr, &context, id, value.c_str());
    if (extension == nullptr) throw std::runtime_error("bad extension " + value);
    X509_add_ext(x, extension, -1);
    X509_EXTENSION_free(extension);
  }
  if (X509_sign(x, issuer != nullptr ? issuer->key.get() : made.key.get(), EVP_sha256()) == 0) throw std::runtime_error("cannot sign");
  X509_check_purpose(x, -1, 0);  // fills the cache of extensions
  return made;
}

inline Issuee make_authority(std::string const& name = "CA", Issuee const* issuer = nullptr, long serial = 1, Extensions further = {}) {
  further.insert(further.begin(), {{NID_basic_constraints, "critical,CA:TRUE"}, {NID_key_usage, "critical,keyCertSign,cRLSign"}});
  return make_certificate(name, issuer, further, serial, kNow - days{500}, kNow + days{500});
}

inline Issuee make_leaf(Issuee const& issuer, Extensions further = {}, long serial = 2, Moment begin = kNow - days{10},
                        Moment end = kNow + days{80}) {
  further.insert(further.begin(), {{NID_basic_constraints, "critical,CA:FALSE"}, {NID_subject_alt_name, "DNS:example.test"}});
  return make_certificate("example.test", &issuer, further, serial, begin, end);
}

inline Issuee make_responder(Issuee const& issuer, std::string const& purpose = "OCSPSigning", Moment end = kNow + days{80}) {
  return make_certificate("responder", &issuer,
                          {{NID_key_usage, "critical,digitalSignature"}, {NID_ext_key_usage, purpose}, {NID_id_pkix_OCSP_noCheck, "yes"}},
                          77, kNow - days{10}, end);
}

struct Statement {
  int status = V_OCSP_CERTSTATUS_GOOD;
  int reason = -1;
  Moment revoked = kNow - days{3};
  Moment this_update = kNow - days{1};
  std::optional<Moment> next_update = kNow + days{6};
  EVP_MD const* hash = EVP_sha1();
  bool encloses = true;  ///< the signer's certificate
};

inline Bytes ocsp_response(Issuee const& about, Issuee const& issuer, Issuee const& signer, Statement const& said = {}) {
  OCSP_BASICRESP* const basic = OCSP_BASICRESP_new();
  OCSP_CERTID* const id = OCSP_cert_to_id(said.hash, about.x.get(), issuer.x.get());
  ASN1_TIME* const revoked = ASN1_TIME_set(nullptr, offset(said.revoked));
  ASN1_TIME* const from = ASN1_TIME_set(nullptr, offset(said.this_update));
  ASN1_TIME* const until = said.next_update ? ASN1_TIME_set(nullptr, offset(*said.next_update)) : nullptr;
  OCSP_basic_add1_status(basic, id, said.status, said.reason, revoked, from, until);
  OCSP_basic_sign(basic, signer.x.get(), signer.key.get(), EVP_sha256(), nullptr, said.encloses ? 0 : OCSP_NOCERTS);
  OCSP_RESPONSE* const response = OCSP_response_create(OCSP_RESPONSE_STATUS_SUCCESSFUL, basic);
  Bytes const bytes = der(response, [](OCSP_RESPONSE const* r, unsigned char** out) { return i2d_OCSP_RESPONSE(r, out); });
  OCSP_RESPONSE_free(response);
  OCSP_BASICRESP_free(basic);
  OCSP_CERTID_free(id);
  for (ASN1_TIME* const time : {revoked, from, until}) ASN1_TIME_free(time);
  return bytes;
}

struct Listing {
  std::vector<std::pair<long, int>> entries;  ///< serial and reason; -1: none
  Extensions extensions = {};
  Moment this_update = kNow - days{1};
  std::optional<Moment> next_update = kNow + days{6};
};

inline Bytes revocation_list(Issuee const& issuer, Listing const& listing) {
  X509_CRL* const list = X509_CRL_new();
  X509_CRL_set_version(list, X509_CRL_VERSION_2);
  X509_CRL_set_issuer_name(list, X509_get_subject_name(issuer.x.get()));
  ASN1_TIME* const from = ASN1_TIME_set(nullptr, offset(listing.this_update));
  ASN1_TIME* const until = listing.next_update ? ASN1_TIME_set(nullptr, offset(*listing.next_update)) : nullptr;
  X509_CRL_set1_lastUpdate(list, from);
  if (until != nullptr) X509_CRL_set1_nextUpdate(list, until);
  for (auto const& [serial, reason] : listing.entries) {
    X509_REVOKED* const entry = X509_REVOKED_new();
    ASN1_INTEGER* const number = ASN1_INTEGER_new();
    ASN1_INTEGER_set(number, serial);
    X509_REVOKED_set_serialNumber(entry, number);
    X509_REVOKED_set_revocationDate(entry, from);
    if (reason >= 0) {
      ASN1_ENUMERATED* const code = ASN1_ENUMERATED_new();
      ASN1_ENUMERATED_set(code, reason);
      X509_REVOKED_add1_ext_i2d(entry, NID_crl_reason, code, 0, 0);
      ASN1_ENUMERATED_free(code);
    }
    X509_CRL_add0_revoked(list, entry);
    ASN1_INTEGER_free(number);
  }
  X509V3_CTX context{};
  X509V3_set_ctx(&context, issuer.x.get(), nullptr, nullptr, list, 0);
  for (auto const& [id, value] : listing.extensions) {
    // Values with sections of a configuration file: "critical,@idp|[idp]|..."
    std::string text = value, sections = value.find('|') == std::string::npos ? "" : value.substr(value.find('|') + 1);
    text.resize(std::min(text.size(), value.find('|')));
    for (char& c : sections) {
      if (c == '|') c = '\n';
    }
    CONF* const conf = NCONF_new(nullptr);
    BIO* const bio = BIO_new_mem_buf(sections.data(), static_cast<int>(sections.size()));
    long line = 0;
    NCONF_load_bio(conf, bio, &line);
    X509V3_set_nconf(&context, conf);
    X509_EXTENSION* const extension = X509V3_EXT_nconf_nid(conf, &context, id, text.c_str());
    if (extension == nullptr) throw std::runtime_error("bad extension " + value);
    X509_CRL_add_ext(list, extension, -1);
    X509_EXTENSION_free(extension);
    NCONF_free(conf);
    BIO_free(bio);
  }
  X509_CRL_sign(list, issuer.key.get(), EVP_sha256());
  Bytes const bytes = der(list, [](X509_CRL const* l, unsigned char** out) { return i2d_X509_CRL(l, out); });
  X509_CRL_free(list);
  ASN1_TIME_free(from);
  ASN1_TIME_free(until);
  return bytes;
}

}  // namespace tlsgauge::test
