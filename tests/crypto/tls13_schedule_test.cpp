#include "crypto/tls13_schedule.hpp"

#include <gtest/gtest.h>

#include "crypto/vectors.hpp"

namespace tlsgauge::crypto {
namespace {

class Rfc8448Section3 : public testing::Test {
 protected:
  [[nodiscard]] Bytes const& operator[](std::string const& name) const { return vectors_.at(name); }
  [[nodiscard]] wire::ServerHello server_hello() const {
    return wire::ServerHello::parse(ByteView{vectors_.at("server_hello")}.subspan(4)).value();
  }

  std::map<std::string, Bytes> const vectors_ = test::named_vectors("rfc8448_section3.hex");
  Tls13Suite const& suite_ = *find_tls13_suite(wire::CipherSuite::TLS_AES_128_GCM_SHA256);
};

TEST_F(Rfc8448Section3, HasTheSecretsOfTheTrace) {
  Bytes const zeros(32);
  EXPECT_EQ(hkdf_extract(suite_, zeros, zeros), (*this)["early_secret"]);
  Bytes const transcript = transcript_hash(suite_, (*this)["client_hello"], (*this)["server_hello"]);
  EXPECT_EQ(transcript, (*this)["transcript_hash"]);
  Bytes const secret = server_handshake_traffic_secret(suite_, (*this)["shared_secret"], transcript);
  EXPECT_EQ(secret, (*this)["server_handshake_traffic_secret"]);
  RecordOpener const opener{suite_, secret};
  EXPECT_EQ(opener.key(), (*this)["server_handshake_key"]);
  EXPECT_EQ(opener.iv(), (*this)["server_handshake_iv"]);
}

TEST_F(Rfc8448Section3, OpensTheFlightWithTheClientsPrivateKey) {
  OfferedShare const share = x25519_share((*this)["client_private_key"]).value();
  ASSERT_TRUE(share.keys->start((*this)["client_hello"], (*this)["server_hello"], server_hello()));
  Result<wire::OpenedRecord> const opened = share.keys->open((*this)["server_record"]);
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->type, wire::ContentType::handshake);
  EXPECT_EQ(opened->content, (*this)["server_flight"]);
}

TEST_F(Rfc8448Section3, IsReadToItsFinished) {
  OfferedShare const share = x25519_share((*this)["client_private_key"]).value();
  wire::FlightReader reader{(*this)["client_hello"], share.keys};
  reader.feed(wire::encode_records(wire::ContentType::handshake, wire::ProtocolVersion::TLSv1_2, (*this)["server_hello"]));
  ASSERT_EQ(reader.feed((*this)["server_record"]), wire::FlightReader::State::complete) << reader.error();
  EXPECT_EQ(reader.flight().certificates.size(), 1U);
  EXPECT_TRUE(reader.flight().finished);
  EXPECT_EQ(reader.flight().certificate_verify_scheme, wire::SignatureScheme::rsa_pss_rsae_sha256);
}

TEST_F(Rfc8448Section3, RefusesRecordsThatWereTouched) {
  Bytes const& whole = (*this)["server_record"];
  for (std::size_t at : {std::size_t{0}, std::size_t{1}, std::size_t{3}, std::size_t{5}, whole.size() / 2, whole.size() - 1}) {
    RecordOpener opener{suite_, (*this)["server_handshake_traffic_secret"]};
    Bytes touched = whole;
    touched[at] ^= 1U;
    Result<wire::OpenedRecord> const opened = opener.open(touched);
    ASSERT_FALSE(opened) << at;
    EXPECT_EQ(opened.error().kind, ErrorKind::malformed);
    EXPECT_TRUE(opener.open(whole)) << "a refused record does not count";
    EXPECT_FALSE(opener.open(whole)) << "each record has a number of its own";
  }
}

TEST_F(Rfc8448Section3, RefusesRecordsOfImpossibleLength) {
  RecordOpener opener{suite_, (*this)["server_handshake_traffic_secret"]};
  for (std::size_t const size : {std::size_t{0}, std::size_t{1}, std::size_t{16}, std::size_t{16384 + 257}}) {
    Bytes record{23, 3, 3, static_cast<std::uint8_t>(size >> 8U), static_cast<std::uint8_t>(size)};
    record.resize(5 + size);
    EXPECT_FALSE(opener.open(record)) << size;
  }
  for (std::size_t size = 0; size < 60; ++size) EXPECT_FALSE(opener.open(ByteView{(*this)["server_record"]}.first(size)));
}

TEST_F(Rfc8448Section3, RefusesAnotherGroup) {
  OfferedShare const share = offer_share(wire::NamedGroup::secp256r1).value();
  Result<void> const started = share.keys->start((*this)["client_hello"], (*this)["server_hello"], server_hello());
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().kind, ErrorKind::malformed);
  EXPECT_FALSE(share.keys->open((*this)["server_record"]));
}

TEST_F(Rfc8448Section3, RefusesSuitesItCannotOpen) {
  OfferedShare const share = x25519_share((*this)["client_private_key"]).value();
  wire::ServerHello hello = server_hello();
  hello.cipher_suite = wire::CipherSuite::TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256;
  Result<void> const started = share.keys->start((*this)["client_hello"], (*this)["server_hello"], hello);
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().kind, ErrorKind::unsupported);
}

// RFC 7748 section 6.1: the all-zero secret of a point of small order must be refused.
TEST_F(Rfc8448Section3, RefusesSharesThatAreNoKeys) {
  for (std::size_t const size : {std::size_t{0}, std::size_t{31}, std::size_t{32}, std::size_t{33}, std::size_t{60'000}}) {
    OfferedShare const share = x25519_share((*this)["client_private_key"]).value();
    wire::ServerHello hello = server_hello();
    Bytes entry{0x00, 0x1D, static_cast<std::uint8_t>(size >> 8U), static_cast<std::uint8_t>(size)};
    entry.resize(4 + size);
    for (wire::Extension& one : hello.extensions) {
      if (one.type == wire::ExtensionType::key_share) one.data = entry;
    }
    Result<void> const started = share.keys->start((*this)["client_hello"], (*this)["server_hello"], hello);
    ASSERT_FALSE(started) << size;
    EXPECT_EQ(started.error().kind, ErrorKind::malformed);
  }
}

TEST(HkdfExpandLabel, CountsItsRounds) {
  Tls13Suite const& suite = *find_tls13_suite(wire::CipherSuite::TLS_AES_256_GCM_SHA384);
  Bytes const secret(48, 7);
  Bytes const two = hkdf_expand_label(suite, secret, "test", {}, 96);
  ASSERT_EQ(two.size(), 96U);
  EXPECT_NE(Bytes(two.begin(), two.begin() + 48), Bytes(two.begin() + 48, two.end()));
}

}  // namespace
}  // namespace tlsgauge::crypto
