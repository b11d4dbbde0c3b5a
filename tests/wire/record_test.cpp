#include "wire/record.hpp"

#include <gtest/gtest.h>

#include "wire/handshake.hpp"
#include "wire/vectors.hpp"

namespace tlsgauge::wire {
namespace {

using test::Exact;
using test::operator+;

std::optional<Record> only(RecordReader& reader) {
  auto record = reader.next();
  EXPECT_TRUE(record.has_value());
  return record ? *record : std::nullopt;
}

TEST(Records, ALongPayloadIsCutAndPutTogetherAgain) {
  for (std::size_t const size : {std::size_t{0}, std::size_t{1}, std::size_t{16384}, std::size_t{16385}, std::size_t{40000}}) {
    Bytes payload(size);
    for (std::size_t i = 0; i < size; ++i) payload[i] = static_cast<std::uint8_t>(i * 7);
    Bytes const stream = encode_records(ContentType::handshake, ProtocolVersion::TLSv1_0, payload);

    RecordReader reader;
    reader.feed(stream);
    Bytes again;
    std::size_t count = 0;
    while (std::optional<Record> record = only(reader)) {
      EXPECT_EQ(record->type, ContentType::handshake);
      EXPECT_EQ(record->version, ProtocolVersion::TLSv1_0);
      EXPECT_LE(record->fragment.size(), 16384U);
      again = again + record->fragment;
      ++count;
    }
    EXPECT_EQ(again, payload);
    EXPECT_EQ(count, size == 0 ? 1 : (size + 16383) / 16384);
    EXPECT_TRUE(reader.pending().empty());
  }
}

TEST(Records, ARecordIsGivenOnlyWhenItIsWhole) {
  Bytes const stream = encode_records(ContentType::alert, ProtocolVersion::TLSv1_2, Bytes{2, 40});
  RecordReader reader;
  for (std::size_t i = 0; i + 1 < stream.size(); ++i) {
    reader.feed(Exact{ByteView{stream}.subspan(i, 1)});
    EXPECT_FALSE(only(reader));
    EXPECT_EQ(reader.pending().size(), i + 1);
  }
  reader.feed(ByteView{stream}.last(1));
  EXPECT_EQ(only(reader)->fragment, (Bytes{2, 40}));
  EXPECT_FALSE(only(reader));
}

TEST(Records, EachOctetOfTheHeaderIsJudgedWhenItComes) {
  struct Case {
    Bytes octets;
    ErrorKind kind;
  };
  for (Case const& bad : {Case{{'H'}, ErrorKind::malformed}, Case{{19}, ErrorKind::malformed}, Case{{25}, ErrorKind::malformed},
                          Case{{22, 2}, ErrorKind::malformed}, Case{{22, 4}, ErrorKind::malformed},
                          Case{{22, 3, 3, 0x48, 0x01}, ErrorKind::too_large}, Case{{22, 3, 3, 0xFF, 0xFF}, ErrorKind::too_large}}) {
    RecordReader reader;
    reader.feed(Exact{bad.octets});
    auto const record = reader.next();
    ASSERT_FALSE(record) << hex(bad.octets);
    EXPECT_EQ(record.error().kind, bad.kind);
    EXPECT_FALSE(reader.next());  // it stays so
  }
  RecordReader reader;
  reader.feed(Bytes{22, 3, 3, 0x48, 0x00});
  EXPECT_FALSE(only(reader));  // 18432 octets are the most that TLS 1.2 knows
}

TEST(Alerts, AreDescribedWithLevelNameAndNumber) {
  EXPECT_EQ(describe({AlertLevel::fatal, AlertDescription::handshake_failure}), "fatal handshake_failure (40)");
  EXPECT_EQ(describe({AlertLevel::warning, AlertDescription::close_notify}), "warning close_notify (0)");
  EXPECT_EQ(describe({AlertLevel{7}, AlertDescription{200}}), "level 7 0xC8 (200)");
}

TEST(HandshakeAssembler, MessagesComeOutHoweverTheyWereCut) {
  Bytes const stream{2, 0, 0, 3, 'a', 'b', 'c', 14, 0, 0, 0, 11, 0, 0, 1, 'x'};
  for (std::size_t step = 1; step <= stream.size(); ++step) {
    HandshakeAssembler assembler;
    std::vector<std::pair<HandshakeType, std::size_t>> seen;
    for (std::size_t at = 0; at < stream.size(); at += step) {
      assembler.feed(Exact{ByteView{stream}.subspan(at, std::min(step, stream.size() - at))});
      for (;;) {
        auto message = assembler.next();
        ASSERT_TRUE(message);
        if (!*message) break;
        seen.emplace_back((*message)->type, (*message)->body().size());
      }
    }
    EXPECT_EQ(seen, (std::vector<std::pair<HandshakeType, std::size_t>>{
                        {HandshakeType::server_hello, 3}, {HandshakeType::server_hello_done, 0}, {HandshakeType::certificate, 1}}));
    EXPECT_TRUE(assembler.idle());
  }
}

TEST(HandshakeAssembler, AnAnnouncementOverTheLimitIsRefusedAtOnce) {
  HandshakeAssembler assembler{100};
  assembler.feed(Bytes{11, 0, 0, 101});
  auto const message = assembler.next();
  ASSERT_FALSE(message);
  EXPECT_EQ(message.error().kind, ErrorKind::too_large);

  HandshakeAssembler fitting{100};
  fitting.feed(Bytes{11, 0, 0, 100});
  auto const waiting = fitting.next();
  ASSERT_TRUE(waiting);
  EXPECT_FALSE(*waiting);
  EXPECT_FALSE(fitting.idle());
}

}  // namespace
}  // namespace tlsgauge::wire
