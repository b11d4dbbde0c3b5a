// Certificate messages of megabytes: the flight goes on behind them, and what is kept of them is bounded.

#include <gtest/gtest.h>

#include "wire/extension_list.hpp"
#include "wire/flight.hpp"
#include "wire/flight_keys.hpp"
#include "wire/vectors.hpp"

namespace tlsgauge::wire {
namespace {

using enum ProtocolVersion;
using test::Exact;
using test::operator+;
using test::RecordedKeys;
using State = FlightReader::State;

constexpr std::size_t kKilobyte = 1024;
constexpr std::size_t kMegabyte = 1024 * 1024;

Bytes handshake(HandshakeType type, Bytes const& body = {}) {
  Writer w;
  w.code(type);
  w.vector24([&](Writer& v) { v.bytes(body); });
  return w.take();
}

Bytes list_of(std::vector<std::size_t> const& sizes, bool tls13 = false) {
  Writer w;
  if (tls13) w.u8(0);
  w.vector24([&](Writer& list) {
    for (std::size_t const size : sizes) {
      list.vector24([&](Writer& one) { one.bytes(Bytes(size, static_cast<std::uint8_t>(size))); });
      if (tls13) write_extensions(list, {});
    }
  });
  return w.take();
}

Bytes server_hello(bool tls13 = false) {
  Writer w;
  w.code(TLSv1_2);
  w.bytes(Bytes(32, 7));
  w.u8(0);
  w.code(tls13 ? CipherSuite::TLS_AES_128_GCM_SHA256 : CipherSuite::TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256);
  w.u8(0);
  if (tls13) write_extensions(w, {{ExtensionType::supported_versions, {3, 4}}, {ExtensionType::key_share, {0, 29, 0, 1, 9}}});
  return handshake(HandshakeType::server_hello, w.take());
}

Bytes certificate(Bytes const& body) { return handshake(HandshakeType::certificate, body); }
Bytes done() { return handshake(HandshakeType::server_hello_done); }
Bytes in_records(Bytes const& messages, std::size_t most = kMaxPlaintext) {
  return encode_records(ContentType::handshake, TLSv1_2, messages, most);
}

FlightReader read(Bytes const& stream, std::size_t step = kMegabyte) {
  FlightReader reader;
  for (std::size_t at = 0; at < stream.size(); at += step)
    reader.feed(Exact{ByteView{stream}.subspan(at, std::min(step, stream.size() - at))});
  return reader;
}

std::vector<std::size_t> sizes(Flight const& flight) {
  std::vector<std::size_t> out;
  for (Bytes const& each : flight.certificates) out.push_back(each.size());
  return out;
}

TEST(LargeChain, OneWithinTheBoundIsKeptWhole) {
  std::vector<std::size_t> const chain{3 * kMegabyte, 1500, 1200};
  Bytes const body = list_of(chain);
  for (std::size_t const step : {std::size_t{7777}, kMegabyte, 16 * kMegabyte}) {
    FlightReader const reader = read(in_records(server_hello() + certificate(body) + done()), step);
    ASSERT_EQ(reader.state(), State::complete) << reader.error();
    EXPECT_EQ(sizes(reader.flight()), chain);
    EXPECT_EQ(reader.flight().certificates.front(), Bytes(3 * kMegabyte, 0));
    EXPECT_EQ(reader.flight().cut_chain, 0U);
    EXPECT_TRUE(reader.flight().faults.empty());
    HandshakeMessage const& message = reader.flight().messages.at(1);
    EXPECT_EQ(message.type, HandshakeType::certificate);
    EXPECT_EQ(message.left_out, body.size());
    EXPECT_EQ(message.whole.size(), 4U);
  }
}

TEST(LargeChain, OfALargerOneTheFirstCertificatesAreKeptAndTheFlightGoesOn) {
  Bytes const body = list_of({1000, 3 * kMegabyte, 2000, 2 * kMegabyte, 3000});
  FlightReader const reader = read(in_records(server_hello() + certificate(body) + done()));
  ASSERT_EQ(reader.state(), State::complete) << reader.error();
  EXPECT_EQ(sizes(reader.flight()), (std::vector<std::size_t>{1000, 3 * kMegabyte, 2000}));
  EXPECT_EQ(reader.flight().cut_chain, body.size());
  EXPECT_TRUE(reader.flight().faults.empty());
  EXPECT_TRUE(reader.flight().server_hello_done);
}

TEST(LargeChain, TheLargestThereCanBe) {
  Bytes body = list_of({2000, 16 * kMegabyte - 2000 - 10});
  ASSERT_EQ(body.size(), 0xFFFFFFU);
  FlightReader const reader = read(in_records(server_hello() + certificate(body) + done()));
  ASSERT_EQ(reader.state(), State::complete) << reader.error();
  EXPECT_EQ(sizes(reader.flight()), std::vector<std::size_t>{2000});
  EXPECT_EQ(reader.flight().cut_chain, body.size());
}

TEST(LargeChain, AnEndEntityOverTheBoundLeavesNone) {
  Bytes const body = list_of({5 * kMegabyte, 1000});
  FlightReader const reader = read(in_records(server_hello() + certificate(body) + done()));
  ASSERT_EQ(reader.state(), State::complete) << reader.error();
  EXPECT_TRUE(reader.flight().certificates.empty());
  EXPECT_EQ(reader.flight().cut_chain, body.size());
}

TEST(LargeChain, ManyCertificatesAreCutAtSixtyFour) {
  for (std::size_t const size : {100U, 50'000U}) {
    FlightReader const reader = read(in_records(server_hello() + certificate(list_of(std::vector<std::size_t>(100, size))) + done()));
    ASSERT_EQ(reader.state(), State::complete) << reader.error();
    EXPECT_EQ(reader.flight().certificates.size(), 64U);
    EXPECT_EQ(reader.flight().cut_chain, 3 + 100 * (size + 3));
  }
}

TEST(LargeChain, LengthsThatLieAreFaultsAndNoChain) {
  Bytes const good = list_of({1000, 5 * kMegabyte});
  auto const with = [&](std::size_t at, std::size_t value) {
    Bytes bad = good;
    for (std::size_t i = 0; i < 3; ++i) bad[at + i] = static_cast<std::uint8_t>(value >> (8 * (2 - i)));
    return bad;
  };
  std::size_t const second = 3 + 3 + 1000;
  for (Bytes const& body : {with(0, 1003), with(0, good.size()), with(0, 0xFFFFFF), with(3, 0), with(3, 0xFFFFFF),
                            with(second, 5 * kMegabyte + 1), with(second, 0), Bytes(kMegabyte, 0), Bytes(5 * kMegabyte, 0xFF)}) {
    FlightReader const reader = read(in_records(server_hello() + certificate(body) + done()));
    EXPECT_EQ(reader.state(), State::complete) << reader.error();
    EXPECT_EQ(reader.flight().faults, std::vector<std::string>{"Certificate is truncated or inconsistent"});
    EXPECT_TRUE(reader.flight().certificates.empty());
    EXPECT_EQ(reader.flight().cut_chain, 0U);
  }
}

TEST(LargeChain, OneThatEndsInTheMiddleIsNeverComplete) {
  Bytes const stream = in_records(server_hello() + certificate(list_of({1000, 5 * kMegabyte})) + done());
  for (std::size_t const length : {std::size_t{20'000}, kMegabyte, 5 * kMegabyte, stream.size() - 1}) {
    FlightReader const reader = read(Bytes(stream.begin(), stream.begin() + static_cast<std::ptrdiff_t>(length)));
    EXPECT_EQ(reader.state(), State::more) << length;
    EXPECT_TRUE(reader.flight().certificates.empty());
  }
}

TEST(LargeChain, OnlyOneAndOnlyWhereItBelongs) {
  Bytes const announced{11, 0x10, 0, 0};
  EXPECT_EQ(read(in_records(announced)).error(), "handshake message 11 before ServerHello");
  EXPECT_EQ(read(in_records(server_hello() + announced)).state(), State::more);
  EXPECT_EQ(read(in_records(server_hello() + certificate(list_of({9})) + announced)).error(), "a second handshake message 11");
  EXPECT_EQ(read(in_records(server_hello() + certificate(list_of({kMegabyte})) + announced)).error(), "a second handshake message 11");
  EXPECT_EQ(read(in_records(server_hello() + Bytes{12, 0x10, 0, 0})).state(), State::malformed);  // no other message may be so large
  EXPECT_EQ(read(in_records(server_hello() + announced + Bytes(9, 0)) + encode_records(ContentType::change_cipher_spec, TLSv1_2, Bytes{1}))
                .state(),
            State::malformed);
}

TEST(LargeChain, CrumbsAreNotFollowedForEver) {
  Bytes const flight = server_hello() + certificate(list_of({1000, 2 * kMegabyte})) + done();
  EXPECT_EQ(read(in_records(flight, 100)).state(), State::complete);
  for (std::size_t const step : {std::size_t{1000}, kMegabyte}) {
    FlightReader const reader = read(in_records(flight, 2), step);
    EXPECT_EQ(reader.state(), State::malformed);
    EXPECT_NE(reader.error().find("the flight has no end after 2884"), std::string::npos) << reader.error();
  }
}

TEST(LargeChain, InTls13Too) {
  auto const keys = std::make_shared<RecordedKeys>();
  Bytes const body = list_of({1000, 3 * kMegabyte, 2 * kMegabyte}, true);
  Bytes const flight = handshake(HandshakeType::encrypted_extensions, {0, 0}) + certificate(body) +
                       handshake(HandshakeType::certificate_verify, {4, 3, 0, 1, 9}) + handshake(HandshakeType::finished, Bytes(32, 1));
  Bytes stream = in_records(server_hello(true));
  for (std::size_t at = 0; at < flight.size(); at += 16 * kKilobyte) {
    ByteView const part = ByteView{flight}.subspan(at, std::min(16 * kKilobyte, flight.size() - at));
    keys->contents.push_back({ContentType::handshake, {part.begin(), part.end()}});
    stream = stream + encode_records(ContentType::application_data, TLSv1_2, Bytes(30, 0xCC));
  }
  FlightReader reader{{}, keys};
  reader.feed(Exact{stream});
  ASSERT_EQ(reader.state(), State::complete) << reader.error();
  EXPECT_EQ(sizes(reader.flight()), (std::vector<std::size_t>{1000, 3 * kMegabyte}));
  EXPECT_EQ(reader.flight().cut_chain, body.size());
  EXPECT_TRUE(reader.flight().certificate_verify_scheme);

  // A certificate is whole although the extensions behind it lie beyond the bound.
  Bytes const edge = list_of({FlightReader::kKeptOfChain - 7, 2 * kMegabyte}, true);
  auto const cut = CertificateMessage::parse_beginning(ByteView{edge}.first(FlightReader::kKeptOfChain), TLSv1_3, edge.size());
  ASSERT_TRUE(cut);
  EXPECT_EQ(cut->certificates.size(), 1U);
  EXPECT_TRUE(cut->cut);
}

TEST(LargeChain, CopiesOfAFlightShareIt) {
  Flight flight;
  flight.certificates = std::vector<Bytes>{Bytes(kMegabyte, 1)};
  Flight const copy = flight;
  EXPECT_EQ(copy.certificates.front().data(), flight.certificates.front().data());
  flight.certificates.push_back({2});
  EXPECT_EQ(copy.certificates.size(), 1U);
  EXPECT_EQ(flight.certificates.octets(), kMegabyte + 1);
}

}  // namespace
}  // namespace tlsgauge::wire
