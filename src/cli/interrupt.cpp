#include "cli/interrupt.hpp"

#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <ctime>

namespace tlsgauge::cli {
namespace {

std::atomic<int> received{0};

sigset_t ending_signals() {
  sigset_t set{};
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  struct sigaction action {};  // nohup has a scan go on when its terminal is closed
  if (sigaction(SIGHUP, nullptr, &action) == 0 && action.sa_handler != SIG_IGN) sigaddset(&set, SIGHUP);
  return set;
}

void wait_for_signals(std::stop_token const& quit, std::stop_source source) {
  sigset_t const set = ending_signals();
  while (!quit.stop_requested()) {
    timespec const pause{0, 100'000'000};
    int const signal = sigtimedwait(&set, nullptr, &pause);
    if (signal <= 0) continue;
    if (received.exchange(signal) != 0) ::_exit(128 + signal);
    source.request_stop();
  }
}

}  // namespace

Interrupt::Interrupt() {
  received = 0;
  sigset_t const set = ending_signals();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  waiter_ = std::jthread{wait_for_signals, source_};
}

Interrupt::~Interrupt() {
  waiter_.request_stop();
  waiter_.join();
  sigset_t const set = ending_signals();
  pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

int Interrupt::exit_code() const { return received == 0 ? 0 : 128 + received; }

void Interrupt::wait() {
  timespec const pause{0, 50'000'000};
  while (!source_.stop_requested()) ::nanosleep(&pause, nullptr);
}

}  // namespace tlsgauge::cli
