#pragma once
// One question until its answer can be believed.

#include <asio/awaitable.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "audit/answer.hpp"
#include "peer/address.hpp"
#include "peer/attempt.hpp"
#include "peer/suspicion.hpp"

namespace tlsgauge::peer {

/// Asks, and weighs what each connection brought. Goes on asking while the answer cannot be believed, within bounds.
class Exchange {
 public:
  Exchange(std::shared_ptr<Address> address, audit::Question const& question, std::stop_token stop)
      : address_(std::move(address)), question_(question), stop_(std::move(stop)) {}

  [[nodiscard]] asio::awaitable<audit::Reply> run();

 private:
  enum class Next { over, ask_again, wait, control, control_then_charge };

  [[nodiscard]] std::chrono::milliseconds limit();
  Next weigh(Attempt& attempt);
  Next on_answer(Attempt const& attempt);
  Next on_alert(Attempt const& attempt);
  Next on_oddity(Attempt const& attempt, std::string what);
  Next on_foreign(Attempt const& attempt);
  Next on_unconnected(Attempt const& attempt);
  Next on_local(Attempt const& attempt);
  Next on_suspicion(Attempt const& attempt, Sign sign);
  Next after_control(Address::Control control, bool charge);
  Next end(audit::Outcome outcome, std::string detail);
  asio::awaitable<void> check_size();

  std::shared_ptr<Address> address_;
  audit::Question const& question_;
  std::stop_token stop_;
  audit::Reply reply_;
  Suspicion suspicion_;
  Sign sign_ = Sign::closed;  ///< the last one
  std::string what_;          ///< the last failure, in words
  std::size_t hello_octets_ = 0;
  bool waited_in_full_ = false;
  bool silent_ = false;  ///< the last attempt was
  unsigned uncontrolled_ = 0;
  unsigned unconnected_ = 0;
  unsigned odd_ = 0;
  unsigned foreign_ = 0;
  unsigned doubtful_alerts_ = 0;
  unsigned local_ = 0;
};

}  // namespace tlsgauge::peer
