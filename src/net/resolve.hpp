#pragma once
// From a name to its addresses.

#include <asio/any_io_executor.hpp>
#include <asio/awaitable.hpp>
#include <atomic>
#include <chrono>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "net/slots.hpp"

namespace tlsgauge::net {

enum class Family { any, v4, v6 };

/// The system's resolver (getaddrinfo), which cannot be cancelled: it runs on threads, a bounded number of them, and what takes too
/// long is left to itself. A handle; copies are the same resolver.
class Resolver {
 public:
  explicit Resolver(asio::any_io_executor const& executor, unsigned at_once = 32)
      : slots_(executor, at_once), threads_(std::make_shared<std::atomic<unsigned>>(0)) {}

  /// All addresses as literals, without repetitions, in the order of RFC 6724. A literal is its own address. `unreachable`: there is none;
  /// `timed_out` and `cancelled` as they say.
  [[nodiscard]] asio::awaitable<Result<std::vector<std::string>>> resolve(std::string host, Family family, std::chrono::milliseconds limit,
                                                                          std::stop_token stop) const;

 private:
  Slots slots_;
  std::shared_ptr<std::atomic<unsigned>> threads_;  ///< alive, awaited or not
};

}  // namespace tlsgauge::net
