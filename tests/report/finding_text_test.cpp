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
      "gone.example.org:443: Only TLS 1.2 and TLS 1.3: could not be judged: the endpoint was not reached (expected: no protocol older "
      "than TLSv1.2)");
  Requirement failed = *finding.requirement;
  failed.verdict = Verdict::fail;
  finding.requirement = &failed;
  EXPECT_THAT(message(finding), HasSubstr("TLS 1.3: not met: the endpoint"));
  failed.verdict = Verdict::waived;
  EXPECT_THAT(message(finding), HasSubstr("TLS 1.3: waived: the endpoint"));
}

}  // namespace
}  // namespace tlsgauge::report
