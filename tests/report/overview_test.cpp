#include "report/overview.hpp"

#include <gtest/gtest.h>

#include "report/samples.hpp"

namespace tlsgauge::test {
namespace {

using report::State;

Requirement requirement(std::string id, Severity severity, Verdict verdict) {
  Requirement r;
  r.id = r.title = std::move(id);
  r.severity = severity;
  r.verdict = verdict;
  return r;
}

Assessment assessment(Verdict verdict, std::vector<Requirement> requirements, int score = 50) {
  Assessment a;
  a.verdict = verdict;
  a.score = score;
  a.requirements = std::move(requirements);
  return a;
}

Endpoint endpoint(std::string host, Status status, std::vector<Assessment> assessments) {
  Endpoint e;
  e.target.host = std::move(host);
  e.status = status;
  e.assessments = std::move(assessments);
  return e;
}

Document every_state() {
  Document d;
  Assessment const pass = assessment(Verdict::pass, {}, 100);
  d.endpoints = {
      endpoint("pass", Status::complete, {pass}),
      endpoint("waived", Status::complete, {assessment(Verdict::pass, {requirement("w", Severity::high, Verdict::waived)}, 90)}),
      endpoint("unjudged", Status::complete, {}),
      endpoint("open", Status::partial,
               {pass, assessment(Verdict::inconclusive, {requirement("i", Severity::low, Verdict::inconclusive)})}),
      endpoint("web", Status::not_tls, {}),
      endpoint("gone", Status::unreachable, {pass}),  // whatever a document says of it
      endpoint("medium", Status::complete, {assessment(Verdict::fail, {requirement("m", Severity::medium, Verdict::fail)})}),
      endpoint("critical", Status::complete, {pass, assessment(Verdict::fail, {requirement("c", Severity::critical, Verdict::fail)})}),
  };
  d.endpoints[5].errors = {{"connect", "refused"}};
  return d;
}

TEST(Overview, HasTheWorstFirst) {
  Document const document = every_state();
  std::vector<std::string> order;
  for (auto const& each : report::overview(document)) order.push_back(each.endpoint->target.host);
  EXPECT_EQ(order, (std::vector<std::string>{"critical", "medium", "gone", "web", "open", "unjudged", "waived", "pass"}));
}

TEST(Overview, CountsEachEndpointOnceAndMissingEvidenceIsNoPass) {
  Document const document = every_state();
  auto const all = report::overview(document);
  EXPECT_EQ(report::tally(all), "8 endpoints: 2 pass, 2 fail, 1 inconclusive, 1 unreachable, 1 no TLS, 1 not judged");
  EXPECT_EQ(report::tally({}), "0 endpoints: 0 pass");
  for (auto const& each : all) EXPECT_EQ(each.open, each.state != State::pass) << each.endpoint->target.host;
}

TEST(Overview, NamesTheWorst) {
  Document const document = every_state();
  std::vector<std::string> words;
  for (auto const& each : report::overview(document)) words.push_back(report::worst(each));
  EXPECT_EQ(words, (std::vector<std::string>{"not met: c", "not met: m", "unreachable: connect: refused", "does not speak TLS",
                                             "inconclusive: i", "", "waived: w", ""}));
}

TEST(Overview, SaysOnceWhereTroubleWas) {
  Endpoint e = endpoint("x", Status::unreachable, {});
  EXPECT_EQ(report::trouble(e), "unreachable");
  e.errors = {{"connect", "connect: Connection refused"}, {"dns", "more"}};
  EXPECT_EQ(report::trouble(e), "unreachable: connect: Connection refused");
  e.status = Status::complete;
  EXPECT_EQ(report::trouble(e), "");
}

TEST(Overview, IsOpenWhereSomethingFailedThatDidNotFailTheProfile) {
  Endpoint const e = endpoint("x", Status::complete, {assessment(Verdict::pass, {requirement("i", Severity::info, Verdict::fail)})});
  EXPECT_EQ(report::glance(e).state, State::pass);
  EXPECT_TRUE(report::glance(e).open);
}

TEST(Overview, GroupsByRemedyNotByWhatWasObserved) {
  Document document = every_state();
  document.endpoints.resize(3);
  for (Endpoint& e : document.endpoints) {
    Requirement r = requirement("same", Severity::low, Verdict::fail);
    r.observed = e.target.host;
    r.fix = {{"nginx", "x"}};
    e.assessments = {assessment(Verdict::fail, {r, requirement("grave", Severity::critical, Verdict::fail)})};
  }
  document.endpoints[2].assessments[0].requirements[0].fix[0].text = "y";
  auto const all = report::remedies(document, Verdict::fail);
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all[0].requirement->id, "grave");
  EXPECT_EQ(all[0].endpoints.size(), 3U);
  EXPECT_EQ(all[1].endpoints.size(), 2U);
  EXPECT_EQ(all[2].endpoints.size(), 1U);
}

TEST(Overview, PutsWhatABaselineKnowsBehindWhatIsNew) {
  Requirement known = requirement("old", Severity::critical, Verdict::fail);
  known.baseline = Baseline::known;
  Requirement added = requirement("new", Severity::low, Verdict::fail);
  added.baseline = Baseline::added;
  Document document;
  document.endpoints = {endpoint("x", Status::complete, {assessment(Verdict::fail, {known, added})})};
  auto const all = report::remedies(document, Verdict::fail);
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].requirement->id, "new");
  EXPECT_EQ(report::allowances(document.endpoints[0].assessments[0]), "1 known from the baseline, 1 new");
  std::string const text = render("markdown", document);
  EXPECT_NE(text.find("**low** not met: new (new), on `x:443`"), std::string::npos) << text;
  EXPECT_NE(text.find("**critical** not met: old (known from the baseline), on"), std::string::npos);
  EXPECT_NE(render("text", document, {.width = 0, .quiet = true}).find("1 known from the baseline, 1 new; "), std::string::npos);
}

