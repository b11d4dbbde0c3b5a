#pragma once
// What all questions to one address share: the budget, the control hello, what is known of its reliability and pace, the transcripts.

#include <asio/any_io_executor.hpp>
#include <asio/awaitable.hpp>
#include <asio/ip/tcp.hpp>
#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <set>
#include <stop_token>
#include <tuple>

#include "audit/peer.hpp"
#include "base/result.hpp"
#include "net/budget.hpp"
#include "net/connection.hpp"
#include "net/endpoint_slots.hpp"
#include "net/pause.hpp"
#include "peer/attempt.hpp"
#include "peer/suspicion.hpp"
#include "peer/timing.hpp"
#include "tlsgauge/result.hpp"

namespace tlsgauge::peer {

/// For one thread. Questions under way keep it alive.
class Address : public std::enable_shared_from_this<Address> {
 public:
  Address(asio::any_io_executor executor, Target target, audit::Settings settings, std::shared_ptr<net::Budget> shared);

  [[nodiscard]] Target const& target() const { return target_; }
  [[nodiscard]] audit::Settings const& settings() const { return settings_; }
  [[nodiscard]] asio::any_io_executor const& executor() const { return executor_; }
  [[nodiscard]] std::deque<audit::Transcript> const& transcripts() const { return transcripts_; }
  [[nodiscard]] std::deque<audit::HandshakeTranscript> const& handshakes() const { return handshakes_; }
  [[nodiscard]] unsigned lanes() const;
  [[nodiscard]] Cost const& cost() const { return cost_; }

  void cancel() { stop_.request_stop(); }
  [[nodiscard]] std::stop_token stop() const { return stop_.get_token(); }

  /// One connection for one question, as soon as the budget allows.
  [[nodiscard]] asio::awaitable<Attempt> ask(audit::Question const& question, std::chrono::milliseconds limit, std::stop_token stop,
                                             net::Slots::Turn turn);

  enum class Control {
    alive,    ///< a control hello has just been answered
    dead,     ///< it was not, and no more time may be spent on waiting
    unknown,  ///< nothing this address has ever answered can serve as one
  };
  /// Sends a control hello, waiting longer and longer while it fails; all who ask meanwhile share the one that is under way.
  [[nodiscard]] asio::awaitable<Control> control(std::stop_token stop);
  /// Whether hellos as large as this one, with as many suites, get an answer: a control hello is brought to that size.
  [[nodiscard]] asio::awaitable<bool> answers_hellos_like(audit::Question const& question, std::size_t octets, std::stop_token stop);

  /// An answer that can be believed, to this question.
  void learn(Attempt const& attempt, audit::Question const& question);
  /// A question that got no answer, before the address ever gave one.
  void learn_nothing() { ++fruitless_; }
  /// The suite of that ServerHello failed behind it, with that alert. True: so it did before, for another question.
  [[nodiscard]] bool failed_before(wire::ServerHello const& hello, wire::Alert const& alert);
  void record(audit::Question question, audit::Reply const& reply);
  void record(audit::HandshakeOrder order, audit::HandshakeRecord const& record);

  /// TCP has got through at least once.
  [[nodiscard]] bool reached() const { return reached_; }
  /// An answer that can be believed has come at least once.
  [[nodiscard]] bool answered() const { return answered_; }
  /// So many questions went unanswered that one more connection for each is enough.
  [[nodiscard]] bool hopeless() const { return !answered_ && fruitless_ >= 3; }
  /// A control hello, once answered, is answered no more.
  [[nodiscard]] bool dead() const { return dead_; }
  [[nodiscard]] bool has_control() const { return control_.has_value(); }

  Reliability reliability;
  Timing timing;
  net::Budget& budget;                ///< of the address, shared by its endpoints
  net::EndpointSlots endpoint_slots;  ///< of this endpoint; entered by who has a pass of the budget

  /// For what does not go through ask().
  void count(net::Connection const& connection);
  Cost& cost() { return cost_; }
  [[nodiscard]] asio::ip::tcp::endpoint endpoint() const { return endpoint_; }

 private:
  asio::awaitable<void> run_control();
  asio::awaitable<bool> try_canary();
  asio::awaitable<bool> try_control_until_patience_ends();

  std::shared_ptr<net::Budget> shared_budget_;
  asio::any_io_executor executor_;
  Target target_;
  audit::Settings settings_;
  asio::ip::tcp::endpoint endpoint_;
  std::optional<Error> no_endpoint_;
  std::stop_source stop_;
  Cost cost_;
  std::deque<audit::Transcript> transcripts_;
  std::deque<audit::HandshakeTranscript> handshakes_;
  std::size_t kept_octets_ = 0;  ///< of flights in the transcripts
  std::vector<wire::CertificateList> large_chains_;

  /// What makes a hello a good control, the better the later.
  enum class Worth : std::uint8_t { none, alerted, answered_large, answered };
  void share_chain(wire::Flight& flight);
  void keep_as_control(Attempt const& attempt, audit::Question const& question);

  std::optional<wire::ClientHello> control_;  ///< a hello that was answered; its random is zero
  Worth control_worth_ = Worth::none;
  unsigned canaries_ = 0;  ///< canary hellos sent for want of a control
  bool control_running_ = false;
  Control last_control_ = Control::unknown;
  net::Event control_over_;
  std::chrono::milliseconds waited_{0};  ///< spent on controls that failed
  std::size_t proven_octets_ = 0;        ///< the largest hello that was answered
  std::size_t proven_suites_ = 0;

  bool reached_ = false;
  bool answered_ = false;
  bool dead_ = false;
  unsigned fruitless_ = 0;
  std::set<std::tuple<wire::ProtocolVersion, wire::CipherSuite, wire::AlertDescription>> failures_;
};

}  // namespace tlsgauge::peer
