// The server's side of crypto/session.hpp, for the demo and for tests.

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>

#include "crypto/fault.hpp"
#include "crypto/memory_session.hpp"
#include "crypto/session.hpp"

namespace tlsgauge::crypto {
namespace {

/// RFC 2409 section 6.2, the "Second Oakley Group": 1024 bits, weak by its size and by the number of its users (Logjam).
Result<KeyHandle> second_oakley_group() {
  using Builder = std::unique_ptr<OSSL_PARAM_BLD, FreeWith<OSSL_PARAM_BLD_free>>;
  using Params = std::unique_ptr<OSSL_PARAM, FreeWith<OSSL_PARAM_free>>;
  BignumHandle const p{BN_get_rfc2409_prime_1024(nullptr)};
  BignumHandle const g{BN_new()};
  Builder const builder{OSSL_PARAM_BLD_new()};
  if (!p || !g || !builder || BN_set_word(g.get(), 2) != 1 || OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_FFC_P, p.get()) != 1 ||
      OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_FFC_G, g.get()) != 1) {
    return fault(ErrorKind::local, "cannot make DH parameters");
  }
  Params const params{OSSL_PARAM_BLD_to_param(builder.get())};
  KeyContextHandle const context{EVP_PKEY_CTX_new_from_name(nullptr, "DH", nullptr)};
  EVP_PKEY* key = nullptr;
  if (!params || !context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_KEY_PARAMETERS, params.get()) != 1) {
    return fault(ErrorKind::local, "cannot make DH parameters");
  }
  return KeyHandle{key};
}

/// RFC 7919 groups, parameters only.
Result<KeyHandle> named_dh_group(char const* group) {
  KeyContextHandle const context{EVP_PKEY_CTX_new_from_name(nullptr, "DH", nullptr)};
  std::string value{group};
  OSSL_PARAM const params[] = {OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, value.data(), 0), OSSL_PARAM_construct_end()};
  EVP_PKEY* key = nullptr;
  if (!context || EVP_PKEY_paramgen_init(context.get()) != 1 || EVP_PKEY_CTX_set_params(context.get(), params) != 1 ||
      EVP_PKEY_paramgen(context.get(), &key) != 1) {
    return fault(ErrorKind::local, "cannot make DH parameters");
  }
  return KeyHandle{key};
}

Result<void> set_dh(SSL_CTX* context, int bits) {
  if (bits == 0) {
    SSL_CTX_set_dh_auto(context, 0);
    return {};
  }
  Result<KeyHandle> group{KeyHandle{}};
  if (bits == 1024) group = second_oakley_group();
  if (bits == 2048) group = named_dh_group("ffdhe2048");
  if (bits == 3072) group = named_dh_group("ffdhe3072");
  if (bits == 4096) group = named_dh_group("ffdhe4096");
  if (!group) return group.error();
  if (!*group) {
    SSL_CTX_set_dh_auto(context, 1);
    return {};
  }
  if (SSL_CTX_set0_tmp_dh_pkey(context, group->get()) != 1) return fault(ErrorKind::invalid_input, "OpenSSL refuses the DH parameters");
  (void)group->release();
  return {};
}

Result<void> set_certificate(SSL_CTX* context, ServerSettings const& settings) {
  BioHandle const chain = bio_over(view(settings.certificate_pem));
  X509Handle const leaf{chain ? PEM_read_bio_X509(chain.get(), nullptr, nullptr, nullptr) : nullptr};
  if (!leaf || SSL_CTX_use_certificate(context, leaf.get()) != 1) return fault(ErrorKind::invalid_input, "cannot use the certificate");
  while (X509Handle next{PEM_read_bio_X509(chain.get(), nullptr, nullptr, nullptr)}) {
    if (SSL_CTX_add1_chain_cert(context, next.get()) != 1)
      return fault(ErrorKind::invalid_input, "cannot use the intermediate certificate");
  }
  ERR_clear_error();  // the end of the PEM text
  BioHandle const key_text = bio_over(view(settings.private_key_pem));
  KeyHandle const key{key_text ? PEM_read_bio_PrivateKey(key_text.get(), nullptr, nullptr, nullptr) : nullptr};
  if (!key || SSL_CTX_use_PrivateKey(context, key.get()) != 1 || SSL_CTX_check_private_key(context) != 1) {
    return fault(ErrorKind::invalid_input, "cannot use the private key");
  }
  return {};
}

}  // namespace

