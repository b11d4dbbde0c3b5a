#pragma once
// Many endpoints, a few at once, on one thread.

#include <asio/awaitable.hpp>
#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>
#include <deque>
#include <exception>
#include <map>
#include <memory>
#include <set>
#include <stop_token>
#include <vector>

#include "net/budget.hpp"
#include "net/fetch.hpp"
#include "net/resolve.hpp"
#include "peer/peer.hpp"
#include "scan/conductor.hpp"
#include "scan/plan.hpp"
#include "tlsgauge/scan.hpp"

namespace tlsgauge::scanning {

/// Good for one run. All arguments outlive it.
class Scanner {
 public:
  Scanner(std::vector<Target> const& targets, ScanOptions const& options, ScanEvents const& events, Plan const& plan);

  /// Throws what the callbacks of `events` throw.
  std::vector<Endpoint> run(std::stop_token const& stop);

 private:
  /// Of the endpoints of a target, one for each address, the order of the report.
  using Place = std::pair<std::size_t, std::size_t>;

  struct Job {
    Place place;
    std::string address;  ///< empty: to be resolved
  };

  /// An endpoint under way. Coroutines that are dropped half-way hold on to it.
  struct Running {
    explicit Running(asio::io_context& io) : limit(io) {}
    Place place;
    Endpoint endpoint;
    std::chrono::steady_clock::time_point started = std::chrono::steady_clock::now();
    asio::steady_timer limit;
    std::shared_ptr<peer::LivePeer> peer;
    std::shared_ptr<Conductor> conductor;  ///< null until there is an address
  };

  void start_workers();
  asio::awaitable<void> work();
  asio::awaitable<void> examine(std::shared_ptr<Running> running, std::string address);
  asio::awaitable<std::string> resolve(std::shared_ptr<Running> running);
  std::shared_ptr<net::Budget> budget_for(std::string const& address);
  void begin(Running& running);
  void finish(Running& running);
  void keep_progress();
  void show_progress();
  void interrupt();

  std::vector<Target> const& targets_;
  ScanOptions const& options_;
  ScanEvents const& events_;
  Plan const& plan_;
  audit::Settings settings_;

  asio::io_context io_{1};
  net::Limits limits_;
  net::Resolver resolver_;
  std::shared_ptr<net::Fetcher> fetcher_;
  std::map<std::string, std::weak_ptr<net::Budget>> budgets_;  ///< by address, of the endpoints under way
  asio::steady_timer progress_{io_};
  asio::steady_timer grace_{io_};
  std::stop_source stopping_;
  std::deque<Job> queue_;
  std::set<std::shared_ptr<Running>> running_;
  std::map<Place, Endpoint> done_;
  std::size_t total_ = 0;
  std::size_t workers_ = 0;
  std::size_t most_workers_ = 0;
  std::uint64_t connections_ = 0;  ///< of finished endpoints
  std::exception_ptr failure_;
};

}  // namespace tlsgauge::scanning
