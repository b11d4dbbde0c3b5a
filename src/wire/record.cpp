#include "wire/record.hpp"

#include <algorithm>

#include "wire/reader.hpp"
#include "wire/writer.hpp"

namespace tlsgauge::wire {
namespace {

constexpr std::size_t kHeader = 5;

bool is_content_type(std::uint8_t octet) { return octet >= 20 && octet <= 24; }

}  // namespace

Bytes encode_records(ContentType type, ProtocolVersion version, ByteView payload, std::size_t most) {
  Writer writer;
  do {
    ByteView const part = payload.first(std::min({payload.size(), std::max<std::size_t>(most, 1), kMaxPlaintext}));
    payload = payload.subspan(part.size());
    writer.code(type);
    writer.code(version);
    writer.vector16([&](Writer& fragment) { fragment.bytes(part); });
  } while (!payload.empty());
  return writer.take();
}

Bytes encode_record(Record const& record) {
  Writer writer;
  writer.code(record.type);
  writer.code(record.version);
  writer.vector16([&](Writer& fragment) { fragment.bytes(record.fragment); });
  return writer.take();
}

std::string describe(Alert alert) {
  std::string const level = alert.level == AlertLevel::fatal     ? "fatal"
                            : alert.level == AlertLevel::warning ? "warning"
                                                                 : "level " + std::to_string(static_cast<int>(alert.level));
  return level + " " + name(alert.description) + " (" + std::to_string(static_cast<int>(alert.description)) + ")";
}

void RecordReader::feed(ByteView bytes) {
  if (at_ > 0) {
    buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(at_));
    at_ = 0;
  }
  buffer_.insert(buffer_.end(), bytes.begin(), bytes.end());
}

ByteView RecordReader::pending() const { return ByteView{buffer_}.subspan(at_); }

Result<std::optional<Record>> RecordReader::next() {
  ByteView const stream = pending();
  // The first octets are judged as they come: a peer that speaks something else must not be waited for.
  if (!stream.empty() && !is_content_type(stream[0])) {
    return Error{ErrorKind::malformed, "the octet 0x" + hex(stream.first(1)) + " begins no TLS record"};
  }
  if (stream.size() > 1 && stream[1] != 3) return Error{ErrorKind::malformed, "the record has major version " + std::to_string(stream[1])};
  if (stream.size() < kHeader) return std::optional<Record>{};
  Reader reader{stream};
  Record record;
  record.type = reader.code<ContentType>();
  record.version = reader.code<ProtocolVersion>();
  std::size_t const length = reader.u16();
  if (length > kMaxFragment) return Error{ErrorKind::too_large, "a record of " + std::to_string(length) + " octets is over the limit"};
  if (reader.remaining() < length) return std::optional<Record>{};
  ByteView const fragment = reader.bytes(length);
  record.fragment.assign(fragment.begin(), fragment.end());
  at_ += kHeader + length;
  return std::optional<Record>{std::move(record)};
}

}  // namespace tlsgauge::wire
