#pragma once
// For TLS connections that another library makes by libssl.

namespace tlsgauge::crypto {

/// An SSL_CTX of a client that connects to servers without RFC 5746, too. It is for measuring only: what they risk is told elsewhere.
void admit_old_servers(void* ssl_ctx);

}  // namespace tlsgauge::crypto
