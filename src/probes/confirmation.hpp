#pragma once
// Bad news is believed when two connections have shown it.

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "audit/peer.hpp"

namespace tlsgauge::probes {

/// Whether this reply is the bad news.
using Shows = std::function<bool(audit::Reply const&)>;

struct Confirmation {
  Confirmation() = default;
  std::vector<audit::Reply> replies;  ///< at most two, of different connections
  std::string doubt;                  ///< why there are fewer than two
  [[nodiscard]] bool holds() const { return replies.size() == 2; }
};

/// From what transcripts show; where it is one connection alone, `again` is asked, and without it the question of that connection.
[[nodiscard]] asio::awaitable<Confirmation> confirmed(audit::Peer& peer, Shows shows, std::optional<audit::Question> again);

}  // namespace tlsgauge::probes
