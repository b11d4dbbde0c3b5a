#pragma once
// A small TCP server on loopback, on a thread of its own: for the demo, and for scripted peers in tests.

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace tlsgauge::net {

/// What a connection does with what arrives. Called on the listener's thread only.
class Handler {
 public:
  virtual ~Handler() = default;
  struct Reaction {
    Bytes send;
    bool close = false;                       ///< after `send` went out
    bool reset = false;                       ///< close with RST
    std::chrono::milliseconds wake_after{0};  ///< on_wake() is called when nothing arrives for so long; 0: it is not
  };
  virtual Reaction on_open() { return {}; }
  virtual Reaction on_wake() { return {}; }
  virtual Reaction on_bytes(ByteView bytes) = 0;
};

class Listener {
 public:
  /// Binds 127.0.0.1 to `port` (0: a free one). One handler a connection; at most 256 connections at once, each ended after
  /// 30 s without traffic.
  static Result<std::unique_ptr<Listener>> start(std::uint16_t port, std::function<std::unique_ptr<Handler>()> make_handler);
  ~Listener();  ///< closes all connections and joins the thread
  [[nodiscard]] std::uint16_t port() const;

 private:
  Listener();
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tlsgauge::net
