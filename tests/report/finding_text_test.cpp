#include "report/finding_text.hpp"

#include <gmock/gmock.h>

#include "report/samples.hpp"

namespace tlsgauge::report {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

TEST(Gaps, AWholeRunHasNone) { EXPECT_THAT(gaps(test::sample("good")), SizeIs(0)); }

TEST(Gaps, SayWhatWasNotMeasuredAndWhy) {
  Document document = test::sample("unreachable");
  document.run.interrupted = false;
  document.endpoints.resize(1);
  ASSERT_THAT(gaps(document), SizeIs(1));
  EXPECT_EQ(gaps(document)[0].text, "gone.example.org:443 is unreachable: connect: timed out after 10 s, three times");
  document.endpoints[0].status = Status::not_tls;
  document.endpoints[0].errors = {{"a", "b"}, {"c", "d\n::error::"}};
  EXPECT_EQ(gaps(document)[0].text, "gone.example.org:443 does not speak TLS: a: b; c: d\\x0A::error::");
}

TEST(Gaps, KeepTheirFingerprintWhateverTheReason) {
  Document document = test::sample("unreachable");
  document.run.interrupted = false;
  std::string const before = gaps(document)[0].fingerprint;
  document.endpoints[0].errors.clear();
  document.endpoints[0].target.address = "192.0.2.78";
  EXPECT_EQ(gaps(document)[0].fingerprint, before);
  document.endpoints[0].target.port = 8443;
  EXPECT_NE(gaps(document)[0].fingerprint, before);
}

TEST(Gaps, ARunThatWasInterruptedOrHasNoEndpoint) {
  Document document = test::sample("good");
  document.run.interrupted = true;
  document.endpoints.clear();
  ASSERT_THAT(gaps(document), SizeIs(2));
  EXPECT_THAT(gaps(document)[0].text, HasSubstr("interrupted"));
  EXPECT_EQ(gaps(document)[1].text, "no endpoint was measured");
  EXPECT_EQ(gaps(document)[0].endpoint, nullptr);
}

TEST(Gaps, WhatNobodyJudgedIsNotClean) {
  Document document = test::sample("good");
  document.endpoints[0].assessments[0].requirements.clear();
  ASSERT_THAT(gaps(document), SizeIs(1));
  EXPECT_EQ(gaps(document)[0].text, "www.example.com:443 was measured, but not judged by nginx-recommended");
  std::string const of_profile = gaps(document)[0].fingerprint;
  document.endpoints[0].assessments.clear();
  ASSERT_THAT(gaps(document), SizeIs(1));
  EXPECT_EQ(gaps(document)[0].text, "www.example.com:443 was measured, but not judged");
  EXPECT_EQ(gaps(document)[0].lacks, "judged");
  EXPECT_NE(gaps(document)[0].fingerprint, of_profile);
}

TEST(Gaps, WhatNobodyJudgedShowsInEachFormat) {
  Document document = test::sample("good");
  document.endpoints[0].assessments.clear();
  document.endpoints[0].facts = Value::object();
  EXPECT_THAT(test::render("sarif", document), HasSubstr("\"executionSuccessful\": false"));
  EXPECT_THAT(test::render("gitlab", document), HasSubstr("\"check_name\": \"judged\""));
  EXPECT_THAT(test::render("defectdojo", document), HasSubstr("\"title\": \"www.example.com:443: not judged\""));
  EXPECT_THAT(test::render("github", document), HasSubstr("::error title=not judged::www.example.com:443 was measured"));
  EXPECT_THAT(test::render("junit", document), HasSubstr("errors=\"1\""));
  EXPECT_THAT(test::render("junit", document), HasSubstr("name=\"the endpoint is judged\""));
}

/// A server that only its grade fails.
Document only_grade(Severity severity = Severity::high, Verdict verdict = Verdict::pass) {
  Document document = test::sample("good");
  Assessment& assessment = document.endpoints[0].assessments[0];
  assessment.verdict = Verdict::fail;
  assessment.model = "ssllabs";
  assessment.grade = "F";
  assessment.caps = {{"F", "insecure renegotiation", ""}};
  for (Requirement& each : assessment.requirements) {
    each.severity = severity;
    each.verdict = verdict;
  }
  return document;
}

TEST(UnexplainedVerdict, ThatRestsOnTheGradeAloneIsAFinding) {
  Document const document = only_grade();
  std::vector<Finding> const all = findings(document, {Verdict::fail});
  ASSERT_THAT(all, SizeIs(1));
  EXPECT_EQ(all[0].requirement->severity, Severity::critical);
  EXPECT_THAT(message(all[0]), HasSubstr("www.example.com:443: not met: The endpoint meets the profile: grade F, "));
  EXPECT_THAT(message(all[0]), HasSubstr("insecure renegotiation"));
  EXPECT_THAT(findings(document, {Verdict::inconclusive}), SizeIs(0));
}

TEST(UnexplainedVerdict, ShowsInEachFormat) {
  Document const document = only_grade();
  EXPECT_THAT(test::render("sarif", document), HasSubstr("\"ruleId\": \"nginx-recommended/verdict\""));
  EXPECT_THAT(test::render("gitlab", document), HasSubstr("\"severity\": \"blocker\""));
  EXPECT_THAT(test::render("defectdojo", document), HasSubstr("\"severity\": \"Critical\""));
  EXPECT_THAT(test::render("github", document), HasSubstr("::error title=nginx-recommended/verdict::"));
  EXPECT_THAT(test::render("junit", document), HasSubstr("failures=\"1\""));
  EXPECT_THAT(test::render("prometheus", document),
              HasSubstr("tlsgauge_findings{instance=\"www.example.com:443\",profile=\"nginx-recommended\",severity=\"critical\"} 1\n"));
}

TEST(UnexplainedVerdict, IsNoneWhereARequirementShowsIt) {
  EXPECT_THAT(findings(only_grade(Severity::medium, Verdict::fail), {Verdict::fail}), SizeIs(7));
  // Too mild to fail anything: the grade has to.
  EXPECT_THAT(findings(only_grade(Severity::low, Verdict::fail), {Verdict::fail}), SizeIs(8));
  EXPECT_THAT(findings(only_grade(Severity::low, Verdict::fail), {Verdict::fail}, Severity::low), SizeIs(7));
  Document mild = only_grade(Severity::low, Verdict::fail);  // by --fail-on low
  mild.endpoints[0].assessments[0].model = "requirements";
  EXPECT_THAT(findings(mild, {Verdict::fail}), SizeIs(7));
  EXPECT_THAT(findings(test::sample("good"), {Verdict::fail, Verdict::inconclusive}), SizeIs(0));
}

TEST(UnexplainedVerdict, OfWhatCouldNotBeJudged) {
  Document document = only_grade(Severity::high, Verdict::not_applicable);
  document.endpoints[0].assessments[0].verdict = Verdict::inconclusive;
  ASSERT_THAT(findings(document, {Verdict::inconclusive}), SizeIs(1));
  EXPECT_THAT(test::render("junit", document), HasSubstr("errors=\"1\""));
  document.endpoints[0].status = Status::unreachable;  // said once, as a gap
  EXPECT_THAT(findings(document, {Verdict::inconclusive}), SizeIs(0));
}

TEST(UnexplainedVerdict, TakesNoNameOfAnother) {
  Document document = only_grade();
  document.endpoints[0].assessments[0].requirements[0].id = "verdict";
  EXPECT_EQ(findings(document, {Verdict::fail})[0].requirement->id, "verdict_");
}

TEST(RuleId, IsCutAsIfItHadBeenPrintedWhole) {
  Assessment assessment;
  Requirement requirement;
  assessment.profile.name = std::string(247, 'a') + "\xC3\xA9\n\xE2\x82\xAC" + std::string(1000, 'b');
  requirement.id = "x";
  EXPECT_EQ(rule_id(assessment, requirement), std::string(247, 'a') + "\xC3\xA9 [cut]");
  assessment.profile.name = "p";
  EXPECT_EQ(rule_id(assessment, requirement), "p/x");
}

TEST(Formats, AreNotLargeForALongNameThatTheyRepeat) {
  Document document = test::sample("bad");
  std::string const long_text(1 << 18, 'x');
  Endpoint& endpoint = document.endpoints[0];
  endpoint.target.host = endpoint.target.server_name = endpoint.target.starttls = long_text;
  endpoint.assessments[0].profile.name = long_text;
  Value suites = endpoint.facts["cipher_suites"];
  ASSERT_FALSE(suites.items().empty());
  Value all = Value::array();
  for (Value const& each : suites.items()) all.push_back(Value{each}.set("code", long_text));
  endpoint.facts.set("cipher_suites", all);
  for (char const* const format : {"prometheus", "sarif", "gitlab", "github", "junit", "defectdojo", "cbom", "cbom-1.6"})
    EXPECT_LT(test::render(format, document).size(), 1U << 17U) << format;
}

TEST(Background, HoldsWhyAndFixAndSourcesAndWaiver) {
  Requirement requirement;
  EXPECT_EQ(background(requirement), "");
  requirement.why = "Old.";
  requirement.fix = {{"nginx", "a;\nb;"}};
  requirement.references = {"RFC 8996 https://www.rfc-editor.org/rfc/rfc8996"};
  requirement.waiver = "W-1, expires 2027-01-31";
  EXPECT_EQ(background(requirement),
            "Why: Old.\nFix (nginx):\n  a;\n  b;\nSee: RFC 8996 https://www.rfc-editor.org/rfc/rfc8996\nWaiver: W-1, expires 2027-01-31");
}

TEST(MarkdownReference, LinksOnlyToTheWeb) {
  EXPECT_EQ(markdown_reference("RFC 8996 https://www.rfc-editor.org/rfc/rfc8996"), "[RFC 8996](<https://www.rfc-editor.org/rfc/rfc8996>)");
  EXPECT_EQ(markdown_reference("[x](javascript:alert(1))"), "\\[x\\](javascript:alert(1))");
  EXPECT_EQ(markdown_reference("<b> https://a.example/>"), "&lt;b&gt; https:&#8203;//a.example/&gt;");
}

TEST(MarkdownFixes, AreBlocksOfCodeThatNothingEnds) {
  Requirement requirement;
  EXPECT_EQ(markdown_fixes(requirement), "");
  requirement.fix = {{"nginx", "a;\nb;"}, {"", "```\n# c"}};
  EXPECT_EQ(markdown_fixes(requirement), "**nginx**\n\n```\na;\nb;\n```\n\n**server**\n\n````\n```\n# c\n````\n");
}

TEST(Message, SaysWhatIsNoFailure) {
  Document const document = test::sample("unreachable");
  Finding finding{&document.endpoints[0], &document.endpoints[0].assessments[0], &document.endpoints[0].assessments[0].requirements[0], ""};
  EXPECT_EQ(
      message(finding),
      "gone.example.org:443: could not be judged: Only TLS 1.2 and TLS 1.3: the endpoint was not reached (expected: no protocol older "
      "than TLSv1.2)");
  Requirement failed = *finding.requirement;
  failed.verdict = Verdict::fail;
  finding.requirement = &failed;
  EXPECT_THAT(message(finding), HasSubstr(":443: not met: Only TLS 1.2 and TLS 1.3: the endpoint"));
  failed.verdict = Verdict::waived;
  EXPECT_THAT(message(finding), HasSubstr(":443: waived: Only TLS 1.2 and TLS 1.3: the endpoint"));
}

}  // namespace
}  // namespace tlsgauge::report
