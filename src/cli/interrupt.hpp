#pragma once
// Ctrl-C, SIGTERM and SIGHUP (unless it is ignored) as a stop request; a second one ends the process at once.

#include <stop_token>
#include <thread>

namespace tlsgauge::cli {

class Interrupt {
 public:
  /// Blocks these signals for every thread started afterwards and waits for them on a thread of its own.
  Interrupt();
  ~Interrupt();
  Interrupt(Interrupt const&) = delete;
  Interrupt& operator=(Interrupt const&) = delete;

  [[nodiscard]] std::stop_token token() const { return source_.get_token(); }
  /// 129 after SIGHUP, 130 after SIGINT, 143 after SIGTERM, 0 when none came.
  [[nodiscard]] int exit_code() const;
  /// Waits until one comes.
  void wait();

 private:
  std::stop_source source_;
  std::jthread waiter_;
};

}  // namespace tlsgauge::cli
