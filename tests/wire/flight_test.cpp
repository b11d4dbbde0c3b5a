// Flights of real servers, and of the RFCs.

#include "wire/flight.hpp"

#include <gtest/gtest.h>

#include <ostream>

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

FlightReader read(Bytes const& stream) {
  FlightReader reader;
  reader.feed(Exact{stream});
  return reader;
}

struct Expected {
  std::string vector;
  ProtocolVersion version;
  CipherSuite suite;
  std::size_t certificates = 1;
  std::optional<NamedGroup> group = std::nullopt;
  int dh_bits = 0;
  std::optional<SignatureScheme> scheme = std::nullopt;
};

void PrintTo(Expected const& expected, std::ostream* out) { *out << expected.vector; }

class ServersFlight : public testing::TestWithParam<Expected> {};

TEST_P(ServersFlight, SaysWhatTheServerChose) {
  Expected const& expected = GetParam();
  FlightReader const reader = read(wire_vector(expected.vector));
  ASSERT_EQ(reader.state(), State::complete) << reader.error();
  Flight const& flight = reader.flight();
  EXPECT_EQ(flight.server_hello->version(), expected.version);
  EXPECT_EQ(flight.server_hello->cipher_suite, expected.suite) << name(flight.server_hello->cipher_suite);
  EXPECT_EQ(flight.certificates.size(), expected.certificates);
  EXPECT_EQ(flight.server_hello_done, expected.version < TLSv1_3);
  EXPECT_TRUE(flight.faults.empty()) << flight.faults.front();
  EXPECT_FALSE(flight.fatal_alert());
  for (Bytes const& certificate : flight.certificates) {
    ASSERT_GT(certificate.size(), 100U);
    EXPECT_EQ(certificate[0], 0x30);  // a DER SEQUENCE
  }
  bool const exchanges = expected.group || expected.dh_bits > 0;
  if (!exchanges) return;
  ASSERT_TRUE(flight.server_key_exchange);
  EXPECT_EQ(flight.server_key_exchange->group, expected.group);
  EXPECT_EQ(flight.server_key_exchange->dh_bits(), expected.dh_bits);
  EXPECT_EQ(flight.server_key_exchange->scheme, expected.scheme);
  if (expected.group) {
    EXPECT_EQ(flight.server_key_exchange->ec_point.size(), static_cast<std::size_t>(find(*expected.group)->server_share_octets));
  }
}

