#pragma once
// The record layer: RFC 8446 section 5.1, RFC 5246 section 6.2.

#include <cstdint>
#include <deque>
#include <optional>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "wire/registry/registry.hpp"

namespace tlsgauge::wire {

enum class ContentType : std::uint8_t {
  change_cipher_spec = 20,
  alert = 21,
  handshake = 22,
  application_data = 23,
  heartbeat = 24,
};

/// 2^14 and the 2048 octets that TLS 1.2 lets a ciphertext grow by.
inline constexpr std::size_t kMaxFragment = 16384 + 2048;

struct Record {
  ContentType type{};
  ProtocolVersion version{};
  Bytes fragment;
};

inline constexpr std::size_t kMaxPlaintext = 16384;

/// One or more records that carry the payload; fragments of at most `most` octets, 1 to 2^14.
[[nodiscard]] Bytes encode_records(ContentType type, ProtocolVersion version, ByteView payload, std::size_t most = kMaxPlaintext);

/// This very record with its header; the fragment may be a ciphertext, of up to kMaxFragment octets.
[[nodiscard]] Bytes encode_record(Record const& record);

enum class AlertLevel : std::uint8_t { warning = 1, fatal = 2 };

struct Alert {
  AlertLevel level{};
  AlertDescription description{};
};

/// "fatal handshake_failure (40)"
[[nodiscard]] std::string describe(Alert alert);

/// Cuts a byte stream into records. Bounded: holds at most one incomplete record.
class RecordReader {
 public:
  void feed(ByteView bytes);
  /// The next whole record; empty when more octets are needed; `malformed` when the stream is no TLS:
  /// unknown content type or version major other than 3; `too_large` for a length over kMaxFragment.
  Result<std::optional<Record>> next();
  /// Octets that were fed and not yet returned as records.
  [[nodiscard]] ByteView pending() const;

 private:
  Bytes buffer_;
  std::size_t at_ = 0;
};

}  // namespace tlsgauge::wire
