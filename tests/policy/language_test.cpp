// What the profile language means: extends, override, disable, sets, score, description.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <fstream>

#include "support/facts_builder.hpp"
#include "tlsgauge/profile.hpp"

namespace tlsgauge {
namespace {

using test::FactsBuilder;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

std::string head(std::string const& name) {
  return "tlsgauge_profile: 1\nname: " + name + "\nversion: \"1\"\ntitle: Title of " + name + "\n";
}

std::string requirement(std::string const& id, std::string const& rest) {
  return "  - {id: " + id + ", title: " + id + ", severity: high, why: w, " + rest + "}\n";
}

std::string const kTls13 = "fact: protocols.accepted, is: {includes: TLSv1.3}";
std::string const kNoTls12 = "fact: protocols.accepted, is: {excludes: TLSv1.2}";
std::string const kHsts = "fact: http.hsts.max_age, is: {min: 63072000}";

std::vector<std::string> ids(Assessment const& assessment) {
  std::vector<std::string> out;
  for (Requirement const& one : assessment.requirements) out.push_back(one.id);
  return out;
}

Requirement const& find(Assessment const& assessment, std::string_view id) {
  for (Requirement const& one : assessment.requirements) {
    if (one.id == id) return one;
  }
  throw std::out_of_range(std::string{id});
}

Assessment judge(std::string const& yaml, FactsBuilder const& facts = {}, Severity fail_on = Severity::medium) {
  return evaluate(parse_profile(yaml, "t.yaml"), facts.endpoint(), fail_on);
}

class Language : public ::testing::Test {
 protected:
  Language() { std::filesystem::create_directories(folder_); }
  ~Language() override { std::filesystem::remove_all(folder_); }
  std::string write(std::string const& name, std::string const& text) const {
    std::ofstream(folder_ / name, std::ios::binary) << text;
    return (folder_ / name).string();
  }
  std::filesystem::path folder_ = std::filesystem::temp_directory_path() / ("tlsgauge-language-" + std::to_string(::getpid()));
};

TEST_F(Language, IdentityIsTheFilesOwn) {
  std::string const path = write("a.yaml", head("a") + "requirements:\n" + requirement("r", kTls13));
  Profile const profile = load_profile(path);
  EXPECT_EQ(profile.identity().name, "a");
  EXPECT_EQ(profile.identity().version, "1");
  EXPECT_EQ(profile.identity().source, path);
  EXPECT_EQ(profile.title(), "Title of a");
}

TEST_F(Language, ALaterParentWinsOverAnEarlierAndTheChildOverBoth) {
  write("a.yaml", head("a") + "requirements:\n" + requirement("x", kTls13) + requirement("only-a", kTls13));
  write("b.yaml", head("b") + "requirements:\n" + requirement("x", kNoTls12) + requirement("only-b", kTls13));
  std::string const both = write("both.yaml", head("both") + "extends: [a.yaml, ./b.yaml]\n");
  Assessment const merged = evaluate(load_profile(both), FactsBuilder{}.endpoint());
  EXPECT_THAT(ids(merged), ElementsAre("x", "only-a", "only-b"));
  EXPECT_EQ(find(merged, "x").expected, "no TLSv1.2");
  EXPECT_EQ(merged.profile.name, "both");

  std::string const child = write("child.yaml", head("child") + "extends: both.yaml\nrequirements:\n" + requirement("x", kHsts));
  EXPECT_EQ(find(evaluate(load_profile(child), FactsBuilder{}.endpoint()), "x").expected, "at least 63072000 seconds");
}

TEST_F(Language, ABuiltInProfileCanBeExtendedOverriddenAndThinnedOut) {
  std::string const yaml =
      head("house") +
      "extends: nginx-recommended\n"
      "override:\n"
      "  hsts-max-age: {severity: low, is: {min: 31536000}}\n"
      "  protocol-tls13: {any: [{fact: protocols.accepted, is: {includes: TLSv1.3}}, {fact: http.spoken, is: {equals: true}}]}\n"
      "disable:\n"
      "  - {id: suites-256-bit, reason: Old phones}\n";
  FactsBuilder facts;
  facts.refuses("TLSv1.3").answers_with(FactsBuilder::hsts(31536000));
  Assessment const got = judge(yaml, facts);
  EXPECT_EQ(got.verdict, Verdict::pass);
  EXPECT_EQ(got.score, 100);
  EXPECT_EQ(find(got, "hsts-max-age").severity, Severity::low);
  EXPECT_EQ(find(got, "hsts-max-age").verdict, Verdict::pass);
  EXPECT_EQ(find(got, "protocol-tls13").verdict, Verdict::pass);
  EXPECT_THAT(ids(got), Not(::testing::Contains("suites-256-bit")));
  EXPECT_THAT(describe(parse_profile(yaml, "t.yaml")), HasSubstr("suites-256-bit: Old phones"));
}

TEST_F(Language, ARedefinedSetCountsForInheritedRequirements) {
  std::string const yaml = head("house") + "extends: nginx-recommended\nsets:\n  tolerated: {suites: [TLS_AES_256_GCM_SHA384]}\n";
  EXPECT_EQ(find(judge(yaml), "suites-256-bit").verdict, Verdict::fail);
  EXPECT_EQ(find(judge(head("same") + "extends: nginx-recommended\n"), "suites-256-bit").verdict, Verdict::pass);
}

TEST_F(Language, SetsHoldOtherSets) {
  std::string const yaml = head("t") +
                           "sets:\n  a: {suites: [0x1302, \"@b\"]}\n  b: {suites: [TLS_CHACHA20_POLY1305_SHA256]}\n"
                           "requirements:\n" +
                           requirement("r", "fact: suites.accepted.TLSv1.3, is: {equals: \"@a\"}");
  EXPECT_EQ(judge(yaml).requirements.front().verdict, Verdict::pass);
}

TEST_F(Language, RequirementsStandInTheOrderOfTheAreas) {
  std::string const yaml = head("t") + "requirements:\n" + requirement("h", "area: http, " + kHsts) +
                           requirement("p", "area: protocols, " + kTls13) + requirement("q", "area: protocols, " + kTls13) +
                           "score: {areas: {protocols: 3, http: 1}}\n";
  EXPECT_THAT(ids(judge(yaml)), ElementsAre("p", "q", "h"));
}

TEST_F(Language, ReferencesCarryTitleClauseAndAddress) {
  std::string const yaml =
      head("t") +
      "sources:\n  - {id: R1, title: RFC 1, url: \"https://example.org/1\"}\n  - {id: OURS, title: Our handbook}\nrequirements:\n" +
      requirement("r", kTls13 + ", ref: [R1, \"R1#section 2\", \"OURS#page 3\"]");
  EXPECT_THAT(judge(yaml).requirements.front().references,
              ElementsAre("RFC 1 https://example.org/1", "RFC 1, section 2 https://example.org/1", "Our handbook, page 3"));
}

TEST_F(Language, FixesKeepTheirLines) {
  std::string const yaml =
      head("t") + "requirements:\n  - id: r\n    title: r\n    severity: low\n    why: w\n    fact: http.spoken\n    is: {equals: true}\n" +
      "    fix:\n      nginx: |\n        one;\n        two;\n";
  std::vector<Fix> const fix = judge(yaml).requirements.front().fix;
  ASSERT_EQ(fix.size(), 1U);
  EXPECT_EQ(fix[0].server, "nginx");
  EXPECT_EQ(fix[0].text, "one;\ntwo;");
}

TEST_F(Language, WithoutAreasAllShareTheScoreBySeverity) {
  std::string const yaml = head("t") + "requirements:\n" + requirement("pass", kTls13) + requirement("fail", kNoTls12) +
                           "  - {id: small, title: s, severity: low, why: w, fact: protocols.accepted, is: {excludes: TLSv1.3}}\n"
                           "  - {id: note, title: s, severity: info, why: w, fact: protocols.accepted, is: {excludes: TLSv1.3}}\n";
  Assessment const got = judge(yaml);  // 4, 4, 1 and 0 of 9
  EXPECT_NEAR(find(got, "fail").points_lost, 400.0 / 9, 0.01);
  EXPECT_NEAR(find(got, "small").points_lost, 100.0 / 9, 0.01);
  EXPECT_EQ(find(got, "note").points_lost, 0);
  EXPECT_EQ(got.score, 44);
  EXPECT_EQ(got.coverage, 100);
}

TEST_F(Language, WhatIsInconclusiveEarnsNothingAndLowersCoverage) {
  std::string const yaml = head("t") + "requirements:\n" + requirement("a", "area: x, " + kTls13) + requirement("b", "area: y, " + kHsts) +
                           "score: {areas: {x: 3, y: 1}, grades: {GOOD: 80, POOR: 0}}\n";
  Assessment const got = judge(yaml, FactsBuilder{}.without("http"));
  EXPECT_EQ(got.score, 75);
  EXPECT_EQ(got.coverage, 75);
  EXPECT_EQ(got.grade, "POOR");
  EXPECT_EQ(got.verdict, Verdict::inconclusive);

  FactsBuilder mail;  // there the area is not applicable, and its share falls to the others
  mail.http = Value::object().set("spoken", false);
  Assessment const without = judge(yaml, mail);
  EXPECT_EQ(without.score, 100);
  EXPECT_EQ(without.coverage, 100);
  EXPECT_EQ(without.grade, "GOOD");
  EXPECT_EQ(without.verdict, Verdict::pass);
}

TEST_F(Language, WhereNothingAppliesThereIsNoPass) {
  FactsBuilder mail;
  mail.http = Value::object().set("spoken", false);
  Assessment const got = judge(head("t") + "requirements:\n" + requirement("r", kHsts), mail);
  EXPECT_EQ(got.verdict, Verdict::inconclusive);
  EXPECT_EQ(got.score, 0);
  EXPECT_EQ(got.coverage, 0);
}

TEST_F(Language, SeverityBelowTheGateNeitherFailsNorHoldsUp) {
  std::string const yaml = head("t") + "requirements:\n" + requirement("ok", kTls13) +
                           "  - {id: bad, title: s, severity: low, why: w, fact: protocols.accepted, is: {excludes: TLSv1.3}}\n"
                           "  - {id: open, title: s, severity: low, why: w, fact: http.spoken, is: {equals: true}}\n";
  FactsBuilder const facts = FactsBuilder{}.without("http");
  EXPECT_EQ(judge(yaml, facts).verdict, Verdict::pass);
  EXPECT_EQ(judge(yaml, facts, Severity::low).verdict, Verdict::fail);
}

TEST_F(Language, OnlyTheLowestCapCounts) {
  std::string const yaml = head("t") + "requirements:\n" + requirement("a", kNoTls12) + requirement("b", kNoTls12) +
                           requirement("c", kTls13) + requirement("d", kTls13) + requirement("e", kTls13) + requirement("f", kTls13) +
                           requirement("g", kTls13) +
                           "score: {caps: [{if_failed: a, max_score: 50}, {if_failed: b, max_score: 30}, {if_failed: c, max_score: 1}]}\n";
  Assessment const got = judge(yaml);
  EXPECT_EQ(got.score, 30);
  EXPECT_NEAR(find(got, "a").points_lost, 100.0 / 7, 0.01);
  EXPECT_NEAR(find(got, "a").points_lost + find(got, "b").points_lost, 70, 0.01);
}

TEST_F(Language, ACapOnARequirementThatIsLeftOutIsNoError) {
  std::string const yaml = head("t") + "extends: nginx-recommended\ndisable: [{id: protocol-ssl, reason: museum}]\n";
  FactsBuilder facts;
  facts.accepts("SSLv3", {"TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"});
  EXPECT_EQ(judge(yaml, facts).score, 100);
}

TEST(BuiltIn, ProfilesLoadAndAreNamedAsTheirFiles) {
  std::vector<std::string> names;
  for (ProfileSummary const& summary : built_in_profiles()) {
    names.push_back(summary.name);
    Profile const profile = load_profile(summary.name);
    EXPECT_EQ(profile.identity().name, summary.name);
    EXPECT_EQ(profile.identity().source, "built-in");
    EXPECT_FALSE(summary.version.empty());
    EXPECT_FALSE(summary.title.empty());
    EXPECT_FALSE(built_in_profile_text(summary.name).empty());
  }
  EXPECT_THAT(names, ::testing::IsSupersetOf({"mozilla-intermediate", "mozilla-modern", "nginx-recommended", "trusted-certificate"}));
  EXPECT_TRUE(std::is_sorted(names.begin(), names.end()));
  EXPECT_EQ(built_in_profile_text("nothing"), "");
}

TEST(BuiltIn, EveryRequirementHasAReasonACitationAndAnNginxFix) {
  for (ProfileSummary const& summary : built_in_profiles()) {
    Assessment const got = evaluate(load_profile(summary.name), FactsBuilder{}.endpoint());
    for (Requirement const& one : got.requirements) {
      EXPECT_FALSE(one.why.empty()) << one.id;
      EXPECT_FALSE(one.references.empty()) << summary.name << " " << one.id;
      for (std::string const& reference : one.references) EXPECT_THAT(reference, HasSubstr("https://")) << one.id;
      ASSERT_FALSE(one.fix.empty()) << summary.name << " " << one.id;
      EXPECT_EQ(one.fix.front().server, "nginx") << one.id;
    }
  }
}

TEST(BuiltIn, DescriptionsNameEveryRequirementWithItsExpectation) {
  for (ProfileSummary const& summary : built_in_profiles()) {
    Profile const profile = load_profile(summary.name);
    std::string const text = describe(profile);
    EXPECT_THAT(text, HasSubstr(summary.title));
    for (Requirement const& one : evaluate(profile, FactsBuilder{}.endpoint()).requirements) {
      EXPECT_THAT(text, HasSubstr(one.id + " [" + std::string{name(one.severity)} + "]"));
    }
    EXPECT_EQ(describe(profile), text);
  }
  EXPECT_THAT(describe(load_profile("nginx-recommended")), HasSubstr("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"));
}

}  // namespace
}  // namespace tlsgauge
