// What a server may send to make a reader wait, believe, run over or run out of memory.

#include <gtest/gtest.h>

#include <random>

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
using test::wire_vector;
using test::wire_vectors;
using State = FlightReader::State;

Bytes handshake(HandshakeType type, Bytes const& body = {}) {
  Writer w;
  w.code(type);
  w.vector24([&](Writer& v) { v.bytes(body); });
  return w.take();
}

Bytes record(ContentType type, Bytes const& payload) { return encode_records(type, TLSv1_2, payload); }
Bytes in_record(Bytes const& messages) { return record(ContentType::handshake, messages); }
Bytes alert(int level, AlertDescription description) {
  return record(ContentType::alert, {static_cast<std::uint8_t>(level), static_cast<std::uint8_t>(description)});
}
Bytes change_cipher_spec() { return record(ContentType::change_cipher_spec, {1}); }
Bytes protected_record() { return record(ContentType::application_data, Bytes(30, 0xCC)); }

Bytes server_hello(ProtocolVersion version = TLSv1_2, CipherSuite suite = CipherSuite::TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256) {
  Writer w;
  w.code(version == TLSv1_3 ? TLSv1_2 : version);
  w.bytes(Bytes(32, 7));
  w.u8(0);
  w.code(suite);
  w.u8(0);
  if (version == TLSv1_3) write_extensions(w, {{ExtensionType::supported_versions, {3, 4}}, {ExtensionType::key_share, {0, 29, 0, 1, 9}}});
  return handshake(HandshakeType::server_hello, w.take());
}

Bytes done() { return handshake(HandshakeType::server_hello_done); }

FlightReader read(Bytes const& stream, std::shared_ptr<FlightKeys> keys = nullptr) {
  FlightReader reader{{}, std::move(keys)};
  reader.feed(Exact{stream});
  return reader;
}

State state_of(Bytes const& stream) { return read(stream).state(); }

/// Everything that two readings of one stream must agree on.
void expect_same(FlightReader const& a, FlightReader const& b, std::string const& what) {
  EXPECT_EQ(a.state(), b.state()) << what << ": " << a.error() << " / " << b.error();
  EXPECT_EQ(a.flight().messages.size(), b.flight().messages.size()) << what;
  EXPECT_EQ(a.flight().certificates, b.flight().certificates) << what;
  EXPECT_EQ(a.flight().alerts.size(), b.flight().alerts.size()) << what;
  EXPECT_EQ(a.flight().faults, b.flight().faults) << what;
  EXPECT_EQ(a.flight().answered(), b.flight().answered()) << what;
  EXPECT_EQ(a.flight().ocsp_response, b.flight().ocsp_response) << what;
}

FlightReader read_in_steps(Bytes const& stream, std::size_t step) {
  FlightReader reader;
  for (std::size_t at = 0; at < stream.size(); at += step) {
    reader.feed(Exact{ByteView{stream}.subspan(at, std::min(step, stream.size() - at))});
  }
  return reader;
}

/// The same handshake octets in records of so many.
Bytes cut_again(Bytes const& stream, std::size_t size) {
  RecordReader records;
  records.feed(stream);
  Bytes out;
  while (auto next = records.next()) {
    if (!*next) break;
    for (std::size_t at = 0; at < (*next)->fragment.size(); at += size) {
      Bytes const& fragment = (*next)->fragment;
      std::size_t const end = std::min(at + size, fragment.size());
      out = out + encode_records((*next)->type, (*next)->version, ByteView{fragment}.subspan(at, end - at));
    }
  }
  return out;
}

TEST(HostileFlight, FeedingOctetByOctetIsFeedingAtOnce) {
  for (std::string const& name : wire_vectors()) {
    Bytes const stream = wire_vector(name);
    for (std::size_t const step : {1U, 2U, 5U, 333U}) expect_same(read_in_steps(stream, step), read(stream), name);
  }
}

TEST(HostileFlight, RecordsOfAnySizeCarryTheSameFlight) {
  for (std::string const& name : wire_vectors("tls12_")) {
    Bytes const stream = wire_vector(name);
    for (std::size_t const size : {1U, 3U, 100U}) expect_same(read(cut_again(stream, size)), read(stream), name);
  }
  Bytes const refusal = cut_again(wire_vector("alert_openssl_suite"), 1);
  EXPECT_EQ(refusal.size(), 12U);
  EXPECT_EQ(read(refusal).error(), "fatal handshake_failure (40)");
}

