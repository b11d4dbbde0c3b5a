// Fine points of testssl's rows: three-valued answers and the severities of what is proven beside what is open.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>

#include "base/text.hpp"
#include "report/formula.hpp"
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
  only.assessments.emplace_back().model = "ssllabs";
  std::vector<TestsslRow> const none = testssl_rows(only, 0);
  ASSERT_FALSE(none.empty());
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
  auto const begin = std::chrono::steady_clock::now();
  std::string const names = suite_names(all);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds{3}) << "not each against each";
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

TEST(Testssl, CsvTakesNoPemOnTrustAndKnowsEveryFormula) {
  for (std::string const hostile : {" =1+1", "\xC2\xA0=1+1",
                                    "\xEF\xBC\x9D"
                                    "1+1",
                                    "\"=1+1", "-----BEGIN CERTIFICATE-----+cmd|x"}) {
    EXPECT_TRUE(is_formula(hostile)) << hostile;
    Document document;
    document.endpoints = {endpoint(suite("TLSv1.2", "AES", "CBC"), true)};
    Value chain = chain_of({"aa"}, true);
    Value leaf = chain["chain"].items().front();
    chain.set("chain", Value::array().push_back(leaf.set("pem", hostile)));
    document.endpoints[0].facts.set("certificates", Value::array().push_back(chain));
    document.endpoints[0].target.host = hostile;
    std::string quoted;
    for (char const c : printable(hostile)) quoted += c == '"' ? "\"\"" : std::string(1, c);
    std::string const text = test::render("testssl-csv", document);
    EXPECT_EQ(text.find(",\"" + quoted), std::string::npos) << hostile;
    EXPECT_NE(text.find(",\"'" + quoted), std::string::npos) << hostile;
  }
  std::string const good = test::render("testssl-csv", test::sample("good"));
  EXPECT_NE(good.find(",\"-----BEGIN CERTIFICATE----- "), std::string::npos);
  EXPECT_EQ(good.find("\"'"), std::string::npos);
}

TEST(Testssl, ADocumentWithoutEndpointsIsAProblem) {
  EXPECT_NE(test::render("testssl", {}).find("\"WARN\""), std::string::npos);
  EXPECT_NE(test::render("testssl-csv", {}).find("\"WARN\""), std::string::npos);
}

Value curve(std::string code, std::string name) { return Value::object().set("code", std::move(code)).set("name", std::move(name)); }

TEST(Testssl, CurvesAreOkOnlyWhereAllAreKnown) {
  Value const ecdhe = suite("TLSv1.2", "AES", "GCM").set("key_exchange", "ECDHE").set("forward_secrecy", true).set("group", "secp256r1");
  Endpoint shown = endpoint(ecdhe, true);
  auto const set = [&](std::string name, bool complete) {
    Value order = Value::object().set("complete", complete).set("reason", "resets");
    shown.facts.set("curves",
                    Value::object().set("groups", Value::array().push_back(curve("0x0017", std::move(name)))).set("order", order));
  };
  set("secp256r1", true);
  EXPECT_EQ(severity(shown, "FS_ECDHE_curves"), "OK");
  set("secp256r1", false);
  EXPECT_EQ(finding(shown, "FS_ECDHE_curves"), "prime256v1 (test inconclusive: resets)");
  set("sect163k1", false);
  EXPECT_EQ(severity(shown, "FS_ECDHE_curves"), "MEDIUM") << "proven, whatever else there is";
  set("curveSM2", true);
  EXPECT_EQ(severity(shown, "FS_ECDHE_curves"), "OK") << "256 bits, not 2";
  set("0x1234", true);
  EXPECT_EQ(severity(shown, "FS_ECDHE_curves"), "WARN");
  shown.facts.set("curves", Value::object().set("inconclusive", "timeout"));
  EXPECT_EQ(severity(shown, "FS_ECDHE_curves"), "WARN");
}

