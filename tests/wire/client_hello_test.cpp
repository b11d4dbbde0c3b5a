#include <gtest/gtest.h>

#include "wire/handshake.hpp"
#include "wire/record.hpp"
#include "wire/vectors.hpp"

namespace tlsgauge::wire {
namespace {

using test::Exact;
using test::wire_vector;
using test::wire_vectors;

/// The handshake message inside the one record of a vector.
Bytes message_of(std::string const& name) {
  Bytes const stream = wire_vector(name);
  return {stream.begin() + 5, stream.end()};
}

TEST(ClientHello, HellosOfRealClientsAreReadAndWrittenBackOctetByOctet) {
  for (std::string const& name : wire_vectors("client_")) {
    Exact const message{message_of(name)};
    auto const hello = ClientHello::parse(message);
    ASSERT_TRUE(hello) << name << ": " << hello.error().detail;
    EXPECT_EQ(hello->encode(), message_of(name)) << name;
    EXPECT_EQ(hello->legacy_version, ProtocolVersion::TLSv1_2) << name;
    EXPECT_EQ(hello->encode_in_records(), wire_vector(name)) << name;
  }
}

TEST(ClientHello, FieldsOfRfc8448) {
  auto const hello = ClientHello::parse(message_of("client_rfc8448"));
  ASSERT_TRUE(hello);
  EXPECT_EQ(hex(hello->random), "cb34ecb1e78163ba1c38c6dacb196a6dffa21a8d9912ec18a2ef6283024dece7");
  EXPECT_TRUE(hello->legacy_session_id.empty());
  EXPECT_EQ(hello->cipher_suites, (std::vector<CipherSuite>{CipherSuite::TLS_AES_128_GCM_SHA256, CipherSuite::TLS_CHACHA20_POLY1305_SHA256,
                                                            CipherSuite::TLS_AES_256_GCM_SHA384}));
  EXPECT_EQ(hello->legacy_compression_methods, Bytes{0});
  EXPECT_EQ(hello->extensions.size(), 9U);
  Extension const* const share = find(hello->extensions, ExtensionType::key_share);
  ASSERT_NE(share, nullptr);
  EXPECT_EQ(hex(share->data), "0024001d002099381de560e4bd43d23d8e435a7dbafeb3c06e51c13cae4d5413691e529aaf2c");
  EXPECT_EQ(find(hello->extensions, ExtensionType::cookie), nullptr);
}

TEST(ClientHello, EveryTruncationIsMalformed) {
  for (std::string const& name : wire_vectors("client_")) {
    Bytes const message = message_of(name);
    for (std::size_t length = 0; length < message.size(); ++length) {
      auto const hello = ClientHello::parse(Exact{ByteView{message}.first(length)});
      ASSERT_FALSE(hello) << name << " cut at " << length;
      EXPECT_EQ(hello.error().kind, ErrorKind::malformed);
    }
    Bytes longer = message;
    longer.push_back(0);
    EXPECT_FALSE(ClientHello::parse(Exact{longer})) << name;
  }
}

TEST(ClientHello, WhatBreaksTheGrammarIsMalformed) {
  ClientHello hello;
  hello.cipher_suites = {CipherSuite::TLS_RSA_WITH_AES_128_CBC_SHA};
  Bytes const plain = hello.encode();
  ASSERT_TRUE(ClientHello::parse(plain));

  auto const broken = [&](std::size_t at, std::uint8_t value) {
    Bytes message = plain;
    message.at(at) = value;
    return ClientHello::parse(Exact{message}).has_value();
  };
  EXPECT_FALSE(broken(0, 2));   // another message
  EXPECT_FALSE(broken(3, 1));   // its length
  EXPECT_FALSE(broken(38, 1));  // length of legacy_session_id
  EXPECT_FALSE(broken(40, 1));  // length of cipher_suites: odd
  EXPECT_FALSE(broken(43, 0));  // no compression method

  hello.legacy_session_id = Bytes(33, 1);
  EXPECT_FALSE(ClientHello::parse(Exact{hello.encode()}));
  hello.legacy_session_id = Bytes(32, 1);
  EXPECT_TRUE(ClientHello::parse(Exact{hello.encode()}));
  hello.extensions.assign(2000, renegotiation_info());
  EXPECT_FALSE(ClientHello::parse(Exact{hello.encode()}));
}

TEST(ClientHello, WithoutExtensionsItEndsAfterTheCompressionMethods) {
  ClientHello hello;
  hello.legacy_version = ProtocolVersion::SSLv3;
  hello.cipher_suites = {CipherSuite::TLS_RSA_WITH_RC4_128_MD5};
  EXPECT_EQ(hello.encode().size(), 4U + 2 + 32 + 1 + 2 + 2 + 2);
  EXPECT_EQ(ClientHello::parse(hello.encode())->encode(), hello.encode());
}

}  // namespace
}  // namespace tlsgauge::wire