TEST(HostileFlight, NoTruncationIsComplete) {
  for (std::string const& name : wire_vectors()) {
    Bytes const stream = wire_vector(name);
    FlightReader const whole = read(stream);
    if (whole.state() != State::complete) continue;
    // Where the flight ends inside the vector (TLS 1.3 without keys), what follows is not part of it.
    std::size_t end = 0;
    for (FlightReader reader; reader.state() == State::more; ++end) reader.feed(ByteView{stream}.subspan(end, 1));
    for (std::size_t length = 0; length < end; ++length) {
      ASSERT_EQ(read(Bytes(stream.begin(), stream.begin() + static_cast<std::ptrdiff_t>(length))).state(), State::more)
          << name << " cut at " << length;
    }
  }
}

TEST(HostileFlight, NoMutationBreaksTheReaderOrTheBounds) {
  std::mt19937 random{20261124};
  std::vector<Bytes> streams;
  for (std::string const& name : wire_vectors()) streams.push_back(wire_vector(name));
  std::size_t complete = 0, other = 0;
  for (int round = 0; round < 100'000; ++round) {
    Bytes stream = streams[random() % streams.size()];
    for (unsigned changes = 1 + random() % 4; changes > 0; --changes) {
      std::size_t const at = random() % stream.size();
      switch (random() % 4) {
        case 0:
          stream[at] = static_cast<std::uint8_t>(random());
          break;
        case 1:
          stream[at] = static_cast<std::uint8_t>(stream[at] ^ 1U << random() % 8);
          break;
        case 2:
          stream.erase(stream.begin() + static_cast<std::ptrdiff_t>(at));
          if (stream.empty()) stream.push_back(0);
          break;
        default:
          stream.insert(stream.begin() + static_cast<std::ptrdiff_t>(at), static_cast<std::uint8_t>(random()));
      }
    }
    bool const ssl2 = round % 16 == 0;
    auto keys = std::make_shared<RecordedKeys>();
    keys->contents = {{ContentType::handshake, stream}};
    FlightReader reader{{}, round % 3 == 0 ? keys : nullptr, ssl2};
    reader.feed(Exact{stream});
    Flight const& flight = reader.flight();
    ASSERT_LE(flight.messages.size(), 128U);
    ASSERT_LE(flight.certificates.size(), 64U);
    ASSERT_LE(flight.alerts.size(), 16U);
    ASSERT_EQ(reader.state() == State::malformed || reader.state() == State::alerted || reader.state() == State::not_tls,
              !reader.error().empty());
    if (reader.state() == State::complete) {
      ASSERT_TRUE(flight.answered());
      ++complete;
    } else {
      ++other;
    }
  }
  EXPECT_GT(complete, 1000U);
  EXPECT_GT(other, 1000U);
}

TEST(HostileFlight, AServerHelloAloneIsNoAnswerUpToTls12) {
  EXPECT_EQ(state_of(in_record(server_hello())), State::more);
  EXPECT_EQ(state_of(in_record(server_hello() + done())), State::complete);
  EXPECT_EQ(state_of(in_record(server_hello()) + in_record(done())), State::complete);
  EXPECT_EQ(state_of(in_record(server_hello()) + alert(2, AlertDescription::internal_error)), State::alerted);
}

TEST(HostileFlight, AnAbbreviatedFlightEndsAtChangeCipherSpec) {
  Bytes const ticket = handshake(HandshakeType::new_session_ticket, Bytes(20, 1));
  EXPECT_EQ(state_of(in_record(server_hello()) + change_cipher_spec()), State::complete);
  EXPECT_EQ(state_of(in_record(server_hello() + ticket) + change_cipher_spec()), State::complete);
  EXPECT_EQ(state_of(in_record(server_hello() + handshake(HandshakeType::certificate, {0, 0, 0})) + change_cipher_spec()),
            State::malformed);
  EXPECT_EQ(state_of(in_record(server_hello() + Bytes{4, 0}) + change_cipher_spec()), State::malformed);
  EXPECT_EQ(state_of(change_cipher_spec()), State::malformed);
  EXPECT_EQ(state_of(in_record(server_hello()) + record(ContentType::change_cipher_spec, {1, 1})), State::malformed);
  EXPECT_EQ(state_of(in_record(server_hello()) + record(ContentType::change_cipher_spec, {2})), State::malformed);
}

