#include <gmock/gmock.h>

#include <algorithm>

#include "probes/tls_server_script.hpp"
#include "support/facts.hpp"

namespace tlsgauge::probes {

extern audit::Probe const certificate_compression;

namespace {

using audit::Outcome;
using test::picked;
using test::ScriptedPeer;
using test::supporting;
using test::unanswered;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using wire::ExtensionType;
using wire::HandshakeType;
using wire::ProtocolVersion;

/// A server of TLS 1.3 that compresses with these, most preferred first.
ScriptedPeer::Script compressing(std::vector<std::uint8_t> algorithms, bool whatever = false) {
  return [=](audit::Question const& question) {
    audit::Reply reply = picked(ProtocolVersion::TLSv1_3, question.hello.cipher_suites.front());
    wire::HandshakeMessage message;
    message.type = HandshakeType::certificate;
    message.whole = {11, 0, 0, 0};
    wire::Extension const* const offered = wire::find(question.hello.extensions, ExtensionType::compress_certificate);
    for (std::uint8_t const code : algorithms) {
      bool const takes =
          offered != nullptr && (whatever || std::find(offered->data.begin() + 1, offered->data.end(), code) != offered->data.end());
      if (!takes || message.type == HandshakeType::compressed_certificate) continue;
      message.type = HandshakeType::compressed_certificate;
      message.whole = {25, 0, 0, 5, 0, code, 0, 0, 9};
    }
    reply.flight.messages.push_back(message);
    reply.flight.finished = true;
    return reply;
  };
}

audit::Observation learn(ScriptedPeer& peer) { return test::ask(certificate_compression, peer, supporting({"TLSv1.3"})); }

Value algorithms_of(ScriptedPeer& peer) { return learn(peer).facts().front().second["algorithms"]; }

TEST(CertificateCompression, NamesTheAlgorithmsInTheOrderOfTheServer) {
  ScriptedPeer peer{compressing({2, 1})};
  EXPECT_THAT(algorithms_of(peer).items(), ElementsAre(Value{"brotli"}, Value{"zlib"}));
  EXPECT_EQ(peer.connections(), 3U);
}

TEST(CertificateCompression, SeesPlainCertificates) {
  ScriptedPeer peer{compressing({})};
  audit::Observation const seen = learn(peer);
  EXPECT_THAT(seen.facts().front().second["algorithms"].items(), IsEmpty());
  EXPECT_THAT(seen.open(), IsEmpty());
  EXPECT_EQ(peer.connections(), 1U);
}

TEST(CertificateCompression, TakesUpWhatAnotherQuestionOffered) {
  ScriptedPeer peer{compressing({3})};
  audit::Question question{usual_hello(ProtocolVersion::TLSv1_3, {wire::CipherSuite::TLS_AES_128_GCM_SHA256}, "example.test")};
  wire::put(question.hello, {ExtensionType::compress_certificate, {6, 0, 1, 0, 2, 0, 3}});
  test::run(peer.exchange(question));
  EXPECT_THAT(algorithms_of(peer).items(), ElementsAre(Value{"zstd"}));
  EXPECT_EQ(peer.connections(), 2U);
}

TEST(CertificateCompression, EndsWhereSomethingIsUsedThatWasNotOffered) {
  ScriptedPeer peer{compressing({2}, true)};
  audit::Observation const seen = learn(peer);
  EXPECT_THAT(seen.facts().front().second["algorithms"].items(), ElementsAre(Value{"brotli"}));
  EXPECT_THAT(seen.open(), ElementsAre("algorithm 2 was used, which was not offered"));
}

TEST(CertificateCompression, IsInconclusiveWhenTheServerIsSilent) {
  ScriptedPeer peer{[](audit::Question const&) { return unanswered(Outcome::inconclusive, "timed out"); }};
  audit::Observation const seen = learn(peer);
  EXPECT_EQ(seen.facts().front().second["inconclusive"], Value{"timed out"});
  EXPECT_THAT(seen.open(), ElementsAre("timed out"));
}

TEST(CertificateCompression, AppliesToTls13Alone) {
  EXPECT_FALSE(certificate_compression.applies(supporting({"TLSv1.2"})).applies);
  EXPECT_TRUE(certificate_compression.applies(supporting({"TLSv1.3"})).applies);
}

}  // namespace
}  // namespace tlsgauge::probes
