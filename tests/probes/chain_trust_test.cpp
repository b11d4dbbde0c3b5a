#include "probes/chain_trust.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>

#include "crypto/chain_maker.hpp"
#include "crypto/trust_store.hpp"
#include "support/scripted_peer.hpp"
#include "wire/hello.hpp"

namespace tlsgauge::probes {
namespace {

namespace fs = std::filesystem;
using test::kDay;
using test::kNow;
using test::Made;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr char kUrl[] = "http://ca.example/intermediate.crt";

test::Extensions with_issuer_at(std::string const& url) { return {{"authorityInfoAccess", "caIssuers;URI:" + url}}; }

/// A root that is the only member of the store "mozilla" of a configuration of its own, and an intermediate.
class ChainTrust : public testing::Test {
 protected:
  ChainTrust() {
    std::string path = testing::TempDir() + "tlsgauge-trust-XXXXXX";
    EXPECT_NE(mkdtemp(path.data()), nullptr);
    folder_ = path;
    store_ = (folder_ / "root.pem").string();
    std::ofstream{store_} << root_.pem();
    settings_.at = kNow;
    settings_.trust_stores = {store_};
    peer_.set_fetch([this](audit::FetchOrder const& order) -> Result<audit::Fetched> {
      most_ = std::max(most_, order.most_octets);
      auto const found = documents_.find(order.url);
      if (found == documents_.end()) return Error{ErrorKind::timed_out, "no answer within 10 s"};
      return found->second;
    });
  }
  ~ChainTrust() override { fs::remove_all(folder_); }

  void serve(std::string const& url, Bytes content, long status = 200) {
    audit::Fetched document;
    document.status = status;
    document.content = std::move(content);
    documents_[url] = std::move(document);
  }

  Value judge(std::vector<Made> const& chain) {
    peer_.set_settings(settings_);
    wire::Flight flight;
    for (Made const& each : chain) flight.certificates.push_back(each.der());
    ChainBook book;
    book.add(wire::ProtocolVersion::TLSv1_3, flight, true);
    test::run(judge_chains(peer_, book));
    return book.chains().front().trust;
  }

  /// One public root for all tests of the process, since stores are loaded once in it.
  static Made const& public_root() {
    static Made const root = [] {
      Made const made = test::make(test::anchor("public root"));
      std::string path = testing::TempDir() + "tlsgauge-mozilla-XXXXXX";
      EXPECT_NE(mkdtemp(path.data()), nullptr);
      fs::create_directories(fs::path{path} / "tlsgauge/trust-stores");
      std::ofstream{fs::path{path} / "tlsgauge/trust-stores/mozilla.pem"} << made.pem();
      setenv("XDG_CONFIG_HOME", path.c_str(), 1);
      EXPECT_TRUE(crypto::TrustStore::load("mozilla", ""));
      unsetenv("XDG_CONFIG_HOME");
      fs::remove_all(path);
      return made;
    }();
    return root;
  }

