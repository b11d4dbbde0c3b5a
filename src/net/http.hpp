#pragma once
// One HTTP request, over TLS or without it, by libcurl.

#include <asio/awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "base/result.hpp"

namespace tlsgauge::net {

struct HttpRequest {
  HttpRequest() = default;
  bool plain = false;   ///< without TLS
  std::string host;     ///< in URL, Host and SNI; an address literal sends no SNI
  std::string address;  ///< connected to, whatever `host` resolves to
  std::uint16_t port = 443;
  std::uint16_t connect_port = 0;  ///< connected to; 0: `port`
  std::string path = "/";
  std::string user_agent;
  std::chrono::milliseconds limit{10'000};     ///< for all of it
  std::chrono::milliseconds connect_limit{0};  ///< for TCP and TLS; 0: `limit`
  bool keep = false;                           ///< leave the connection open for the next request of the session
  /// Given libcurl's SSL_CTX before the handshake; leaves what ALPN settled on.
  void (*prepare_tls)(void* ssl_ctx, std::string* alpn) = nullptr;
};

struct HttpResponse {
  HttpResponse() = default;
  int version = 0;  ///< 10, 11, 20; 0: not told
  long status = 0;
  std::vector<std::pair<std::string, std::string>> headers;  ///< of the final response, names as sent
  std::string redirect;                                      ///< Location, resolved; empty when none
  std::string http2_error;                                   ///< why the answer did not come by HTTP/2, which the server had chosen
  unsigned connections = 1;                                  ///< opened for it; 0: one that was kept
  std::uint64_t bytes_sent = 0;                              ///< octets of HTTP, without TLS
  std::uint64_t bytes_received = 0;
};

/// A connection that was kept. For one request at a time.
class HttpSession;
[[nodiscard]] std::shared_ptr<HttpSession> make_http_session();

/// GET without redirects, proxy, credentials or certificate checks; TLS 1.0 and up with every suite that the library has. The content is
/// kept, and read only so far as `keep` takes (128 KiB, 1 s); header fields are bounded (500 fields, 256 KiB). HTTP/2 that fails is
/// followed by HTTP/1.1. Errors: `malformed` when what the peer answers does not begin as HTTP; `unsupported` when it does but goes on
/// otherwise, or no TLS session came about; closed and reset when the connection ended behind the request; else timed_out, unreachable,
/// too_large, cancelled, local; and where it is plain, `refused` for a closed port and `unreachable` for one that lets nothing through.
[[nodiscard]] asio::awaitable<Result<HttpResponse>> http_get(HttpRequest request, std::shared_ptr<HttpSession> session,
                                                             std::stop_token stop);

}  // namespace tlsgauge::net
