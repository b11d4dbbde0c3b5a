#include "wire/handshake.hpp"
#include "wire/reader.hpp"

namespace tlsgauge::wire {

void HandshakeAssembler::feed(ByteView fragment) {
  if (at_ > 0) {
    buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(at_));
    at_ = 0;
  }
  buffer_.insert(buffer_.end(), fragment.begin(), fragment.end());
}

Result<std::optional<HandshakeMessage>> HandshakeAssembler::next() {
  constexpr std::size_t kHeader = 4;
  ByteView const stream = ByteView{buffer_}.subspan(at_);
  if (stream.size() < kHeader) return std::optional<HandshakeMessage>{};
  Reader reader{stream};
  HandshakeMessage message;
  message.type = reader.code<HandshakeType>();
  std::size_t const length = reader.u24();
  if (length > limit_) {
    return Error{ErrorKind::too_large, "a handshake message announces " + std::to_string(length) + " octets"};
  }
  if (reader.remaining() < length) return std::optional<HandshakeMessage>{};
  ByteView const whole = stream.first(kHeader + length);
  message.whole.assign(whole.begin(), whole.end());
  at_ += whole.size();
  return std::optional<HandshakeMessage>{std::move(message)};
}

}  // namespace tlsgauge::wire
