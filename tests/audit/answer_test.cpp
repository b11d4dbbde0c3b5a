#include "audit/answer.hpp"

#include <gtest/gtest.h>

#include "wire/hello.hpp"
#include "wire/writer.hpp"

namespace tlsgauge::audit {
namespace {

using wire::CipherSuite;
using wire::ExtensionType;
using wire::NamedGroup;
using wire::ProtocolVersion;

constexpr CipherSuite kSuite12 = CipherSuite::TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256;
constexpr CipherSuite kSuite13 = CipherSuite::TLS_AES_128_GCM_SHA256;

wire::ClientHello hello12() { return wire::hello_for(ProtocolVersion::TLSv1_2, {kSuite12}, "example.test"); }
wire::ClientHello hello13() { return wire::hello_for(ProtocolVersion::TLSv1_3, {kSuite13}, "example.test"); }

wire::Flight picks12(ProtocolVersion version, CipherSuite suite) {
  wire::Flight flight;
  wire::ServerHello& hello = flight.server_hello.emplace();
  hello.legacy_version = version;
  hello.cipher_suite = suite;
  return flight;
}

constexpr wire::Random kRetry{0xCF, 0x21, 0xAD, 0x74, 0xE5, 0x9A, 0x61, 0x11, 0xBE, 0x1D, 0x8C, 0x02, 0x1E, 0x65, 0xB8, 0x91,
                              0xC2, 0xA2, 0x11, 0x16, 0x7A, 0xBB, 0x8C, 0x5E, 0x07, 0x9E, 0x09, 0xE2, 0xC8, 0xA8, 0x33, 0x9C};

wire::Flight picks13(ProtocolVersion version, CipherSuite suite, NamedGroup group, bool retry) {
  wire::Flight flight = picks12(ProtocolVersion::TLSv1_2, suite);
  wire::Writer versions;
  versions.code(version);
  flight.server_hello->extensions.emplace_back(ExtensionType::supported_versions, versions.take());
  wire::Writer share;
  share.code(group);
  if (!retry) share.vector16([](wire::Writer& key) { key.bytes(Bytes(32, 1)); });
  flight.server_hello->extensions.emplace_back(ExtensionType::key_share, share.take());
  if (retry) flight.server_hello->random = kRetry;
  return flight;
}

TEST(Contradiction, IsNotInAnHonestAnswer) {
  EXPECT_EQ(contradiction(hello12(), picks12(ProtocolVersion::TLSv1_2, kSuite12)), "");
  EXPECT_EQ(contradiction(hello13(), picks13(ProtocolVersion::TLSv1_3, kSuite13, NamedGroup::x25519, true)), "");
  EXPECT_EQ(contradiction(hello12(), wire::Flight{}), "");
}

TEST(Contradiction, IsNotInAnOlderVersion) {
  EXPECT_EQ(contradiction(hello12(), picks12(ProtocolVersion::TLSv1_0, kSuite12)), "");
  EXPECT_EQ(contradiction(hello12(), picks12(ProtocolVersion::SSLv3, kSuite12)), "");
}

TEST(Contradiction, IsInAVersionThatWasNotOffered) {
  EXPECT_NE(contradiction(hello12(), picks12(ProtocolVersion::TLSv1_3, kSuite12)), "");
  EXPECT_NE(contradiction(hello12(), picks12(ProtocolVersion{0x0200}, kSuite12)), "");
  EXPECT_NE(contradiction(hello12(), picks12(ProtocolVersion{0x7F1C}, kSuite12)), "");
  EXPECT_NE(contradiction(hello12(), picks13(ProtocolVersion::TLSv1_3, kSuite13, NamedGroup::x25519, true)), "");
  EXPECT_NE(contradiction(hello13(), picks13(ProtocolVersion::TLSv1_2, kSuite13, NamedGroup::x25519, true)), "");
}

TEST(Contradiction, IsInTls13WithoutItsExtension) {
  // RFC 8446 section 4.2.1: legacy_version alone never picks TLS 1.3, not even where the client wrote it there.
  EXPECT_NE(contradiction(hello13(), picks12(ProtocolVersion::TLSv1_3, kSuite13)), "");
  wire::ClientHello future = hello12();
  future.cipher_suites.push_back(kSuite13);
  future.legacy_version = ProtocolVersion::TLSv1_3;
  EXPECT_NE(contradiction(future, picks12(ProtocolVersion::TLSv1_3, kSuite13)), "");
  EXPECT_EQ(contradiction(future, picks12(ProtocolVersion::TLSv1_2, kSuite12)), "");
}

TEST(Contradiction, IsInTls12PickedByTheExtensionOfTls13) {
  wire::ClientHello both = hello12();
  constexpr ProtocolVersion kBoth[] = {ProtocolVersion::TLSv1_3, ProtocolVersion::TLSv1_2};
  wire::put(both, wire::supported_versions(kBoth));
  EXPECT_EQ(contradiction(both, picks12(ProtocolVersion::TLSv1_2, kSuite12)), "");
  EXPECT_NE(contradiction(both, picks13(ProtocolVersion::TLSv1_2, kSuite12, NamedGroup::x25519, true)), "");
}

TEST(Contradiction, IsInASuiteThatWasNotOffered) {
  std::string const why = contradiction(hello12(), picks12(ProtocolVersion::TLSv1_2, CipherSuite::TLS_RSA_WITH_RC4_128_MD5));
  EXPECT_NE(why.find("TLS_RSA_WITH_RC4_128_MD5"), std::string::npos) << why;
}

TEST(Contradiction, IsInASignallingValuePicked) {
  wire::ClientHello hello = hello12();
  hello.cipher_suites.push_back(CipherSuite::TLS_EMPTY_RENEGOTIATION_INFO_SCSV);
  EXPECT_NE(contradiction(hello, picks12(ProtocolVersion::TLSv1_2, CipherSuite::TLS_EMPTY_RENEGOTIATION_INFO_SCSV)), "");
}

TEST(Contradiction, IsInASuiteOfAnotherVersion) {
  wire::ClientHello hello = hello12();
  hello.cipher_suites.push_back(kSuite13);
  EXPECT_NE(contradiction(hello, picks12(ProtocolVersion::TLSv1_2, kSuite13)), "");
  wire::ClientHello modern = hello13();
  modern.cipher_suites.push_back(kSuite12);
  EXPECT_NE(contradiction(modern, picks13(ProtocolVersion::TLSv1_3, kSuite12, NamedGroup::x25519, true)), "");
}

TEST(Contradiction, IsInACompressionThatWasNotOffered) {
  wire::Flight flight = picks12(ProtocolVersion::TLSv1_2, kSuite12);
  flight.server_hello->legacy_compression_method = 1;
  EXPECT_NE(contradiction(hello12(), flight), "");
  wire::ClientHello hello = hello12();
  hello.legacy_compression_methods = {1, 0};
  EXPECT_EQ(contradiction(hello, flight), "");
}

TEST(Contradiction, IsInAGroupThatWasNotOffered) {
  wire::ClientHello hello = hello13();
  std::vector<NamedGroup> const only{NamedGroup::x25519};
  wire::put(hello, wire::supported_groups(only));
  EXPECT_EQ(contradiction(hello, picks13(ProtocolVersion::TLSv1_3, kSuite13, NamedGroup::x25519, true)), "");
  EXPECT_NE(contradiction(hello, picks13(ProtocolVersion::TLSv1_3, kSuite13, NamedGroup::secp256r1, true)), "");

  wire::ClientHello older = hello12();
  wire::put(older, wire::supported_groups(only));
  wire::Flight flight = picks12(ProtocolVersion::TLSv1_2, kSuite12);
  flight.server_key_exchange.emplace().group = NamedGroup::x25519;
  EXPECT_EQ(contradiction(older, flight), "");
  flight.server_key_exchange->group = NamedGroup::secp256r1;
  EXPECT_NE(contradiction(older, flight), "");
  wire::drop(older, ExtensionType::supported_groups);
  EXPECT_EQ(contradiction(older, flight), "");
}

TEST(Contradiction, IsInAShareThatDoesNotMatch) {
  wire::ClientHello hello = hello13();
  EXPECT_NE(contradiction(hello, picks13(ProtocolVersion::TLSv1_3, kSuite13, NamedGroup::x25519, false)), "");
  std::vector<wire::KeyShareEntry> shares;
  shares.emplace_back(NamedGroup::x25519, Bytes(32, 1));
  wire::put(hello, wire::key_share(shares));
  EXPECT_EQ(contradiction(hello, picks13(ProtocolVersion::TLSv1_3, kSuite13, NamedGroup::x25519, false)), "");
  EXPECT_NE(contradiction(hello, picks13(ProtocolVersion::TLSv1_3, kSuite13, NamedGroup::x25519, true)), "");
}

TEST(Contradiction, IsInASessionThatWasNotOffered) {
  wire::Flight flight = picks12(ProtocolVersion::TLSv1_2, kSuite12);
  EXPECT_EQ(contradiction(hello12(), flight), "");
  flight.abbreviated = true;
  EXPECT_NE(contradiction(hello12(), flight), "");
}

TEST(Reply, SaysWhy) {
  Reply reply;
  EXPECT_EQ(reply.why(), "not asked");
  reply.outcome = Outcome::refused;
  reply.flight.alerts.push_back({wire::AlertLevel::fatal, wire::AlertDescription::handshake_failure});
  reply.detail = "something";
  EXPECT_EQ(reply.why(), "fatal handshake_failure (40)");
  reply.detail = "fatal handshake_failure (40), twice";
  EXPECT_EQ(reply.why(), "fatal handshake_failure (40), twice");
  reply.outcome = Outcome::inconclusive;
  reply.detail = "reset";
  EXPECT_EQ(reply.why(), "reset");
}

}  // namespace
}  // namespace tlsgauge::audit