TEST(Testssl, SizesOfGroupsComeFromTheRegistry) {
  for (auto const& [group, text] : {std::pair{"curveSM2", " ECDH 256 "}, std::pair{"X25519Kyber768Draft00", " ECDH/Kyber "},
                                    std::pair{"X25519MLKEM768", " ECDH/MLKEM "}, std::pair{"x25519", " ECDH 253 "},
                                    std::pair{"ffdhe3072", " DH 3072 "}, std::pair{"0x1234", " any "}}) {
    Endpoint const shown = endpoint(suite("TLSv1.2", "AES", "GCM").set("key_exchange", "any").set("group", group), true);
    EXPECT_NE(finding(shown, "cipher-tls1_2_x2f").find(text), std::string::npos) << group << finding(shown, "cipher-tls1_2_x2f");
  }
}

TEST(Testssl, OrderIsOkOnlyWhereEachVersionIsKnown) {
  Endpoint shown = endpoint(suite("TLSv1.2", "AES", "CBC"), true);
  EXPECT_EQ(severity(shown, "cipher_order"), "OK");
  EXPECT_EQ(severity(endpoint(suite("TLSv1.2", "AES", "CBC"), true, "inconclusive"), "cipher_order"), "WARN");
  Value protocols = Value::array();
  for (Value const& each : shown.facts["protocols"].items())
    protocols.push_back(each["name"].as_string() == "TLSv1.1" ? Value::object().set("name", "TLSv1.1").set("support", "yes") : each);
  shown.facts.set("protocols", protocols);
  EXPECT_EQ(severity(shown, "cipher_order"), "WARN") << "of TLS 1.1 no suite is known";
  EXPECT_EQ(severity(shown, "cipher_order-tls1_1"), "WARN");
}

/// With one chain, whose leaf is "aa".
Endpoint with_leaf(std::string const& key, Value value, Value chain = chain_of({"aa"}, true)) {
  Endpoint out = endpoint(suite("TLSv1.2", "AES", "CBC"), true);
  if (!key.empty()) {
    Value leaf = chain["chain"].items().front();
    chain.set("chain", Value::array().push_back(leaf.set(key, std::move(value))));
  }
  out.facts.set("certificates", Value::array().push_back(std::move(chain)));
  return out;
}

TEST(Testssl, ADateThatIsNotKnownIsNoDate) {
  EXPECT_EQ(severity(with_leaf("", {}), "cert_extlifeSpan"), "OK");
  EXPECT_EQ(severity(with_leaf("not_after", {}), "cert_extlifeSpan"), "WARN");
  EXPECT_EQ(severity(with_leaf("not_before", {}), "cert_extlifeSpan"), "WARN");
  EXPECT_EQ(severity(with_leaf("", {}), "cert_expirationStatus"), "WARN") << "days_left is missing";
}

Value source(std::string kind, Value status, Value error = {}) {
  return Value::object().set("kind", std::move(kind)).set("status", std::move(status)).set("error", std::move(error));
}

Value asked(std::string status, Value sources) {
  return Value::object().set("sha256", "aa").set("status", std::move(status)).set("why", "it failed").set("sources", std::move(sources));
}

TEST(Testssl, RevocationIsTheWorstThatWasSaid) {
  Endpoint leaf = with_leaf("", {});
  auto const said = [&](std::vector<Value> const& all) {
    Value list = Value::array();
    for (Value const& each : all) list.push_back(each);
    leaf.facts.set("revocation", std::move(list));
    return severity(leaf, "cert_ocspRevoked") + " " + severity(leaf, "cert_crlRevoked");
  };
  Value const good = asked("good", Value::array().push_back(source("ocsp", "good")));
  Value const revoked = asked("revoked", Value::array().push_back(source("ocsp", "revoked")));
  EXPECT_EQ(said({good}), "OK none");
  EXPECT_EQ(said({good, revoked}), "CRITICAL none");
  EXPECT_EQ(said({revoked, good}), "CRITICAL none");
  EXPECT_EQ(said({asked("revoked", Value::array().push_back(source("ocsp", "good")).push_back(source("crl", "revoked")))}),
            "WARN CRITICAL");
  EXPECT_EQ(said({asked("inconclusive", Value::array().push_back(source("ocsp", {}, "timeout")))}), "WARN none");
  EXPECT_EQ(said({asked("inconclusive", Value::array())}), "none WARN");
  EXPECT_EQ(said({asked("not_checked", Value::array().push_back(source("ocsp", {}, "offline")))}), "none none");
  EXPECT_EQ(said({asked("no_source", Value::array())}), "none none");
}

