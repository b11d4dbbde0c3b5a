#pragma once
// Questions in flight side by side.

#include <cstdint>
#include <deque>
#include <memory>

#include "audit/peer.hpp"
#include "peer/address.hpp"

namespace tlsgauge::peer {

class LiveBatch final : public audit::Batch {
 public:
  explicit LiveBatch(std::shared_ptr<Address> address);
  ~LiveBatch() override;

  void ask(std::uint64_t id, audit::Question question) override;
  [[nodiscard]] std::size_t pending() const override { return pending_; }
  asio::awaitable<Ended> next() override;

 private:
  struct Shared;
  std::shared_ptr<Address> address_;
  std::shared_ptr<Shared> shared_;  ///< outlives the batch while its questions are being given up
  std::size_t pending_ = 0;
};

/// The whole of Peer::exchange: asks, and keeps the transcript.
[[nodiscard]] asio::awaitable<audit::Reply> exchange(std::shared_ptr<Address> address, audit::Question question, std::stop_token stop);

}  // namespace tlsgauge::peer
