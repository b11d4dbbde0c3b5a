#pragma once
// The real peer: an endpoint on the network.

#include <asio/any_io_executor.hpp>
#include <memory>

#include "audit/peer.hpp"
#include "net/budget.hpp"
#include "net/fetch.hpp"
#include "tlsgauge/result.hpp"

namespace tlsgauge::peer {

/// Belongs to the one thread that runs its executor.
class LivePeer : public audit::Peer {
 public:
  /// Closes every connection; whatever is awaited ends at once as `cancelled`, and so does all that is asked later.
  virtual void cancel() = 0;
  /// Connections and octets so far; `duration_ms` is left to the caller.
  [[nodiscard]] virtual Cost cost() const = 0;
};

/// Asks `target.address`, which must be an address literal. `settings.timeout` bounds each connection, `budget` those in flight at once:
/// all endpoints at one address share it, as all endpoints of a run share `fetcher` (none: nothing is fetched). Questions under way survive
/// the peer's end unanswered, as long as the executor runs.
[[nodiscard]] std::unique_ptr<LivePeer> make_peer(asio::any_io_executor executor, Target target, audit::Settings settings,
                                                  std::shared_ptr<net::Budget> budget, std::shared_ptr<net::Fetcher> fetcher = nullptr);

}  // namespace tlsgauge::peer
