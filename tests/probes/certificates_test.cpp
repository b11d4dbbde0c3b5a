#include "crypto/key_share.hpp"
#include "probes/certificates_case.hpp"
#include "probes/offers.hpp"

namespace tlsgauge::probes {
namespace {

using audit::Outcome;
using test::supporting;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using wire::CipherSuite;
using wire::NamedGroup;
using wire::ProtocolVersion;

class Certificates : public CertificatesCase {};

TEST_F(Certificates, ReadsTheChainsOfOldVersionsFromTranscripts) {
  earlier(ProtocolVersion::TLSv1_2, shows(ProtocolVersion::TLSv1_2, {rsa()}));
  earlier(ProtocolVersion::TLSv1_2, shows(ProtocolVersion::TLSv1_2, {ecdsa(), rsa()}, true));
  earlier(ProtocolVersion::TLSv1_0, shows(ProtocolVersion::TLSv1_0, {rsa()}));
  Value const list = facts_of(supporting({"TLSv1.0", "TLSv1.2"}));
  ASSERT_THAT(list.items(), SizeIs(2));
  Value const& first = list.items()[0];
  EXPECT_EQ(first["shown_for"]["protocol"], Value{"TLSv1.2"});
  EXPECT_EQ(first["shown_for"]["authentication"], Value{"rsa"});
  EXPECT_EQ(first["shown_for"]["sni"], Value{"example.test"});
  EXPECT_THAT(first["shown_for"]["also"].items(), ElementsAre(Value{"TLSv1.0"}));
  EXPECT_EQ(first["ocsp_stapled"], Value{false});
  EXPECT_THAT(first["chain"].items(), SizeIs(1));
  Value const& second = list.items()[1];
  EXPECT_EQ(second["shown_for"]["authentication"], Value{"ecdsa"});
  EXPECT_EQ(second["ocsp_stapled"], Value{true});
  EXPECT_THAT(second["chain"].items(), SizeIs(2));
  EXPECT_THAT(asked_, IsEmpty());
  EXPECT_THAT(open_, IsEmpty());
}

TEST_F(Certificates, SaysWhatTheCertificateHoldsAndWhetherItIsTrusted) {
  earlier(ProtocolVersion::TLSv1_2, shows(ProtocolVersion::TLSv1_2, {ecdsa()}));
  Value const list = facts_of(supporting({"TLSv1.2"}));
  Value const& entry = list.items().at(0);
  Value const& certificate = entry["chain"].items().at(0);
  EXPECT_EQ(certificate["key"]["type"], Value{"ecdsa"});
  EXPECT_EQ(certificate["key"]["bits"], Value{256});
  EXPECT_EQ(certificate["key"]["curve"], Value{"secp256r1"});
  EXPECT_EQ(certificate["not_before"], Value{"2026-11-14T00:00:00Z"});
  EXPECT_EQ(certificate["not_after"], Value{"2027-02-21T23:59:59Z"});
  EXPECT_THAT(certificate["subject_alt_names"].items(), ElementsAre(Value{"DNS:example.test"}));
  EXPECT_THAT(certificate["pem"].as_string(), HasSubstr("BEGIN CERTIFICATE"));
  EXPECT_THAT(certificate["key_usage"].items(), ElementsAre(Value{"digitalSignature"}));
  EXPECT_THAT(certificate["extended_key_usage"].items(), ElementsAre(Value{"serverAuth"}));
  // As the hexadecimal has it, with a zero octet before a first bit that is set (RFC 5280 section 4.1.2.2).
  std::string const& serial = certificate["serial"].as_string();
  bool const padded = serial.size() % 2 == 0 && serial.front() >= '8';
  EXPECT_EQ(certificate["serial_octets"], Value{static_cast<std::int64_t>((serial.size() + 1) / 2 + (padded ? 1 : 0))});
  EXPECT_EQ(entry["verification"]["trusted"], Value{false});
  EXPECT_EQ(entry["verification"]["error"], Value{"self_signed"});
  EXPECT_EQ(entry["hostname"]["matches"], Value{true});
  EXPECT_EQ(entry["hostname"]["reference"], Value{"example.test"});
  EXPECT_EQ(entry["days_left"], Value{89});
}

TEST_F(Certificates, ComparesTheHostWhereNoNameWasSent) {
  Target target;
  target.host = "192.0.2.7";
  peer_.set_target(target);
  earlier(hello_of(ProtocolVersion::TLSv1_2, ""), shows(ProtocolVersion::TLSv1_2, {ecdsa()}));
  Value const list = facts_of(supporting({"TLSv1.2"}));
  EXPECT_EQ(list.items().at(0)["hostname"]["matches"], Value{false});
  EXPECT_EQ(list.items().at(0)["hostname"]["reference"], Value{"192.0.2.7"});
  EXPECT_TRUE(list.items().at(0)["shown_for"]["sni"].is_null());
}

TEST_F(Certificates, KeepsWhatItCannotParse) {
  earlier(ProtocolVersion::TLSv1_2, shows(ProtocolVersion::TLSv1_2, {{0x30, 0x03, 0x02, 0x01}}));
  Value const list = facts_of(supporting({"TLSv1.2"}));
  Value const& entry = list.items().at(0);
  EXPECT_EQ(entry["chain"].items().at(0)["unparsable"], Value{true});
  EXPECT_EQ(entry["chain"].items().at(0)["sha256"].as_string().size(), 64U);
  EXPECT_EQ(entry["verification"]["trusted"], Value{false});
  EXPECT_EQ(entry["hostname"]["matches"], Value{false});
  EXPECT_TRUE(entry["shown_for"]["authentication"].is_null());
}

TEST_F(Certificates, KeepsTheLeafOfAChainOfFiveMegabytes) {
  earlier(ProtocolVersion::TLSv1_2, shows(ProtocolVersion::TLSv1_2, {rsa(), Bytes(5UL * 1024 * 1024, 0x30)}));
  Value const list = facts_of(supporting({"TLSv1.2"}));
  Value const& entry = list.items().at(0);
  EXPECT_EQ(entry["chain"].items().at(0)["key"]["exponent"], Value{"65537"});
  EXPECT_THAT(entry["chain"].items().at(0)["key"]["faults"].items(), IsEmpty());
  EXPECT_THAT(entry["shape"]["unparsable"].items(), ElementsAre(Value{1}));
}

TEST_F(Certificates, ReadsTheCertificateOfSsl2) {
  audit::Reply reply;
  reply.outcome = Outcome::answered;
  reply.flight.ssl2.emplace();
  reply.flight.ssl2->certificate = rsa();
  audit::Question question;
  question.raw = {1};
  question.ssl2 = true;
  earlier(question, reply);
  Value const list = facts_of(supporting({"SSLv2"}));
  ASSERT_THAT(list.items(), SizeIs(1));
  EXPECT_EQ(list.items()[0]["shown_for"]["protocol"], Value{"SSLv2"});
  EXPECT_TRUE(list.items()[0]["shown_for"]["sni"].is_null());
}

TEST_F(Certificates, AsksTwiceForTls13WhereOneKindOfKeyIsKnown) {
  earlier(ProtocolVersion::TLSv1_2, shows(ProtocolVersion::TLSv1_2, {rsa()}));
  Value const list =
      facts_of(supporting({"TLSv1.2", "TLSv1.3"}), [](audit::Question const&) { return shows(ProtocolVersion::TLSv1_3, {rsa()}, true); });
  // This server sends its only certificate whatever signatures are taken; that ends the search.
  ASSERT_THAT(asked_, SizeIs(2));
  EXPECT_NE(asked_[0].keys, nullptr);
  EXPECT_EQ(shared_group(asked_[0].hello), NamedGroup::x25519);
  ASSERT_THAT(list.items(), SizeIs(1));
  EXPECT_EQ(list.items()[0]["shown_for"]["protocol"], Value{"TLSv1.3"});
  EXPECT_THAT(list.items()[0]["shown_for"]["also"].items(), ElementsAre(Value{"TLSv1.2"}));
  EXPECT_EQ(list.items()[0]["ocsp_stapled"], Value{true});
}

TEST_F(Certificates, AsksForEachKindOfKeyThatOldVersionsUse) {
  earlier(ProtocolVersion::TLSv1_2, shows(ProtocolVersion::TLSv1_2, {rsa()}));
  earlier(ProtocolVersion::TLSv1_2, shows(ProtocolVersion::TLSv1_2, {ecdsa()}));
  Value const list = facts_of(supporting({"TLSv1.2", "TLSv1.3"}), [](audit::Question const& question) {
    EXPECT_NE(wire::find(question.hello.extensions, wire::ExtensionType::signature_algorithms_cert), nullptr);
    bool const with_rsa = takes(question.hello, wire::SignatureScheme::rsa_pss_rsae_sha256);
    bool const with_ecdsa = takes(question.hello, wire::SignatureScheme::ecdsa_secp256r1_sha256);
    EXPECT_FALSE(with_rsa && with_ecdsa);
    if (!with_rsa && !with_ecdsa) return test::alerted();
    return shows(ProtocolVersion::TLSv1_3, {with_rsa ? rsa() : ecdsa()});
  });
  EXPECT_THAT(asked_, SizeIs(3));
  ASSERT_THAT(list.items(), SizeIs(2));
  EXPECT_EQ(list.items()[0]["shown_for"]["protocol"], Value{"TLSv1.3"});
  EXPECT_EQ(list.items()[1]["shown_for"]["protocol"], Value{"TLSv1.3"});
}

TEST_F(Certificates, TellsApartWhatOthersAreShown) {
  Bytes const nobodys = issued("ecdsa", "default.test"), strangers = issued("ecdsa", "other.test");
  earlier(ProtocolVersion::TLSv1_2, shows(ProtocolVersion::TLSv1_2, {rsa()}));
  earlier(hello_of(ProtocolVersion::TLSv1_2, ""), shows(ProtocolVersion::TLSv1_2, {nobodys}));
  earlier(hello_of(ProtocolVersion::TLSv1_2, "tlsgauge.invalid"), shows(ProtocolVersion::TLSv1_2, {strangers}));
  Value const list = facts_of(supporting({"TLSv1.2"}));
  ASSERT_THAT(list.items(), SizeIs(3));
  EXPECT_EQ(list.items()[0]["shown_for"]["sni"], Value{"example.test"});
  EXPECT_EQ(list.items()[0]["shown_for"].find("named"), nullptr);
  EXPECT_TRUE(list.items()[1]["shown_for"]["sni"].is_null() || list.items()[2]["shown_for"]["sni"].is_null());
  for (std::size_t const i : {1U, 2U}) {
    Value const& entry = list.items()[i];
    bool const named = entry["shown_for"]["sni"].is_string();
    EXPECT_EQ(entry["shown_for"]["sni"], named ? Value{"tlsgauge.invalid"} : Value{});
    EXPECT_EQ(entry["shown_for"]["named"], Value{named ? "unknown" : "none"});
    EXPECT_EQ(entry["chain"].items()[0]["subject"], Value{named ? "CN=other.test" : "CN=default.test"});
  }
}

TEST_F(Certificates, DoesNotRepeatWhatTheTargetIsShown) {
  earlier(hello_of(ProtocolVersion::TLSv1_2, ""), shows(ProtocolVersion::TLSv1_2, {rsa()}, true));
  earlier(hello_of(ProtocolVersion::TLSv1_2, "tlsgauge.invalid"), shows(ProtocolVersion::TLSv1_0, {rsa()}));
  earlier(ProtocolVersion::TLSv1_2, shows(ProtocolVersion::TLSv1_2, {rsa()}));
  Value const list = facts_of(supporting({"TLSv1.2"}));
  ASSERT_THAT(list.items(), SizeIs(1));
  EXPECT_EQ(list.items()[0]["shown_for"].find("named"), nullptr);
  EXPECT_THAT(list.items()[0]["shown_for"]["also"].items(), IsEmpty());
  EXPECT_EQ(list.items()[0]["ocsp_stapled"], Value{false});  // that was for somebody else
}

TEST_F(Certificates, OneChainForAllOthersIsNobodys) {
  earlier(hello_of(ProtocolVersion::TLSv1_2, "tlsgauge.invalid"), shows(ProtocolVersion::TLSv1_2, {ecdsa()}));
  earlier(hello_of(ProtocolVersion::TLSv1_2, ""), shows(ProtocolVersion::TLSv1_2, {ecdsa()}));
  earlier(ProtocolVersion::TLSv1_2, shows(ProtocolVersion::TLSv1_2, {rsa()}));
  Value const list = facts_of(supporting({"TLSv1.2"}));
  ASSERT_THAT(list.items(), SizeIs(2));
  EXPECT_EQ(list.items()[1]["shown_for"]["named"], Value{"none"});
  EXPECT_TRUE(list.items()[1]["shown_for"]["sni"].is_null());
}

TEST_F(Certificates, AnAddressIsItsOwnWithoutAName) {
  Target target;
  target.host = "192.0.2.7";
  peer_.set_target(target);
  earlier(hello_of(ProtocolVersion::TLSv1_2, ""), shows(ProtocolVersion::TLSv1_2, {rsa()}));
  earlier(hello_of(ProtocolVersion::TLSv1_2, "tlsgauge.invalid"), shows(ProtocolVersion::TLSv1_2, {ecdsa()}));
  Value const list = facts_of(supporting({"TLSv1.2"}));
  ASSERT_THAT(list.items(), SizeIs(2));
  EXPECT_EQ(list.items()[0]["shown_for"].find("named"), nullptr);
  EXPECT_TRUE(list.items()[0]["shown_for"]["sni"].is_null());
  EXPECT_EQ(list.items()[1]["shown_for"]["named"], Value{"unknown"});
}

/// What the probe server_name has asked for is not asked for again, and keys of others lead to no question.
TEST_F(Certificates, LearnsFromWhatServerNameHasAsked) {
  earlier(ProtocolVersion::TLSv1_2, shows(ProtocolVersion::TLSv1_2, {rsa()}));
  earlier(ProtocolVersion::TLSv1_3, shows(ProtocolVersion::TLSv1_3, {rsa()}));
  earlier(hello_of(ProtocolVersion::TLSv1_3, ""), shows(ProtocolVersion::TLSv1_3, {ecdsa()}));
  Value const list = facts_of(supporting({"TLSv1.2", "TLSv1.3"}), [](audit::Question const& question) {
    EXPECT_FALSE(takes(question.hello, wire::SignatureScheme::rsa_pss_rsae_sha256));
    return test::alerted();
  });
  EXPECT_THAT(asked_, SizeIs(1));  // for keys of other kinds
  EXPECT_THAT(list.items(), SizeIs(2));
  EXPECT_THAT(open_, IsEmpty());
}

audit::Facts with_suite(std::initializer_list<std::string_view> versions, std::string_view code) {
  audit::Facts facts = supporting(versions);
  Value suite = Value::object();
  suite.set("protocol", "TLSv1.2").set("code", code);
  facts.set("cipher_suites", Value::array().push_back(suite));
  return facts;
}

TEST_F(Certificates, LooksForAKeyForPssBesideAnRsaKeyInTls12) {
  earlier(ProtocolVersion::TLSv1_2, shows(ProtocolVersion::TLSv1_2, {rsa()}));
  Value const list = facts_of(with_suite({"TLSv1.2"}, "0xC02F"), [](audit::Question const& question) {
    EXPECT_TRUE(takes(question.hello, wire::SignatureScheme::rsa_pss_pss_sha256));
    EXPECT_FALSE(takes(question.hello, wire::SignatureScheme::rsa_pss_rsae_sha256));
    return shows(ProtocolVersion::TLSv1_2, {ecdsa()});  // stands for the other one
  });
  EXPECT_THAT(asked_, SizeIs(1));
  EXPECT_THAT(list.items(), SizeIs(2));
}

TEST_F(Certificates, AKeyForPssThatIsNotThereOrStaysOpen) {
  earlier(ProtocolVersion::TLSv1_2, shows(ProtocolVersion::TLSv1_2, {rsa()}));
  facts_of(with_suite({"TLSv1.2"}, "0xC02F"), [](audit::Question const&) { return test::alerted(); });
  EXPECT_THAT(open_, IsEmpty());
  facts_of(with_suite({"TLSv1.2"}, "0xC02F"), [](audit::Question const&) { return test::unanswered(Outcome::inconclusive, "timed out"); });
  EXPECT_THAT(open_, testing::Contains(HasSubstr("RSASSA-PSS")));
}

TEST_F(Certificates, DoesNotLookForAKeyForPssWhereNoSuiteCanUseIt) {
  earlier(ProtocolVersion::TLSv1_2, shows(ProtocolVersion::TLSv1_2, {rsa()}));
  facts_of(with_suite({"TLSv1.2"}, "0x002F"));  // RSA key exchange
  EXPECT_THAT(asked_, IsEmpty());
}

/// The suites of TLS 1.2 may allow one kind of key only, and hide the other.
TEST_F(Certificates, LooksForKeysThatOldVersionsDoNotUse) {
  earlier(ProtocolVersion::TLSv1_2, shows(ProtocolVersion::TLSv1_2, {ecdsa()}));
  Value const list = facts_of(supporting({"TLSv1.2", "TLSv1.3"}), [](audit::Question const& question) {
    if (takes(question.hello, wire::SignatureScheme::ecdsa_secp256r1_sha256)) return shows(ProtocolVersion::TLSv1_3, {ecdsa()});
    if (takes(question.hello, wire::SignatureScheme::rsa_pss_rsae_sha256)) return shows(ProtocolVersion::TLSv1_3, {rsa()});
    return test::alerted();
  });
  EXPECT_THAT(asked_, SizeIs(3));
  EXPECT_THAT(list.items(), SizeIs(2));
  EXPECT_THAT(open_, IsEmpty());
}

TEST_F(Certificates, SaysWhereAnOlderVersionsChainIsMissing) {
  earlier(ProtocolVersion::TLSv1_3, shows(ProtocolVersion::TLSv1_3, {rsa()}));
  audit::Facts facts = supporting({"TLSv1.2"});
  Value suite = Value::object();
  suite.set("protocol", "TLSv1.2").set("code", "0xC02F");  // TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256
  facts.set("cipher_suites", Value::array().push_back(suite));
  Value const list = facts_of(facts);
  bool said = false;
  for (Value const& entry : list.items()) said |= entry["shown_for"]["protocol"] == Value{"TLSv1.2"} && entry["inconclusive"].is_string();
  EXPECT_TRUE(said);
}

TEST_F(Certificates, LooksForASecondKindOfKeyWhereOnlyTls13IsSpoken) {
  Value const list = facts_of(supporting({"TLSv1.3"}), [](audit::Question const& question) {
    if (takes(question.hello, wire::SignatureScheme::ecdsa_secp256r1_sha256)) return shows(ProtocolVersion::TLSv1_3, {ecdsa()});
    return test::alerted();
  });
  EXPECT_THAT(asked_, SizeIs(2));
  EXPECT_THAT(list.items(), SizeIs(1));
  EXPECT_THAT(open_, IsEmpty());
}

TEST_F(Certificates, SendsAShareForAGroupThatTheServerHasNamed) {
  earlier(ProtocolVersion::TLSv1_3, retry_with(NamedGroup::secp384r1));
  facts_of(supporting({"TLSv1.3"}), [](audit::Question const&) { return shows(ProtocolVersion::TLSv1_3, {rsa()}); });
  EXPECT_EQ(shared_group(asked_.at(0).hello), NamedGroup::secp384r1);
}

TEST_F(Certificates, FollowsARetryToAnotherGroup) {
  Value const list = facts_of(supporting({"TLSv1.3"}), [](audit::Question const& question) {
    if (shared_group(question.hello) == NamedGroup::x25519) return retry_with(NamedGroup::secp256r1);
    return shows(ProtocolVersion::TLSv1_3, {rsa()});
  });
  ASSERT_THAT(list.items(), SizeIs(1));
  EXPECT_EQ(list.items()[0].find("inconclusive"), nullptr);
  EXPECT_EQ(shared_group(asked_.at(1).hello), NamedGroup::secp256r1);
}

TEST_F(Certificates, EndsWhenRetriesLeadInACircle) {
  Value const list = facts_of(supporting({"TLSv1.3"}), [](audit::Question const& question) {
    return retry_with(shared_group(question.hello) == NamedGroup::x25519 ? NamedGroup::secp256r1 : NamedGroup::x25519);
  });
  EXPECT_THAT(asked_, SizeIs(2));
  ASSERT_THAT(list.items(), SizeIs(1));
  EXPECT_THAT(list.items()[0]["inconclusive"].as_string(), HasSubstr("x25519"));
}

TEST_F(Certificates, IsInconclusiveWhenTheServerIsSilent) {
  Value const list = facts_of(supporting({"TLSv1.3"}),
                              [](audit::Question const&) { return test::unanswered(Outcome::inconclusive, "no answer within 10 s"); });
  ASSERT_THAT(list.items(), SizeIs(1));
  EXPECT_EQ(list.items()[0]["shown_for"]["protocol"], Value{"TLSv1.3"});
  EXPECT_THAT(list.items()[0]["inconclusive"].as_string(), HasSubstr("no answer within 10 s"));
  EXPECT_THAT(open_, SizeIs(1));
}

TEST_F(Certificates, AsksAnewWithAFreshShareWhenTheFlightBreaksOff) {
  int left = 2;
  Value const list = facts_of(supporting({"TLSv1.3"}), [&](audit::Question const&) {
    audit::Reply reply = shows(ProtocolVersion::TLSv1_3, {rsa()});
    if (left-- > 0) reply.outcome = Outcome::inconclusive;
    return reply;
  });
  ASSERT_THAT(list.items(), SizeIs(1));
  EXPECT_EQ(list.items()[0].find("inconclusive"), nullptr);
  ASSERT_GE(asked_.size(), 3U);
  EXPECT_NE(wire::find(asked_[0].hello.extensions, wire::ExtensionType::key_share)->data,
            wire::find(asked_[1].hello.extensions, wire::ExtensionType::key_share)->data);
}

TEST_F(Certificates, GivesUpOnAFlightThatAlwaysBreaksOff) {
  Value const list = facts_of(supporting({"TLSv1.3"}), [&](audit::Question const&) {
    audit::Reply reply = shows(ProtocolVersion::TLSv1_3, {rsa()});
    reply.outcome = Outcome::inconclusive;
    reply.detail = "reset after a ServerHello";
    return reply;
  });
  EXPECT_THAT(asked_, SizeIs(3));
  EXPECT_THAT(list.items().at(0)["inconclusive"].as_string(), HasSubstr("reset after a ServerHello"));
}

TEST_F(Certificates, IsInconclusiveWhereNoSuiteCanBeDecrypted) {
  audit::Facts facts = supporting({"TLSv1.3"});
  Value suite = Value::object();
  suite.set("protocol", "TLSv1.3").set("code", "0x00C6").set("name", "TLS_SM4_GCM_SM3");
  Value suites = Value::array();
  suites.push_back(std::move(suite));
  facts.set("cipher_suites", std::move(suites));
  Value const list = facts_of(facts);
  EXPECT_THAT(asked_, IsEmpty());
  EXPECT_THAT(list.items().at(0)["inconclusive"].as_string(), HasSubstr("suites"));
}

TEST_F(Certificates, HasNothingToShowForAnonymousServers) {
  earlier(ProtocolVersion::TLSv1_2, shows(ProtocolVersion::TLSv1_2, {}));
  Value const list = facts_of(supporting({"TLSv1.2"}));
  EXPECT_TRUE(list.is_array());
  EXPECT_THAT(list.items(), IsEmpty());
  EXPECT_THAT(open_, IsEmpty());
}

TEST_F(Certificates, BoundsAServerThatShowsAnotherChainEachTime) {
  for (std::uint8_t i = 0; i < 40; ++i) earlier(ProtocolVersion::TLSv1_2, shows(ProtocolVersion::TLSv1_2, {{0x30, 0x01, i}}));
  Value const list = facts_of(supporting({"TLSv1.2"}));
  EXPECT_THAT(list.items(), SizeIs(16));
  EXPECT_THAT(open_, ElementsAre(HasSubstr("more than 16")));
}

TEST_F(Certificates, BoundsChainsAndCertificates) {
  earlier(ProtocolVersion::TLSv1_2, shows(ProtocolVersion::TLSv1_2, std::vector<Bytes>(65, Bytes{0x30, 0x00})));
  earlier(ProtocolVersion::TLSv1_2, shows(ProtocolVersion::TLSv1_2, {Bytes(16UL * 1024 * 1024 + 1, 0x30)}));
  Value const list = facts_of(supporting({"TLSv1.2"}));
  ASSERT_THAT(list.items(), SizeIs(2));
  EXPECT_THAT(list.items()[0]["inconclusive"].as_string(), HasSubstr("65 certificates"));
  EXPECT_THAT(list.items()[1]["inconclusive"].as_string(), HasSubstr("16777217 octets"));
}

TEST_F(Certificates, DoesNotApplyWhereNoVersionIsSpoken) {
  EXPECT_FALSE(certificates.applies(supporting({})).applies);
  EXPECT_TRUE(certificates.applies(supporting({"SSLv2"})).applies);
}

TEST(DaysLeft, RoundsDown) {
  EXPECT_EQ(days_left(kNow, kNow), 0);
  EXPECT_EQ(days_left(kNow + std::chrono::hours{23}, kNow), 0);
  EXPECT_EQ(days_left(kNow + std::chrono::hours{24}, kNow), 1);
  EXPECT_EQ(days_left(kNow - std::chrono::seconds{1}, kNow), -1);
  EXPECT_EQ(days_left(kNow - std::chrono::hours{25}, kNow), -2);
}

}  // namespace
}  // namespace tlsgauge::probes
