#pragma once
// Runs a coroutine to its end on an io_context of its own.

#include <asio/awaitable.hpp>
#include <optional>
#include <utility>

#include "audit/probe.hpp"

namespace tlsgauge::test {

/// Returns when `task` has ended. Throws what `task` throws.
void run_to_end(asio::awaitable<void> task);

namespace detail {

template <class T>
asio::awaitable<void> keep(asio::awaitable<T> task, std::optional<T>& out) {
  T value = co_await std::move(task);
  out.emplace(std::move(value));
}

}  // namespace detail

/// The value of `task`.
template <class T>
T run(asio::awaitable<T> task) {
  std::optional<T> out;
  run_to_end(detail::keep(std::move(task), out));
  return std::move(out).value();
}

inline void run(asio::awaitable<void> task) { run_to_end(std::move(task)); }

/// What the probe learns of this peer.
inline audit::Observation ask(audit::Probe const& probe, audit::Peer& peer, audit::Facts const& facts = {}) {
  return run(probe.ask(peer, facts));
}

}  // namespace tlsgauge::test
