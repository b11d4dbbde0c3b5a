#pragma once
// Asks one endpoint the probes of a plan, each as soon as what it needs is known.

#include <asio/awaitable.hpp>
#include <asio/steady_timer.hpp>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "audit/peer.hpp"
#include "scan/plan.hpp"

namespace tlsgauge::scanning {

/// Belongs to one thread, and to a shared_ptr: probes that are dropped half-way hold on to it, and it to the peer. The plan outlives it.
class Conductor : public std::enable_shared_from_this<Conductor> {
 public:
  Conductor(std::shared_ptr<audit::Peer> peer, Plan const& plan);

  /// Ends when every probe has ended. A probe that throws costs its own answer only.
  asio::awaitable<void> run();
  /// No further probe is started; those under way end when the peer gives up.
  void stop(std::string reason);
  /// Facts, status and errors as far as they are known.
  void report(Endpoint& endpoint) const;

 private:
  enum class State { waiting, running, over };
  struct Task {
    audit::Probe const* probe = nullptr;
    State state = State::waiting;
    std::optional<audit::Observation> seen;
    std::string failure;
  };

  void start_ready();
  [[nodiscard]] bool ready(Task const& task) const;
  void start(Task& task);
  void ended(Task& task, std::exception_ptr const& failure, audit::Observation seen);
  void judge_reachability();
  [[nodiscard]] Value facts() const;

  std::shared_ptr<audit::Peer> peer_;
  Plan const& plan_;
  std::vector<Task> tasks_;
  std::shared_ptr<asio::steady_timer> changed_;
  std::size_t running_ = 0;
  bool dirty_ = false;
  std::optional<std::string> stopped_;  ///< why
  Status status_ = Status::complete;    ///< unreachable and not_tls when the transcripts say so
  std::string because_;                 ///< what the peer said to that
};

}  // namespace tlsgauge::scanning