  Made const root_ = test::make(test::anchor("root"));
  Made const between_ = test::make(test::authority("intermediate"), &root_);
  Made const leaf_ = test::make(test::entity("DNS:example.test,DNS:*.test.example", with_issuer_at(kUrl)), &between_);
  fs::path folder_;
  std::string store_;
  audit::Settings settings_;
  std::map<std::string, audit::Fetched> documents_;
  std::size_t most_ = 0;
  test::ScriptedPeer peer_{[](audit::Question const&) { return audit::Reply{}; }};
};

TEST_F(ChainTrust, OfACompleteChainNeedsNothingFetched) {
  Value const found = judge({leaf_, between_});
  EXPECT_EQ(found["verification"]["trusted"], Value{true});
  EXPECT_EQ(found["verification"]["issuer_missing"], Value{false});
  EXPECT_TRUE(found["repair"].is_null());
  EXPECT_EQ(found.find("verifications"), nullptr);
  EXPECT_THAT(peer_.fetched(), IsEmpty());
  EXPECT_EQ(found["hostname"]["matches"], Value{true});
  EXPECT_THAT(found["hostname"]["covered_by"].items(), ElementsAre(Value{"DNS:example.test"}));
}

TEST_F(ChainTrust, WithoutItsIntermediateIsRepairedFromWhereTheCertificateSays) {
  serve(kUrl, between_.der());
  Value const found = judge({leaf_});
  EXPECT_EQ(found["verification"]["trusted"], Value{false});
  EXPECT_EQ(found["verification"]["error"], Value{"incomplete_chain"});
  EXPECT_EQ(found["verification"]["issuer_missing"], Value{true});
  Value const& repair = found["repair"];
  EXPECT_EQ(repair["trusted"], Value{true});
  EXPECT_EQ(repair["complete"], Value{true});
  EXPECT_TRUE(repair["error"].is_null());
  ASSERT_THAT(repair["fetched"].items(), SizeIs(1));
  EXPECT_EQ(repair["fetched"].items()[0]["url"], Value{kUrl});
  EXPECT_EQ(repair["fetched"].items()[0]["subject"], Value{"CN=intermediate"});
  EXPECT_THAT(repair["failed"].items(), IsEmpty());
  EXPECT_LE(most_, 64U * 1024);
}

TEST_F(ChainTrust, TakesPemAndGoesUpStepByStep) {
  Made const upper = test::make(test::authority("upper"), &root_);
  Made const lower = test::make(test::authority("lower", with_issuer_at("http://ca.example/upper")), &upper);
  Made const leaf = test::make(test::entity("DNS:example.test", with_issuer_at("http://ca.example/lower")), &lower);
  std::string const pem = lower.pem();
  serve("http://ca.example/lower", {pem.begin(), pem.end()});
  serve("http://ca.example/upper", upper.der());
  Value const found = judge({leaf});
  EXPECT_EQ(found["repair"]["trusted"], Value{true});
  EXPECT_THAT(peer_.fetched(), ElementsAre("http://ca.example/lower", "http://ca.example/upper"));
  // The one in the middle was sent: "untrusted_root" by its depth, yet it is only incomplete.
  Value const half = judge({leaf, lower});
  EXPECT_EQ(half["verification"]["error"], Value{"untrusted_root"});
  EXPECT_EQ(half["verification"]["issuer_missing"], Value{true});
  EXPECT_EQ(half["repair"]["trusted"], Value{true});
}

TEST_F(ChainTrust, WithAnIssuerThatCannotBeHadStaysIncomplete) {
  Value found = judge({leaf_});
  EXPECT_EQ(found["repair"]["trusted"], Value{false});
  EXPECT_EQ(found["repair"]["complete"], Value{false});
  EXPECT_EQ(found["repair"]["error"], Value{"incomplete_chain"});
  ASSERT_THAT(found["repair"]["failed"].items(), SizeIs(1));
  EXPECT_EQ(found["repair"]["failed"].items()[0]["reason"], Value{"no answer within 10 s"});
  EXPECT_TRUE(found["lifetime"]["publicly_trusted"].is_null());

  serve(kUrl, {}, 404);
  EXPECT_EQ(judge({leaf_})["repair"]["failed"].items().at(0)["reason"], Value{"HTTP status 404"});
  serve(kUrl, {'<', 'h', 't', 'm', 'l', '>'});
  EXPECT_EQ(judge({leaf_})["repair"]["failed"].items().at(0)["reason"], Value{"no certificate of the issuer is there"});
  serve(kUrl, root_.der());  // the issuer's issuer is none
  EXPECT_EQ(judge({leaf_})["repair"]["trusted"], Value{false});
}

TEST_F(ChainTrust, BelowAnUnknownRootIsNotRepaired) {
  Made const foreign = test::make(test::anchor("foreign root"));
  Made const issuer = test::make(test::authority("foreign", with_issuer_at("http://ca.example/root")), &foreign);
  Made const leaf = test::make(test::entity("DNS:example.test", with_issuer_at("http://ca.example/foreign")), &issuer);
  serve("http://ca.example/foreign", issuer.der());
  serve("http://ca.example/root", foreign.der());
  Value const found = judge({leaf});
  EXPECT_EQ(found["repair"]["trusted"], Value{false});
  EXPECT_EQ(found["repair"]["complete"], Value{true});
  EXPECT_EQ(found["repair"]["error"], Value{"self_signed_in_chain"});
  EXPECT_EQ(found["lifetime"]["publicly_trusted"], Value{false});
}

TEST_F(ChainTrust, OfAPrivateCaIsUntrustedRatherThanIncomplete) {
  Made const foreign = test::make(test::anchor("foreign root"));
  Value const found = judge({test::make(test::entity("DNS:example.test"), &foreign)});
  EXPECT_EQ(found["verification"]["issuer_missing"], Value{false});
  EXPECT_TRUE(found["repair"].is_null());
  EXPECT_EQ(found["lifetime"]["publicly_trusted"], Value{false});
}

TEST_F(ChainTrust, AsksNobodyOffline) {
  settings_.offline = true;
  serve(kUrl, between_.der());
  Value const found = judge({leaf_});
  EXPECT_EQ(found.find("repair"), nullptr);
  EXPECT_EQ(found["verification"]["issuer_missing"], Value{true});
  EXPECT_THAT(peer_.fetched(), IsEmpty());
}

TEST_F(ChainTrust, FetchesNoMoreThanThreeDocuments) {
  std::string urls;
  for (int i = 0; i < 4; ++i)
    urls += (i > 0 ? ",caIssuers;URI:http://ca.example/" : "caIssuers;URI:http://ca.example/") + std::to_string(i);
  judge({test::make(test::entity("DNS:example.test", {{"authorityInfoAccess", urls}}), &between_)});
  EXPECT_THAT(peer_.fetched(), SizeIs(3));
}

TEST_F(ChainTrust, IsGivenForEachStore) {
  Made const other = test::make(test::anchor("other"));
  std::string const second = (folder_ / "other.pem").string();
  std::ofstream{second} << other.pem();
  settings_.trust_stores = {second, store_};
  Value const found = judge({leaf_, between_});
  EXPECT_EQ(found["verification"]["trusted"], Value{false});
  EXPECT_EQ(found["verification"]["store"], Value{"other.pem"});
  ASSERT_THAT(found["verifications"].items(), SizeIs(1));
  EXPECT_EQ(found["verifications"].items()[0]["trusted"], Value{true});
  EXPECT_EQ(found["verifications"].items()[0]["store"], Value{"root.pem"});
  settings_.ca_file = store_;  // adds to each
  Value const helped = judge({leaf_, between_});
  EXPECT_EQ(helped["verification"]["trusted"], Value{true});
  EXPECT_EQ(helped["verification"]["store"], Value{"other.pem + root.pem"});
}

TEST_F(ChainTrust, BindsOnlyPublicCasToTheSchedule) {
  auto const of_days = [](Made const& issuer, int days) {
    test::Form form = test::entity("DNS:example.test");
    form.from = kNow - 30 * kDay;
    form.until = form.from + days * kDay - std::chrono::seconds{1};
    return test::make(form, &issuer);
  };
  settings_.trust_stores = {store_, "mozilla"};
  Value const too_long = judge({of_days(public_root(), 201)})["lifetime"];
  EXPECT_EQ(too_long["publicly_trusted"], Value{true});
  EXPECT_EQ(too_long["days"], Value{201});
  EXPECT_EQ(too_long["seconds"], Value{201 * 86'400});
  EXPECT_EQ(too_long["limit_days"], Value{200});
  EXPECT_EQ(too_long["within_limit"], Value{false});
  EXPECT_EQ(too_long["fraction_left"], Value{0.851});
  EXPECT_EQ(judge({of_days(public_root(), 200)})["lifetime"]["within_limit"], Value{true});
  Value const brief = judge({of_days(public_root(), 7)})["lifetime"];  // expired, but that is another matter
  EXPECT_EQ(brief["publicly_trusted"], Value{true});
  EXPECT_EQ(brief["short_lived"], Value{true});

  Value const own = judge({of_days(root_, 900)});
  EXPECT_EQ(own["verification"]["trusted"], Value{true});
  EXPECT_EQ(own["lifetime"]["publicly_trusted"], Value{false});
  EXPECT_TRUE(own["lifetime"]["limit_days"].is_null());
  EXPECT_TRUE(own["lifetime"]["within_limit"].is_null());

  Made forged = of_days(public_root(), 300);
  Bytes altered = forged.der();
  altered.back() ^= 1U;
  unsigned char const* at = altered.data();
  forged.certificate = {d2i_X509(nullptr, &at, static_cast<long>(altered.size())), X509_free};
  EXPECT_EQ(judge({forged})["lifetime"]["publicly_trusted"], Value{false});
}

TEST_F(ChainTrust, OfACutChainOnlyProofsCount) {
  peer_.set_settings(settings_);
  ChainBook book;
  for (bool const with_issuer : {false, true}) {
    wire::Flight flight;
    flight.certificates.push_back(leaf_.der());
    if (with_issuer) flight.certificates.push_back(between_.der());
    flight.cut_chain = 5'000'000;
    book.add(wire::ProtocolVersion::TLSv1_3, flight, true);
  }
  wire::Flight none;
  none.cut_chain = 9'000'000;
  book.add(wire::ProtocolVersion::TLSv1_2, none, true);
  test::run(judge_chains(peer_, book));
  Value const& open = book.chains().at(0).trust;
  EXPECT_EQ(open["verification"]["inconclusive"], Value{"of a chain of 5000000 octets only the first 1 certificate was kept"});
  EXPECT_TRUE(open["repair"].is_null());
  EXPECT_TRUE(open["lifetime"]["publicly_trusted"].is_null());
  EXPECT_EQ(book.chains().at(1).trust["verification"]["trusted"], Value{true});

  Value const facts = book.facts(peer_.target(), settings_);
  ASSERT_EQ(facts.items().size(), 3U);
  EXPECT_EQ(facts.items()[0]["cut"]["octets"], Value{5'000'000});
  EXPECT_TRUE(facts.items()[0]["shape"]["inconclusive"].is_string());
  EXPECT_NE(facts.items()[2]["inconclusive"].as_string().find("9000000 octets"), std::string::npos);
  EXPECT_EQ(book.open().size(), 1U);
}

TEST_F(ChainTrust, FetchesNothingForWhatOthersAreShown) {
  test::ScriptedPeer peer{[&](audit::Question const&) {
    audit::Reply reply = test::picked(wire::ProtocolVersion::TLSv1_2, wire::CipherSuite::TLS_RSA_WITH_AES_128_CBC_SHA);
    reply.flight.certificates = {leaf_.der()};
    return reply;
  }};
  peer.set_settings(settings_);
  test::run(peer.exchange(
      audit::Question{wire::hello_for(wire::ProtocolVersion::TLSv1_2, {wire::CipherSuite::TLS_RSA_WITH_AES_128_CBC_SHA}, "")}));
  ChainBook book;
  book.add_own(peer);
  EXPECT_THAT(book.chains(), IsEmpty());
  book.add_others(peer);
  test::run(judge_chains(peer, book));
  ASSERT_THAT(book.chains(), SizeIs(1));
  EXPECT_EQ(book.chains().front().trust["verification"]["error"], Value{"incomplete_chain"});
  EXPECT_TRUE(book.chains().front().trust["repair"].is_null());
  EXPECT_THAT(peer.fetched(), IsEmpty());
}

TEST_F(ChainTrust, WhereNothingCanBeParsedIsNone) {
  peer_.set_settings(settings_);
  wire::Flight flight;
  flight.certificates.push_back({0x30, 0x03, 0x02, 0x01});
  ChainBook book;
  book.add(wire::ProtocolVersion::TLSv1_3, flight, true);
  test::run(judge_chains(peer_, book));
  Value const& found = book.chains().front().trust;
  EXPECT_EQ(found["verification"]["error"], Value{"unparsable"});
  EXPECT_TRUE(found["lifetime"].is_null());
  EXPECT_EQ(found["hostname"]["matches"], Value{false});
}

}  // namespace
}  // namespace tlsgauge::probes
