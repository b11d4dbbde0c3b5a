#pragma once
// The endpoint, as a probe sees it.

#include <asio/awaitable.hpp>
#include <chrono>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "audit/answer.hpp"
#include "audit/handshake.hpp"
#include "audit/remote.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"
#include "tlsgauge/ct.hpp"
#include "tlsgauge/result.hpp"

namespace tlsgauge::audit {

struct HttpOrder {
  HttpOrder() = default;
  explicit HttpOrder(std::string p) : path(std::move(p)) {}
  std::string path = "/";
  bool plain = false;                          ///< without TLS, at Settings::http_port
  bool keep = false;                           ///< another order will come at once: leave the connection open for it
  std::chrono::milliseconds limit{0};          ///< for all of it; 0: Settings::timeout
  std::chrono::milliseconds connect_limit{0};  ///< for the connection; 0: `limit`
};

struct HttpReply {
  HttpReply() = default;
  int version = 0;          ///< HTTP/1.0 is 10, HTTP/1.1 is 11, HTTP/2 is 20; 0: not told
  std::string http2_error;  ///< why the answer did not come by HTTP/2, which the server had chosen; empty: it came, or was not chosen
  long status = 0;
  std::vector<std::pair<std::string, std::string>> headers;  ///< in order, names as sent, of the final response only
  std::string redirect;                                      ///< Location, resolved; empty when none
};

/// What the user asked for and every probe may need.
struct Settings {
  std::string ca_file;
  Moment at{};  ///< certificates are judged as of this moment
  bool offline = false;
  std::chrono::milliseconds timeout{10'000};
  std::uint16_t connect_port = 0;         ///< where to connect to; 0: to the target's port
  std::vector<std::string> trust_stores;  ///< "system", "mozilla", the name of a file in a folder of stores, or a path; empty: "system"
  std::shared_ptr<std::vector<CtLog> const> ct_logs;  ///< Certificate Transparency logs; null: none is known
  std::uint16_t http_port = 0;  ///< of plain HTTP at the target's address; 0: 80 beside port 443, and none beside others
  std::string dns_server;       ///< address or address@port; empty: the system's
  std::string dns_anchor;       ///< file with the root's DNSKEY or DS; empty: the system's
};

/// Questions in flight side by side; their replies come in the order in which they end.
class Batch {
 public:
  struct Ended {
    Ended() = default;
    std::uint64_t id = 0;
    Reply reply;
  };

  Batch() = default;
  Batch(Batch const&) = delete;
  Batch& operator=(Batch const&) = delete;
  /// Gives up whatever was not collected.
  virtual ~Batch() = default;

  /// Starts Peer::exchange(question) and returns at once. Any number may be in flight; the address' budget makes them wait, not this call.
  virtual void ask(std::uint64_t id, Question question) = 0;
  /// Questions asked and not yet returned by `next`.
  [[nodiscard]] virtual std::size_t pending() const = 0;
  /// Waits for the next one that ends. Only while `pending() > 0`, by one coroutine at a time. Never throws.
  virtual asio::awaitable<Ended> next() = 0;
};

/// An interface, so that a probe can be tested by a script without a socket. One endpoint, one address.
class Peer {
 public:
  Peer() = default;
  Peer(Peer const&) = delete;
  Peer& operator=(Peer const&) = delete;
  virtual ~Peer() = default;

  [[nodiscard]] virtual Target const& target() const = 0;
  [[nodiscard]] virtual Settings const& settings() const = 0;
  /// Connections that may usefully be in flight at once now.
  [[nodiscard]] virtual unsigned lanes() const = 0;

  /// The server was seen to refuse under load what it takes otherwise: from now on one connection at a time.
  virtual void one_by_one() = 0;

  /// Asks on a connection of its own, within the address' budget; repeats, with control hellos in between, until the answer can
  /// be believed or is inconclusive. Many may be awaited at once. Never throws.
  virtual asio::awaitable<Reply> exchange(Question question) = 0;
  /// For a probe that has several questions to ask at once; several batches may be open at the same time.
  [[nodiscard]] virtual std::unique_ptr<Batch> batch() = 0;
  /// A whole handshake on a connection of its own.
  virtual asio::awaitable<HandshakeRecord> handshake(HandshakeOrder order) = 0;
  /// GET of a path over TLS at the very address of the target, with Host and SNI of the target; certificates are not judged here, redirects
  /// not followed. Plain: `refused` is a closed port, `unreachable` one that lets nothing through.
  virtual asio::awaitable<Result<HttpReply>> http_get(HttpOrder order) = 0;
  /// A document that the endpoint's certificates name, from elsewhere. `cancelled` at once with Settings::offline; `refused` where the
  /// address must not be asked (net/fetch.hpp). What another endpoint of the run has fetched is not fetched again.
  virtual asio::awaitable<Result<Fetched>> fetch(FetchOrder order) = 0;
  /// Records of a type at a name, from DNS. `cancelled` at once with Settings::offline; `malformed` when DNSSEC proves the answer bogus.
  virtual asio::awaitable<Result<DnsAnswer>> look_up(std::string name, std::uint16_t type) = 0;

  /// Every question so far with its reply, in order of completion. References stay valid (deque).
  [[nodiscard]] virtual std::deque<Transcript> const& transcripts() const = 0;
  /// Every handshake so far, in order of completion; what was repeated, once. References stay valid.
  [[nodiscard]] virtual std::deque<HandshakeTranscript> const& handshakes() const = 0;
};

}  // namespace tlsgauge::audit
