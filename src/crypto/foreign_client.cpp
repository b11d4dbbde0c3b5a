#include "crypto/foreign_client.hpp"

#include <openssl/ssl.h>

namespace tlsgauge::crypto {
namespace {

void note_alpn(SSL const* ssl, int where, int) {
  if ((where & SSL_CB_HANDSHAKE_DONE) == 0) return;
  auto* const alpn = static_cast<std::string*>(SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl)));
  unsigned char const* chosen = nullptr;
  unsigned length = 0;
  SSL_get0_alpn_selected(ssl, &chosen, &length);
  if (alpn == nullptr) return;
  alpn->clear();
  if (length > 0) alpn->assign(chosen, chosen + length);
}

}  // namespace

void prepare_foreign_client(void* ssl_ctx, std::string* alpn) {
  auto* const context = static_cast<SSL_CTX*>(ssl_ctx);
  SSL_CTX_set_options(context, SSL_OP_LEGACY_SERVER_CONNECT);
  SSL_CTX_set_app_data(context, alpn);
  SSL_CTX_set_info_callback(context, &note_alpn);
}

}  // namespace tlsgauge::crypto
