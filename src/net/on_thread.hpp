#pragma once
// Work that blocks, on a thread of its own.

#include <asio/any_io_executor.hpp>
#include <asio/awaitable.hpp>
#include <asio/post.hpp>
#include <asio/this_coro.hpp>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <system_error>
#include <thread>
#include <utility>

#include "base/result.hpp"
#include "net/pause.hpp"

namespace tlsgauge::net {

/// What `work` returns, or `cancelled`: then the thread goes on alone and its result is dropped, so `work` owns all that it touches.
template <class T>
asio::awaitable<Result<T>> on_thread(std::function<Result<T>()> work, std::stop_token stop) {
  // The thread posts to the executor only while this coroutine is there to be woken, which keeps the executor alive; and it may outlive
  // both, so that it must not be the last to hold the event, which has a timer of the executor.
  struct Shared {
    std::mutex mutex;
    std::optional<Event> done;  ///< empty: nobody waits any more
    asio::any_io_executor executor;
    std::optional<Result<T>> result;
  };
  struct Awaited {
    explicit Awaited(std::shared_ptr<Shared> s) : shared(std::move(s)) {}
    Awaited(Awaited const&) = delete;
    Awaited& operator=(Awaited const&) = delete;
    ~Awaited() {
      std::scoped_lock const lock{shared->mutex};
      shared->done.reset();
      shared->executor = {};
    }
    std::shared_ptr<Shared> shared;
  };

  /// Waited for where its result is: whatever libraries keep for a thread is gone before the program ends.
  struct Runner {
    Runner() = default;
    Runner(Runner const&) = delete;
    Runner& operator=(Runner const&) = delete;
    ~Runner() {
      if (thread.joinable()) thread.detach();
    }
    std::thread thread;
  };

  auto const executor = co_await asio::this_coro::executor;
  Event const done{executor};
  auto const shared = std::make_shared<Shared>();
  shared->done = done;
  shared->executor = executor;
  Awaited const awaited{shared};
  Runner runner;
  try {
    runner.thread = std::thread([shared, work = std::move(work)]() mutable {
      Result<T> result = work();
      work = nullptr;  // what it owns ends before anybody goes on, not somewhere on the way out of the program
      std::scoped_lock const lock{shared->mutex};
      if (!shared->done) return;
      shared->result = std::move(result);
      asio::post(shared->executor, [done = *shared->done] { done.happen(); });
    });
  } catch (std::system_error const& e) {
    co_return Error{ErrorKind::local, std::string{"no thread can be started: "} + e.what()};
  }
  bool const finished = co_await done.after(0, stop);
  if (!finished) co_return Error{ErrorKind::cancelled, "interrupted"};
  runner.thread.join();  // it has posted, so it is at its end
  std::scoped_lock const lock{shared->mutex};
  co_return std::move(*shared->result);
}

}  // namespace tlsgauge::net