TEST(Overview, NamesProfilesWhereEndpointsHaveDifferentOnes) {
  Document document = sample("good");
  document.endpoints.push_back(document.endpoints[0]);
  EXPECT_FALSE(report::several_profiles(document));
  EXPECT_EQ(render("text", document, {.width = 0}).find("nginx-recommended"), std::string::npos);
  document.endpoints[1].assessments[0].profile.version = "2.0";
  EXPECT_TRUE(report::several_profiles(document));
  EXPECT_NE(render("text", document, {.width = 0}).find("nginx-recommended 2.0"), std::string::npos);
  EXPECT_FALSE(report::several_profiles(Document{}));
}

TEST(Overview, KnowsTheNextExpiry) {
  EXPECT_EQ(report::days_left(sample("good").endpoints.front()), 76);
  EXPECT_EQ(report::days_left(Endpoint{}), std::nullopt);
}

/// With a chain that ended five days ago, shown for `shown`, beside the endpoint's own.
Document with_chain_for(Value const& shown) {
  Document document = sample("good");
  Value certificates = document.endpoints[0].facts["certificates"];
  Value other = certificates.items().front();
  other.set("shown_for", shown).set("days_left", -6);
  Value chain = Value::array();
  chain.push_back(
      Value{other["chain"].items().front()}.set("not_after", "2001-01-01T00:00:00Z").set("sha256", "00").set("subject", "CN=other"));
  other.set("chain", std::move(chain));
  certificates.push_back(std::move(other));
  document.endpoints[0].facts.set("certificates", std::move(certificates));
  return document;
}

TEST(Overview, CountsNoCertificateThatOthersAreShown) {
  std::vector<Value> const for_others{Value::object().set("protocol", "TLSv1.3").set("sni", "other.example.com"),
                                      Value::object().set("protocol", "SSLv3").set("sni", Value{}),
                                      Value::object().set("protocol", "TLSv1.3").set("named", "none")};
  for (Value const& shown : for_others) {
    Document document = with_chain_for(shown);
    EXPECT_EQ(report::days_left(document.endpoints[0]), 76);
    EXPECT_EQ(render("markdown", document).find(" d ago"), std::string::npos);
    EXPECT_EQ(render("prometheus", document).find("978307200"), std::string::npos) << "2001-01-01";
    document.endpoints.push_back(document.endpoints[0]);
    EXPECT_NE(render("html", document).find("0 expired, 0 within 30 days, 2 within 90 days"), std::string::npos);
  }
  Document const own = with_chain_for(Value::object().set("protocol", "TLSv1.2").set("sni", "www.example.com"));
  EXPECT_EQ(report::days_left(own.endpoints[0]), -6);
  EXPECT_NE(render("markdown", own).find("**5 d ago**"), std::string::npos);
  EXPECT_NE(render("prometheus", own).find(" 978307200\n"), std::string::npos);
}

TEST(Overview, GradesNothingThatWasNotJudged) {
  Document document = sample("good");
  Assessment& a = document.endpoints[0].assessments[0];
  a.verdict = Verdict::inconclusive;
  a.score = 0;
  a.grade = "F";
  a.coverage = 0;
  document.endpoints[0].status = Status::unreachable;
  EXPECT_TRUE(render("text", document, {.ascii = true}).starts_with("? INCONCLUSIVE  -  -  www.example.com:443"));
  EXPECT_EQ(render("text", document, {.width = 0, .quiet = true}).substr(0, 38), "UNREACHABLE  -  -  www.example.com:443");
  EXPECT_NE(render("markdown", document).find("| - | - |"), std::string::npos);
  EXPECT_NE(render("csv", document).find(",inconclusive,,,0,"), std::string::npos);
  std::string const html = render("html", document);
  EXPECT_NE(html.find("grade <b>-</b>"), std::string::npos);
  EXPECT_NE(html.find("score <b>-</b>"), std::string::npos);
  EXPECT_NE(html.find(">-</text></svg>"), std::string::npos);
  document.endpoints.push_back(document.endpoints[0]);
  EXPECT_NE(render("html", document).find("<title>Grades: none 2</title>"), std::string::npos);
}

}  // namespace
}  // namespace tlsgauge::test
