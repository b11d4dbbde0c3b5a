#include "wire/ssl2.hpp"

#include <gtest/gtest.h>

#include "wire/flight.hpp"
#include "wire/vectors.hpp"
#include "wire/writer.hpp"

namespace tlsgauge::wire {
namespace {

using test::Exact;
using test::operator+;
using State = FlightReader::State;

Bytes server_hello(std::uint16_t version = 2, Bytes const& certificate = {0x30, 0x03, 0x02, 0x01, 0x05}) {
  Writer w;
  w.u8(4);
  w.u8(0);  // SESSION-ID-HIT
  w.u8(1);  // X.509
  w.u16(version);
  w.u16(static_cast<std::uint16_t>(certificate.size()));
  w.u16(6);
  w.u16(16);
  w.bytes(certificate);
  w.u24(0x010080);
  w.u24(0x0700C0);
  w.bytes(Bytes(16, 0xAB));
  return w.take();
}

/// A header of two octets, or of three with so much padding.
Bytes record(Bytes const& body, std::optional<std::uint8_t> padding = std::nullopt) {
  Writer w;
  std::size_t const length = body.size() + padding.value_or(0);
  if (padding) {
    w.u16(static_cast<std::uint16_t>(length));
    w.u8(*padding);
  } else {
    w.u16(static_cast<std::uint16_t>(0x8000U | length));
  }
  w.bytes(body);
  w.bytes(Bytes(padding.value_or(0), 0xEE));
  return w.take();
}

State read(ByteView stream, FlightReader* keep = nullptr) {
  FlightReader reader{{}, nullptr, true};
  State const state = reader.feed(Exact{stream});
  FlightReader bytewise{{}, nullptr, true};
  for (std::uint8_t const octet : stream) bytewise.feed(Bytes{octet});
  EXPECT_EQ(bytewise.state(), state);
  if (keep) *keep = std::move(reader);
  return state;
}

TEST(Ssl2, TheClientHelloIsTheOneOfTheDraft) {
  Ssl2ClientHello hello;
  hello.cipher_specs = {Ssl2CipherKind::SSL_CK_RC4_128_WITH_MD5, Ssl2CipherKind::SSL_CK_DES_192_EDE3_CBC_WITH_MD5};
  hello.challenge = Bytes(16, 0x11);
  EXPECT_EQ(hex(hello.encode()),
            "801f010002000600000010"
            "0100800700c0"
            "11111111111111111111111111111111");
}

TEST(Ssl2, AServerHelloIsReadBehindEitherHeader) {
  for (Bytes const& stream : {record(server_hello()), record(server_hello(), 0), record(server_hello(), 7)}) {
    FlightReader reader;
    ASSERT_EQ(read(stream, &reader), State::complete) << hex(stream);
    ASSERT_TRUE(reader.flight().ssl2);
    EXPECT_EQ(reader.flight().ssl2->version, ProtocolVersion::SSLv2);
    EXPECT_EQ(hex(reader.flight().ssl2->certificate), "3003020105");
    EXPECT_EQ(reader.flight().ssl2->cipher_specs,
              (std::vector<Ssl2CipherKind>{Ssl2CipherKind::SSL_CK_RC4_128_WITH_MD5, Ssl2CipherKind::SSL_CK_DES_192_EDE3_CBC_WITH_MD5}));
    EXPECT_EQ(reader.flight().ssl2->connection_id, Bytes(16, 0xAB));
    EXPECT_TRUE(reader.flight().answered());
  }
}

TEST(Ssl2, NoTruncationIsAnAnswer) {
  for (Bytes const& stream : {record(server_hello()), record(server_hello(), 7)}) {
    for (std::size_t length = 0; length < stream.size(); ++length) EXPECT_EQ(read(ByteView{stream}.first(length)), State::more);
  }
  Bytes const body = server_hello();
  for (std::size_t length = 0; length < body.size(); ++length) {
    EXPECT_FALSE(Ssl2ServerHello::parse(Exact{ByteView{body}.first(length)})) << length;
    EXPECT_NE(read(record(Bytes(body.begin(), body.begin() + static_cast<std::ptrdiff_t>(length)))), State::complete);
  }
  EXPECT_FALSE(Ssl2ServerHello::parse(Exact{body + Bytes{0}}));
}

TEST(Ssl2, AnotherVersionIsNoSsl2) {
  for (std::uint16_t const version : std::initializer_list<std::uint16_t>{0x0000, 0x0001, 0x0300, 0x0301, 0x0200}) {
    FlightReader reader;
    EXPECT_EQ(read(record(server_hello(version)), &reader), State::malformed) << version;
    EXPECT_FALSE(reader.flight().answered());
  }
}

TEST(Ssl2, AnErrorIsARefusalByName) {
  FlightReader reader;
  EXPECT_EQ(read(Bytes{0x80, 3, 0, 0, 1}, &reader), State::alerted);
  EXPECT_EQ(reader.error(), "SSLv2 ERROR NO-CIPHER-ERROR (1)");
  EXPECT_EQ(read(Bytes{0x00, 5, 2, 0, 0, 6, 0xEE, 0xEE}, &reader), State::alerted);
  EXPECT_EQ(reader.error(), "SSLv2 ERROR UNSUPPORTED-CERTIFICATE-TYPE-ERROR (6)");
}

TEST(Ssl2, AnAlertOfTlsIsARefusalToo) {
  FlightReader reader;
  EXPECT_EQ(read(test::wire_vector("alert_openssl_ssl2"), &reader), State::alerted);
  EXPECT_EQ(reader.flight().fatal_alert()->level, AlertLevel::fatal);
  EXPECT_EQ(read(Bytes{21, 3, 0, 0, 2, 1, 0}, &reader), State::alerted);  // close_notify
}

TEST(Ssl2, ATlsHandshakeIsNoAnswerToAnSsl2Hello) {
  FlightReader reader;
  Bytes const warning{21, 3, 3, 0, 2, 1, 112};
  EXPECT_EQ(read(test::wire_vector("tls12_rsa"), &reader), State::not_tls);
  EXPECT_EQ(read(warning + test::wire_vector("tls12_rsa"), &reader), State::malformed);
  EXPECT_FALSE(reader.flight().answered());
}

TEST(Ssl2, OtherProtocolsAreNotWaitedFor) {
  FlightReader reader;
  for (std::string_view const text :
       {"HTTP/1.1 400 Bad Request\r\n\r\n", "SSH-2.0-OpenSSH_9.2\r\n", "220 mail ESMTP\r\n", "* OK IMAP\r\n", "<html>", "+OK POP3\r\n"}) {
    EXPECT_EQ(read(view(text), &reader), State::not_tls) << text;
  }
  EXPECT_EQ(read(view("HTTP/1.1 400 Bad Request\r\nServer: x\r\n"), &reader), State::not_tls);
  EXPECT_NE(reader.error().find("\"HTTP/1.1 400 Bad Request\""), std::string::npos) << reader.error();
  EXPECT_EQ(read(Bytes{0x4A, 0, 0, 0, 0x0A, '5', '.', '7'}), State::not_tls);  // the greeting of MySQL
  EXPECT_EQ(read(Bytes{0x3A, 0, 0, 0, 0x0A, '5', '.', '7'}), State::not_tls);  // a shorter one
  EXPECT_EQ(read(Bytes{0x80, 2, 0, 0}), State::not_tls);                       // no message is so short
  EXPECT_EQ(read(Bytes{0x80, 0x20, 1, 0, 2}), State::not_tls);                 // a CLIENT-HELLO
  EXPECT_EQ(read(Bytes{0x00, 0x02, 0x03, 0}), State::not_tls);                 // more padding than record
}

TEST(Ssl2, AnSsl2ErrorInAnswerToATlsHelloIsARefusal) {
  FlightReader reader;
  for (std::uint8_t const octet : Bytes{0x80, 3, 0, 0}) EXPECT_EQ(reader.feed(Bytes{octet}), State::more);
  EXPECT_EQ(reader.feed(Bytes{1}), State::alerted);
  FlightReader other;
  EXPECT_EQ(other.feed(Bytes{0x80, 3, 4}), State::not_tls);
}

}  // namespace
}  // namespace tlsgauge::wire
