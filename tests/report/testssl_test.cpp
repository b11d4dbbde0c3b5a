// Fine points of testssl's rows: three-valued answers and the severities of what is proven beside what is open.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "report/samples.hpp"
#include "report/strength.hpp"
#include "report/testssl_rows.hpp"

namespace tlsgauge::report {
namespace {

Value suite(std::string protocol, std::string encryption, std::string mode, bool export_grade = false) {
  Value out = Value::object();
  out.set("protocol", std::move(protocol)).set("code", "0x002F").set("name", "TLS_X").set("openssl_name", "X").set("key_exchange", "RSA");
  out.set("authentication", "RSA").set("encryption", std::move(encryption)).set("key_bits", 128).set("block_bits", 128);
  return out.set("mode", std::move(mode)).set("aead", false).set("forward_secrecy", false).set("export", export_grade);
}

/// TLS 1.2 with that suite; the other versions as `others` says, and the list complete or not.
Endpoint endpoint(Value offered, bool complete, std::string_view others = "no") {
  Endpoint out;
  out.target.host = "www.example.com";
  out.target.address = "192.0.2.1";
  Value protocols = Value::array();
  for (std::string_view const name : {"SSLv2", "SSLv3", "TLSv1.0", "TLSv1.1", "TLSv1.2", "TLSv1.3"}) {
    bool const spoken = name == "TLSv1.2";
    protocols.push_back(Value::object().set("name", name).set("support", spoken ? "yes" : others).set("reason", "a timeout"));
  }
  out.facts.set("protocols", std::move(protocols)).set("cipher_suites", Value::array().push_back(std::move(offered)));
  Value order = Value::object();
  order.set("protocol", "TLSv1.2").set("chooser", "server").set("complete", complete).set("reason", "resets");
  out.facts.set("cipher_order", Value::array().push_back(std::move(order)));
  return out;
}

std::string severity(Endpoint const& from, std::string_view id) {
  for (TestsslRow const& row : testssl_rows(from, 0)) {
    if (row.id == id) return std::string{row.severity};
  }
  return "none";
}

std::string finding(Endpoint const& from, std::string_view id) {
  for (TestsslRow const& row : testssl_rows(from, 0)) {
    if (row.id == id) return row.finding;
  }
  return "none";
}

TEST(Testssl, IsOkOnlyWhereEveryListIsComplete) {
  for (std::string_view const id : {"RC4", "SWEET32", "FREAK", "cipherlist_NULL", "cipherlist_EXPORT"}) {
    EXPECT_EQ(severity(endpoint(suite("TLSv1.2", "AES", "CBC"), true), id), "OK") << id;
    EXPECT_EQ(severity(endpoint(suite("TLSv1.2", "AES", "CBC"), false), id), "WARN") << id;
    EXPECT_EQ(severity(endpoint(suite("TLSv1.2", "AES", "CBC"), true, "inconclusive"), id), "WARN") << id;
  }
}

TEST(Testssl, SaysWhatIsProvenWhateverElseIsOpen) {
  Endpoint const open = endpoint(suite("TLSv1.2", "RC4", "stream", true), false, "inconclusive");
  EXPECT_EQ(severity(open, "RC4"), "HIGH");
  EXPECT_EQ(severity(open, "FREAK"), "CRITICAL");
  EXPECT_EQ(severity(open, "cipherlist_EXPORT"), "CRITICAL");
  EXPECT_EQ(severity(endpoint(suite("TLSv1.2", "AES", "CBC"), false), "LUCKY13"), "LOW");
}

TEST(Testssl, DoesNotAnswerWhatWasNotAsked) {
  Endpoint only = endpoint(suite("TLSv1.2", "AES", "CBC"), true);
  for (std::string_view const id : {"HSTS", "secure_renego", "CRIME_TLS", "fallback_SCSV", "cert_trust", "OCSP_stapling", "ALPN",
                                    "overall_grade", "heartbleed", "ROBOT", "CCS", "ticketbleed", "BREACH"}) {
    EXPECT_EQ(severity(only, id), "none") << id;
  }
  only.facts = Value::object();
  std::vector<TestsslRow> const none = testssl_rows(only, 0);
  ASSERT_EQ(none.size(), 1U);
  EXPECT_EQ(none[0].id, "scanProblem");
  EXPECT_EQ(none[0].severity, "WARN");
}

TEST(Testssl, ASuiteThatNoRegistryKnowsMayBeAnything) {
  for (bool const nulls : {false, true}) {
    auto const number = [&] { return nulls ? Value{} : Value{0}; };
    auto const word = [&] { return nulls ? Value{} : Value{""}; };
    Value strange = suite("TLSv1.2", "", "");
    strange.set("code", "0xEEEE").set("key_exchange", word()).set("authentication", word()).set("encryption", word()).set("mode", word());
    strange.set("key_bits", number()).set("block_bits", number());
    Endpoint const known = endpoint(strange, true);
    for (std::string_view const id : {"cipherlist_NULL", "cipherlist_aNULL", "cipherlist_EXPORT", "cipherlist_LOW", "cipherlist_OBSOLETED",
                                      "FREAK", "LOGJAM", "SWEET32", "LUCKY13", "RC4", "FS", "cipher-tls1_2_xeeee"}) {
      EXPECT_EQ(severity(known, id), "WARN") << id;
    }
    EXPECT_EQ(finding(known, "RC4"), "test inconclusive: TLSv1.2, no registry knows 0xEEEE");
    EXPECT_EQ(severity(known, "POODLE_SSL"), "OK") << "SSLv3 is not accepted";
    EXPECT_EQ(name(rate(strange).strength), "not known");
    EXPECT_EQ(name(rate(strange.set("protocol", "SSLv2")).strength), "broken");
  }
}

Value dhe(std::int64_t bits) {
  return suite("TLSv1.2", "AES", "GCM").set("key_exchange", "DHE").set("forward_secrecy", true).set("dh_bits", bits);
}

Value group(std::int64_t bits, Value name) { return Value::object().set("bits", bits).set("name", std::move(name)); }

TEST(Testssl, LogjamIsAboutTheShortestGroupThatWasSeen) {
  Endpoint shown = endpoint(dhe(3072), true);
  EXPECT_EQ(severity(shown, "LOGJAM"), "OK");
  shown.facts.set("dh_parameters", Value::object().set("groups", Value::array().push_back(group(1024, {})).push_back(group(3072, "A"))));
  EXPECT_EQ(severity(shown, "LOGJAM"), "MEDIUM");
  EXPECT_EQ(finding(shown, "LOGJAM"), "no DH EXPORT ciphers, no common prime but Unknown DH group has only 1024 bits,");
  shown.facts.set("dh_parameters", Value::object().set("groups", Value::array().push_back(group(768, "B")).push_back(group(3072, {}))));
  EXPECT_EQ(finding(shown, "LOGJAM"), "no DH EXPORT ciphers, but the DH group has only 768 bits,");
  shown.facts.set("dh_parameters", Value::object().set("groups", Value::array()).set("inconclusive", "resets"));
  EXPECT_EQ(finding(shown, "LOGJAM"), "test inconclusive: resets");
}

TEST(Testssl, RenegotiationIsMitigatedOnlyWhereItWasRefused) {
  Endpoint begun = endpoint(suite("TLSv1.2", "AES", "CBC"), true);
  Value asked = Value::object().set("client_initiated", "yes").set("count", 3);
  begun.facts.set("renegotiation", asked);
  EXPECT_EQ(severity(begun, "secure_client_renego"), "WARN");
  begun.facts.set("renegotiation", asked.set("refused_by", "closed"));
  EXPECT_EQ(severity(begun, "secure_client_renego"), "OK");
  begun.facts.set("renegotiation", asked.set("count", 10));
  EXPECT_EQ(severity(begun, "secure_client_renego"), "HIGH") << "it may be HTTP";
  begun.facts.set("http", Value::object().set("spoken", false));
  EXPECT_EQ(severity(begun, "secure_client_renego"), "MEDIUM");
}

TEST(Testssl, WhetherHttpIsSpokenIsNotGuessed) {
  Endpoint web = endpoint(suite("TLSv1.2", "AES", "CBC"), true);
  web.facts.set("extensions", Value::object().set("compression", "no"));
  EXPECT_EQ(finding(web, "CRIME_TLS"), "not vulnerable");
  for (Value const& open : {Value::object().set("inconclusive", "timeout"), Value::object().set("spoken", nullptr)}) {
    web.facts.set("http", open);
    EXPECT_EQ(finding(web, "CRIME_TLS"), "not vulnerable");
    EXPECT_EQ(severity(web, "service"), "none");
  }
  web.facts.set("http", Value::object().set("spoken", false));
  EXPECT_EQ(finding(web, "CRIME_TLS"), "not vulnerable (not using HTTP anyway)");
  web.facts.set("http", Value::object().set("spoken", true).set("hsts", Value::object().set("inconclusive", "cut off")));
  EXPECT_EQ(severity(web, "HSTS"), "WARN");
  EXPECT_EQ(finding(web, "HSTS"), "test inconclusive: cut off");
}

Value chain_of(std::vector<std::string> const& digests, bool trusted) {
  Value all = Value::array();
  for (std::string const& digest : digests)
    all.push_back(Value::object()
                      .set("sha256", digest)
                      .set("subject", "CN=x")
                      .set("issuer", "CN=y")
                      .set("not_before", "2026-11-01T00:00:00Z")
                      .set("not_after", "2027-01-01T00:00:00Z"));
  Value verification = Value::object().set("trusted", trusted);
  if (!trusted) verification.set("error", "incomplete_chain");
  return Value::object()
      .set("shown_for", Value::object().set("sni", nullptr))
      .set("chain", std::move(all))
      .set("verification", verification);
}

TEST(Testssl, ChainsThatShareTheirLeafAreNotOne) {
  Endpoint two = endpoint(suite("TLSv1.2", "AES", "CBC"), true);
  Value const whole = chain_of({"aa", "bb"}, true);
  two.facts.set("certificates", Value::array().push_back(whole).push_back(whole));
  EXPECT_EQ(severity(two, "cert_chain_of_trust"), "OK");
  for (Value const& other : {chain_of({"aa"}, false), chain_of({"aa", "bb"}, false)}) {
    two.facts.set("certificates", Value::array().push_back(whole).push_back(other));
    EXPECT_EQ(severity(two, "cert_chain_of_trust <hostCert#1>"), "OK");
    EXPECT_EQ(severity(two, "cert_chain_of_trust <hostCert#2>"), "CRITICAL");
  }
}

TEST(Testssl, ALongNameIsNotRepeatedWhole) {
  Document document;
  document.endpoints = {endpoint(suite("TLSv1.2", "AES", "CBC"), true), {}};
  document.endpoints[1].status = Status::unreachable;
  for (Endpoint& each : document.endpoints) {
    each.target.host = std::string(100'000, 'h');
    each.target.address = std::string(100'000, 'a');
  }
  EXPECT_LT(test::render("testssl", document).size(), 200'000U);
  EXPECT_LT(test::render("testssl-csv", document).size(), 200'000U);
}

TEST(Testssl, NamesAreListedOnceAndFast) {
  std::vector<Value> many;
  for (int i = 0; i < 50'000; ++i) many.push_back(Value::object().set("name", "TLS_" + std::to_string(i / 2)));
  std::vector<Value const*> all;
  for (Value const& each : many) all.push_back(&each);
  std::string const names = suite_names(all);
  EXPECT_TRUE(names.starts_with("TLS_0 TLS_1 TLS_2 ")) << names.substr(0, 40);
  EXPECT_EQ(std::ranges::count(names, ' '), 24'999);
}

TEST(Testssl, AGradeThatMayBeLowerIsNotOk) {
  Endpoint graded = endpoint(suite("TLSv1.2", "AES", "CBC"), true);
  Assessment labs;
  labs.model = "ssllabs";
  labs.grade = "A";
  graded.assessments = {labs};
  EXPECT_EQ(severity(graded, "overall_grade"), "OK");
  graded.assessments[0].coverage = 90;
  EXPECT_EQ(severity(graded, "overall_grade"), "WARN");
  graded.assessments[0].coverage = 100;
  graded.assessments[0].caps = {{.grade = "A", .reason = "inconclusive: not asked", .reference = {}}};
  EXPECT_EQ(severity(graded, "overall_grade"), "WARN");
  graded.assessments[0].model = "requirements";
  EXPECT_EQ(severity(graded, "overall_grade"), "none") << "a grade of another model is none of SSL Labs";
}

TEST(Testssl, CsvHasOneLineARowAndNoFormula) {
  Document document;
  document.endpoints = {endpoint(suite("TLSv1.2", "AES", "CBC"), true)};
  document.endpoints[0].target.host = "=1+1\"\n";
  std::string const text = test::render("testssl-csv", document);
  EXPECT_EQ(text.find("\"=1"), std::string::npos);
  EXPECT_NE(text.find("\"'=1+1\"\"\\x0A/192.0.2.1\""), std::string::npos) << text.substr(0, 300);
}

}  // namespace
}  // namespace tlsgauge::report
