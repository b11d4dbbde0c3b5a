// Messages of the server, one by one, with every way to break them.

#include <gtest/gtest.h>

#include "wire/extension_list.hpp"
#include "wire/handshake.hpp"
#include "wire/vectors.hpp"

namespace tlsgauge::wire {
namespace {

using enum ProtocolVersion;
using test::Exact;
using test::operator+;

template <class F>
Bytes written(F&& write) {
  Writer w;
  write(w);
  return w.take();
}

void octets16(Writer& w, Bytes const& octets) {
  w.vector16([&](Writer& v) { v.bytes(octets); });
}

Bytes signature(bool with_scheme) {
  return written([&](Writer& w) {
    if (with_scheme) w.code(SignatureScheme::rsa_pkcs1_sha256);
    octets16(w, Bytes(64, 0x5A));
  });
}

Bytes ecdh() { return Bytes{3, 0, 0x17, 4} + Bytes{4, 1, 2, 3}; }

Bytes dh(Bytes const& p = {0, 0x81, 7}) {
  return written([&](Writer& w) {
    octets16(w, p);
    octets16(w, {2});
    octets16(w, {0, 0, 9});
  });
}

Bytes hint() { return Bytes{0, 4, 'h', 'i', 'n', 't'}; }

struct Shape {
  CipherSuite suite;
  ProtocolVersion version;
  Bytes body;
};

std::vector<Shape> shapes() {
  using enum CipherSuite;
  return {
      {TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, TLSv1_2, ecdh() + signature(true)},
      {TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA, TLSv1_0, ecdh() + signature(false)},
      {TLS_ECDH_anon_WITH_AES_128_CBC_SHA, TLSv1_2, ecdh()},
      {TLS_DHE_RSA_WITH_AES_128_CBC_SHA, TLSv1_2, dh() + signature(true)},
      {TLS_DHE_DSS_WITH_AES_128_CBC_SHA, SSLv3, dh() + signature(false)},
      {TLS_DH_anon_WITH_AES_128_CBC_SHA, TLSv1_1, dh()},
      {TLS_PSK_WITH_AES_128_CBC_SHA, TLSv1_2, hint()},
      {TLS_RSA_PSK_WITH_AES_128_CBC_SHA, TLSv1_2, hint()},
      {TLS_DHE_PSK_WITH_AES_128_CBC_SHA, TLSv1_2, hint() + dh()},
      {TLS_ECDHE_PSK_WITH_AES_128_CBC_SHA, TLSv1_2, hint() + ecdh()},
      {TLS_RSA_EXPORT_WITH_RC4_40_MD5, TLSv1_0, Bytes{0, 2, 0x80, 1, 0, 1, 3} + signature(false)},
      {TLS_SRP_SHA_WITH_AES_128_CBC_SHA, TLSv1_2, Bytes{0, 1, 7, 0, 1, 2, 2, 5, 5, 0, 1, 8}},
      {TLS_SRP_SHA_RSA_WITH_AES_128_CBC_SHA, TLSv1_1, Bytes{0, 1, 7, 0, 1, 2, 2, 5, 5, 0, 1, 8} + signature(false)},
  };
}

TEST(ServerKeyExchange, EveryShapeIsReadWholeAndNoOther) {
  for (Shape const& shape : shapes()) {
    auto const parsed = ServerKeyExchange::parse(Exact{shape.body}, shape.suite, shape.version);
    ASSERT_TRUE(parsed) << name(shape.suite) << ": " << parsed.error().detail;
    for (std::size_t length = 0; length < shape.body.size(); ++length) {
      EXPECT_FALSE(ServerKeyExchange::parse(Exact{ByteView{shape.body}.first(length)}, shape.suite, shape.version))
          << name(shape.suite) << " cut at " << length;
    }
    EXPECT_FALSE(ServerKeyExchange::parse(Exact{shape.body + Bytes{0}}, shape.suite, shape.version)) << name(shape.suite);
  }
}

TEST(ServerKeyExchange, ParametersAreKeptWithoutLeadingZeros) {
  auto const finite = ServerKeyExchange::parse(dh() + signature(true), CipherSuite::TLS_DHE_RSA_WITH_AES_128_CBC_SHA, TLSv1_2);
  ASSERT_TRUE(finite);
  EXPECT_EQ(finite->dh_p, (Bytes{0x81, 7}));
  EXPECT_EQ(finite->dh_ys, Bytes{9});
  EXPECT_EQ(finite->dh_bits(), 16);
  EXPECT_EQ(finite->scheme, SignatureScheme::rsa_pkcs1_sha256);
  EXPECT_FALSE(finite->group);

  auto const curve = ServerKeyExchange::parse(ecdh(), CipherSuite::TLS_ECDH_anon_WITH_AES_128_CBC_SHA, TLSv1_2);
  ASSERT_TRUE(curve);
  EXPECT_EQ(curve->group, NamedGroup::secp256r1);
  EXPECT_EQ(curve->ec_point, (Bytes{4, 1, 2, 3}));
  EXPECT_FALSE(curve->scheme);
  EXPECT_EQ(curve->dh_bits(), 0);

  // A prime that is zero has no bits; one that is absent breaks the grammar.
  EXPECT_EQ(ServerKeyExchange::parse(dh({0, 0}), CipherSuite::TLS_DH_anon_WITH_AES_128_CBC_SHA, TLSv1_2)->dh_bits(), 0);
  EXPECT_EQ(ServerKeyExchange::parse(dh({1, 0}), CipherSuite::TLS_DH_anon_WITH_AES_128_CBC_SHA, TLSv1_2)->dh_bits(), 9);
  EXPECT_FALSE(ServerKeyExchange::parse(dh({}), CipherSuite::TLS_DH_anon_WITH_AES_128_CBC_SHA, TLSv1_2));

  // RFC 5054: a group of SRP is no Diffie-Hellman group.
  auto const srp =
      ServerKeyExchange::parse(Bytes{0, 1, 7, 0, 1, 2, 2, 5, 5, 0, 1, 8}, CipherSuite::TLS_SRP_SHA_WITH_AES_128_CBC_SHA, TLSv1_2);
  ASSERT_TRUE(srp);
  EXPECT_EQ(srp->dh_bits(), 0);
}

TEST(ServerKeyExchange, ACurveThatIsWrittenOutHasNoName) {
  Bytes const fields{1, 1, 1, 2, 1, 3, 1, 4, 1, 5};  // a, b, base, order, cofactor
  Bytes const point{2, 4, 9};
  for (Bytes const& curve : {Bytes{1, 1, 23}, Bytes{2, 0, 163, 1, 1, 7}, Bytes{2, 0, 163, 2, 1, 3, 1, 6, 1, 7}}) {
    Bytes const body = curve + fields + point + signature(true);
    auto const parsed = ServerKeyExchange::parse(Exact{body}, CipherSuite::TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA, TLSv1_2);
    ASSERT_TRUE(parsed) << hex(curve);
    EXPECT_FALSE(parsed->group);
    EXPECT_EQ(parsed->ec_point, (Bytes{4, 9}));
    EXPECT_EQ(parsed->scheme, SignatureScheme::rsa_pkcs1_sha256);
  }
  for (Bytes const& bad : {Bytes{0, 0, 0x17, 1, 4}, Bytes{4, 0, 0x17, 1, 4}, Bytes{2, 0, 163, 3, 1, 7}, Bytes{3, 0, 0x17, 0}}) {
    EXPECT_FALSE(ServerKeyExchange::parse(Exact{bad}, CipherSuite::TLS_ECDH_anon_WITH_AES_128_CBC_SHA, TLSv1_2)) << hex(bad);
  }
}

TEST(ServerKeyExchange, WhatIsNotOursIsUnsupportedNotMalformed) {
  for (CipherSuite const suite : {CipherSuite{0xDEAD}, CipherSuite{0x1A1A}, CipherSuite::TLS_KRB5_WITH_RC4_128_SHA}) {
    auto const parsed = ServerKeyExchange::parse(Bytes{1, 2, 3}, suite, TLSv1_2);
    ASSERT_FALSE(parsed);
    EXPECT_EQ(parsed.error().kind, ErrorKind::unsupported) << name(suite);
  }
}

TEST(ServerKeyExchange, NoSuiteOfTheRegistryBreaksTheReader) {
  for (CipherSuiteInfo const& suite : cipher_suites()) {
    for (Shape const& shape : shapes()) {
      for (ProtocolVersion const version : {SSLv3, TLSv1_0, TLSv1_2, TLSv1_3}) {
        auto const parsed = ServerKeyExchange::parse(Exact{shape.body}, static_cast<CipherSuite>(suite.code), version);
        EXPECT_TRUE(!parsed || parsed->dh_bits() >= 0);
      }
    }
  }
}

Bytes certificates(std::vector<Bytes> const& chain, bool tls13, Bytes const& first_extensions = {0, 0}) {
  return written([&](Writer& w) {
    if (tls13) w.u8(0);
    w.vector24([&](Writer& list) {
      for (std::size_t i = 0; i < chain.size(); ++i) {
        list.vector24([&](Writer& one) { one.bytes(chain[i]); });
        if (tls13) list.bytes(i == 0 ? first_extensions : Bytes{0, 0});
      }
    });
  });
}

TEST(CertificateMessage, BothShapesAreReadAndNoTruncationIs) {
  for (ProtocolVersion const version : {SSLv3, TLSv1_2, TLSv1_3}) {
    Bytes const body = certificates({{1, 2, 3}, {4}}, version == TLSv1_3);
    auto const parsed = CertificateMessage::parse(Exact{body}, version);
    ASSERT_TRUE(parsed);
    EXPECT_EQ(parsed->certificates, (std::vector<Bytes>{{1, 2, 3}, {4}}));
    for (std::size_t length = 0; length < body.size(); ++length) {
      EXPECT_FALSE(CertificateMessage::parse(Exact{ByteView{body}.first(length)}, version)) << length;
    }
    EXPECT_FALSE(CertificateMessage::parse(Exact{body + Bytes{0}}, version));
    EXPECT_TRUE(CertificateMessage::parse(certificates({}, version == TLSv1_3), version)->certificates.empty());
    EXPECT_FALSE(CertificateMessage::parse(certificates({{}}, version == TLSv1_3), version)) << "an empty certificate";
  }
}

TEST(CertificateMessage, AtMostSixtyFourCertificates) {
  for (ProtocolVersion const version : {TLSv1_2, TLSv1_3}) {
    EXPECT_EQ(CertificateMessage::parse(certificates(std::vector<Bytes>(64, Bytes{1}), version == TLSv1_3), version)->certificates.size(),
              64U);
    EXPECT_FALSE(CertificateMessage::parse(certificates(std::vector<Bytes>(65, Bytes{1}), version == TLSv1_3), version));
  }
}

TEST(CertificateMessage, ARawPublicKeyIsNoListOfCertificates) {
  // RFC 7250: up to TLS 1.2 the message is one SubjectPublicKeyInfo, without a list around it.
  Bytes const key = written([](Writer& w) { w.vector24([](Writer& v) { v.bytes(Bytes(91, 0x30)); }); });
  EXPECT_FALSE(CertificateMessage::parse(Exact{key}, TLSv1_2));
}

TEST(CertificateMessage, AStapleThatCannotBeReadDoesNotCostTheChain) {
  auto const with = [](Bytes const& status) {
    return written([&](Writer& w) { write_extensions(w, {{ExtensionType::status_request, status}}); });
  };
  auto const good = CertificateMessage::parse(certificates({{1}, {2}}, true, with({1, 0, 0, 2, 0x30, 0})), TLSv1_3);
  ASSERT_TRUE(good);
  EXPECT_EQ(good->ocsp_response, (Bytes{0x30, 0}));
  EXPECT_TRUE(good->ocsp_of_issuers.empty());
  for (Bytes const& status : {Bytes{}, Bytes{1}, Bytes{1, 0, 0, 9, 0}, Bytes{7, 0, 0, 0}}) {
    auto const parsed = CertificateMessage::parse(certificates({{1}, {2}}, true, with(status)), TLSv1_3);
    ASSERT_TRUE(parsed) << hex(status);
    EXPECT_EQ(parsed->certificates.size(), 2U);
    EXPECT_TRUE(parsed->ocsp_response.empty());
    EXPECT_TRUE(parsed->ocsp_of_issuers.empty());
  }
}

TEST(CertificateMessage, EachCertificateOfTls13HasItsStaple) {
  Bytes const staple = written([](Writer& w) { write_extensions(w, {{ExtensionType::status_request, {1, 0, 0, 2, 0x30, 0}}}); });
  Bytes const body = written([&](Writer& w) {
    w.u8(0);
    w.vector24([&](Writer& list) {
      for (bool const stapled : {false, false, true, false}) {
        list.vector24([](Writer& one) { one.bytes(Bytes{1}); });
        list.bytes(stapled ? staple : Bytes{0, 0});
      }
    });
  });
  auto const parsed = CertificateMessage::parse(Exact{body}, TLSv1_3);
  ASSERT_TRUE(parsed);
  EXPECT_TRUE(parsed->ocsp_response.empty());
  EXPECT_EQ(parsed->ocsp_of_issuers, (std::vector<Bytes>{{}, {0x30, 0}}));
}

TEST(CertificateStatus, OneResponseOrTheFirstOfMany) {
  EXPECT_EQ(*parse_certificate_status(Exact{Bytes{1, 0, 0, 3, 7, 8, 9}}), (Bytes{7, 8, 9}));
  EXPECT_EQ(*parse_certificate_status(Exact{Bytes{2, 0, 0, 9, 0, 0, 1, 7, 0, 0, 2, 8, 9}}), Bytes{7});
  EXPECT_EQ(*parse_certificate_statuses(Exact{Bytes{2, 0, 0, 12, 0, 0, 1, 7, 0, 0, 0, 0, 0, 2, 8, 9}}),
            (std::vector<Bytes>{{7}, {}, {8, 9}}));
  EXPECT_EQ(parse_certificate_status(Exact{Bytes{9, 0, 0, 0}}).error().kind, ErrorKind::unsupported);
  for (Bytes const& bad : {Bytes{}, Bytes{1}, Bytes{1, 0, 0, 2, 7}, Bytes{1, 0, 0, 1, 7, 0}, Bytes{2, 0, 0, 3, 0, 0, 1}}) {
    auto const parsed = parse_certificate_status(Exact{bad});
    ASSERT_FALSE(parsed) << hex(bad);
    EXPECT_EQ(parsed.error().kind, ErrorKind::malformed) << hex(bad);
  }
}

TEST(CertificateRequest, EachVersionHasAShapeOfItsOwn) {
  Bytes const names{0, 4, 0, 2, 0x30, 0};
  Bytes const schemes{0, 4, 4, 1, 8, 4};
  auto const old = CertificateRequest::parse(Exact{Bytes{2, 1, 64} + names}, TLSv1_0);
  ASSERT_TRUE(old);
  EXPECT_EQ(old->certificate_types, (Bytes{1, 64}));
  EXPECT_TRUE(old->signature_algorithms.empty());
  EXPECT_EQ(old->certificate_authorities, std::vector<Bytes>{(Bytes{0x30, 0})});

  auto const middle = CertificateRequest::parse(Exact{Bytes{1, 1} + schemes + names}, TLSv1_2);
  ASSERT_TRUE(middle);
  EXPECT_EQ(middle->signature_algorithms,
            (std::vector<SignatureScheme>{SignatureScheme::rsa_pkcs1_sha256, SignatureScheme::rsa_pss_rsae_sha256}));

  Bytes const now =
      Bytes{0} + written([&](Writer& w) {
        write_extensions(w, {{ExtensionType::signature_algorithms, schemes}, {ExtensionType::certificate_authorities, names}});
      });
  auto const newest = CertificateRequest::parse(Exact{now}, TLSv1_3);
  ASSERT_TRUE(newest);
  EXPECT_EQ(newest->signature_algorithms, middle->signature_algorithms);
  EXPECT_EQ(newest->certificate_authorities, old->certificate_authorities);
  for (std::size_t length = 0; length < now.size(); ++length) {
    EXPECT_FALSE(CertificateRequest::parse(Exact{ByteView{now}.first(length)}, TLSv1_3)) << length;
  }
  EXPECT_FALSE(CertificateRequest::parse(Exact{Bytes{1, 1} + names}, TLSv1_2));
  EXPECT_FALSE(CertificateRequest::parse(Bytes{0} + written([](Writer& w) {
                                           write_extensions(w, {{ExtensionType::signature_algorithms, {0, 3, 1, 2, 3}}});
                                         }),
                                         TLSv1_3));
}

TEST(ServerHello, ExtensionsAreBoundedAndOptional) {
  auto const hello = [](std::optional<std::size_t> extensions, std::size_t id = 0) {
    return written([&](Writer& w) {
      w.code(TLSv1_2);
      w.bytes(Bytes(32, 7));
      w.vector8([&](Writer& v) { v.bytes(Bytes(id, 1)); });
      w.u16(0xC02F);
      w.u8(0);
      if (extensions) write_extensions(w, std::vector<Extension>(*extensions, renegotiation_info()));
    });
  };
  EXPECT_TRUE(ServerHello::parse(Exact{hello(std::nullopt)}));
  EXPECT_TRUE(ServerHello::parse(Exact{hello(0)}));
  EXPECT_EQ(ServerHello::parse(Exact{hello(kMaxExtensions)})->extensions.size(), kMaxExtensions);
  EXPECT_FALSE(ServerHello::parse(Exact{hello(kMaxExtensions + 1)}));
  EXPECT_TRUE(ServerHello::parse(Exact{hello(1, 32)}));
  EXPECT_FALSE(ServerHello::parse(Exact{hello(1, 33)}));
}

TEST(ServerHello, ExtensionsOfNonsenseNameNothing) {
  ServerHello hello;
  hello.legacy_version = TLSv1_2;
  hello.extensions = {{ExtensionType::supported_versions, {3}}, {ExtensionType::key_share, {0}}};
  EXPECT_EQ(hello.version(), TLSv1_2);
  EXPECT_EQ(hello.key_share_group(), std::nullopt);
  EXPECT_TRUE(hello.key_share().empty());
  hello.extensions = {{ExtensionType::supported_versions, {3, 4, 0}}, {ExtensionType::key_share, {0, 29, 0, 9, 1}}};
  EXPECT_EQ(hello.version(), TLSv1_2);
  EXPECT_EQ(hello.key_share_group(), NamedGroup::x25519);
  EXPECT_TRUE(hello.key_share().empty());
  EXPECT_FALSE(hello.downgrade_sentinel());
}

}  // namespace
}  // namespace tlsgauge::wire
