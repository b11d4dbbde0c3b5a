#include "crypto/old_servers.hpp"

#include <openssl/ssl.h>

namespace tlsgauge::crypto {

void admit_old_servers(void* ssl_ctx) { SSL_CTX_set_options(static_cast<SSL_CTX*>(ssl_ctx), SSL_OP_LEGACY_SERVER_CONNECT); }

}  // namespace tlsgauge::crypto
