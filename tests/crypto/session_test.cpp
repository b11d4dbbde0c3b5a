#include "crypto/session.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "crypto/issue.hpp"
#include "crypto/psk_hello.hpp"
#include "wire/handshake.hpp"

namespace tlsgauge::crypto {
namespace {

using State = ClientSession::State;
using wire::ProtocolVersion;

ServerSettings server_settings(std::string const& key_type = "ecdsa", int rsa_bits = 2048) {
  CertificateRequestForm form;
  form.common_name = "server.example";
  form.dns_names = {"server.example"};
  form.key_type = key_type;
  form.rsa_bits = rsa_bits;
  form.not_before = now() - std::chrono::days{1};
  form.not_after = now() + std::chrono::days{1};
  Issued const issued = issue(form).value();
  ServerSettings settings;
  settings.certificate_pem = issued.certificate_pem;
  settings.private_key_pem = issued.private_key_pem;
  settings.min_version = ProtocolVersion::TLSv1_0;
  settings.cipher_list = "ALL:@SECLEVEL=0";
  return settings;
}

std::shared_ptr<ServerContext const> server(ServerSettings const& settings) {
  auto context = ServerContext::make(settings);
  EXPECT_TRUE(context) << (context ? "" : context.error().detail);
  return context.value();
}

std::unique_ptr<ClientSession> client(ProtocolVersion version, Bytes resume = {}, std::string name = "server.example") {
  ClientSettings settings;
  settings.version = version;
  settings.server_name = std::move(name);
  settings.resume = std::move(resume);
  return std::move(ClientSession::start(settings).value());
}

/// Carries octets to and fro, `step` at a time, until both are silent. Returns how often the client spoke.
int converse(ClientSession& ours, ServerSession& theirs, std::size_t step = SIZE_MAX) {
  int flights = 0;
  auto const carry = [step](Bytes const& output, auto& to) {
    ByteView rest = output;
    while (!rest.empty()) {
      ByteView const part = rest.first(std::min(step, rest.size()));
      to.feed(part);
      rest = rest.subspan(part.size());
    }
    return !output.empty();
  };
  for (bool more = true; more;) {
    bool const spoke = carry(ours.take_output(), theirs);
    flights += spoke ? 1 : 0;
    more = carry(theirs.take_output(), ours) || spoke;
  }
  return flights;
}

std::string text(Bytes const& bytes) { return {bytes.begin(), bytes.end()}; }

class EveryVersion : public testing::TestWithParam<ProtocolVersion> {};

TEST_P(EveryVersion, CarriesDataBothWays) {
  auto const context = server(server_settings());
  auto const ours = client(GetParam());
  ServerSession theirs{context};
  EXPECT_EQ(ours->state(), State::wants_input);
  converse(*ours, theirs);
  ASSERT_EQ(ours->state(), State::established) << ours->error();
  ASSERT_EQ(theirs.state(), State::established);
  EXPECT_EQ(ours->version(), GetParam());
  EXPECT_FALSE(ours->resumed());
  EXPECT_NE(wire::find(ours->cipher_suite()), nullptr);

  ASSERT_TRUE(ours->write(view("question")));
  converse(*ours, theirs);
  EXPECT_EQ(text(theirs.take_plain()), "question");
  std::string const answer(100'000, 'x');
  ASSERT_TRUE(theirs.write(view(answer)));
  theirs.close();
  converse(*ours, theirs);
  EXPECT_EQ(text(ours->take_plain()), answer);
  EXPECT_EQ(ours->state(), State::established);
}

TEST_P(EveryVersion, ResumesWhatTheServerGave) {
  auto const context = server(server_settings("rsa"));
  Bytes session;
  {
    auto const first = client(GetParam());
    ServerSession theirs{context};
    converse(*first, theirs);
    ASSERT_EQ(first->state(), State::established) << first->error();
    EXPECT_FALSE(first->resumed());
    session = first->session();
  }
  ASSERT_FALSE(session.empty());
  for (int round = 0; round < 3; ++round) {
    auto const again = client(GetParam(), session);
    ServerSession theirs{context};
    converse(*again, theirs);
    ASSERT_EQ(again->state(), State::established) << again->error();
    EXPECT_TRUE(again->resumed());
    session = again->session();
    ASSERT_FALSE(session.empty());
  }
}

TEST_P(EveryVersion, IsWholeEvenOctetByOctet) {
  auto const context = server(server_settings());
  auto const ours = client(GetParam());
  ServerSession theirs{context};
  converse(*ours, theirs, 1);
  EXPECT_EQ(ours->state(), State::established) << ours->error();
  EXPECT_FALSE(ours->session().empty());
}

TEST_P(EveryVersion, FailsWithAReasonOnJunk) {
  auto const ours = client(GetParam());
  EXPECT_EQ(ours->feed(view("HTTP/1.1 400 Bad Request\r\n\r\n")), State::failed);
  EXPECT_FALSE(ours->error().empty());
  EXPECT_EQ(ours->feed(view("more")), State::failed);
  EXPECT_FALSE(ours->write(view("x")));
  EXPECT_TRUE(ours->session().empty());
}

INSTANTIATE_TEST_SUITE_P(Session, EveryVersion,
                         testing::Values(ProtocolVersion::TLSv1_0, ProtocolVersion::TLSv1_1, ProtocolVersion::TLSv1_2,
                                         ProtocolVersion::TLSv1_3),
                         [](auto const& row) { return name(row.param).substr(0, 5) + "_" + name(row.param).substr(6); });

TEST(Session, OfAForgetfulServerIsNotResumed) {
  ServerSettings const settings = server_settings();
  auto const first = client(ProtocolVersion::TLSv1_2);
  ServerSession theirs{server(settings)};
  converse(*first, theirs);
  auto const again = client(ProtocolVersion::TLSv1_2, first->session());
  ServerSession stranger{server(settings)};  // another context, other ticket keys
  converse(*again, stranger);
  EXPECT_EQ(again->state(), State::established) << again->error();
  EXPECT_FALSE(again->resumed());
}

TEST(Session, SpeaksOnlyTheVersionAskedFor) {
  ServerSettings settings = server_settings();
  settings.min_version = ProtocolVersion::TLSv1_2;
  settings.max_version = ProtocolVersion::TLSv1_2;
  auto const context = server(settings);
  for (ProtocolVersion const version : {ProtocolVersion::TLSv1_0, ProtocolVersion::TLSv1_1, ProtocolVersion::TLSv1_3}) {
    auto const ours = client(version);
    ServerSession theirs{context};
    converse(*ours, theirs);
    EXPECT_EQ(ours->state(), State::failed);
    EXPECT_THAT(ours->error(), testing::HasSubstr("alert"));
    EXPECT_EQ(theirs.state(), State::failed);
  }
}

TEST(Session, SendsAServerNameOnlyWhenItIsOne) {
  auto const hello = [](std::string const& host) { return text(client(ProtocolVersion::TLSv1_2, {}, host)->take_output()); };
  EXPECT_THAT(hello("server.example"), testing::HasSubstr("server.example"));
  EXPECT_THAT(hello("server.example."), testing::Not(testing::HasSubstr("server.example.")));
  EXPECT_THAT(hello("192.0.2.77"), testing::Not(testing::HasSubstr("192.0.2.77")));
  EXPECT_THAT(hello("2001:db8::1"), testing::Not(testing::HasSubstr("2001:db8::1")));
  EXPECT_THAT(hello(""), testing::Not(testing::HasSubstr("server")));
}

TEST(Session, RefusesWhatTheLocalOpenSslCannotDo) {
  ClientSettings settings;
  settings.version = ProtocolVersion::SSLv2;
  EXPECT_EQ(ClientSession::start(settings).error().kind, ErrorKind::unsupported);
  settings.version = ProtocolVersion::TLSv1_2;
  settings.resume = {1, 2, 3};
  EXPECT_EQ(ClientSession::start(settings).error().kind, ErrorKind::invalid_input);
}

struct SuiteRow {
  char const* suite;
  char const* key_type;
  int rsa_bits;
  ProtocolVersion version;
  int dh_bits;
};

TEST(Session, AcceptsOldSuitesAndSmallKeys) {
  SuiteRow const rows[] = {
      {"AES128-SHA", "rsa", 1024, ProtocolVersion::TLSv1_0, 0},
      {"DHE-RSA-AES128-SHA", "rsa", 1024, ProtocolVersion::TLSv1_0, 1024},
      {"DHE-RSA-AES256-GCM-SHA384", "rsa", 2048, ProtocolVersion::TLSv1_2, 2048},
      {"DHE-RSA-AES256-GCM-SHA384", "rsa", 2048, ProtocolVersion::TLSv1_2, 1536},
      {"ECDHE-ECDSA-AES128-SHA", "ecdsa", 0, ProtocolVersion::TLSv1_1, 0},
      {"NULL-SHA", "rsa", 1024, ProtocolVersion::TLSv1_0, 0},
      {"ADH-AES128-SHA", "rsa", 1024, ProtocolVersion::TLSv1_2, 1024},
      {"AECDH-AES128-SHA", "rsa", 1024, ProtocolVersion::TLSv1_2, 0},
      {"ECDHE-RSA-CHACHA20-POLY1305", "rsa", 2048, ProtocolVersion::TLSv1_2, 0},
  };
  for (SuiteRow const& row : rows) {
    ServerSettings settings = server_settings(row.key_type, row.rsa_bits);
    settings.cipher_list = std::string{row.suite} + ":@SECLEVEL=0";
    settings.dh_bits = row.dh_bits;
    auto const ours = client(row.version);
    ServerSession theirs{server(settings)};
    converse(*ours, theirs);
    ASSERT_EQ(ours->state(), State::established) << row.suite << ": " << ours->error();
    EXPECT_EQ(wire::find(ours->cipher_suite())->openssl_name, row.suite);
  }
}

TEST(Session, HasTheSuiteOfTheServersChoice) {
  ServerSettings settings = server_settings();
  settings.ciphersuites = "TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256";
  auto const ours = client(ProtocolVersion::TLSv1_3);
  ServerSession theirs{server(settings)};
  EXPECT_EQ(converse(*ours, theirs), 2);
  EXPECT_EQ(ours->cipher_suite(), wire::CipherSuite::TLS_CHACHA20_POLY1305_SHA256);
}

TEST(Session, OffersTheGroupsAskedFor) {
  auto const context = server(server_settings());
  ClientSettings settings;
  settings.version = ProtocolVersion::TLSv1_3;
  settings.groups = {wire::NamedGroup::GREASE_0A0A, wire::NamedGroup::secp384r1, wire::NamedGroup::secp384r1, wire::NamedGroup::x25519};
  auto const ours = std::move(ClientSession::start(settings).value());
  Bytes const records = ours->take_output();
  Result<wire::ClientHello> const hello = wire::ClientHello::parse(ByteView{records}.subspan(5));
  ASSERT_TRUE(hello);
  EXPECT_EQ(wire::find(hello->extensions, wire::ExtensionType::supported_groups)->data, (Bytes{0, 4, 0, 0x18, 0, 0x1D}));
  ServerSession theirs{context};
  theirs.feed(records);
  converse(*ours, theirs);
  EXPECT_EQ(ours->state(), State::established) << ours->error();
  settings.groups = {wire::NamedGroup::GREASE_0A0A};
  EXPECT_EQ(ClientSession::start(settings).error().kind, ErrorKind::unsupported);
}

TEST(Session, WithoutSuitesInCommonFails) {
  ServerSettings settings = server_settings("rsa");
  settings.cipher_list = "DHE-RSA-AES128-SHA:@SECLEVEL=0";  // no DH group is given: nothing can be chosen
  auto const ours = client(ProtocolVersion::TLSv1_2);
  ServerSession theirs{server(settings)};
  converse(*ours, theirs);
  EXPECT_EQ(ours->state(), State::failed);
  EXPECT_THAT(ours->error(), testing::HasSubstr("handshake failure"));
}

TEST(ServerContext, RefusesWhatItCannotUse) {
  ServerSettings const good = server_settings();
  ServerSettings bad = good;
  bad.certificate_pem = "junk";
  EXPECT_EQ(ServerContext::make(bad).error().kind, ErrorKind::invalid_input);
  bad = good;
  bad.private_key_pem = server_settings().private_key_pem;  // of another certificate
  EXPECT_EQ(ServerContext::make(bad).error().kind, ErrorKind::invalid_input);
  bad = good;
  bad.cipher_list = "NO-SUCH-SUITE";
  EXPECT_EQ(ServerContext::make(bad).error().kind, ErrorKind::invalid_input);
  bad = good;
  bad.ciphersuites = "NO-SUCH-SUITE";
  EXPECT_EQ(ServerContext::make(bad).error().kind, ErrorKind::invalid_input);
}

/// What a server of these settings answers to a PSK without an ephemeral key.
wire::ServerHello answer_to_psk_alone(ServerSettings const& settings) {
  auto const context = server(settings);
  auto const first = client(ProtocolVersion::TLSv1_3);
  ServerSession theirs{context};
  converse(*first, theirs);
  Result<Bytes> const hello = psk_ke_hello("server.example", first->session());
  if (!hello) ADD_FAILURE() << hello.error().detail;
  ServerSession again{context};
  EXPECT_EQ(again.feed(hello.value()), State::wants_input);
  Bytes const answer = again.take_output();
  return wire::ServerHello::parse(ByteView{answer}.subspan(9, (std::size_t{answer.at(7)} << 8U) + answer.at(8))).value();
}

TEST(PskAlone, IsTakenWithItsBinder) {
  for (char const* const suite : {"TLS_AES_256_GCM_SHA384", "TLS_AES_128_GCM_SHA256"}) {
    ServerSettings settings = server_settings();
    settings.psk_alone = true;
    settings.ciphersuites = suite;
    wire::ServerHello const hello = answer_to_psk_alone(settings);
    EXPECT_NE(wire::find(hello.extensions, wire::ExtensionType::pre_shared_key), nullptr) << suite;
    EXPECT_FALSE(hello.key_share_group()) << suite;
  }
}

TEST(PskAlone, EndsInAFullHandshakeElsewhere) {
  wire::ServerHello const hello = answer_to_psk_alone(server_settings());
  EXPECT_EQ(wire::find(hello.extensions, wire::ExtensionType::pre_shared_key), nullptr);
  EXPECT_TRUE(hello.key_share_group());
}

TEST(PskAlone, NeedsASessionOfTls13) {
  EXPECT_EQ(psk_ke_hello("server.example", {1, 2, 3}).error().kind, ErrorKind::invalid_input);
  auto const old = client(ProtocolVersion::TLSv1_2);
  ServerSession theirs{server(server_settings())};
  converse(*old, theirs);
  EXPECT_EQ(psk_ke_hello("server.example", old->session()).error().kind, ErrorKind::unsupported);
}

TEST(ServerSession, FailsOnJunk) {
  ServerSession theirs{server(server_settings())};
  EXPECT_EQ(theirs.feed(view("GET / HTTP/1.1\r\n\r\n")), State::failed);
}

TEST(Session, ThatFloodsIsCutOff) {
  auto const ours = client(ProtocolVersion::TLSv1_3);
  ServerSession theirs{server(server_settings())};
  converse(*ours, theirs);
  std::string const megabyte(1024 * 1024, 'x');
  for (int i = 0; i < 6 && ours->state() == State::established; ++i) {
    ASSERT_TRUE(theirs.write(view(megabyte)));
    converse(*ours, theirs);
  }
  EXPECT_EQ(ours->state(), State::failed);
}

}  // namespace
}  // namespace tlsgauge::crypto
