#include <algorithm>

#include "wire/handshake.hpp"
#include "wire/reader.hpp"

namespace tlsgauge::wire {
namespace {

constexpr std::size_t kHeader = 4;

}  // namespace

void HandshakeAssembler::feed(ByteView fragment) {
  if (at_ > 0) {
    buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(at_));
    at_ = 0;
  }
  buffer_.insert(buffer_.end(), fragment.begin(), fragment.end());
}

Result<std::optional<HandshakeMessage>> HandshakeAssembler::next() {
  if (large_) return go_on_with_large();
  ByteView const stream = ByteView{buffer_}.subspan(at_);
  if (stream.size() < kHeader) return std::optional<HandshakeMessage>{};
  Reader reader{stream};
  HandshakeMessage message;
  message.type = reader.code<HandshakeType>();
  std::size_t const length = reader.u24();
  if (length > limit_ && message.type == HandshakeType::certificate && kept_ > 0) {
    message.whole.reserve(kHeader + std::min(length, kept_));
    message.whole.assign(stream.begin(), stream.begin() + kHeader);
    at_ += kHeader;
    large_ = std::move(message);
    large_octets_ = large_missing_ = length;
    return go_on_with_large();
  }
  if (length > limit_) {
    return Error{ErrorKind::too_large, "a handshake message announces " + std::to_string(length) + " octets"};
  }
  if (reader.remaining() < length) return std::optional<HandshakeMessage>{};
  ByteView const whole = stream.first(kHeader + length);
  message.whole.assign(whole.begin(), whole.end());
  at_ += whole.size();
  return std::optional<HandshakeMessage>{std::move(message)};
}

std::optional<HandshakeMessage> HandshakeAssembler::go_on_with_large() {
  ByteView const stream = ByteView{buffer_}.subspan(at_);
  ByteView const part = stream.first(std::min(stream.size(), large_missing_));
  Bytes& whole = large_->whole;
  ByteView const kept = part.first(std::min(part.size(), kHeader + kept_ - whole.size()));
  whole.insert(whole.end(), kept.begin(), kept.end());
  large_->left_out += part.size() - kept.size();
  large_missing_ -= part.size();
  at_ += part.size();
  if (large_missing_ > 0) return std::nullopt;
  return std::exchange(large_, std::nullopt);
}

}  // namespace tlsgauge::wire
