#include "crypto/memory_session.hpp"

#include <openssl/err.h>

#include <array>

#include "crypto/fault.hpp"

namespace tlsgauge::crypto {

Result<void> MemorySession::adopt(SslHandle ssl, ByteView early_data) {
  BioHandle in{BIO_new(BIO_s_mem())};
  BioHandle out{BIO_new(BIO_s_mem())};
  if (!ssl || !in || !out) return fault(ErrorKind::local, "no memory for a TLS session");
  ssl_ = std::move(ssl);
  in_ = in.release();
  out_ = out.release();
  SSL_set_bio(ssl_.get(), in_, out_);
  early_data_ = SSL_is_server(ssl_.get()) != 0 && SSL_get_max_early_data(ssl_.get()) > 0;
  std::size_t written = 0;
  if (!early_data.empty() && SSL_write_early_data(ssl_.get(), early_data.data(), early_data.size(), &written) != 1) {
    return fault(ErrorKind::invalid_input, "the early data cannot be sent");
  }
  if (move_on() == State::failed) return Error{ErrorKind::local, error_};
  return {};
}

// A session whose connection ended without close_notify is marked as not resumable; a scanner's connections end as they like.
MemorySession::~MemorySession() {
  if (ssl_) SSL_set_shutdown(ssl_.get(), SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
}

MemorySession::State MemorySession::feed(ByteView bytes) {
  if (!ssl_ || state_ == State::failed) return State::failed;
  while (!bytes.empty() && state_ != State::failed) {
    std::size_t const part = std::min<std::size_t>(bytes.size(), 64 * 1024);
    if (BIO_write(in_, bytes.data(), static_cast<int>(part)) != static_cast<int>(part)) return fail(-1);
    bytes = bytes.subspan(part);
    move_on();
  }
  return state_;
}

/// A server that takes early data: false while more may come.
bool MemorySession::early_data_read() {
  std::array<std::uint8_t, 4096> buffer;
  while (true) {
    std::size_t count = 0;
    int const outcome = SSL_read_early_data(ssl_.get(), buffer.data(), buffer.size(), &count);
    plain_.insert(plain_.end(), buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(count));
    if (outcome == SSL_READ_EARLY_DATA_FINISH) return true;
    if (outcome == SSL_READ_EARLY_DATA_SUCCESS) continue;
    if (SSL_get_error(ssl_.get(), 0) != SSL_ERROR_WANT_READ) fail(0);
    return false;
  }
}

MemorySession::State MemorySession::move_on() {
  ERR_clear_error();
  if (early_data_ && state_ == State::wants_input) {
    if (!early_data_read()) return state_;
    early_data_ = false;
  }
  if (state_ == State::wants_input) {
    int const outcome = SSL_do_handshake(ssl_.get());
    if (outcome != 1) return SSL_get_error(ssl_.get(), outcome) == SSL_ERROR_WANT_READ ? state_ : fail(outcome);
    state_ = State::established;
  }
  std::array<std::uint8_t, 16 * 1024> buffer;
  while (!ended_) {
    int const count = SSL_read(ssl_.get(), buffer.data(), static_cast<int>(buffer.size()));
    if (count > 0) {
      plain_.insert(plain_.end(), buffer.begin(), buffer.begin() + count);
      if (plain_.size() > kMaxUntakenPlain) {
        error_ = "more than " + std::to_string(kMaxUntakenPlain) + " octets of application data";
        return state_ = State::failed;
      }
      continue;
    }
    switch (SSL_get_error(ssl_.get(), count)) {
      case SSL_ERROR_WANT_READ:
        return state_;
      case SSL_ERROR_ZERO_RETURN:
        ended_ = true;
        return state_;
      default:
        return fail(count);
    }
  }
  BIO_reset(in_);  // nothing counts after close_notify
  return state_;
}

MemorySession::State MemorySession::fail(int outcome) {
  bool const closed = SSL_get_error(ssl_.get(), outcome) == SSL_ERROR_ZERO_RETURN;
  error_ = closed ? "the peer closed the session during the handshake" : take_reason("the handshake failed without a reason");
  return state_ = State::failed;
}

Bytes MemorySession::take_output() {
  if (!ssl_) return {};
  ByteView const pending = content(*out_);
  Bytes output{pending.begin(), pending.end()};
  BIO_reset(out_);
  return output;
}

Result<void> MemorySession::write(ByteView plain) {
  if (state_ != State::established) return Error{ErrorKind::local, "the session is not established"};
  ERR_clear_error();
  while (!plain.empty()) {
    std::size_t const part = std::min<std::size_t>(plain.size(), 1U << 20U);
    int const count = SSL_write(ssl_.get(), plain.data(), static_cast<int>(part));
    if (count <= 0) return fault(ErrorKind::local, "cannot encrypt");
    plain = plain.subspan(static_cast<std::size_t>(count));
  }
  return {};
}

Result<void> MemorySession::renegotiate() {
  if (state_ != State::established || ended_) return Error{ErrorKind::local, "the session is not established"};
  ERR_clear_error();
  if (SSL_renegotiate(ssl_.get()) != 1) return fault(ErrorKind::local, "cannot renegotiate");
  if (move_on() == State::failed) return Error{ErrorKind::local, error_};  // reading sends the ClientHello
  return {};
}

void MemorySession::close() {
  if (!ssl_ || state_ != State::established) return;
  ERR_clear_error();
  SSL_shutdown(ssl_.get());
  ERR_clear_error();
}

}  // namespace tlsgauge::crypto
