#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.hpp"
#include "report/markdown_text.hpp"
#include "report/samples.hpp"

namespace tlsgauge::test {
namespace {

using report::code_block;
using report::code_span;
using report::prose;
using testing::HasSubstr;
using testing::Not;

TEST(MarkdownProse, IsLeftAloneWhereItMeansNothing) {
  EXPECT_EQ(prose("TLS 1.3: only, at 30 % (RFC 8996)"), "TLS 1.3: only, at 30 % (RFC 8996)");
  EXPECT_EQ(prose("TLS_RSA_WITH_RC4_128_SHA"), "TLS_RSA_WITH_RC4_128_SHA");
  EXPECT_EQ(prose("DNS:www.example.com"), "DNS:www&#8203;.example.com");
  EXPECT_EQ(prose(" a \n"), "a \\\\x0A");
}

TEST(MarkdownProse, MarksNothingAndRefersToNobody) {
  EXPECT_EQ(prose("*a* _b_ ~ c `d` [e](f) <g> & |"), "\\*a\\* \\_b\\_ \\~ c \\`d\\` \\[e\\](f) &lt;g&gt; &amp; &#124;");
  EXPECT_EQ(prose("@me #1 a@b GH-1 http://x :+1: $1"),
            "&#64;&#8203;me &#35;&#8203;1 a&#64;&#8203;b GH&#8203;-1 http:&#8203;//x :&#8203;+1: &#36;&#8203;1");
  EXPECT_EQ(prose(std::string(500, 'a'), 10), "aaaaaaa\xE2\x80\xA6");
}

TEST(MarkdownCode, HasAFenceThatItsTextCannotClose) {
  EXPECT_EQ(code_span("a:443"), "`a:443`");
  EXPECT_EQ(code_span("a`b``c"), "```a`b``c```");
  EXPECT_EQ(code_span("`"), "`` ` ``");
  EXPECT_EQ(code_span(" "), "` `");
  EXPECT_EQ(code_span(""), "");
  EXPECT_EQ(code_span("a|b"), "`a|b`");
  EXPECT_EQ(code_span("a|b\\|c", true), "`a\\|b\\\xE2\x80\x8B\\|c`");
  EXPECT_EQ(code_block("x;\ny;", "nginx"), "```nginx\nx;\ny;\n```\n");
  EXPECT_EQ(code_block("````\n# no heading", "a b"), "`````\n````\n# no heading\n`````\n");
  EXPECT_EQ(code_block("a\tb\r\x1b", ""), "```\na\tb\\x0D\\x1B\n```\n");
}

TEST(Markdown, HeadlineNeverPassesWhatWasNotJudged) {
  Document document = sample("good");
  EXPECT_THAT(render("markdown", document), testing::StartsWith("## \xE2\x9C\x85 TLS: the endpoint passes\n"));
  document.endpoints.push_back(sample("unreachable").endpoints.front());
  EXPECT_THAT(render("markdown", document), testing::StartsWith("## \xE2\x9A\xA0\xEF\xB8\x8F TLS: 1 of 2 endpoints could not be judged\n"));
  document.endpoints.erase(document.endpoints.begin());
  EXPECT_THAT(render("markdown", document), HasSubstr("TLS: the endpoint could not be judged\n"));
  document.endpoints.clear();
  EXPECT_THAT(render("markdown", document), HasSubstr("TLS: no endpoint was measured\n"));
  EXPECT_THAT(render("markdown", sample("bad")), testing::StartsWith("## \xE2\x9D\x8C TLS: 2 of 2 endpoints fail\n"));
}

TEST(Markdown, AnInterruptedRunIsNoSuccess) {
  Document document = sample("good");
  document.run.interrupted = true;
  std::string const warning = "## \xE2\x9A\xA0\xEF\xB8\x8F TLS: interrupted: ";
  EXPECT_THAT(render("markdown", document), testing::StartsWith(warning + "the 1 endpoint that was finished passes\n"));
  document.endpoints.push_back(document.endpoints[0]);
  EXPECT_THAT(render("markdown", document), testing::StartsWith(warning + "the 2 endpoints that were finished pass\n"));
  document.endpoints.clear();
  EXPECT_THAT(render("markdown", document), testing::StartsWith(warning + "no endpoint was measured\n"));
  document = sample("bad");
  document.run.interrupted = true;
  EXPECT_THAT(render("markdown", document), testing::StartsWith("## \xE2\x9D\x8C TLS: interrupted: 2 of 2 endpoints fail\n"));
}

TEST(Markdown, BoundsTheProfilesOfOneEndpointTheWorstFirst) {
  Document document = sample("good");
  std::vector<Assessment>& all = document.endpoints[0].assessments;
  all.assign(600, all[0]);
  for (std::size_t i = 0; i < all.size(); ++i) all[i].profile.name = "profile-" + std::to_string(i);
  all.back().verdict = Verdict::fail;
  document.endpoints.push_back(sample("unreachable").endpoints[0]);
  std::string const text = render("markdown", document);
  std::string const table = text.substr(0, text.find("\n### "));
  EXPECT_LT(table.size(), 21'000U);
  EXPECT_THAT(table, HasSubstr("profile-599"));
  std::size_t rows = 0;
  for (std::size_t at = table.find("| profile-"); at != std::string::npos; at = table.find("| profile-", at + 1)) ++rows;
  EXPECT_GT(rows, 50U);
  EXPECT_THAT(table, HasSubstr("and " + std::to_string(600 - rows) + " more profiles of the first endpoint: " + std::to_string(600 - rows) +
                               " pass\n"));
  EXPECT_THAT(table, HasSubstr("and 1 endpoint: 0 pass, 1 unreachable"));
}

TEST(Markdown, CutsDetailsBeforeFindings) {
  Document document = sample("bad");
  document.endpoints.resize(1);
  std::vector<Requirement>& list = document.endpoints[0].assessments[0].requirements;
  Requirement base = list[0];
  base.verdict = Verdict::fail;
  base.why = std::string(900, 'w');
  list.clear();
  for (int i = 0; i < 100; ++i) {
    base.id = base.title = "requirement-" + std::to_string(i);
    list.push_back(base);
  }
  std::string const text = render("markdown", document);
  EXPECT_LT(text.size(), 60'000U);
  for (int i = 0; i < 100; ++i) EXPECT_THAT(text, HasSubstr("requirement-" + std::to_string(i) + ", on"));
  EXPECT_THAT(text, HasSubstr("<details>"));
  EXPECT_THAT(text, HasSubstr("Cut to fit a comment"));
  EXPECT_THAT(render("markdown", sample("bad")), Not(HasSubstr("Cut to fit")));
}

TEST(Markdown, LinksToRfcsAndNowhereElse) {
  Document document = sample("bad");
  Requirement& r = document.endpoints[0].assessments[0].requirements[0];
  r.verdict = Verdict::fail;
  r.references = {"RFC 8996 https://www.rfc-editor.org/rfc/rfc8996", "x https://evil.example/", "y https://www.rfc-editor.org/rfc/a)[b](c",
                  "z https://www.rfc-editor.org.evil.example/rfc/1"};
  std::string const text = render("markdown", document);
  EXPECT_THAT(
      text,
      HasSubstr(
          "[RFC 8996](<https://www.rfc-editor.org/rfc/rfc8996>); x `https://evil.example/`; y `https://www.rfc-editor.org/rfc/a)[b](c`; "
          "z `https://www.rfc-editor.org.evil.example/rfc/1`\n"));
  EXPECT_THAT(text, Not(HasSubstr("evil.example>")));
}

}  // namespace
}  // namespace tlsgauge::test
