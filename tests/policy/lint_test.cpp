// What is questionable in profiles that load.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "tlsgauge/profile.hpp"

namespace tlsgauge {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// Line 1 to 6.
std::string const kHead =
    "tlsgauge_profile: 1\n"
    "name: house\n"
    "version: \"1\"\n"
    "title: House rules\n"
    "sources: [{id: S, title: Source}]\n"
    "requirements:\n";

// Line 7 onwards: a requirement a line.
std::string rule(std::string const& id, std::string const& body, std::string const& severity = "high") {
  return "  - {id: " + id + ", title: t, severity: " + severity + ", why: w, ref: [S], " + body + "}\n";
}
std::string fact(std::string const& name, std::string const& is) { return "fact: " + name + ", is: {" + is + "}"; }
std::string part(std::string const& name, std::string const& is) { return "{" + fact(name, is) + "}"; }

std::vector<std::string> texts(std::vector<ProfileFinding> const& findings) {
  std::vector<std::string> out;
  for (ProfileFinding const& finding : findings) {
    EXPECT_EQ(finding.error, finding.text.find(": warning: ") == std::string::npos) << finding.text;
    EXPECT_THAT(finding.text, ::testing::MatchesRegex("[^ ]+:[0-9]+:[0-9]+: [^:]+: .+"));
    out.push_back(finding.text);
  }
  return out;
}

std::vector<std::string> findings(std::string const& rules) { return texts(lint_profile(kHead + rules, "p.yaml")); }
/// The whole list in one text; empty: none.
std::string found(std::string const& rules) {
  std::string out;
  for (std::string const& one : findings(rules)) out += one + "\n";
  return out;
}

TEST(Lint, ASoundProfileHasNothing) {
  EXPECT_EQ(found(rule("a", fact("protocols.accepted", "subset_of: [TLSv1.2, TLSv1.3]"))), "");
  EXPECT_EQ(found(rule("a", fact("dh.min_bits", "min: 2048")) + rule("b", fact("dh.min_bits", "exists: false"))), "");
  EXPECT_EQ(found(rule("a", fact("dh.min_bits", "min: 2048")) + rule("b", fact("dh.min_bits", "max: 4096"))), "");
}

TEST(Lint, WhenThatIsNeverTrue) {
  std::string const body = fact("http.spoken", "equals: true");
  auto const when = [&](std::string const& parts) { return found(rule("a", "when: {all: [" + parts + "]}, " + body)); };
  EXPECT_THAT(when(part("dh.min_bits", "min: 2048") + ", " + part("dh.min_bits", "max: 1024")),
              HasSubstr("requirements[a].when: can never be true: dh.min_bits: at least 2048 bits, but also at most 1024 bits"));
  std::vector<std::pair<std::string, std::string>> const contradictory = {
      {"protocols.accepted: includes: TLSv1.3", "excludes: TLSv1.3"},
      {"protocols.accepted: subset_of: [TLSv1.2]", "includes: TLSv1.3"},
      {"protocols.accepted: equals: [TLSv1.2]", "equals: [TLSv1.3]"},
      {"suites.accepted.any: subset_of: \"@aead\"", "includes: TLS_RSA_WITH_AES_128_CBC_SHA"},
      {"suites.accepted.any: subset_of: \"@aead\"", "intersects: \"@cbc\""},
      {"suites.accepted.any: excludes: \"@forward_secrecy\"", "intersects: \"@ecdhe\""},
      {"groups.accepted: excludes: \"@post_quantum\"", "includes: X25519MLKEM768"},
      {"signatures.accepted.any: excludes: \"@post_quantum\"", "intersects: \"@ml_dsa\""},
      {"http.status: equals: 200", "one_of: [301, 302]"},
      {"http.status: min: 300", "equals: 200"},
      {"suites.chooser.TLSv1.2: equals: server", "one_of: [client, indifferent]"},
      {"http.hsts.valid: equals: true", "equals: false"},
      {"certificate_compression.algorithms: not_empty: false", "includes: zlib"},
      {"dh.min_bits: exists: true", "exists: false"},
  };
  for (auto const& [first, second] : contradictory) {
    std::size_t const colon = first.find(": ");
    std::string const name = first.substr(0, colon);
    std::string const both = part(name, first.substr(colon + 2)) + ", " + part(name, second);
    EXPECT_THAT(when(both), HasSubstr("requirements[a].when: can never be true: " + name)) << both;
    // Either alone may be.
    EXPECT_EQ(when(part(name, second)), "") << second;
  }
  // Every way, not only one of them.
  std::string const never = "{all: [" + part("http.status", "min: 300") + ", " + part("http.status", "max: 200") + "]}";
  EXPECT_THAT(found(rule("a", "when: {any: [" + never + ", " + never + "]}, " + body)), HasSubstr("can never be true"));
  EXPECT_EQ(found(rule("a", "when: {any: [" + never + ", " + part("http.status", "min: 5") + "]}, " + body)), "");
  EXPECT_THAT(
      found(rule("a", "when: {all: [" + part("http.status", "min: 300") + ", {not: " + part("http.status", "min: 200") + "}]}, " + body)),
      HasSubstr("can never be true"));
}

TEST(Lint, WhenThatRulesOutWhatTheRequirementIsAbout) {
  EXPECT_THAT(found(rule("a", "when: " + part("protocols.accepted", "excludes: TLSv1.2") + ", " +
                                  fact("suites.accepted.TLSv1.2", "subset_of: \"@aead\""))),
              HasSubstr("requirements[a].when: never applies: suites.accepted.TLSv1.2 is about TLSv1.2, which `when` rules out"));
  EXPECT_THAT(
      found(rule("a", "when: " + part("protocols.accepted", "subset_of: [TLSv1.2]") + ", " + fact("groups.accepted", "includes: x25519"))),
      HasSubstr("never applies"));
  EXPECT_EQ(found(rule("a", "when: " + part("protocols.accepted", "excludes: TLSv1.3") + ", " +
                                fact("suites.accepted.TLSv1.2", "subset_of: \"@aead\""))),
            "");
  EXPECT_THAT(found(rule("a", "when: " + part("http.status", "max: 299") + ", " + fact("http.status", "min: 300"))),
              HasSubstr("requirements[a].is: can never be met where it applies"));
  EXPECT_THAT(found(rule("a", "when: " + part("http.status", "min: 299") + ", " + fact("http.status", "min: 200"))),
              HasSubstr("requirements[a].is: warning: can never fail where it applies"));
  EXPECT_THAT(found(rule("a", "when: " + part("http.status", "min: 0") + ", " + fact("http.status", "max: 200"))),
              HasSubstr("requirements[a].when: warning: is always true"));
}

TEST(Lint, RequirementsThatContradictEachOther) {
  std::string const two =
      rule("a", fact("protocols.accepted", "includes: TLSv1.2")) + rule("b", fact("protocols.accepted", "equals: [TLSv1.3]"));
  EXPECT_THAT(
      findings(two),
      ElementsAre("p.yaml:8:87: requirements[b].is: contradicts a (p.yaml:7): protocols.accepted: at least TLSv1.2, but also exactly "
                  "TLSv1.3"));
  EXPECT_THAT(found(rule("a", fact("dh.min_bits", "min: 3072")) + rule("b", fact("dh.min_bits", "max: 2048"))), HasSubstr("contradicts a"));
  // Advice that is at odds with a demand is no error.
  EXPECT_THAT(
      found(rule("a", fact("protocols.accepted", "includes: TLSv1.2")) + rule("b", fact("protocols.accepted", "equals: [TLSv1.3]"), "low")),
      HasSubstr("requirements[b].is: warning: contradicts a"));
  // They are about different servers.
  std::string const spoken = "when: " + part("http.spoken", "equals: true") + ", ";
  std::string const silent = "when: " + part("http.spoken", "equals: false") + ", ";
  EXPECT_EQ(found(rule("a", spoken + fact("dh.min_bits", "min: 3072")) + rule("b", silent + fact("dh.min_bits", "max: 2048"))), "");
  EXPECT_THAT(found(rule("a", spoken + fact("dh.min_bits", "min: 3072")) + rule("b", fact("dh.min_bits", "max: 2048"))),
              HasSubstr("contradicts a"));
  // One of several ways is enough.
  EXPECT_EQ(found(rule("a", "any: [" + part("dh.min_bits", "min: 3072") + ", " + part("http.status", "min: 9") + "]") +
                  rule("b", fact("dh.min_bits", "max: 2048"))),
            "");
}

TEST(Lint, RequirementsThatCannotBeMetOrCannotFail) {
  EXPECT_THAT(found(rule("a", "all: [" + part("http.status", "min: 300") + ", " + part("http.status", "max: 200") + "]")),
              HasSubstr("requirements[a].all: can never be met: http.status"));
  std::vector<std::pair<std::string, std::string>> const vacuous = {
      {"protocols.accepted", "subset_of: [SSLv2, SSLv3, TLSv1.0, TLSv1.1, TLSv1.2, TLSv1.3]"},
      {"dh.min_bits", "min: 0"},
      {"suites.chooser.TLSv1.2", "one_of: [server, client, indifferent]"},
      {"dh.faults", "subset_of: [composite, not_safe_prime]"},
  };
  for (auto const& [name, is] : vacuous)
    EXPECT_THAT(found(rule("a", fact(name, is))), HasSubstr("requirements[a].is: warning: can never fail")) << name;
  EXPECT_EQ(
      found("  - {id: a, title: t, severity: low, why: w, ref: [S], each: certificate, " + fact("certificate.days_left", "min: 0") + "}\n"),
      "");
}

TEST(Lint, WhatNothingNames) {
  std::string const good = rule("a", fact("suites.accepted.any", "subset_of: \"@used\""));
  std::string const sets = "sets: {inner: {suites: [0x1301]}, used: {suites: [\"@inner\"]}, spare: {suites: [0x1302]}}\n";
  EXPECT_THAT(findings(good + sets), ElementsAre(HasSubstr("p.yaml:8:63: sets.spare: warning: @spare is not used")));
  std::string const bare = "  - {id: a, title: t, severity: low, why: w, " + fact("http.status", "equals: 200") + "}\n";
  EXPECT_THAT(findings(bare), ElementsAre(HasSubstr("sources[S]: warning: no requirement names it"),
                                          HasSubstr("requirements[a].ref: warning: is missing")));
  std::string const other = "  - {id: b, title: t, severity: low, why: w, " + fact("http.spoken", "equals: true") + "}\n";
  EXPECT_THAT(findings(bare + other), ElementsAre(HasSubstr("sources[S]"), HasSubstr("requirements: warning: none of 2 names a source")));
  EXPECT_THAT(findings(bare + rule("c", fact("http.spoken", "equals: true"))), ElementsAre(HasSubstr("requirements[a].ref: warning")));
}

TEST(Lint, AVersionThatIsANumber) {
  std::string text = kHead + rule("a", fact("http.spoken", "equals: true"));
  text.replace(text.find("\"1\""), 3, "1.10");
  EXPECT_THAT(texts(lint_profile(text, "p.yaml")), ElementsAre(HasSubstr("p.yaml:3:10: version: warning: should be in quotes")));
}

TEST(Lint, PartsOfTheScoreThatDoNothing) {
  std::string const a =
      rule("a", "area: web, " + fact("http.spoken", "equals: true")) + rule("b", "area: web, " + fact("http.status", "min: 9"));
  EXPECT_THAT(findings(a + "score: {areas: {web: 1, mail: 2}}\n"), ElementsAre(HasSubstr("score.areas.mail: warning: no requirement")));
  EXPECT_THAT(findings(a + "score: {caps: [{if_failed: a, max_score: 100}]}\n"),
              ElementsAre(HasSubstr("score.caps[0].max_score: warning")));
  EXPECT_THAT(findings(a + "disable: [{id: b, reason: r}]\nscore: {caps: [{if_failed: b, max_score: 5}]}\n"),
              ElementsAre(HasSubstr("score.caps[0]: warning: does nothing: b is disabled")));
  EXPECT_THAT(findings(a + "score: {caps: [{if_failed: a, max_score: 5}, {if_failed: a, max_score: 9}]}\n"),
              ElementsAre(HasSubstr("score.caps[1]: warning: a second cap")));
}

TEST(Lint, OverridesThatChangeNothing) {
  std::filesystem::path const folder = std::filesystem::temp_directory_path() / ("tlsgauge-lint-" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "base.yaml") << kHead << rule("a", fact("dh.min_bits", "min: 2048")) << rule("b", fact("http.status", "min: 9"));
  std::string const head = "tlsgauge_profile: 1\nname: child\nversion: \"1\"\ntitle: t\nextends: base.yaml\n";
  auto const child = [&](std::string const& rest) {
    std::string const path = (folder / "child.yaml").string();
    std::ofstream(path) << head << rest;
    std::vector<std::string> out;
    for (std::string const& text : texts(lint_profile(path))) out.push_back(text.substr(folder.string().size() + 1));
    return out;
  };
  EXPECT_THAT(child("override: {a: {severity: low}}\n"), IsEmpty());
  EXPECT_THAT(child("override: {a: {severity: high}}\n"),
              ElementsAre("child.yaml:6:16: override.a.severity: warning: is the same as before"));
  EXPECT_THAT(child("override: {a: {is: {min: 2048}}}\n"), ElementsAre(HasSubstr("override.a.is: warning: is the same as before")));
  // A demand of its own against an inherited one is found at its own place.
  EXPECT_THAT(child("requirements:\n  - {id: c, title: t, severity: high, why: w, ref: [S], " + fact("dh.min_bits", "max: 1024") + "}\n"),
              ElementsAre(HasSubstr("child.yaml:7:")));
  EXPECT_THAT(findings(rule("a", fact("http.spoken", "equals: true")) + "override: {a: {severity: low}}\n"),
              ElementsAre(HasSubstr("override.a: warning: is a requirement of this file")));
  std::filesystem::remove_all(folder);
}

TEST(Lint, TheShippedProfilesAreClean) {
  for (ProfileSummary const& profile : built_in_profiles()) EXPECT_THAT(texts(lint_profile(profile.name)), IsEmpty()) << profile.name;
}

}  // namespace
}  // namespace tlsgauge
