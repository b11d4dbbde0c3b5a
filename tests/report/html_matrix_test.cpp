// The grid of endpoints by requirements.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "report/samples.hpp"

namespace tlsgauge::test {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string grid(std::string const& html) {
  std::size_t const from = html.find("<section class=\"card matrix\"");
  return from == std::string::npos ? std::string{} : html.substr(from, html.find("</section>", from) - from);
}

/// Classes of the cells of a row, in order; those of a requirement's cell say its verdict.
std::vector<std::string> cells(std::string const& grid, std::size_t row) {
  std::size_t at = grid.find("<tbody>");
  for (std::size_t i = 0; i <= row; ++i) at = grid.find("<tr", at + 1);
  std::string const line = grid.substr(at, grid.find("</tr>", at) - at);
  std::vector<std::string> out;
  std::string const begin = "<td class=\"";
  for (at = line.find(begin); at != std::string::npos; at = line.find(begin, at + 1)) {
    std::size_t const from = at + begin.size();
    out.push_back(line.substr(from, line.find('"', from) - from));
  }
  return out;
}

Requirement requirement(std::string id, Verdict verdict, Severity severity = Severity::high) {
  Requirement out = sample("good").endpoints[0].assessments[0].requirements.at(0);
  out.title = "Title of " + id;
  out.id = std::move(id);
  out.verdict = verdict;
  out.severity = severity;
  return out;
}

Assessment assessment(std::string name, std::string version, std::vector<Requirement> requirements) {
  Assessment out = sample("good").endpoints[0].assessments[0];
  out.profile.name = std::move(name);
  out.profile.version = std::move(version);
  auto const has = [&](Verdict verdict) {
    return std::ranges::any_of(requirements, [&](Requirement const& each) { return each.verdict == verdict; });
  };
  out.verdict = has(Verdict::fail) ? Verdict::fail : has(Verdict::inconclusive) ? Verdict::inconclusive : Verdict::pass;
  out.requirements = std::move(requirements);
  return out;
}

/// A document with an endpoint for each list of assessments, at ports 1, 2, ...
Document judged(std::vector<std::vector<Assessment>> const& each) {
  Document out = sample("good");
  Endpoint const base = out.endpoints.at(0);
  out.endpoints.clear();
  for (auto const& assessments : each) {
    out.endpoints.push_back(base);
    out.endpoints.back().target.port = static_cast<std::uint16_t>(out.endpoints.size());
    out.endpoints.back().assessments = assessments;
  }
  return out;
}

using Classes = std::vector<std::string>;

TEST(HtmlMatrix, SaysTheWorstOfProfilesThatShareTheirNameAndVersion) {
  std::vector<std::pair<Verdict, std::string>> const from_bad_to_good{{Verdict::fail, "not-met"},
                                                                      {Verdict::inconclusive, "open"},
                                                                      {Verdict::waived, "waived"},
                                                                      {Verdict::pass, "met"},
                                                                      {Verdict::not_applicable, "none"}};
  Assessment const failing = assessment("corp", "1", {requirement("modern", Verdict::fail)});
  for (std::size_t i = 0; i < from_bad_to_good.size(); ++i) {
    for (std::size_t j = 0; j < from_bad_to_good.size(); ++j) {
      Document const document = judged({{failing},
                                        {assessment("corp", "1", {requirement("modern", from_bad_to_good[i].first)}),
                                         assessment("corp", "1", {requirement("modern", from_bad_to_good[j].first)})}});
      std::string const html = grid(render("html", document));
      std::size_t const row = html.find(":1<") < html.find(":2<") ? 1 : 0;
      EXPECT_EQ(cells(html, row), Classes{from_bad_to_good[std::min(i, j)].second}) << i << " " << j;
    }
  }
}

TEST(HtmlMatrix, LinksToTheAssessmentThatFails) {
  std::string const page = render("html", judged({{assessment("corp", "1", {requirement("modern", Verdict::pass)}),
                                                   assessment("corp", "1", {requirement("modern", Verdict::fail)})},
                                                  {assessment("corp", "1", {requirement("modern", Verdict::pass)})}}));
  std::string const html = grid(page);
  EXPECT_EQ(cells(html, 0), Classes{"not-met"});
  EXPECT_EQ(cells(html, 1), Classes{"met"});
  std::string const begin = "<td class=\"not-met\"><a href=\"#";
  std::size_t const from = html.find(begin) + begin.size();
  std::string const anchor = html.substr(from, html.find('"', from) - from);
  std::size_t const finding = page.find(" id=\"" + anchor + "\"");
  ASSERT_NE(finding, std::string::npos) << anchor;
  EXPECT_THAT(page.substr(page.rfind('<', finding), 60), HasSubstr("unmet"));
}

TEST(HtmlMatrix, NameAndVersionAreNotTheirJoint) {
  std::string const html = grid(render("html", judged({{assessment("a 1", "2", {requirement("modern", Verdict::fail)}),
                                                        assessment("a", "1 2", {requirement("modern", Verdict::pass)})},
                                                       {assessment("a", "1 2", {requirement("modern", Verdict::pass)})}})));
  EXPECT_EQ(cells(html, 0), Classes{"not-met"});
  EXPECT_EQ(cells(html, 1), Classes{"none"});
}

std::string head(std::string const& grid) {
  std::size_t const from = grid.find("<th scope=\"col\"><div>");
  return grid.substr(from, grid.find("</th>", from) - from);
}

TEST(HtmlMatrix, AHeadHasTheGravestSeverityAndNoTitleThatIsNotThatOfAll) {
  Requirement known = requirement("modern", Verdict::fail, Severity::critical);
  known.baseline = Baseline::known;  // stands behind what is new in the list of what to fix
  Requirement const low = requirement("modern", Verdict::fail, Severity::low);
  Requirement const other = requirement("other", Verdict::fail, Severity::medium);
  std::string html = grid(render("html", judged({{assessment("corp", "1", {low, other})}, {assessment("corp", "1", {known})}})));
  EXPECT_THAT(head(html), HasSubstr(">critical</span>"));
  EXPECT_THAT(head(html), HasSubstr("<bdi>Title of modern</bdi>"));
  EXPECT_LT(html.find("<bdi>Title of modern"), html.find("<bdi>Title of other"));
  EXPECT_THAT(head(html), Not(HasSubstr("title=")));
  known.title = "Another title";
  html = grid(render("html", judged({{assessment("corp", "1", {low})}, {assessment("corp", "1", {known})}})));
  EXPECT_THAT(head(html), HasSubstr("<bdi>modern</bdi>"));
}

TEST(HtmlMatrix, AHeadThatIsCutHasTheWholeTitleAside) {
  Requirement wordy = requirement("wordy", Verdict::fail);
  wordy.title = std::string(80, 'x') + "\"<end>";
  std::string const html = grid(render("html", judged({{assessment("corp", "1", {wordy})}, {assessment("corp", "1", {wordy})}})));
  EXPECT_THAT(head(html), HasSubstr(" title=\"" + std::string(80, 'x') + "&quot;&lt;end&gt;\""));
  EXPECT_THAT(head(html), HasSubstr("x...</bdi>"));
}

TEST(HtmlMatrix, CountsWhatHasNoColumn) {
  std::vector<Requirement> grave;
  for (int i = 0; i < 30; ++i) grave.push_back(requirement("r" + std::to_string(i), Verdict::fail, Severity::critical));
  std::vector<Requirement> hidden = grave;
  for (Requirement& each : hidden) each.verdict = Verdict::pass;
  hidden.push_back(requirement("beyond", Verdict::fail, Severity::low));
  hidden.push_back(requirement("unknown", Verdict::inconclusive));
  hidden.push_back(requirement("waived", Verdict::waived));
  std::string const html =
      grid(render("html", judged({{assessment("corp", "1", grave)}, {assessment("corp", "1", hidden), assessment("corp", "1", hidden)}})));
  EXPECT_THAT(html, HasSubstr("Shown are the 30 gravest of 31 requirements."));
  Classes all(30, "not-met");
  all.emplace_back("further");
  EXPECT_EQ(cells(html, 0), all);
  EXPECT_THAT(html, HasSubstr("<td class=\"further\"></td>"));
  Classes green(30, "met");
  green.emplace_back("further");
  EXPECT_EQ(cells(html, 1), green);
  EXPECT_THAT(html, HasSubstr("<span class=\"bad\">1 not met</span> <span class=\"fair\">1 inconclusive</span></a>"));
  EXPECT_THAT(html, HasSubstr("<span class=\"dot bad\"></span><span class=\"unseen\">fail</span>"));
}

TEST(HtmlMatrix, HasNoColumnForMoreWhereThereIsNone) {
  std::vector<Requirement> const list{requirement("a", Verdict::fail), requirement("b", Verdict::pass)};
  std::string const html = grid(render("html", judged({{assessment("corp", "1", list)}, {assessment("corp", "1", list)}})));
  EXPECT_EQ(cells(html, 0), Classes{"not-met"});
  EXPECT_THAT(html, Not(HasSubstr("further")));
}

}  // namespace
}  // namespace tlsgauge::test