TEST(HostileFlight, MessagesOutOfPlaceEndIt) {
  for (Bytes const& messages :
       {done(), handshake(HandshakeType::certificate, {0, 0, 0}), handshake(HandshakeType::finished, Bytes(12, 1)),
        server_hello() + server_hello(), server_hello() + handshake(HandshakeType::finished, Bytes(12, 1)),
        server_hello() + handshake(HandshakeType::encrypted_extensions, {0, 0}),
        server_hello() + handshake(HandshakeType::server_hello_done, {0}),
        server_hello() + handshake(HandshakeType::certificate, {0, 0, 0}) + handshake(HandshakeType::certificate, {0, 0, 0}),
        handshake(HandshakeType::server_hello, {3, 3}), handshake(HandshakeType::client_hello)}) {
    FlightReader const reader = read(in_record(messages + done()));
    EXPECT_EQ(reader.state(), State::malformed) << hex(messages);
    EXPECT_FALSE(reader.flight().server_hello_done) << hex(messages);
  }
  EXPECT_EQ(state_of(in_record(server_hello()) + protected_record()), State::malformed);
  EXPECT_EQ(state_of(protected_record()), State::malformed);
  EXPECT_EQ(state_of(record(ContentType::heartbeat, {1, 0, 1, 0})), State::malformed);
}

TEST(HostileFlight, AMessageThatBreaksItsOwnGrammarIsNamedAndReadingGoesOn) {
  Bytes const broken{0xFF, 0xFF, 0xFF, 1};
  Bytes const flight = server_hello() + handshake(HandshakeType::certificate, broken) + handshake(HandshakeType::certificate_status, {1}) +
                       handshake(HandshakeType::server_key_exchange, broken) + handshake(HandshakeType::certificate_request, broken) +
                       handshake(static_cast<HandshakeType>(77), broken) + done();
  FlightReader const reader = read(in_record(flight));
  EXPECT_EQ(reader.state(), State::complete) << reader.error();
  EXPECT_EQ(reader.flight().faults.size(), 4U);
  EXPECT_EQ(reader.flight().faults.front(), "Certificate is truncated or inconsistent");
  EXPECT_TRUE(reader.flight().certificates.empty());
  EXPECT_FALSE(reader.flight().server_key_exchange);
  EXPECT_FALSE(reader.flight().certificate_request);
  EXPECT_EQ(reader.flight().messages.size(), 7U);
}

TEST(HostileFlight, AlertsEndItOnlyWhereTheRfcsSaySo) {
  Bytes const whole = in_record(server_hello() + done());
  for (AlertDescription const warning : {AlertDescription::unrecognized_name, AlertDescription::no_renegotiation_RESERVED,
                                         AlertDescription::user_canceled, AlertDescription::handshake_failure}) {
    FlightReader const reader = read(alert(1, warning) + whole);
    EXPECT_EQ(reader.state(), State::complete) << name(warning);
    EXPECT_EQ(reader.flight().alerts.size(), 1U);
    EXPECT_FALSE(reader.flight().fatal_alert());
  }
  FlightReader const closed = read(alert(1, AlertDescription::close_notify) + whole);
  EXPECT_EQ(closed.state(), State::alerted);
  EXPECT_EQ(closed.flight().fatal_alert()->description, AlertDescription::close_notify);
  EXPECT_EQ(state_of(in_record(server_hello()) + alert(1, AlertDescription::close_notify)), State::more);
  EXPECT_EQ(state_of(alert(2, AlertDescription::unrecognized_name) + whole), State::alerted);
  // Two alerts in one record, the second of them fatal; one alert over two records.
  EXPECT_EQ(read(record(ContentType::alert, {1, 112, 2, 40})).flight().alerts.size(), 2U);
  EXPECT_EQ(state_of(record(ContentType::alert, {1, 112, 2, 40})), State::alerted);
  EXPECT_EQ(state_of(record(ContentType::alert, {2})), State::more);
  EXPECT_EQ(state_of(record(ContentType::alert, {2}) + record(ContentType::alert, {40})), State::alerted);
}

