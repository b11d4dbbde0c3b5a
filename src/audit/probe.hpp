#pragma once
// A probe: one question to an endpoint, in one file of src/probes.

#include <asio/awaitable.hpp>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "audit/facts.hpp"
#include "audit/peer.hpp"

namespace tlsgauge::audit {

struct Citation {
  std::string_view document;  ///< "RFC 8446"
  std::string_view place;     ///< "4.1.3"
};

/// What a probe has learned. The default is honest: nothing.
class Observation {
 public:
  Observation() = default;
  /// Fills one of the keys that the probe declared.
  Observation& fact(std::string_view key, Value value) {
    facts_.emplace_back(std::string{key}, std::move(value));
    return *this;
  }
  /// Something stayed open; goes to the endpoint's `errors` and makes its status `partial`. The facts say where.
  Observation& open(std::string reason) {
    open_.push_back(std::move(reason));
    return *this;
  }
  [[nodiscard]] std::vector<std::pair<std::string, Value>> const& facts() const { return facts_; }
  [[nodiscard]] std::vector<std::string> const& open() const { return open_; }

 private:
  std::vector<std::pair<std::string, Value>> facts_;
  std::vector<std::string> open_;
};

struct Applicability {
  bool applies = true;
  std::string_view reason = {};  ///< why not
};

/// A value, constant-initialised. It measures; it never judges and never prints.
struct Probe {
  std::string_view id;  ///< lower case with underscores, the main key that it fills
  std::string_view question;
  std::string_view connections = {};       ///< how many it usually opens, "6", "0-2": for the user's planning
  std::span<std::string_view const> keys;  ///< every key of `facts` that it may fill
  std::span<Citation const> citations;
  std::span<std::string_view const> needs;  ///< ids of probes whose facts or transcripts it reads; they run before
  Applicability (*applies)(Facts const&);
  asio::awaitable<Observation> (*ask)(Peer&, Facts const&);
  bool alone = false;       ///< asked when no other probe of the endpoint is under way, because it measures time
  bool on_request = false;  ///< asked only when it is named
  std::span<std::string_view const> after =
      {};  ///< ids of probes that it waits for where they are asked: what they did may spare it a connection
};

}  // namespace tlsgauge::audit
