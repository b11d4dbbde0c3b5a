// Each operator on what is known, partly known, absent and unknown.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "policy/condition.hpp"
#include "support/facts_builder.hpp"
#include "tlsgauge/profile.hpp"

namespace tlsgauge::policy {
namespace {

using test::FactsBuilder;
using ::testing::HasSubstr;

// The verdict on one requirement: `fact` and `is` as in YAML.
Requirement judged(std::string const& body, Endpoint const& endpoint, std::string const& more = {}) {
  std::string const yaml =
      "tlsgauge_profile: 1\nname: t\nversion: \"1\"\ntitle: t\nrequirements:\n  - id: r\n    title: t\n    severity: high\n    why: w\n" +
      body + more;
  return evaluate(parse_profile(yaml, "t.yaml"), endpoint).requirements.at(0);
}

Requirement judged(std::string const& fact, std::string const& is, Endpoint const& endpoint) {
  return judged("    fact: " + fact + "\n    is: {" + is + "}\n", endpoint);
}

struct Case {
  std::string is;
  Verdict verdict;
};

void expect_all(std::string const& fact, Endpoint const& endpoint, std::vector<Case> const& cases) {
  for (Case const& c : cases) {
    Requirement const got = judged(fact, c.is, endpoint);
    EXPECT_EQ(name(got.verdict), name(c.verdict)) << fact << " " << c.is << ": " << got.observed;
    EXPECT_FALSE(got.observed.empty());
    EXPECT_FALSE(got.expected.empty());
  }
}

TEST(Operators, OnAKnownSet) {
  expect_all("protocols.accepted", FactsBuilder{}.endpoint(),
             {{"subset_of: [TLSv1.2, TLSv1.3]", Verdict::pass},
              {"subset_of: [TLSv1.1, TLSv1.2, TLSv1.3]", Verdict::pass},
              {"subset_of: TLSv1.3", Verdict::fail},
              {"subset_of: []", Verdict::fail},
              {"superset_of: [TLSv1.2]", Verdict::pass},
              {"superset_of: [TLSv1.2, TLSv1.1]", Verdict::fail},
              {"includes: TLSv1.3", Verdict::pass},
              {"includes: SSLv3", Verdict::fail},
              {"excludes: [SSLv2, SSLv3]", Verdict::pass},
              {"excludes: [SSLv3, TLSv1.2]", Verdict::fail},
              {"intersects: [SSLv3, TLSv1.2]", Verdict::pass},
              {"intersects: [SSLv3, TLSv1.0]", Verdict::fail},
              {"equals: [TLSv1.3, TLSv1.2]", Verdict::pass},
              {"equals: [TLSv1.3]", Verdict::fail},
              {"equals: [TLSv1.1, TLSv1.2, TLSv1.3]", Verdict::fail},
              {"equals: []", Verdict::fail},
              {"not_equals: [TLSv1.2, TLSv1.3]", Verdict::fail},
              {"not_equals: [TLSv1.3]", Verdict::pass},
              {"exists: true", Verdict::pass},
              {"exists: false", Verdict::fail},
              {"not_empty: true", Verdict::pass},
              {"not_empty: false", Verdict::fail}});
}

// TLSv1.3 is confirmed, TLSv1.2 is not known, all others are refused.
TEST(Operators, OnASetWithAPossibleMember) {
  expect_all("protocols.accepted", FactsBuilder{}.leaves_open("TLSv1.2", "timed out").endpoint(),
             {{"subset_of: [TLSv1.2, TLSv1.3]", Verdict::pass},  // what is open would be allowed
              {"subset_of: [TLSv1.3]", Verdict::inconclusive},    {"subset_of: [TLSv1.2]", Verdict::fail},
              {"superset_of: [TLSv1.3]", Verdict::pass},          {"superset_of: [TLSv1.2, TLSv1.3]", Verdict::inconclusive},
              {"superset_of: [TLSv1.1, TLSv1.2]", Verdict::fail},  // whatever TLSv1.2 is
              {"includes: TLSv1.2", Verdict::inconclusive},       {"excludes: TLSv1.1", Verdict::pass},
              {"excludes: TLSv1.2", Verdict::inconclusive},       {"excludes: [TLSv1.2, TLSv1.3]", Verdict::fail},
              {"intersects: [TLSv1.2, TLSv1.3]", Verdict::pass},  {"intersects: [TLSv1.1, TLSv1.2]", Verdict::inconclusive},
              {"intersects: [TLSv1.0, TLSv1.1]", Verdict::fail},  {"equals: [TLSv1.2, TLSv1.3]", Verdict::inconclusive},
              {"equals: [TLSv1.3]", Verdict::inconclusive},       {"equals: [TLSv1.2]", Verdict::fail},
              {"equals: [TLSv1.1, TLSv1.3]", Verdict::fail},      {"not_equals: [TLSv1.2, TLSv1.3]", Verdict::inconclusive},
              {"not_equals: [TLSv1.2]", Verdict::pass},           {"not_empty: true", Verdict::pass}});
}

// There may be more suites than the two that were found.
TEST(Operators, OnAnIncompleteSet) {
  FactsBuilder facts;
  facts.orders["TLSv1.3"] = {"inconclusive", false, "reset"};
  std::string const found = "0x1302, 0x1303";
  expect_all("suites.accepted.TLSv1.3", facts.endpoint(),
             {{"subset_of: [" + found + "]", Verdict::inconclusive},
              {"subset_of: [0x1302]", Verdict::fail},
              {"superset_of: [0x1302]", Verdict::pass},
              {"superset_of: [0x1301]", Verdict::inconclusive},
              {"includes: TLS_AES_256_GCM_SHA384", Verdict::pass},
              {"excludes: [0x1301]", Verdict::inconclusive},
              {"excludes: [0x1303]", Verdict::fail},
              {"intersects: [0x1303]", Verdict::pass},
              {"intersects: [0x1301]", Verdict::inconclusive},
              {"equals: [" + found + "]", Verdict::inconclusive},
              {"equals: [0x1302]", Verdict::fail},
              {"equals: [0x1301, " + found + "]", Verdict::inconclusive},
              {"not_equals: [0x1302]", Verdict::pass},
              {"not_empty: true", Verdict::pass},
              {"not_empty: false", Verdict::fail}});
}

TEST(Operators, OnASetThatIsNotKnown) {
  for (Endpoint const& endpoint :
       {FactsBuilder{}.without("cipher_suites").endpoint(), FactsBuilder{}.leaves_open("TLSv1.2", "reset").endpoint()}) {
    expect_all("suites.accepted.TLSv1.2", endpoint,
               {{"subset_of: [0xC030]", Verdict::inconclusive},
                {"superset_of: [0xC030]", Verdict::inconclusive},
                {"excludes: \"@null\"", Verdict::inconclusive},
                {"intersects: \"@aead\"", Verdict::inconclusive},
                {"equals: [0xC030]", Verdict::inconclusive},
                {"not_equals: [0xC030]", Verdict::inconclusive},
                {"exists: true", Verdict::inconclusive},
                {"exists: false", Verdict::inconclusive},
                {"not_empty: true", Verdict::inconclusive},
                {"not_empty: false", Verdict::inconclusive}});
  }
}

TEST(Operators, OnASetThatDoesNotApply) {
  expect_all("suites.accepted.TLSv1.2", FactsBuilder{}.refuses("TLSv1.2").endpoint(),
             {{"subset_of: [0xC030]", Verdict::not_applicable},
              {"superset_of: [0xC030]", Verdict::not_applicable},
              {"excludes: \"@null\"", Verdict::not_applicable},
              {"exists: true", Verdict::fail},
              {"exists: false", Verdict::pass}});
}

TEST(Operators, OnAttributes) {
  FactsBuilder facts;
  facts.suites = {{"TLSv1.2", "TLS_RSA_WITH_3DES_EDE_CBC_SHA", {}}, {"TLSv1.3", "TLS_AES_128_GCM_SHA256", {}}};
  expect_all("suites.accepted.any", facts.endpoint(),
             {{"subset_of: \"@aead\"", Verdict::fail},
              {"subset_of: \"@forward_secrecy\"", Verdict::fail},
              {"subset_of: [\"@aead\", \"@cbc\"]", Verdict::pass},
              {"subset_of: [\"@aead\", 0x000A]", Verdict::pass},
              {"excludes: \"@block64\"", Verdict::fail},
              {"excludes: [\"@null\", \"@anon\", \"@export\"]", Verdict::pass},
              {"excludes: \"@iana_discouraged\"", Verdict::fail},
              {"intersects: \"@iana_recommended\"", Verdict::pass}});
  facts.groups = {"X25519MLKEM768", "x25519", "ffdhe2048"};
  expect_all("groups.accepted", facts.endpoint(),
             {{"intersects: \"@post_quantum\"", Verdict::pass},
              {"excludes: \"@ffdhe\"", Verdict::fail},
              {"subset_of: [\"@post_quantum\", x25519, 0x0100]", Verdict::pass},
              {"includes: 0x11EC", Verdict::pass}});
}

TEST(Operators, AnUnknownCodeHasNoKnownQuality) {
  FactsBuilder facts;
  facts.suites = {{"TLSv1.3", "0xEEEE", {}}, {"TLSv1.2", "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", {}}};
  expect_all("suites.accepted.any", facts.endpoint(),
             {{"excludes: \"@null\"", Verdict::inconclusive},
              {"subset_of: \"@aead\"", Verdict::inconclusive},
              {"subset_of: [0xC030]", Verdict::fail}});
}

TEST(Operators, SslTwoKindsAreNotTakenForSuites) {
  FactsBuilder facts;
  facts.accepts("SSLv2", {"SSL_CK_NULL_WITH_MD5", "SSL_CK_RC4_128_EXPORT40_WITH_MD5"});
  expect_all("suites.accepted.SSLv2", facts.endpoint(),
             {{"excludes: \"@null\"", Verdict::fail},
              {"excludes: \"@export\"", Verdict::fail},
              {"includes: 0x000000", Verdict::pass},
              {"excludes: 0x0000", Verdict::pass}});
}

TEST(Operators, OnANumber) {
  expect_all("http.hsts.max_age", FactsBuilder{}.endpoint(),
             {{"min: 63072000", Verdict::pass},
              {"min: 63072001", Verdict::fail},
              {"max: 63072000", Verdict::pass},
              {"max: 5", Verdict::fail},
              {"equals: 63072000", Verdict::pass},
              {"equals: 1", Verdict::fail},
              {"not_equals: 1", Verdict::pass},
              {"one_of: [1, 63072000]", Verdict::pass},
              {"one_of: [1, 2]", Verdict::fail},
              {"exists: true", Verdict::pass}});
  expect_all("http.hsts.max_age", FactsBuilder{}.answers_with(FactsBuilder::no_hsts()).endpoint(),
             {{"min: 1", Verdict::fail},
              {"max: 9", Verdict::fail},
              {"equals: 1", Verdict::fail},
              {"not_equals: 1", Verdict::pass},
              {"exists: true", Verdict::fail},
              {"exists: false", Verdict::pass}});
  expect_all("http.hsts.max_age", FactsBuilder{}.without("http").endpoint(),
             {{"min: 1", Verdict::inconclusive}, {"not_equals: 1", Verdict::inconclusive}, {"exists: false", Verdict::inconclusive}});
}

TEST(Operators, OnANumberThatMayBeSmallerYet) {
  FactsBuilder facts;
  facts.accepts("TLSv1.2", {});
  facts.suites.push_back({"TLSv1.2", "TLS_DHE_RSA_WITH_AES_256_GCM_SHA384", 2048});
  expect_all("dh.min_bits", facts.endpoint(),
             {{"min: 2048", Verdict::pass}, {"min: 3072", Verdict::fail}, {"equals: 2048", Verdict::pass}});
  facts.orders["TLSv1.2"].complete = false;
  expect_all("dh.min_bits", facts.endpoint(),
             {{"min: 2048", Verdict::inconclusive},
              {"min: 3072", Verdict::fail},
              {"max: 2048", Verdict::pass},
              {"max: 1024", Verdict::inconclusive}});
  facts.orders["TLSv1.2"].complete = true;
  facts.suites.push_back({"TLSv1.2", "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256", {}});
  expect_all("dh.min_bits", facts.endpoint(), {{"min: 2048", Verdict::inconclusive}, {"min: 3072", Verdict::fail}});
  expect_all("dh.min_bits", FactsBuilder{}.endpoint(), {{"min: 2048", Verdict::not_applicable}});
}

TEST(Operators, OnAText) {
  expect_all("suites.chooser.TLSv1.2", FactsBuilder{}.endpoint(),
             {{"equals: server", Verdict::pass},
              {"equals: client", Verdict::fail},
              {"not_equals: client", Verdict::pass},
              {"one_of: [client, indifferent]", Verdict::fail},
              {"one_of: [client, server]", Verdict::pass}});
  FactsBuilder facts;
  facts.orders["TLSv1.2"] = {"inconclusive", true, "answers differ"};
  expect_all("suites.chooser.TLSv1.2", facts.endpoint(),
             {{"equals: server", Verdict::inconclusive}, {"not_equals: server", Verdict::inconclusive}});
  expect_all("suites.chooser.TLSv1.1", facts.endpoint(), {{"equals: server", Verdict::not_applicable}});
}

TEST(Operators, OnABoolean) {
  expect_all("http.spoken", FactsBuilder{}.endpoint(),
             {{"equals: true", Verdict::pass},
              {"equals: false", Verdict::fail},
              {"not_equals: true", Verdict::fail},
              {"not_equals: false", Verdict::pass}});
  FactsBuilder silent;
  silent.http = Value::object().set("inconclusive", "timed out");
  expect_all("http.spoken", silent.endpoint(), {{"equals: true", Verdict::inconclusive}, {"equals: false", Verdict::inconclusive}});
}

// http.spoken is true, http.status 200, groups were not asked (unknown), TLS 1.1 is refused (not applicable).
TEST(Operators, CombineInThreeValues) {
  std::string const yes = "{fact: http.spoken, is: {equals: true}}";
  std::string const no = "{fact: http.status, is: {equals: 404}}";
  std::string const unknown = "{fact: groups.accepted, is: {includes: x448}}";
  std::string const out = "{fact: suites.accepted.TLSv1.1, is: {includes: 0x1301}}";
  struct Row {
    std::string parts;
    Verdict all, any;
  };
  std::vector<Row> const rows = {
      {yes, Verdict::pass, Verdict::pass},
      {no, Verdict::fail, Verdict::fail},
      {unknown, Verdict::inconclusive, Verdict::inconclusive},
      {out, Verdict::not_applicable, Verdict::not_applicable},
      {yes + ", " + no, Verdict::fail, Verdict::pass},
      {yes + ", " + unknown, Verdict::inconclusive, Verdict::pass},
      {unknown + ", " + yes, Verdict::inconclusive, Verdict::pass},
      {no + ", " + unknown, Verdict::fail, Verdict::inconclusive},
      {unknown + ", " + no, Verdict::fail, Verdict::inconclusive},
      {out + ", " + yes, Verdict::pass, Verdict::pass},
      {out + ", " + no, Verdict::fail, Verdict::fail},
      {no + ", " + out, Verdict::fail, Verdict::fail},
      {out + ", " + unknown, Verdict::inconclusive, Verdict::inconclusive},
      {yes + ", " + unknown + ", " + no, Verdict::fail, Verdict::pass},
  };
  Endpoint const endpoint = FactsBuilder{}.without("groups").endpoint();
  for (Row const& row : rows) {
    EXPECT_EQ(name(judged("    all: [" + row.parts + "]\n", endpoint).verdict), name(row.all)) << "all " << row.parts;
    EXPECT_EQ(name(judged("    any: [" + row.parts + "]\n", endpoint).verdict), name(row.any)) << "any " << row.parts;
  }
  EXPECT_EQ(judged("    not: " + yes + "\n", endpoint).verdict, Verdict::fail);
  EXPECT_EQ(judged("    not: " + no + "\n", endpoint).verdict, Verdict::pass);
  EXPECT_EQ(judged("    not: " + unknown + "\n", endpoint).verdict, Verdict::inconclusive);
  EXPECT_EQ(judged("    not: " + out + "\n", endpoint).verdict, Verdict::not_applicable);
  EXPECT_EQ(judged("    not: {any: [" + yes + ", " + no + "]}\n", endpoint).verdict, Verdict::fail);
}

TEST(Operators, WhenDecidesWhetherARequirementApplies) {
  Endpoint const endpoint = FactsBuilder{}.without("groups").endpoint();
  std::string const rule = "    fact: protocols.accepted\n    is: {includes: TLSv1.3}\n";
  EXPECT_EQ(judged(rule + "    when: {fact: http.spoken, is: {equals: true}}\n", endpoint).verdict, Verdict::pass);
  EXPECT_EQ(judged(rule + "    when: {fact: http.spoken, is: {equals: false}}\n", endpoint).verdict, Verdict::not_applicable);
  EXPECT_EQ(judged(rule + "    when: {fact: suites.accepted.SSLv3, is: {includes: 0x0005}}\n", endpoint).verdict, Verdict::not_applicable);
  Requirement const open = judged(rule + "    when: {fact: groups.accepted, is: {includes: x448}}\n", endpoint);
  EXPECT_EQ(open.verdict, Verdict::inconclusive);
  EXPECT_THAT(open.observed, HasSubstr("whether this applies is not known: not asked"));
}

TEST(Operators, SayWhatTheyExpectInWords) {
  auto const expected = [](std::string const& fact, std::string const& is) { return judged(fact, is, FactsBuilder{}.endpoint()).expected; };
  EXPECT_EQ(expected("protocols.accepted", "subset_of: [TLSv1.2, TLSv1.3]"), "only TLSv1.2 and TLSv1.3");
  EXPECT_EQ(expected("protocols.accepted", "excludes: [SSLv2, SSLv3]"), "no SSLv2 or SSLv3");
  EXPECT_EQ(expected("protocols.accepted", "equals: [TLSv1.3]"), "exactly TLSv1.3");
  EXPECT_EQ(expected("protocols.accepted", "includes: TLSv1.3"), "at least TLSv1.3");
  EXPECT_EQ(expected("suites.accepted.any", "subset_of: \"@aead\""), "only AEAD suites");
  EXPECT_EQ(expected("http.hsts.max_age", "min: 63072000"), "at least 63072000 seconds");
  EXPECT_EQ(expected("http.status", "one_of: [200, 301]"), "200 or 301");
  EXPECT_EQ(expected("http.spoken", "equals: false"), "HTTP is not spoken");
  EXPECT_EQ(expected("suites.chooser.TLSv1.2", "not_equals: server"), "anything but server");
  EXPECT_EQ(judged("    any: [{fact: http.status, is: {min: 200}}, {fact: http.spoken, is: {equals: false}}]\n", FactsBuilder{}.endpoint())
                .expected,
            "HTTP status: at least 200; or HTTP is not spoken");
}

TEST(Operators, EveryOneHasATypeItJudges) {
  for (OperatorSpec const& op : operators()) {
    bool any = false;
    for (Type const type :
         {Type::versions, Type::suites, Type::groups, Type::signatures, Type::texts, Type::number, Type::text, Type::boolean}) {
      any = any || applies_to(op.code, type);
    }
    EXPECT_TRUE(any) << op.name;
    EXPECT_FALSE(op.sentence.empty());
  }
}

// Every reader on trees that are not as they should be: no exception, and never a known value out of nothing.
TEST(Vocabulary, ReadsNothingFromTreesOfTheWrongShape) {
  std::vector<Value> const odd = {
      Value{},
      Value{true},
      Value{7},
      Value{"text"},
      Value::array(),
      Value::object(),
      Value::array().push_back(1),
      Value::array().push_back(Value::object()),
      Value::object().set("hsts", 5),
      Value::object().set("spoken", "yes"),
      Value::array().push_back(Value::object().set("chain", "x").set("verification", 1).set("days_left", "soon")),
      Value::array().push_back(Value::object().set("chain", Value::array().push_back(3)))};
  for (Value const& shape : odd) {
    Endpoint endpoint;
    for (char const* key : {"protocols",
                            "cipher_suites",
                            "cipher_order",
                            "groups",
                            "group_order",
                            "certificates",
                            "http",
                            "dns",
                            "curves",
                            "signature_schemes",
                            "group_retry",
                            "dh_parameters",
                            "post_quantum",
                            "extensions",
                            "renegotiation",
                            "downgrade",
                            "tolerance",
                            "alpn",
                            "client_authentication",
                            "server_name",
                            "certificate_compression",
                            "sessions",
                            "early_data",
                            "transparency",
                            "revocation"})
      endpoint.facts.set(key, shape);
    for (FactSpec const& fact : facts()) {
      Value const nothing = Value::object();
      Value const& certificate = shape.items().empty() ? nothing : shape.items().front();
      Observed const got = fact.read({.endpoint = &endpoint, .certificate = &certificate}, fact.version);
      bool const protocols = fact.name == "protocols.accepted";  // known to hold nothing for certain
      EXPECT_TRUE(got.state == Observed::State::unknown || (fact.optional && got.state == Observed::State::not_applicable) ||
                  (protocols && got.elements.empty() && got.possible.size() == 6))
          << fact.name;
      if (got.state == Observed::State::unknown) {
        EXPECT_FALSE(got.reason.empty()) << fact.name;
      }
    }
  }
}

TEST(Vocabulary, DescribesEveryFact) {
  for (FactSpec const& fact : facts()) {
    EXPECT_FALSE(fact.sentence.empty()) << fact.name;
    EXPECT_FALSE(fact.noun.empty()) << fact.name;
    EXPECT_EQ(fact.type == Type::boolean, !fact.affirmed.empty() && !fact.denied.empty()) << fact.name;
    EXPECT_EQ(find_fact(fact.name), &fact) << "twice: " << fact.name;
    EXPECT_EQ(fact.scope == Scope::certificate, fact.name.starts_with("certificate.")) << fact.name;
  }
}

}  // namespace
}  // namespace tlsgauge::policy
