#include <gmock/gmock.h>

#include <algorithm>

#include "probes/readable.hpp"
#include "probes/tls_server_script.hpp"
#include "support/facts.hpp"
#include "wire/reader.hpp"

namespace tlsgauge::probes {

extern audit::Probe const alpn;

namespace {

using audit::Outcome;
using test::alerted;
using test::picked;
using test::ScriptedPeer;
using test::supporting;
using test::unanswered;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using wire::CipherSuite;
using wire::ExtensionType;
using wire::ProtocolVersion;

using Protocols = std::vector<std::string>;

Protocols offered(wire::ClientHello const& hello) {
  Protocols list;
  wire::Extension const* const extension = wire::find(hello.extensions, ExtensionType::application_layer_protocol_negotiation);
  if (extension == nullptr) return list;
  wire::Reader reader{extension->data};
  reader.vector16([&](wire::Reader& names) {
    while (names.more()) {
      names.vector8([&](wire::Reader& name) {
        ByteView const octets = name.rest();
        list.emplace_back(octets.begin(), octets.end());
      });
    }
  });
  return list;
}

struct Server {
  Protocols takes;
  bool client_chooses = false;
  bool refuses = false;
  bool echoes = false;

  audit::Reply operator()(audit::Question const& question) const {
    bool const tls13 = only_version(question.hello) == ProtocolVersion::TLSv1_3;
    audit::Reply reply = picked(*only_version(question.hello),
                                tls13 ? question.hello.cipher_suites.front() : CipherSuite::TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256);
    reply.flight.finished = tls13;
    Protocols const theirs = offered(question.hello);
    if (theirs.empty()) return reply;
    Protocols const& first = client_chooses ? theirs : takes;
    Protocols const& second = client_chooses ? takes : theirs;
    auto const both = std::find_if(first.begin(), first.end(),
                                   [&](std::string const& id) { return std::find(second.begin(), second.end(), id) != second.end(); });
    if (both == first.end() && refuses) return alerted(wire::AlertDescription::no_application_protocol);
    if (both == first.end() && !echoes) return reply;
    Protocols const choice{echoes ? theirs.front() : *both};
    auto& list = tls13 ? reply.flight.encrypted_extensions : reply.flight.server_hello->extensions;
    list.push_back(wire::application_layer_protocol_negotiation(choice));
    return reply;
  }
};

struct Learned {
  Value facts;
  std::vector<std::string> open;
  std::uint32_t connections = 0;
};

Learned learn(ScriptedPeer& peer, std::initializer_list<std::string_view> versions = {"TLSv1.2"}) {
  std::uint32_t const before = peer.connections();
  audit::Observation const seen = test::ask(alpn, peer, supporting(versions));
  return {seen.facts().front().second, seen.open(), peer.connections() - before};
}

Learned learn(Server const& server, std::initializer_list<std::string_view> versions = {"TLSv1.2"}) {
  ScriptedPeer peer{server};
  return learn(peer, versions);
}

TEST(Alpn, ListsTheProtocolsInTheOrderOfTheServer) {
  Learned const learned = learn(Server{.takes = {"h2", "http/1.1", "http/1.0"}, .refuses = true});
  EXPECT_THAT(learned.facts["protocols"].items(), ElementsAre(Value{"h2"}, Value{"http/1.1"}, Value{"http/1.0"}));
  EXPECT_EQ(learned.facts["protocol"], Value{"TLSv1.2"});
  EXPECT_EQ(learned.facts["chooser"], Value{"server"});
  EXPECT_EQ(learned.facts["unknown"], Value{"refused"});
  EXPECT_EQ(learned.facts["alert"], Value{"no_application_protocol"});
  EXPECT_EQ(learned.connections, 4U);
  EXPECT_THAT(learned.open, IsEmpty());
}

TEST(Alpn, SaysThatTheClientChooses) {
  Learned const learned = learn(Server{.takes = {"h2", "http/1.1"}, .client_chooses = true});
  EXPECT_THAT(learned.facts["protocols"].items(), ElementsAre(Value{"http/1.1"}, Value{"h2"}));
  EXPECT_EQ(learned.facts["chooser"], Value{"client"});
  EXPECT_EQ(learned.facts["unknown"], Value{"ignored"});
  EXPECT_TRUE(learned.facts["alert"].is_null());
  EXPECT_EQ(learned.connections, 4U);
}

TEST(Alpn, LetsTheUsualHelloTellWhoChooses) {
  ScriptedPeer peer{Server{.takes = {"h2", "http/1.1"}, .client_chooses = true}};
  audit::Question const question{
      usual_hello(ProtocolVersion::TLSv1_2, {CipherSuite::TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256}, "example.test")};
  test::run(peer.exchange(question));
  Learned const learned = learn(peer);
  EXPECT_EQ(learned.facts["chooser"], Value{"client"});
  EXPECT_EQ(learned.connections, 3U);
}

TEST(Alpn, NeedsOneConnectionWhereItIsNotDone) {
  Learned const learned = learn(Server{.takes = {}});
  EXPECT_THAT(learned.facts["protocols"].items(), IsEmpty());
  EXPECT_TRUE(learned.facts["chooser"].is_null());
  EXPECT_EQ(learned.facts["unknown"], Value{"ignored"});
  EXPECT_EQ(learned.connections, 1U);
}

TEST(Alpn, SaysThatAnythingIsEchoed) {
  Learned const learned = learn(Server{.takes = {}, .echoes = true});
  EXPECT_THAT(learned.facts["protocols"].items(), IsEmpty());
  EXPECT_EQ(learned.facts["unknown"], Value{"echoed"});
  EXPECT_EQ(learned.connections, 2U);
}

TEST(Alpn, EndsWhereSomethingIsPickedThatWasNotOffered) {
  ScriptedPeer peer{[](audit::Question const& question) {
    audit::Reply reply = Server{.takes = {}}(question);
    Protocols const always{"h2"};
    reply.flight.server_hello->extensions.push_back(wire::application_layer_protocol_negotiation(always));
    return reply;
  }};
  Learned const learned = learn(peer);
  EXPECT_THAT(learned.facts["protocols"].items(), ElementsAre(Value{"h2"}));
  EXPECT_EQ(learned.facts["unknown"], Value{"unoffered"});
  EXPECT_EQ(learned.connections, 2U);
}

TEST(Alpn, IsReadFromEncryptedFlights) {
  Learned const learned = learn(Server{.takes = {"imap"}, .refuses = true}, {"TLSv1.3"});
  EXPECT_EQ(learned.facts["protocol"], Value{"TLSv1.3"});
  EXPECT_THAT(learned.facts["protocols"].items(), ElementsAre(Value{"imap"}));
  EXPECT_EQ(learned.facts["chooser"], Value{"indifferent"});
  EXPECT_EQ(learned.facts["unknown"], Value{"refused"});
}

TEST(Alpn, IsLeftOutWhereAHelloWasAnsweredWithoutIt) {
  ScriptedPeer peer{Server{.takes = {}}};
  audit::Question const question{short_hello(ProtocolVersion::TLSv1_3, {CipherSuite::TLS_AES_128_GCM_SHA256}, "")};
  EXPECT_THAT(offered(readable_hello(peer, supporting({"TLSv1.3"}))), ElementsAre("h2", "http/1.1"));
  test::run(peer.exchange(question));
  EXPECT_THAT(offered(readable_hello(peer, supporting({"TLSv1.3"}))), IsEmpty());
}

TEST(Alpn, OffersNeitherH2cNorAnythingTwice) {
  ScriptedPeer peer{Server{.takes = {}}};
  learn(peer);
  Protocols list = offered(peer.transcripts().front().question.hello);
  EXPECT_THAT(list, SizeIs(testing::Gt(30U)));
  EXPECT_THAT(list, testing::Not(testing::Contains("h2c")));
  std::sort(list.begin(), list.end());
  EXPECT_EQ(std::unique(list.begin(), list.end()), list.end());
}

TEST(Alpn, DoesNotHideWhatAnotherQuestionGot) {
  bool first = true;
  ScriptedPeer peer{[&](audit::Question const& question) {
    return std::exchange(first, false) ? Server{.takes = {"h2"}}(question) : Server{.takes = {}}(question);
  }};
  audit::Question const question{
      usual_hello(ProtocolVersion::TLSv1_2, {CipherSuite::TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256}, "example.test")};
  test::run(peer.exchange(question));
  Learned const learned = learn(peer);
  EXPECT_THAT(learned.facts["inconclusive"].as_string(), HasSubstr("h2"));
  EXPECT_THAT(learned.open, SizeIs(1));
}

TEST(Alpn, IsInconclusiveWhenTheServerIsSilent) {
  ScriptedPeer peer{[](audit::Question const&) { return unanswered(Outcome::inconclusive, "timed out"); }};
  Learned const learned = learn(peer);
  EXPECT_EQ(learned.facts["unknown"], Value{"inconclusive"});
  EXPECT_EQ(learned.facts["inconclusive"], Value{"timed out"});
  EXPECT_THAT(learned.open, ElementsAre("timed out"));
  EXPECT_EQ(learned.connections, 1U);
}

TEST(Alpn, DoesNotApplyWithoutExtensions) {
  EXPECT_FALSE(alpn.applies(supporting({"SSLv2", "SSLv3"})).applies);
  EXPECT_TRUE(alpn.applies(supporting({"TLSv1.0"})).applies);
}

}  // namespace
}  // namespace tlsgauge::probes
