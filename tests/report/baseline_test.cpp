// What a baseline knows is told apart in the formats of pipelines.

#include <gtest/gtest.h>

#include "report/samples.hpp"

namespace tlsgauge::test {
namespace {

Document with(Baseline baseline, bool more_possible = false) {
  Document document = sample("bad");
  document.endpoints.resize(1);
  for (Requirement& each : document.endpoints.front().assessments.front().requirements) {
    if (each.verdict != Verdict::fail) continue;
    each.baseline = baseline;
    each.more_possible = more_possible;
  }
  return document;
}

Document without_baseline() {
  Document document = sample("bad");
  document.endpoints.resize(1);
  return document;
}

bool has(std::string const& text, std::string_view part) { return text.find(part) != std::string::npos; }

TEST(BaselineInFormats, KnownFindingsFailNoPipeline) {
  Document const known = with(Baseline::known);
  EXPECT_FALSE(has(render("junit", known), "<failure"));
  EXPECT_TRUE(has(render("junit", known), "known from the baseline: "));
  EXPECT_FALSE(has(render("github", known), "::error title=nginx"));
  EXPECT_TRUE(has(render("github", known), "; known from the baseline"));
  EXPECT_TRUE(has(render("sarif", known), "\"baselineState\": \"unchanged\""));
  EXPECT_FALSE(has(render("sarif", known), "\"baselineState\": \"new\""));
  EXPECT_TRUE(has(render("gitlab", known), " (known from the baseline)\""));
  EXPECT_FALSE(has(render("gitlab", known), "\"severity\": \"blocker\""));
  EXPECT_FALSE(has(render("gitlab", known), "\"severity\": \"critical\""));
  EXPECT_TRUE(has(render("defectdojo", known), "\"baseline-known\""));
  EXPECT_TRUE(has(render("defectdojo", known), "This is known from the baseline."));
  EXPECT_FALSE(has(render("defectdojo", known), "\"baseline-new\""));
  EXPECT_TRUE(has(render("prometheus", known), "tlsgauge_requirement_baseline{"));
  EXPECT_TRUE(has(render("prometheus", known), ",baseline=\"known\"} 1"));
  EXPECT_FALSE(has(render("prometheus", known), "baseline=\"new\""));
  EXPECT_TRUE(has(render("text", known), "known from the baseline, does not decide the exit code"));
}

TEST(BaselineInFormats, NewFindingsFailAsEver) {
  Document const added = with(Baseline::added);
  EXPECT_TRUE(has(render("junit", added), "<failure"));
  EXPECT_FALSE(has(render("junit", added), "known from the baseline"));
  EXPECT_TRUE(has(render("sarif", added), "\"baselineState\": \"new\""));
  EXPECT_FALSE(has(render("gitlab", added), "baseline"));
  EXPECT_EQ(render("gitlab", added), render("gitlab", without_baseline()));
  EXPECT_TRUE(has(render("defectdojo", added), "\"baseline-new\""));
  EXPECT_FALSE(has(render("defectdojo", added), "known from the baseline"));
  EXPECT_TRUE(has(render("prometheus", added), ",baseline=\"new\"} 1"));
  for (char const* const format : {"sarif", "gitlab", "defectdojo", "prometheus"})
    EXPECT_FALSE(has(render(format, without_baseline()), "baseline")) << format;
}

TEST(BaselineInFormats, WhatMayFailForMoreIsNotPassedOver) {
  Document const more = with(Baseline::known, true);
  for (char const* const format : {"text", "html", "markdown", "sarif", "gitlab", "github", "junit", "defectdojo"})
    EXPECT_TRUE(has(render(format, more), "known from the baseline, but may fail for more now")) << format;
  EXPECT_FALSE(has(render("text", more), "does not decide the exit code"));
  EXPECT_TRUE(has(render("text", more, {.width = 200}), "but may fail for more now: counts as inconclusive"));
  EXPECT_FALSE(has(render("html", more), ">known from the baseline<"));
  EXPECT_FALSE(has(render("markdown", more), "(known from the baseline)"));
  EXPECT_TRUE(has(render("html", more), " may fail for more now), 0 new"));
}

TEST(BaselineInFormats, WhatMayFailForMoreIsShownAsInconclusive) {
  Document const more = with(Baseline::known, true);
  std::string const junit = render("junit", more);
  EXPECT_FALSE(has(junit, "<failure"));
  EXPECT_FALSE(has(junit, "<skipped message=\"known"));
  EXPECT_TRUE(has(junit, "<error type=\"inconclusive\" message=\"known from the baseline, but may fail for more now: "));
  EXPECT_FALSE(has(render("github", more), "::error title=nginx"));
  EXPECT_TRUE(has(render("github", more), "::warning title=nginx"));
  EXPECT_FALSE(has(render("gitlab", more), "\"severity\": \"critical\""));
  EXPECT_TRUE(has(render("sarif", more), "\"baselineState\": \"updated\""));
  EXPECT_FALSE(has(render("sarif", more), "\"unchanged\""));
}

TEST(BaselineInFormats, OnlyWhatIsGraveEnoughForTheGateIsMissingEvidence) {
  Document more = with(Baseline::known, true);
  for (Requirement& each : more.endpoints.front().assessments.front().requirements) each.severity = Severity::low;
  constexpr std::string_view kError = "<error type=\"inconclusive\" message=\"known from";
  EXPECT_FALSE(has(render("junit", more, {.fail_on = Severity::high}), kError));
  EXPECT_TRUE(has(render("junit", more, {.fail_on = Severity::high}), "Not met, but only low."));
  EXPECT_TRUE(has(render("junit", more, {.fail_on = Severity::low}), kError));
  EXPECT_TRUE(has(render("junit", more, {.fail_on = {}}), kError)) << "--fail-on never: exit 3 for what is not known";
}

TEST(BaselineInFormats, WhatIsKnownInFullAtOneEndpointHidesNoDoubtAboutAnother) {
  Document two = with(Baseline::known);
  two.endpoints.push_back(with(Baseline::known, true).endpoints.front());
  two.endpoints.back().target.host = "other.example.net";
  for (char const* const format : {"html", "markdown"}) {
    std::string const text = render(format, two);
    EXPECT_TRUE(has(text, "known from the baseline, but may fail for more now")) << format;
  }
  std::string const markdown = render("markdown", two);
  EXPECT_LT(markdown.find("(known from the baseline, but may"), markdown.find("(known from the baseline)"));
}

TEST(BaselineInFormats, IsReadAsItWasWritten) {
  for (Baseline const baseline : {Baseline::known, Baseline::added}) {
    std::string const text = render("json", with(baseline, true));
    EXPECT_EQ(render("json", read_document(text, "text")), text);
  }
}

}  // namespace
}  // namespace tlsgauge::test