TEST(HostileFlight, NothingGoesOnForEver) {
  auto const many = [](Bytes const& piece, std::size_t count) {
    Bytes all;
    for (std::size_t i = 0; i < count; ++i) all = all + piece;
    return all;
  };
  Bytes const empty = in_record({});
  EXPECT_EQ(state_of(many(empty, 32)), State::more);
  EXPECT_EQ(state_of(many(empty, 33)), State::malformed);
  EXPECT_EQ(state_of(many(record(ContentType::alert, {}), 33)), State::malformed);
  EXPECT_EQ(state_of(many(alert(1, AlertDescription::unrecognized_name), 17)), State::malformed);
  EXPECT_EQ(state_of(many(in_record(handshake(HandshakeType::hello_request)), 128)), State::more);
  EXPECT_EQ(state_of(many(in_record(handshake(HandshakeType::hello_request)), 129)), State::malformed);
  EXPECT_EQ(state_of(in_record(Bytes{11, 0x04, 0x00, 0x01})), State::malformed);  // announces 256 KiB and one
  EXPECT_EQ(state_of(in_record(Bytes{11, 0xFF, 0xFF, 0xFF})), State::malformed);
  EXPECT_EQ(state_of(Bytes{22, 3, 3, 0xFF, 0xFF}), State::malformed);
}

