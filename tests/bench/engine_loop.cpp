// engine_loop PORT PROBES AT_ONCE CORE: one question again and again through the engine that scans: Peer::exchange, within its budget.
// As in a scan of many endpoints each peer has eight connections at a time, and gives way to the next one after some dozens of questions.

#include <algorithm>
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/io_context.hpp>
#include <memory>
#include <vector>

#include "peer/peer.hpp"
#include "run.hpp"

namespace {

using namespace tlsgauge;

constexpr unsigned kConnectionsAtAPeer = 8;
constexpr unsigned kQuestionsToAPeer = 64;

struct State {
  State(asio::any_io_executor e, bench::Run r) : executor(std::move(e)), limits(executor, r.at_once, 0), run(r) {
    target.host = "127.0.0.1";
    target.address = "127.0.0.1";
    target.port = r.port;
    target.server_name = "bench.example";
  }

  asio::any_io_executor executor;
  net::Limits limits;
  bench::Run run;
  Target target;
  audit::Question question{bench::hello()};
  unsigned begun = 0;
  unsigned answered = 0;
};

struct Asked {
  explicit Asked(State& s)
      : peer(peer::make_peer(s.executor, s.target, audit::Settings{},
                             std::make_shared<net::Budget>(s.executor, s.limits, kConnectionsAtAPeer))) {}
  std::unique_ptr<peer::LivePeer> peer;
  unsigned questions = 0;
};

asio::awaitable<void> lane(State& state, std::shared_ptr<Asked>& at) {
  while (state.begun < state.run.probes) {
    ++state.begun;
    if (at->questions == kQuestionsToAPeer) at = std::make_shared<Asked>(state);
    auto const endpoint = at;
    ++endpoint->questions;
    audit::Reply const reply = co_await endpoint->peer->exchange(state.question);
    if (reply.answered()) ++state.answered;
  }
}

}  // namespace

int main(int count, char** words) {
  bench::Run const run = bench::arguments(count, words);
  asio::io_context loop{1};
  State state{loop.get_executor(), run};
  std::vector<std::shared_ptr<Asked>> endpoints(std::max(1U, run.at_once / kConnectionsAtAPeer));
  for (auto& endpoint : endpoints) endpoint = std::make_shared<Asked>(state);
  bench::Meter const meter;
  for (unsigned i = 0; i < run.at_once; ++i) asio::co_spawn(loop, lane(state, endpoints[i % endpoints.size()]), asio::detached);
  loop.run();
  meter.report(state.answered);
}