// Suites, curves and lengths of primes were read off the octets of the vectors by hand.
INSTANTIATE_TEST_SUITE_P(
    , ServersFlight,
    testing::Values(Expected{"tls12_ecdhe_rsa", TLSv1_2, CipherSuite::TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, 1, NamedGroup::x25519, 0,
                             SignatureScheme::rsa_pss_rsae_sha256},
                    Expected{"tls12_ecdhe_ecdsa", TLSv1_2, CipherSuite::TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, 1, NamedGroup::x25519, 0,
                             SignatureScheme::ecdsa_secp256r1_sha256},
                    Expected{"tls12_dhe_rsa", TLSv1_2, CipherSuite::TLS_DHE_RSA_WITH_AES_128_GCM_SHA256, 1, std::nullopt, 1024,
                             SignatureScheme::rsa_pss_rsae_sha256},
                    Expected{"tls12_dhe_dss", TLSv1_2, CipherSuite::TLS_DHE_DSS_WITH_AES_128_GCM_SHA256, 1, std::nullopt, 1024,
                             SignatureScheme::dsa_sha256},
                    Expected{"tls12_rsa", TLSv1_2, CipherSuite::TLS_RSA_WITH_AES_128_GCM_SHA256},
                    Expected{"tls12_dh_anon", TLSv1_2, CipherSuite::TLS_DH_anon_WITH_AES_128_GCM_SHA256, 0, std::nullopt, 1024},
                    Expected{"tls12_ecdh_anon", TLSv1_2, CipherSuite::TLS_ECDH_anon_WITH_AES_128_CBC_SHA, 0, NamedGroup::x25519},
                    Expected{"tls12_psk", TLSv1_2, CipherSuite::TLS_PSK_WITH_AES_128_GCM_SHA256, 0},
                    Expected{"tls12_dhe_psk", TLSv1_2, CipherSuite::TLS_DHE_PSK_WITH_AES_128_GCM_SHA256, 0, std::nullopt, 1024},
                    Expected{"tls12_ecdhe_psk", TLSv1_2, CipherSuite::TLS_ECDHE_PSK_WITH_AES_128_CBC_SHA, 0, NamedGroup::x25519},
                    Expected{"tls12_rsa_psk", TLSv1_2, CipherSuite::TLS_RSA_PSK_WITH_AES_128_GCM_SHA256},
                    Expected{"tls12_srp_rsa", TLSv1_2, CipherSuite::TLS_SRP_SHA_RSA_WITH_AES_128_CBC_SHA},
                    Expected{"tls12_client_certificate", TLSv1_2, CipherSuite::TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, 2, NamedGroup::x25519,
                             0, SignatureScheme::rsa_pss_rsae_sha256},
                    Expected{"tls12_staple", TLSv1_2, CipherSuite::TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, 1, NamedGroup::x25519, 0,
                             SignatureScheme::rsa_pss_rsae_sha256},
                    Expected{"tls12_fragmented", TLSv1_2, CipherSuite::TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, 1, NamedGroup::x25519, 0,
                             SignatureScheme::rsa_pss_rsae_sha256},
                    Expected{"tls12_warning", TLSv1_2, CipherSuite::TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, 1, NamedGroup::x25519, 0,
                             SignatureScheme::rsa_pss_rsae_sha256},
                    Expected{"tls12_gnutls", TLSv1_2, CipherSuite::TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, 1, NamedGroup::x25519, 0,
                             SignatureScheme::rsa_pss_rsae_sha256},
                    Expected{"tls11_gnutls_dhe", TLSv1_1, CipherSuite::TLS_DHE_RSA_WITH_AES_128_CBC_SHA, 1, std::nullopt, 2048},
                    Expected{"tls10_gnutls_ecdhe", TLSv1_0, CipherSuite::TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA, 1, NamedGroup::x25519},
                    Expected{"tls12_nss", TLSv1_2, CipherSuite::TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, 1, NamedGroup::x25519, 0,
                             SignatureScheme::rsa_pss_rsae_sha256},
                    Expected{"tls12_java", TLSv1_2, CipherSuite::TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384, 1, NamedGroup::x25519, 0,
                             SignatureScheme::rsa_pss_rsae_sha256},
                    Expected{"ssl3_java_rsa", SSLv3, CipherSuite::TLS_RSA_WITH_AES_128_CBC_SHA},
                    Expected{"ssl3_java_dhe", SSLv3, CipherSuite::TLS_DHE_RSA_WITH_AES_128_CBC_SHA, 1, std::nullopt, 768},
                    Expected{"tls10_java_rsa_export", TLSv1_0, CipherSuite::TLS_RSA_EXPORT_WITH_RC4_40_MD5},
                    Expected{"tls10_java_dh_anon_export", TLSv1_0, CipherSuite::TLS_DH_anon_EXPORT_WITH_RC4_40_MD5, 0, std::nullopt, 768},
                    Expected{"tls13_retry", TLSv1_3, CipherSuite::TLS_AES_128_GCM_SHA256, 0},
                    Expected{"tls13_openssl", TLSv1_3, CipherSuite::TLS_AES_128_GCM_SHA256, 0},
                    Expected{"tls13_gnutls", TLSv1_3, CipherSuite::TLS_AES_128_GCM_SHA256, 0},
                    Expected{"tls13_nss", TLSv1_3, CipherSuite::TLS_AES_128_GCM_SHA256, 0},
                    Expected{"tls13_java", TLSv1_3, CipherSuite::TLS_AES_128_GCM_SHA256, 0},
                    Expected{"tls13_rfc8448", TLSv1_3, CipherSuite::TLS_AES_128_GCM_SHA256, 0},
                    Expected{"tls13_rfc8448_retry", TLSv1_3, CipherSuite::TLS_AES_128_GCM_SHA256, 0}),
    [](auto const& test) { return test.param.vector; });

