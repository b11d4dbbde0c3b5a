#include "crypto/dane.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

#include <algorithm>

#include "crypto/asn1.hpp"
#include "crypto/store.hpp"

namespace tlsgauge::crypto {
namespace {

constexpr std::size_t kMaxHelpers = 32;

AssociationMatch unusable(std::string reason) {
  ERR_clear_error();
  AssociationMatch out;
  out.match = Match::unusable;
  out.reason = std::move(reason);
  return out;
}

}  // namespace

AssociationMatch match_association(std::vector<Bytes> const& chain, Association const& association, std::string const& name,
                                   TrustStore const& store, Moment at) {
  ERR_clear_error();
  X509Handle const leaf = chain.empty() ? nullptr : parse_x509(chain.front());
  X509StackHandle const helpers{sk_X509_new_null()};
  // OpenSSL keeps what it knows of DANE in a connection; this one is never made.
  static SslContextHandle const settings{SSL_CTX_new(TLS_client_method())};
  if (!leaf || !helpers) {
    AssociationMatch none;
    none.reason = "the end entity's certificate cannot be parsed";
    ERR_clear_error();
    return none;
  }
  static bool const enabled = settings && SSL_CTX_dane_enable(settings.get()) == 1;
  if (!enabled) return unusable("OpenSSL does not do DANE");
  SslHandle const ssl{SSL_new(settings.get())};
  if (!ssl || SSL_dane_enable(ssl.get(), name.c_str()) != 1) return unusable("OpenSSL does not do DANE");
  // RFC 7671 section 5.1: with usage 3 the record itself says whose key it is. The name is judged elsewhere.
  SSL_dane_set_flags(ssl.get(), DANE_FLAG_NO_DANE_EE_NAMECHECKS);
  if (SSL_dane_tlsa_add(ssl.get(), association.usage, association.selector, association.matching_type, association.data.data(),
                        association.data.size()) != 1) {
    return unusable("unknown numbers, or data of another length or form than they say");
  }
  for (std::size_t i = 1; i < std::min(chain.size(), kMaxHelpers + 1); ++i) {
    X509Handle helper = parse_x509(chain[i]);
    if (helper && sk_X509_push(helpers.get(), helper.get()) > 0) (void)helper.release();
  }
  StoreContextHandle const context{X509_STORE_CTX_new()};
  if (!context || X509_STORE_CTX_init(context.get(), store.impl().store.get(), leaf.get(), helpers.get()) != 1) {
    return unusable("the verification cannot begin");
  }
  X509_STORE_CTX_set_default(context.get(), "ssl_server");
  X509_STORE_CTX_set0_dane(context.get(), SSL_get0_dane(ssl.get()));
  X509_VERIFY_PARAM* const rules = X509_STORE_CTX_get0_param(context.get());
  X509_VERIFY_PARAM_set1(rules, SSL_get0_param(ssl.get()));  // the name
  X509_VERIFY_PARAM_set_flags(rules, X509_V_FLAG_TRUSTED_FIRST | X509_V_FLAG_PARTIAL_CHAIN);
  X509_VERIFY_PARAM_set_time(rules, at.time_since_epoch().count());
  int const outcome = X509_verify_cert(context.get());
  int const code = X509_STORE_CTX_get_error(context.get());
  AssociationMatch out;
  if (outcome == 1 && SSL_get0_dane_authority(ssl.get(), nullptr, nullptr) >= 0) {
    out.match = Match::yes;
  } else {
    out.reason = code == X509_V_OK || code == X509_V_ERR_DANE_NO_MATCH ? "no certificate that it allows is in the chain"
                                                                       : X509_verify_cert_error_string(code);
  }
  ERR_clear_error();
  return out;
}

}  // namespace tlsgauge::crypto