TEST(HostileFlight, TheBoundOnOctetsDoesNotDependOnTheCut) {
  Bytes stream = in_record(server_hello());
  for (std::uint8_t type = 100; stream.size() < FlightReader::kMaxOctets; ++type) {
    stream = stream + in_record(handshake(static_cast<HandshakeType>(type), Bytes(15'000, 1)));
  }
  for (std::size_t const step : {1U, 1000U, 1U << 20U}) {
    FlightReader const reader = read_in_steps(stream, step);
    EXPECT_EQ(reader.state(), State::malformed);
    EXPECT_NE(reader.error().find("no end after 524288 octets"), std::string::npos) << reader.error();
  }
  // A flight that ends within the bound is complete, however much is sent behind it.
  EXPECT_EQ(state_of(in_record(server_hello() + done()) + Bytes(FlightReader::kMaxOctets, 0)), State::complete);
}

class HostileTls13 : public testing::Test {
 protected:
  FlightReader opened(std::deque<OpenedRecord> contents, Bytes const& between = {}) {
    keys_ = std::make_shared<RecordedKeys>();
    std::size_t const records = contents.size();
    keys_->contents = std::move(contents);
    Bytes stream = in_record(server_hello(TLSv1_3, CipherSuite::TLS_AES_128_GCM_SHA256)) + between;
    for (std::size_t i = 0; i < records; ++i) stream = stream + protected_record();
    return read(stream, keys_);
  }
  static OpenedRecord of(Bytes const& messages) { return {ContentType::handshake, messages}; }

  std::shared_ptr<RecordedKeys> keys_;
  Bytes const extensions_ = handshake(HandshakeType::encrypted_extensions, {0, 0});
  Bytes const finished_ = handshake(HandshakeType::finished, Bytes(32, 1));
};

TEST_F(HostileTls13, EndsAtFinishedAndNotBefore) {
  EXPECT_EQ(opened({}).state(), State::more);
  EXPECT_EQ(opened({of(extensions_)}).state(), State::more);
  EXPECT_EQ(opened({of(extensions_ + finished_)}).state(), State::complete);
  EXPECT_EQ(opened({of(extensions_), of(finished_)}).state(), State::complete);
  EXPECT_EQ(keys_->starts, 1);
  EXPECT_EQ(
      opened({of(Bytes(extensions_.begin(), extensions_.begin() + 3)), of(Bytes(extensions_.begin() + 3, extensions_.end()) + finished_)})
          .state(),
      State::complete);
}

TEST_F(HostileTls13, ForeignMessagesEndIt) {
  EXPECT_EQ(opened({of(finished_)}).state(), State::malformed);  // before EncryptedExtensions
  for (HandshakeType const type : {HandshakeType::server_hello_done, HandshakeType::server_key_exchange, HandshakeType::hello_request,
                                   HandshakeType::key_update, HandshakeType::new_session_ticket, static_cast<HandshakeType>(77)}) {
    FlightReader const reader = opened({of(extensions_ + handshake(type) + finished_)});
    EXPECT_EQ(reader.state(), State::malformed) << static_cast<int>(type);
    EXPECT_FALSE(reader.flight().finished);
  }
  EXPECT_EQ(opened({of(handshake(HandshakeType::encrypted_extensions, {0, 9}))}).state(), State::malformed);
  EXPECT_EQ(opened({of(extensions_), {ContentType::application_data, {1}}}).state(), State::malformed);
  EXPECT_EQ(opened({of(extensions_), {ContentType::change_cipher_spec, {1}}}).state(), State::malformed);
  EXPECT_EQ(opened({of(extensions_)}, in_record(extensions_)).state(), State::malformed);  // in clear
}

TEST_F(HostileTls13, FaultsOfCertificatesAreNamed) {
  FlightReader const reader =
      opened({of(extensions_ + handshake(HandshakeType::certificate_request, {9}) + handshake(HandshakeType::certificate, {9}) +
                 handshake(HandshakeType::certificate_verify, {9}) + handshake(HandshakeType::compressed_certificate, {9}) + finished_)});
  EXPECT_EQ(reader.state(), State::complete) << reader.error();
  EXPECT_EQ(reader.flight().faults.size(), 4U);
  EXPECT_FALSE(reader.flight().certificate_verify_scheme);
}

TEST_F(HostileTls13, ChangeCipherSpecIsDroppedButNotForEver) {
  Bytes few, many;
  for (int i = 0; i < 8; ++i) few = few + change_cipher_spec();
  many = few + change_cipher_spec();
  EXPECT_EQ(opened({of(extensions_ + finished_)}, few).state(), State::complete);
  EXPECT_EQ(opened({of(extensions_ + finished_)}, many).state(), State::malformed);
  EXPECT_EQ(opened({of(extensions_ + finished_)}, record(ContentType::change_cipher_spec, {0})).state(), State::malformed);
}

TEST_F(HostileTls13, WhatDoesNotOpenIsMalformedWithItsReason) {
  auto const keys = std::make_shared<RecordedKeys>();
  FlightReader const shut = read(in_record(server_hello(TLSv1_3)) + protected_record(), keys);
  EXPECT_EQ(shut.state(), State::malformed);
  EXPECT_EQ(shut.error(), "a record does not open");
  EXPECT_TRUE(shut.flight().server_hello);

  keys->fails = "no such group";
  FlightReader const unstarted = read(in_record(server_hello(TLSv1_3)), keys);
  EXPECT_EQ(unstarted.state(), State::malformed);
  EXPECT_EQ(unstarted.error(), "no such group");
}

TEST_F(HostileTls13, NothingSharesTheRecordOfTheServerHello) {
  auto const keys = std::make_shared<RecordedKeys>();
  EXPECT_EQ(read(in_record(server_hello(TLSv1_3) + extensions_), keys).state(), State::malformed);
  EXPECT_EQ(read(in_record(server_hello(TLSv1_3) + Bytes{8}), keys).state(), State::malformed);
  EXPECT_EQ(keys->starts, 0);
}

TEST_F(HostileTls13, AnyAlertButTwoEndsItWhateverItsLevel) {
  auto const sealed = [](AlertDescription description) {
    return OpenedRecord{ContentType::alert, {1, static_cast<std::uint8_t>(description)}};
  };
  EXPECT_EQ(opened({of(extensions_), sealed(AlertDescription::certificate_required)}).state(), State::alerted);
  EXPECT_EQ(opened({of(extensions_), sealed(AlertDescription::unrecognized_name)}).state(), State::alerted);
  EXPECT_EQ(opened({of(extensions_), sealed(AlertDescription::user_canceled), of(finished_)}).state(), State::complete);
  EXPECT_EQ(opened({of(extensions_), sealed(AlertDescription::close_notify)}).state(), State::more);
  EXPECT_EQ(opened({}, alert(2, AlertDescription::illegal_parameter)).state(), State::alerted);  // in clear

  // A warning that came before the hello is not taken for the end afterwards.
  auto const keys = std::make_shared<RecordedKeys>();
  keys->contents = {of(extensions_ + finished_)};
  FlightReader const reader =
      read(alert(1, AlertDescription::unrecognized_name) + in_record(server_hello(TLSv1_3)) + protected_record(), keys);
  EXPECT_EQ(reader.state(), State::complete) << reader.error();
  EXPECT_FALSE(reader.flight().fatal_alert());
}

TEST_F(HostileTls13, ASecondRetryOrAFloodOfNothingIsNotWaitedFor) {
  std::deque<OpenedRecord> const nothing(33, of({}));
  EXPECT_EQ(opened(nothing).state(), State::malformed);
  EXPECT_EQ(read(in_record(server_hello(TLSv1_3))).state(), State::complete);  // without keys
  EXPECT_EQ(read(wire_vector("tls13_retry"), std::make_shared<RecordedKeys>()).state(), State::complete);
}

}  // namespace
}  // namespace tlsgauge::wire
