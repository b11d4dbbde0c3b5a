#pragma once
// Documents from addresses that a stranger chose: what a certificate of a scanned endpoint points to. By libcurl.
//
// The rules. http and https only, no credentials in the URL, ports 80, 443 and from 1024 up, URLs of at most 2048 printable ASCII
// characters. An address is asked only where may_lead() (net/reach.hpp) allows it for the endpoint's own address: a global one always; a
// loopback, private, shared or link-local one only for an endpoint of the same kind; metadata services, multicast and the like never. That
// is asked of the very address a socket is about to be opened to, so after resolution and again after each redirect, of which at most 5 are
// followed. 10 s in all, content of at most `most_octets`, header of at most 256 KiB. HTTP/1.1; no proxy, cookie, netrc, cache of the
// library, or decoding of content. Certificates of https are not judged: what is fetched is signed itself, and usually sent over http.

#include <asio/any_io_executor.hpp>
#include <asio/awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <stop_token>
#include <string>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "net/reach.hpp"

namespace tlsgauge::net {

constexpr std::size_t kMostFetchedOctets = 20UL * 1024 * 1024;

struct FetchRequest {
  FetchRequest() = default;
  std::string url;
  Bytes body;                ///< empty: GET, else POST
  std::string content_type;  ///< of `body`
  std::size_t most_octets = kMostFetchedOctets;
  Reach from = Reach::global;  ///< of the endpoint that the URL comes from
};

struct FetchResponse {
  FetchResponse() = default;
  long status = 0;
  std::string content_type;
  Bytes content;
  std::string url;  ///< after redirects
};

struct FetchBounds {
  FetchBounds() = default;
  std::chrono::milliseconds limit{10'000};  ///< for a transfer with its redirects
  std::size_t kept_octets = 64UL * 1024 * 1024;
  unsigned at_once = 16;
};

/// One for a run, on its executor's thread. What has been fetched once, or could not be, is not fetched again; who asks while it is under
/// way waits for it. Keeps the most recently used, within `bounds`.
class Fetcher {
 public:
  Fetcher(asio::any_io_executor executor, std::string user_agent, FetchBounds bounds = FetchBounds{});
  Fetcher(Fetcher const&) = delete;
  Fetcher& operator=(Fetcher const&) = delete;
  ~Fetcher();

  /// `refused`: the rules forbid it; too_large; timed_out; cancelled; else what the network did. A status other than 200 is no error.
  /// A transfer that nobody waits for any more is stopped and forgotten.
  [[nodiscard]] asio::awaitable<Result<FetchResponse>> fetch(FetchRequest request, std::stop_token stop);
  /// Transfers begun so far.
  [[nodiscard]] std::size_t transfers() const;
  [[nodiscard]] std::size_t kept_octets() const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace tlsgauge::net
