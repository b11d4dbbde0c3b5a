#include "crypto/key_share.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>

#include "crypto/certificate.hpp"
#include "crypto/issue.hpp"
#include "crypto/s_server.hpp"
#include "crypto/session.hpp"
#include "crypto/vectors.hpp"
#include "wire/hello.hpp"

namespace tlsgauge::crypto {
namespace {

using wire::CipherSuite;
using wire::NamedGroup;
using State = wire::FlightReader::State;

constexpr CipherSuite kSuites[] = {CipherSuite::TLS_AES_128_GCM_SHA256, CipherSuite::TLS_AES_256_GCM_SHA384,
                                   CipherSuite::TLS_CHACHA20_POLY1305_SHA256, CipherSuite::TLS_AES_128_CCM_SHA256,
                                   CipherSuite::TLS_AES_128_CCM_8_SHA256};

Issued server_identity(std::vector<std::string> names = {"server.example"}) {
  CertificateRequestForm form;
  form.common_name = "server.example";
  form.dns_names = std::move(names);
  form.not_before = now() - std::chrono::days{1};
  form.not_after = now() + std::chrono::days{1};
  return issue(form).value();
}

wire::ClientHello hello_with(wire::KeyShareEntry const& entry, std::vector<CipherSuite> suites) {
  wire::ClientHello hello = wire::hello_for(wire::ProtocolVersion::TLSv1_3, std::move(suites), "server.example");
  wire::put(hello, wire::supported_groups(std::vector{entry.group}));
  wire::put(hello, wire::key_share(std::vector{entry}));
  return hello;
}

TEST(KeyShare, CanBeMadeOfEveryUsableGroup) {
  std::vector<NamedGroup> const groups = usable_groups();
  EXPECT_THAT(groups, testing::IsSupersetOf({NamedGroup::x25519, NamedGroup::secp256r1, NamedGroup::secp384r1, NamedGroup::secp521r1,
                                             NamedGroup::x448, NamedGroup::ffdhe2048, NamedGroup::ffdhe8192}));
  for (NamedGroup const group : groups) {
    EXPECT_TRUE(can_share(group));
    Result<OfferedShare> const one = offer_share(group);
    Result<OfferedShare> const two = offer_share(group);
    ASSERT_TRUE(one && two) << name(group);
    EXPECT_EQ(one->entry.group, group);
    EXPECT_EQ(one->entry.key_exchange.size(), static_cast<std::size_t>(wire::find(group)->client_share_octets)) << name(group);
    EXPECT_NE(one->entry.key_exchange, two->entry.key_exchange) << "every offer has a fresh key";
  }
}

TEST(KeyShare, OfUnknownGroupsIsUnsupported) {
  for (NamedGroup const group : {NamedGroup::secp192r1, NamedGroup::GREASE_0A0A, static_cast<NamedGroup>(0x9999)}) {
    EXPECT_FALSE(can_share(group));
    EXPECT_EQ(offer_share(group).error().kind, ErrorKind::unsupported);
  }
}

TEST(KeyShare, OpensTheFlightOfEverySuite) {
  Issued const identity = server_identity();
  for (CipherSuite const suite : kSuites) {
    ServerSettings settings;
    settings.certificate_pem = identity.certificate_pem;
    settings.private_key_pem = identity.private_key_pem;
    settings.ciphersuites = name(suite);
    settings.cipher_list = "DEFAULT:@SECLEVEL=0";  // CCM_8 is below OpenSSL's usual level
    ServerSession server{ServerContext::make(settings).value()};
    OfferedShare const share = offer_share(NamedGroup::x25519).value();
    wire::ClientHello const hello = hello_with(share.entry, {suite});
    server.feed(hello.encode_in_records());
    wire::FlightReader reader{hello.encode(), share.keys};
    ASSERT_EQ(reader.feed(server.take_output()), State::complete) << name(suite) << ": " << reader.error();
    EXPECT_EQ(reader.flight().server_hello->cipher_suite, suite);
    EXPECT_THAT(reader.flight().certificates, testing::ElementsAre(test::from_pem(identity.certificate_pem)));
    EXPECT_TRUE(reader.flight().finished);
  }
}

TEST(KeyShare, OpensAFlightOfManyRecords) {
  std::vector<std::string> names;
  for (int i = 0; i < 3000; ++i) names.push_back("host-" + std::to_string(i) + ".example");
  Issued const identity = server_identity(names);
  ServerSettings settings;
  settings.certificate_pem = identity.certificate_pem;
  settings.private_key_pem = identity.private_key_pem;
  ServerSession server{ServerContext::make(settings).value()};
  OfferedShare const share = offer_share(NamedGroup::secp256r1).value();
  wire::ClientHello const hello = hello_with(share.entry, {CipherSuite::TLS_AES_256_GCM_SHA384});
  server.feed(hello.encode_in_records());
  Bytes const flight = server.take_output();
  wire::RecordReader records;
  records.feed(flight);
  Bytes opened;
  int protected_records = 0;
  for (auto record = records.next().value(); record; record = records.next().value()) {
    if (record->type == wire::ContentType::handshake) {
      Bytes const& message = record->fragment;
      ASSERT_TRUE(share.keys->start(hello.encode(), message, wire::ServerHello::parse(ByteView{message}.subspan(4)).value()));
    }
    if (record->type != wire::ContentType::application_data) continue;
    Bytes whole{23, 3, 3, static_cast<std::uint8_t>(record->fragment.size() >> 8U), static_cast<std::uint8_t>(record->fragment.size())};
    whole.insert(whole.end(), record->fragment.begin(), record->fragment.end());
    Result<wire::OpenedRecord> const one = share.keys->open(whole);
    ASSERT_TRUE(one) << one.error().detail;
    EXPECT_EQ(one->type, wire::ContentType::handshake);
    opened.insert(opened.end(), one->content.begin(), one->content.end());
    ++protected_records;
  }
  EXPECT_GT(protected_records, 3);
  EXPECT_NE(std::ranges::search(opened, test::from_pem(identity.certificate_pem)).begin(), opened.end());
}

std::string file_with(std::string const& content) {
  std::string path = testing::TempDir() + "tlsgauge-key-XXXXXX";
  int const descriptor = mkstemp(path.data());
  close(descriptor);
  std::ofstream{path} << content;
  return path;
}

TEST(KeyShare, OpensTheFlightOfAnOpenSslServerInEveryGroup) {
  Issued const identity = server_identity();
  std::string const path = file_with(identity.certificate_pem + identity.private_key_pem);
  int asked = 0;
  for (NamedGroup const group : usable_groups()) {
    test::SServer const server{{"-tls1_3", "-cert", path, "-key", path, "-groups", name(group)}};
    if (server.port() == 0) continue;  // the program is older than the library, or not there
    OfferedShare const share = offer_share(group).value();
    wire::ClientHello const hello = hello_with(share.entry, {CipherSuite::TLS_AES_128_GCM_SHA256});
    wire::FlightReader reader{hello.encode(), share.keys};
    server.exchange(hello.encode_in_records(), [&](ByteView bytes) { return reader.feed(bytes) != State::more; });
    EXPECT_EQ(reader.state(), State::complete) << name(group) << ": " << reader.error();
    EXPECT_THAT(reader.flight().certificates, testing::ElementsAre(test::from_pem(identity.certificate_pem))) << name(group);
    RecordProperty(name(group), "opened");
    ++asked;
  }
  unlink(path.c_str());
  if (asked == 0) GTEST_SKIP() << "the openssl program is not installed";
  EXPECT_GE(asked, 10);
}

TEST(OpenSsl, SaysItsVersion) { EXPECT_THAT(openssl_version(), testing::StartsWith("OpenSSL 3.")); }

}  // namespace
}  // namespace tlsgauge::crypto
