#include "support/run.hpp"

#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>
#include <exception>

namespace tlsgauge::test {

void run_to_end(asio::awaitable<void> task) {
  asio::io_context io;
  std::exception_ptr thrown;
  asio::co_spawn(io, std::move(task), [&thrown](std::exception_ptr e) { thrown = e; });
  io.run();
  if (thrown) std::rethrow_exception(thrown);
}

}  // namespace tlsgauge::test