TEST(Flight, EveryVectorOfAFlightIsExpectedSomewhere) {
  std::size_t expected = 0;
  auto const* const tests = testing::UnitTest::GetInstance();
  for (int i = 0; i < tests->total_test_suite_count(); ++i) {
    std::string const suite = tests->GetTestSuite(i)->name();
    if (suite.ends_with("ServersFlight")) expected += static_cast<std::size_t>(tests->GetTestSuite(i)->total_test_count());
  }
  EXPECT_EQ(wire_vectors("tls1").size() + wire_vectors("ssl3").size(), expected);
}

TEST(Flight, AClientCertificateIsAskedForWithItsAuthorities) {
  FlightReader const reader = read(wire_vector("tls12_client_certificate"));
  ASSERT_TRUE(reader.flight().certificate_request);
  CertificateRequest const& request = *reader.flight().certificate_request;
  EXPECT_EQ(request.certificate_types, (Bytes{1, 2, 64}));  // rsa_sign, dss_sign, ecdsa_sign
  EXPECT_FALSE(request.signature_algorithms.empty());
  ASSERT_EQ(request.certificate_authorities.size(), 1U);
  EXPECT_EQ(request.certificate_authorities[0][0], 0x30);
}

TEST(Flight, AStapleIsKept) {
  FlightReader const reader = read(wire_vector("tls12_staple"));
  ASSERT_GT(reader.flight().ocsp_response.size(), 100U);
  EXPECT_EQ(reader.flight().ocsp_response[0], 0x30);
  EXPECT_TRUE(read(wire_vector("tls12_rsa")).flight().ocsp_response.empty());
}

TEST(Flight, AWarningDoesNotEndIt) {
  FlightReader const reader = read(wire_vector("tls12_warning"));
  ASSERT_EQ(reader.flight().alerts.size(), 1U);
  EXPECT_EQ(describe(reader.flight().alerts[0]), "warning unrecognized_name (112)");
  EXPECT_EQ(reader.state(), State::complete);
}

TEST(Flight, AnExportKeyIsMeasured) {
  FlightReader const reader = read(wire_vector("tls10_java_rsa_export"));
  ASSERT_TRUE(reader.flight().server_key_exchange);
  EXPECT_EQ(reader.flight().server_key_exchange->rsa_bits(), 512);
  EXPECT_EQ(reader.flight().server_key_exchange->dh_bits(), 0);
}

TEST(Flight, ARetryNamesTheGroupAndASentinelTheVersion) {
  FlightReader const retry = read(wire_vector("tls13_retry"));
  EXPECT_TRUE(retry.flight().server_hello->is_hello_retry_request());
  EXPECT_EQ(retry.flight().server_hello->key_share_group(), NamedGroup::x25519);
  EXPECT_TRUE(retry.flight().server_hello->key_share().empty());

  FlightReader const cookie = read(wire_vector("tls13_rfc8448_retry"));
  EXPECT_EQ(cookie.flight().server_hello->key_share_group(), NamedGroup::secp256r1);
  ASSERT_NE(find(cookie.flight().server_hello->extensions, ExtensionType::cookie), nullptr);
  EXPECT_EQ(find(cookie.flight().server_hello->extensions, ExtensionType::cookie)->data.size(), 0x74U);

  FlightReader const hello = read(wire_vector("tls13_rfc8448"));
  EXPECT_FALSE(hello.flight().server_hello->is_hello_retry_request());
  EXPECT_EQ(hex(hello.flight().server_hello->key_share()), "c9828876112095fe66762bdbf7c672e156d6cc253b833df1dd69b1b04e751f0f");

  // These servers speak TLS 1.3 and were asked for less.
  EXPECT_EQ(read(wire_vector("tls12_nss")).flight().server_hello->downgrade_sentinel(), TLSv1_3);
  EXPECT_EQ(read(wire_vector("tls12_java")).flight().server_hello->downgrade_sentinel(), TLSv1_3);
  EXPECT_EQ(read(wire_vector("tls10_java_rsa_export")).flight().server_hello->downgrade_sentinel(), TLSv1_2);
  EXPECT_EQ(read(wire_vector("tls12_rsa")).flight().server_hello->downgrade_sentinel(), std::nullopt);
}

