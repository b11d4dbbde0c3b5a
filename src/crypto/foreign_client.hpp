#pragma once
// For TLS connections that another library makes by libssl.

#include <string>

namespace tlsgauge::crypto {

/// Makes the SSL_CTX of a client connect to servers without RFC 5746, too: it is for measuring only, and what they risk is told elsewhere.
/// The protocol that ALPN settled on is written to `alpn` when a handshake is over; it must live as long as the SSL_CTX is in use.
void prepare_foreign_client(void* ssl_ctx, std::string* alpn);

}  // namespace tlsgauge::crypto
