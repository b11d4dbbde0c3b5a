#include "peer/batch.hpp"

#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <functional>
#include <optional>
#include <utility>

#include "peer/exchange.hpp"

namespace tlsgauge::peer {

asio::awaitable<audit::Reply> exchange(std::shared_ptr<Address> address, audit::Question question, std::stop_token stop) {
  Exchange exchange{address, question, stop};
  audit::Reply reply = co_await exchange.run();
  if (reply.outcome != audit::Outcome::cancelled) address->record(std::move(question), reply);
  co_return reply;
}

struct LiveBatch::Shared {
  explicit Shared(Address& address) : ended_event(address.executor()) {}
  std::stop_source stop;
  std::deque<Ended> ended;
  net::Event ended_event;
  std::optional<std::stop_callback<std::function<void()>>> with_peer;
};

LiveBatch::LiveBatch(std::shared_ptr<Address> address) : address_(std::move(address)), shared_(std::make_shared<Shared>(*address_)) {
  shared_->with_peer.emplace(address_->stop(), [stop = shared_->stop]() mutable { stop.request_stop(); });
}

LiveBatch::~LiveBatch() {
  shared_->with_peer.reset();
  shared_->stop.request_stop();
}

void LiveBatch::ask(std::uint64_t id, audit::Question question) {
  ++pending_;
  auto run = [](std::shared_ptr<Address> address, std::shared_ptr<Shared> shared, std::uint64_t number,
                audit::Question asked) -> asio::awaitable<void> {
    Ended ended;
    ended.id = number;
    ended.reply = co_await exchange(address, std::move(asked), shared->stop.get_token());
    shared->ended.push_back(std::move(ended));
    shared->ended_event.happen();
  };
  asio::co_spawn(address_->executor(), run(address_, shared_, id, std::move(question)), asio::detached);
}

asio::awaitable<audit::Batch::Ended> LiveBatch::next() {
  auto const shared = shared_;
  while (shared->ended.empty()) {
    std::uint64_t const seen = shared->ended_event.count();
    // Not stopped with the peer: then every question ends as cancelled, and is returned as that.
    co_await shared->ended_event.after(seen, std::stop_token{});
  }
  Ended ended = std::move(shared->ended.front());
  shared->ended.pop_front();
  --pending_;
  co_return ended;
}

}  // namespace tlsgauge::peer
