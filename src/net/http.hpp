#pragma once
// One HTTP request over TLS, by libcurl.

#include <asio/awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "base/result.hpp"

namespace tlsgauge::net {

struct HttpRequest {
  HttpRequest() = default;
  std::string host;     ///< in URL, Host and SNI; an address literal sends no SNI
  std::string address;  ///< connected to, whatever `host` resolves to
  std::uint16_t port = 443;
  std::uint16_t connect_port = 0;  ///< connected to; 0: `port`
  std::string path = "/";
  std::string user_agent;
  std::chrono::milliseconds limit{10'000};  ///< for all of it
};

struct HttpResponse {
  HttpResponse() = default;
  long status = 0;
  std::vector<std::pair<std::string, std::string>> headers;  ///< of the final response, names as sent
  std::string redirect;                                      ///< Location, resolved; empty when none
  std::uint64_t bytes_sent = 0;                              ///< octets of HTTP, without TLS
  std::uint64_t bytes_received = 0;
};

/// GET without redirects, proxy, credentials or certificate checks; TLS 1.0 and up with every suite that the library has. The content is
/// not read, header fields are bounded (500 fields, 256 KiB). HTTP/2 that fails is followed by HTTP/1.1. Errors: `malformed` when what the
/// peer answers does not begin as HTTP; `unsupported` when it does but goes on otherwise, or no TLS session came about; else timed_out,
/// reset, closed, refused, unreachable, too_large, cancelled, local.
[[nodiscard]] asio::awaitable<Result<HttpResponse>> http_get(HttpRequest request, std::stop_token stop);

}  // namespace tlsgauge::net