TEST(Testssl, TimestampsAreOkOnlyWhereOneIsValid) {
  Endpoint leaf = with_leaf("", {});
  auto const said = [&](std::string status, Value satisfied = {}) {
    Value stamps = Value::array();
    if (!status.empty()) stamps.push_back(Value::object().set("source", "tls").set("status", std::move(status)));
    leaf.facts.set(
        "transparency",
        Value::array().push_back(Value::object().set("sha256", "aa").set("timestamps", stamps).set("satisfied", std::move(satisfied))));
    return severity(leaf, "certificate_transparency") + " " + finding(leaf, "certificate_transparency");
  };
  EXPECT_EQ(said("valid"), "OK yes (TLS extension)");
  EXPECT_EQ(said("valid", false), "INFO yes (TLS extension), not enough for browsers");
  EXPECT_EQ(said("unverified"), "INFO yes (TLS extension), not verified");
  EXPECT_EQ(said("bad_signature"), "MEDIUM no timestamp is valid: bad_signature");
  EXPECT_EQ(said(""), "INFO --");
  leaf.facts.set("transparency", Value::array().push_back(Value::object().set("sha256", "aa").set("inconclusive", "cut off")));
  EXPECT_EQ(severity(leaf, "certificate_transparency"), "WARN");
}

TEST(Testssl, AStapleIsOkOnlyWhereItCounts) {
  auto const said = [](Value staple) {
    Value chain = chain_of({"aa"}, true).set("ocsp_stapled", true);
    chain.set("revocation", Value::object().set("staples", Value::array().push_back(std::move(staple))));
    return severity(with_leaf("", {}, std::move(chain)), "OCSP_stapling");
  };
  EXPECT_EQ(said(source("staple", "good")), "OK");
  EXPECT_EQ(said(source("staple", "revoked")), "CRITICAL");
  EXPECT_EQ(said(source("staple", "good", "stale")), "MEDIUM");
  EXPECT_EQ(said(source("staple", {}, "bad_signature")), "MEDIUM");
  EXPECT_EQ(said(Value::object().set("inconclusive", "timeout")), "WARN");
}

TEST(Testssl, WhatWasAskedInVainIsNotSilent) {
  Value chain = chain_of({"aa"}, true).set("shape", Value::object().set("inconclusive", "too large"));
  Endpoint open = with_leaf("", {}, std::move(chain));
  open.facts.set("extensions", Value::object().set("next_protocol_negotiation", "inconclusive"));
  Value const kind = Value::object().set("given", "inconclusive").set("inconclusive", "resets");
  open.facts.set("sessions", Value::object().set("tls12_tickets", kind).set("tls12_session_ids", kind));
  open.facts.set("certificate_compression", Value::object().set("algorithms", Value::array()).set("inconclusive", "resets"));
  for (std::string_view const id : {"NPN", "TLS_session_ticket", "sessionresumption_ticket", "sessionresumption_ID",
                                    "certificate_compression", "certs_list_ordering_problem", "cert_keySize"}) {
    EXPECT_EQ(severity(open, id), "WARN") << id;
  }
}

TEST(Testssl, CaaThatStayedOpenIsNotSilent) {
  Endpoint leaf = with_leaf("", {});
  for (std::string_view const why : {"bogus", "not_checked"}) {
    leaf.facts.set("dns", Value::object().set("caa", Value::object().set(why, "timeout")));
    EXPECT_EQ(severity(leaf, "DNS_CAArecord"), "WARN") << why;
  }
  leaf.facts.set("dns", Value::object().set("not_checked", "offline"));
  EXPECT_EQ(severity(leaf, "DNS_CAArecord"), "none");
  leaf.facts.set("dns", Value::object().set("caa", Value::object().set("records", Value::array())));
  EXPECT_EQ(severity(leaf, "DNS_CAArecord"), "LOW");
}

TEST(Testssl, APrimeHasOneName) {
  EXPECT_EQ(testssl_prime_name(group(2048, "RFC7919 ffdhe2048 | RFC7919 2048 BIT | RFC7919/ffdhe2048")), "RFC7919/ffdhe2048");
}

}  // namespace
}  // namespace tlsgauge::report
