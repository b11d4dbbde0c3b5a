// Fine points of testssl's rows: three-valued answers and the severities of what is proven beside what is open.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "report/samples.hpp"
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
  EXPECT_TRUE(testssl_rows(only, 0).empty());
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
