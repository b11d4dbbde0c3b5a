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

bool has(std::string const& text, std::string_view part) { return text.find(part) != std::string::npos; }

TEST(BaselineInFormats, KnownFindingsFailNoPipeline) {
  Document const known = with(Baseline::known);
  EXPECT_FALSE(has(render("junit", known), "<failure"));
  EXPECT_TRUE(has(render("junit", known), "known from the baseline: "));
  EXPECT_FALSE(has(render("github", known), "::error title=nginx"));
  EXPECT_TRUE(has(render("github", known), "; known from the baseline"));
  EXPECT_TRUE(has(render("sarif", known), "\"baselineState\": \"unchanged\""));
  EXPECT_FALSE(has(render("sarif", known), "\"baselineState\": \"new\""));
  EXPECT_TRUE(has(render("text", known), "known, does not decide the exit code"));
}

TEST(BaselineInFormats, NewFindingsFailAsEver) {
  Document const added = with(Baseline::added);
  EXPECT_TRUE(has(render("junit", added), "<failure"));
  EXPECT_FALSE(has(render("junit", added), "known from the baseline"));
  EXPECT_TRUE(has(render("sarif", added), "\"baselineState\": \"new\""));
  EXPECT_FALSE(has(render("sarif", sample("bad")), "baselineState"));
}

TEST(BaselineInFormats, WhatMayFailForMoreIsNotPassedOver) { EXPECT_TRUE(has(render("junit", with(Baseline::known, true)), "<failure")); }

TEST(BaselineInFormats, IsReadAsItWasWritten) {
  for (Baseline const baseline : {Baseline::known, Baseline::added}) {
    std::string const text = render("json", with(baseline, true));
    EXPECT_EQ(render("json", read_document(text, "text")), text);
  }
}

}  // namespace
}  // namespace tlsgauge::test
