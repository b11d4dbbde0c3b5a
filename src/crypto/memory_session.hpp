#pragma once
// One end of a TLS session on libssl, fed from memory and drained into memory; client and server share it.

#include <string>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "crypto/handles.hpp"
#include "crypto/session.hpp"

namespace tlsgauge::crypto {

/// Plain text that nobody has taken yet; a peer that sends more is cut off.
inline constexpr std::size_t kMaxUntakenPlain = 4 * 1024 * 1024;

class MemorySession {
 public:
  using State = ClientSession::State;

  /// `ssl` has its role set (SSL_set_connect_state or SSL_set_accept_state).
  /// A client may send early data, if its session allows it.
  Result<void> adopt(SslHandle ssl, ByteView early_data = {});
  ~MemorySession();

  State feed(ByteView bytes);
  Bytes take_output();
  Result<void> write(ByteView plain);
  Bytes take_plain() { return std::exchange(plain_, {}); }
  void close();
  /// The client's ClientHello on an established session.
  Result<void> renegotiate();

  [[nodiscard]] State state() const { return state_; }
  [[nodiscard]] bool ended() const { return ended_; }
  [[nodiscard]] std::string const& error() const { return error_; }
  [[nodiscard]] SSL* ssl() const { return ssl_.get(); }

 private:
  State move_on();
  bool early_data_read();
  State fail(int outcome);

  SslHandle ssl_;
  BIO* in_ = nullptr;   ///< owned by ssl_
  BIO* out_ = nullptr;  ///< owned by ssl_
  State state_ = State::wants_input;
  bool early_data_ = false;  ///< a server that has not read it yet
  bool ended_ = false;       ///< the peer's close_notify has come
  Bytes plain_;
  std::string error_;
};

}  // namespace tlsgauge::crypto