TEST(Flight, ARefusalIsAnAlertWithItsName) {
  std::vector<std::pair<std::string, std::string>> const refusals = {{"alert_openssl_version", "fatal protocol_version (70)"},
                                                                     {"alert_openssl_suite", "fatal handshake_failure (40)"},
                                                                     {"alert_gnutls_suite", "fatal handshake_failure (40)"},
                                                                     {"alert_nss_suite", "fatal handshake_failure (40)"},
                                                                     {"alert_java_suite", "fatal handshake_failure (40)"}};
  for (auto const& [name, alert] : refusals) {
    FlightReader const reader = read(wire_vector(name));
    EXPECT_EQ(reader.state(), State::alerted) << name;
    EXPECT_EQ(reader.error(), alert) << name;
    EXPECT_EQ(describe(*reader.flight().fatal_alert()), alert) << name;
    EXPECT_FALSE(reader.flight().answered()) << name;
  }
}

TEST(Flight, HttpIsNoTlsAndIsQuoted) {
  FlightReader const reader = read(wire_vector("nginx_plain_http"));
  EXPECT_EQ(reader.state(), State::not_tls);
  EXPECT_EQ(reader.error(), "no TLS: \"HTTP/1.1 400 Bad Request\"");
  for (std::string_view const text : {"HTTP/1.0 200 OK", "SSH-2.0-x\r\n", "220 ftp ready", "<", "\x05", "+OK"}) {
    EXPECT_EQ(read(Bytes(text.begin(), text.end())).state(), State::not_tls) << text;
  }
  EXPECT_EQ(read(Bytes{0x1B, '[', '2', 'J'}).error(), "no TLS: \"\\x1B[2J\"");
}

TEST(Flight, TheEncryptedFlightOfRfc8448IsReadThroughItsKeys) {
  Bytes const client = wire_vector("client_rfc8448");
  auto const keys = std::make_shared<RecordedKeys>();
  keys->contents.push_back({ContentType::handshake, wire_vector("opened_rfc8448")});
  FlightReader reader{Bytes(client.begin() + 5, client.end()), keys};
  Bytes const stream = wire_vector("tls13_rfc8448");
  ASSERT_EQ(reader.feed(Exact{stream}), State::complete) << reader.error();

  EXPECT_EQ(keys->client_hello, Bytes(client.begin() + 5, client.end()));
  EXPECT_EQ(keys->server_hello, Bytes(stream.begin() + 5, stream.begin() + 95));
  ASSERT_EQ(keys->records.size(), 1U);
  EXPECT_EQ(keys->records[0], Bytes(stream.begin() + 95, stream.end()));

  Flight const& flight = reader.flight();
  EXPECT_TRUE(flight.finished);
  EXPECT_FALSE(flight.server_hello_done);
  EXPECT_EQ(flight.encrypted_extensions.size(), 3U);
  ASSERT_EQ(flight.certificates.size(), 1U);
  EXPECT_EQ(flight.certificates[0].size(), 0x1B0U);
  EXPECT_EQ(flight.certificate_verify_scheme, SignatureScheme::rsa_pss_rsae_sha256);
  EXPECT_EQ(flight.messages.size(), 5U);
}

// RFC 8446 section 5.2: the ciphertext of a full record is longer than 2^14 octets, and is still one record.
TEST(Flight, AFullProtectedRecordReachesTheKeysInOnePiece) {
  Bytes const client = wire_vector("client_rfc8448");
  auto const keys = std::make_shared<RecordedKeys>();
  keys->contents.push_back({ContentType::handshake, wire_vector("opened_rfc8448")});
  FlightReader reader{Bytes(client.begin() + 5, client.end()), keys};
  Bytes const rfc8448 = wire_vector("tls13_rfc8448");
  Bytes stream(rfc8448.begin(), rfc8448.begin() + 95);
  Bytes const sealed = encode_record({ContentType::application_data, ProtocolVersion::TLSv1_2, Bytes(16384 + 256, 0xA5)});
  stream.insert(stream.end(), sealed.begin(), sealed.end());
  ASSERT_EQ(reader.feed(Exact{stream}), State::complete) << reader.error();
  ASSERT_EQ(keys->records.size(), 1U);
  EXPECT_EQ(keys->records[0], sealed);
}

}  // namespace
}  // namespace tlsgauge::wire