struct ServerContext::Impl {
  SslContextHandle context;
};

ServerContext::ServerContext() : impl_(std::make_unique<Impl>()) {}
ServerContext::~ServerContext() = default;

Result<std::shared_ptr<ServerContext const>> ServerContext::make(ServerSettings const& settings) {
  ERR_clear_error();
  SslContextHandle context{SSL_CTX_new(TLS_server_method())};
  if (!context) return fault(ErrorKind::local, "cannot make a TLS server");
  SSL_CTX* const c = context.get();
  if (SSL_CTX_set_min_proto_version(c, static_cast<int>(settings.min_version)) != 1 ||
      SSL_CTX_set_max_proto_version(c, static_cast<int>(settings.max_version)) != 1) {
    return fault(ErrorKind::unsupported, "the local OpenSSL does not speak these versions");
  }
  SSL_CTX_clear_options(c, SSL_CTX_get_options(c));
  SSL_CTX_set_options(c, SSL_OP_ALL | SSL_OP_NO_COMPRESSION);
  if (!settings.tickets) SSL_CTX_set_options(c, SSL_OP_NO_TICKET);
  if (settings.client_renegotiation) SSL_CTX_set_options(c, SSL_OP_ALLOW_CLIENT_RENEGOTIATION);
  if (settings.psk_alone) SSL_CTX_set_options(c, SSL_OP_ALLOW_NO_DHE_KEX);
  if (!settings.anti_replay) SSL_CTX_set_options(c, SSL_OP_NO_ANTI_REPLAY);
  SSL_CTX_set_max_early_data(c, settings.max_early_data);
  if (settings.server_preference) SSL_CTX_set_options(c, SSL_OP_CIPHER_SERVER_PREFERENCE);

  // The suites come first: their @SECLEVEL decides which keys and DH groups are accepted below.
  std::string const suites = settings.cipher_list.empty() ? std::string{OSSL_default_cipher_list()} : settings.cipher_list;
  if (SSL_CTX_set_cipher_list(c, suites.c_str()) != 1) return fault(ErrorKind::invalid_input, "cannot use the cipher list");
  std::string const ciphersuites = settings.ciphersuites.empty() ? std::string{OSSL_default_ciphersuites()} : settings.ciphersuites;
  if (SSL_CTX_set_ciphersuites(c, ciphersuites.c_str()) != 1) return fault(ErrorKind::invalid_input, "cannot use the TLS 1.3 suites");
  if (Result<void> const set = set_certificate(c, settings); !set) return set.error();
  if (Result<void> const set = set_dh(c, settings.dh_bits); !set) return set.error();

  constexpr unsigned char kSessionContext[] = "tlsgauge";
  SSL_CTX_set_session_id_context(c, kSessionContext, sizeof kSessionContext - 1);
  SSL_CTX_set_session_cache_mode(c, SSL_SESS_CACHE_SERVER);

  std::shared_ptr<ServerContext> made{new ServerContext};
  made->impl_->context = std::move(context);
  return std::shared_ptr<ServerContext const>{std::move(made)};
}

struct ServerSession::Impl {
  std::shared_ptr<ServerContext const> context;
  MemorySession tls;
};

ServerSession::ServerSession(std::shared_ptr<ServerContext const> context) : impl_(std::make_unique<Impl>()) {
  ERR_clear_error();
  SslHandle ssl{SSL_new(context->impl().context.get())};
  if (ssl) SSL_set_accept_state(ssl.get());
  impl_->context = std::move(context);
  (void)impl_->tls.adopt(std::move(ssl));  // without a session every feed() fails
}

ServerSession::~ServerSession() = default;

ServerSession::State ServerSession::feed(ByteView bytes) { return impl_->tls.feed(bytes); }
ServerSession::State ServerSession::state() const { return impl_->tls.state(); }
Bytes ServerSession::take_output() { return impl_->tls.take_output(); }
Result<void> ServerSession::write(ByteView plain) { return impl_->tls.write(plain); }
Bytes ServerSession::take_plain() { return impl_->tls.take_plain(); }
void ServerSession::close() { impl_->tls.close(); }

}  // namespace tlsgauge::crypto
