#include "cli/baseline.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>

#include "tlsgauge/report.hpp"

namespace tlsgauge::cli {
namespace {

Requirement unmet(std::string id, std::vector<std::string> causes, Severity severity = Severity::high) {
  Requirement out;
  out.id = std::move(id);
  out.severity = severity;
  out.verdict = Verdict::fail;
  for (std::string& cause : causes) out.causes.push_back({.key = cause, .label = cause});
  return out;
}

Endpoint endpoint(std::vector<Requirement> requirements, std::string address = "192.0.2.1", Status status = Status::complete) {
  Endpoint out;
  out.target.input = out.target.host = out.target.server_name = "www.example.com";
  out.target.address = std::move(address);
  out.status = status;
  Assessment assessment;
  assessment.profile = {"house", "1", "built-in"};
  assessment.verdict = Verdict::fail;
  assessment.requirements = std::move(requirements);
  out.assessments.push_back(std::move(assessment));
  return out;
}

/// What the file says is what its facts are judged to be, unless said otherwise.
BaselineResult baseline(
    std::vector<Endpoint> endpoints, BaselineResult::Judge const& judge = [](Endpoint const& e) { return e.assessments; }) {
  std::string path = (std::filesystem::temp_directory_path() / "tlsgauge-baseline-XXXXXX").string();
  int const descriptor = ::mkstemp(path.data());
  ::close(descriptor);
  Document document;
  document.schema = "tlsgauge.result/1";
  document.tool = {"tlsgauge", "0", "OpenSSL"};
  document.endpoints = std::move(endpoints);
  std::ofstream{path} << find_report_format("json")->write(document, {});
  BaselineResult out{path, judge};
  std::filesystem::remove(path);
  return out;
}

Baseline mark(BaselineResult const& earlier, Requirement now, std::string const& address = "192.0.2.1") {
  Endpoint judged = endpoint({std::move(now)}, address);
  earlier.mark(judged);
  return judged.assessments.front().requirements.front().baseline.value();
}

TEST(Baseline, KnowsWhatFailedForNoLess) {
  BaselineResult const earlier = baseline({endpoint({unmet("versions", {"TLSv1.0", "TLSv1.1"})})});
  EXPECT_EQ(mark(earlier, unmet("versions", {"TLSv1.0"})), Baseline::known);
  EXPECT_EQ(mark(earlier, unmet("versions", {"TLSv1.0", "TLSv1.1"})), Baseline::known);
  EXPECT_EQ(mark(earlier, unmet("versions", {"SSLv3", "TLSv1.0"})), Baseline::added);
  EXPECT_EQ(mark(earlier, unmet("other", {"TLSv1.0"})), Baseline::added);
  EXPECT_EQ(mark(earlier, unmet("versions", {"TLSv1.0"}, Severity::critical)), Baseline::added);
  EXPECT_EQ(mark(earlier, unmet("versions", {"TLSv1.0"}, Severity::low)), Baseline::known);
}

TEST(Baseline, BelievesNeitherTheFileNorItsFactsAlone) {
  Endpoint const fails = endpoint({unmet("versions", {"TLSv1.0"})});
  for (Verdict const verdict : {Verdict::pass, Verdict::waived, Verdict::inconclusive, Verdict::not_applicable}) {
    Endpoint said = fails;
    said.assessments.front().requirements.front().verdict = verdict;
    EXPECT_EQ(mark(baseline({said}, [&](Endpoint const&) { return fails.assessments; }), unmet("versions", {"TLSv1.0"})), Baseline::added);
    EXPECT_EQ(mark(baseline({fails}, [&](Endpoint const&) { return said.assessments; }), unmet("versions", {"TLSv1.0"})), Baseline::added);
  }
  Endpoint other = fails;
  other.assessments.front().profile.name = "other";
  EXPECT_EQ(mark(baseline({other}), unmet("versions", {"TLSv1.0"})), Baseline::added);
  // Whatever it says of its causes: they are found anew.
  EXPECT_EQ(mark(baseline({endpoint({unmet("versions", {"SSLv3", "TLSv1.0"})})}, [&](Endpoint const&) { return fails.assessments; }),
                 unmet("versions", {"SSLv3"})),
            Baseline::added);
}

TEST(Baseline, WhatWasNotReachedMakesNothingKnown) {
  for (Status const status : {Status::unreachable, Status::not_tls})
    EXPECT_EQ(mark(baseline({endpoint({unmet("a", {"x"})}, "192.0.2.1", status)}), unmet("a", {"x"})), Baseline::added);
  EXPECT_EQ(mark(baseline({}), unmet("a", {"x"})), Baseline::added);
}

TEST(Baseline, EachOfSeveralAddressesIsItself) {
  Requirement const finding = unmet("a", {"x"});
  BaselineResult const one = baseline({endpoint({finding}, "192.0.2.1")});
  EXPECT_EQ(mark(one, finding, "192.0.2.9"), Baseline::known) << "names move";
  BaselineResult const two = baseline({endpoint({finding}, "192.0.2.1"), endpoint({}, "192.0.2.2")});
  EXPECT_EQ(mark(two, finding, "192.0.2.1"), Baseline::known);
  EXPECT_EQ(mark(two, finding, "192.0.2.2"), Baseline::added);
  EXPECT_EQ(mark(two, finding, "192.0.2.9"), Baseline::added);
  // Nor is one of the baseline all that a run finds behind the name.
  BaselineResult apart = baseline({endpoint({finding}, "192.0.2.1")});
  Document several;
  several.endpoints = {endpoint({finding}, "192.0.2.1"), endpoint({finding}, "192.0.2.9")};
  apart.expect(several);
  EXPECT_EQ(mark(apart, finding, "192.0.2.1"), Baseline::known);
  EXPECT_EQ(mark(apart, finding, "192.0.2.9"), Baseline::added);
  BaselineResult any = baseline({endpoint({finding}, "192.0.2.1")});
  any.expect_several_addresses();
  EXPECT_EQ(mark(any, finding, "192.0.2.9"), Baseline::added);
}

TEST(Baseline, OfSeveralMeasurementsTheNewestCounts) {
  Requirement const finding = unmet("a", {"x"});
  EXPECT_EQ(mark(baseline({endpoint({finding}), endpoint({})}), finding), Baseline::added) << "it was mended, and is back";
  EXPECT_EQ(mark(baseline({endpoint({}), endpoint({finding})}), finding), Baseline::known);
  EXPECT_EQ(mark(baseline({endpoint({finding}), endpoint({finding}, "192.0.2.1", Status::unreachable)}), finding), Baseline::added);
  EXPECT_EQ(mark(baseline({endpoint({finding}, "192.0.2.2"), endpoint({})}), finding), Baseline::added) << "another address is another";
  BaselineResult const twice = baseline({endpoint({finding}), endpoint({})});
  EXPECT_NE(twice.warnings({endpoint({})}).front().find("the baseline has 1 endpoint more than once (www.example.com:443)"),
            std::string::npos);
}

TEST(Baseline, EachOfTwoVersionsOfAProfileIsItself) {
  Requirement const finding = unmet("a", {"x"});
  auto const versions = [&](std::string const& first, std::string const& second, std::vector<Requirement> of_second) {
    Endpoint out = endpoint({finding});
    out.assessments.push_back(endpoint(std::move(of_second)).assessments.front());
    out.assessments[0].profile.version = first;
    out.assessments[1].profile.version = second;
    return out;
  };
  // The file lists version 1 (fails) before version 2 (is met); this run, 2 before 1, and both fail.
  Endpoint now = versions("2", "1", {finding});
  BaselineResult const earlier =
      baseline({versions("1", "2", {})}, [&](Endpoint const&) { return versions("2", "1", {finding}).assessments; });
  earlier.mark(now);
  EXPECT_EQ(now.assessments[0].requirements.front().baseline, Baseline::added) << "version 2 was met";
  EXPECT_EQ(now.assessments[1].requirements.front().baseline, Baseline::known);
  BaselineResult const one = baseline({endpoint({finding})}, [&](Endpoint const&) { return versions("2", "1", {finding}).assessments; });
  now = versions("2", "1", {finding});
  one.mark(now);
  EXPECT_EQ(now.assessments[0].requirements.front().baseline, Baseline::added) << "what version 1 said is not said twice";
  EXPECT_EQ(now.assessments[1].requirements.front().baseline, Baseline::known);
}

TEST(Baseline, KnowsAnEndpointHoweverItIsSpelled) {
  Requirement const finding = unmet("a", {"x"});
  auto const named = [&](std::string host, std::string server_name, std::string address) {
    Endpoint out = endpoint({finding}, std::move(address));
    out.target.host = std::move(host);
    out.target.server_name = std::move(server_name);
    return out;
  };
  BaselineResult const earlier = baseline({named("www.example.com", "www.example.com", "2001:db8::1"), endpoint({}, "2001:db8::2")});
  auto const marked = [&](Endpoint now) {
    earlier.mark(now);
    return now.assessments.front().requirements.front().baseline;
  };
  EXPECT_EQ(marked(named("WWW.example.com.", "www.EXAMPLE.com", "2001:DB8::0:1")), Baseline::known);
  EXPECT_EQ(marked(named("www.example.com", "www.example.com", "2001:db8::2")), Baseline::added);
  EXPECT_EQ(marked(named("www.example.com", "", "2001:db8::1")), Baseline::added) << "without SNI it may be another server";
  EXPECT_EQ(marked(named("www.example.com", "shop.example.com", "2001:db8::1")), Baseline::added);
}

TEST(Baseline, SaysThatANameWasAskedForWithoutSni) {
  Endpoint silent = endpoint({unmet("a", {"x"})});
  silent.target.server_name.clear();
  auto const warnings = baseline({endpoint({unmet("a", {"x"})})}).warnings({silent});
  ASSERT_EQ(warnings.size(), 2U);
  EXPECT_EQ(warnings[0], "1 of 1 endpoints is not in the baseline");
  EXPECT_EQ(warnings[1].substr(0, 73), "1 endpoint asked with SNI in one result and without in the other, which a");
}

TEST(Baseline, MarksOnlyWhatFailed) {
  BaselineResult const earlier = baseline({endpoint({unmet("a", {"x"})})});
  Requirement met = unmet("a", {});
  met.verdict = Verdict::waived;
  Endpoint now = endpoint({met});
  earlier.mark(now);
  EXPECT_FALSE(now.assessments.front().requirements.front().baseline);
}

TEST(Baseline, TheGateSeesKnownFindingsAsWaived) {
  Endpoint now = endpoint({unmet("a", {"x"}), unmet("b", {"x"}), unmet("c", {"x"})});
  now.assessments.front().requirements[1].more_possible = true;
  baseline({endpoint({unmet("a", {"x"}), unmet("b", {"x"})})}).mark(now);
  Assessment const counted = without_known(now.assessments.front());
  EXPECT_EQ(counted.requirements[0].verdict, Verdict::waived);
  EXPECT_EQ(counted.requirements[1].verdict, Verdict::inconclusive) << "it may fail for more than is known";
  EXPECT_EQ(counted.requirements[2].verdict, Verdict::fail);
}

TEST(Baseline, SaysOfHowManyItIsNotKnownWhetherTheyGotWorse) {
  Endpoint now = endpoint({unmet("a", {"x"}), unmet("b", {"x"}), unmet("c", {"x"})});
  for (std::size_t const open : {1U, 2U}) now.assessments.front().requirements[open].more_possible = true;
  BaselineResult const earlier = baseline({endpoint({unmet("a", {"x"}), unmet("b", {"x"}), unmet("c", {"x"})})});
  earlier.mark(now);
  auto const warnings = earlier.warnings({now});
  ASSERT_EQ(warnings.size(), 2U);
  EXPECT_EQ(warnings[0], "1 finding known from the baseline does not count");
  EXPECT_EQ(warnings[1], "2 findings known from the baseline may fail for more now and count as inconclusive");
}

TEST(Baseline, KnowsAGradeThatIsNoLower) {
  Profile const profile = load_profile("ssllabs");
  auto const graded = [](std::string grade, int score, std::vector<GradeCap> caps) {
    Endpoint out = endpoint({});
    Assessment& assessment = out.assessments.front();
    assessment.model = "ssllabs";
    assessment.grade = std::move(grade);
    assessment.score = score;
    assessment.caps = std::move(caps);
    return out;
  };
  GradeCap const old{.grade = "B", .reason = "TLS 1.0", .reference = ""};
  GradeCap const other{.grade = "B", .reason = "no forward secrecy", .reference = ""};
  BaselineResult const earlier = baseline({graded("B", 70, {old})});
  EXPECT_TRUE(earlier.knows_grade(profile, graded("B", 70, {old}), 0));
  EXPECT_TRUE(earlier.knows_grade(profile, graded("A", 90, {}), 0));
  EXPECT_FALSE(earlier.knows_grade(profile, graded("B", 69, {old}), 0));
  EXPECT_FALSE(earlier.knows_grade(profile, graded("C", 70, {old}), 0));
  EXPECT_FALSE(earlier.knows_grade(profile, graded("B", 70, {old, other}), 0));
  EXPECT_FALSE(baseline({}).knows_grade(profile, graded("B", 70, {old}), 0));
  Endpoint by_requirements = graded("B", 70, {old});
  by_requirements.assessments.front().model = "requirements";
  EXPECT_FALSE(earlier.knows_grade(profile, by_requirements, 0));
}

TEST(Baseline, KnowsACapOfNoMoreMembers) {
  Profile const profile = load_profile("ssllabs");
  auto const capped = [](std::vector<std::string> suites, std::string key = "weak Diffie-Hellman") {
    Endpoint out = endpoint({});
    Assessment& assessment = out.assessments.front();
    assessment.model = "ssllabs";
    assessment.grade = "B";
    assessment.score = 70;
    std::string words;
    for (std::string const& suite : suites) words += suite;
    assessment.caps = {{.grade = "B", .reason = words, .reference = "", .key = std::move(key), .members = std::move(suites)}};
    return out;
  };
  Endpoint const two = capped({"A", "B"});
  BaselineResult const earlier = baseline({two}, [&](Endpoint const&) { return two.assessments; });  // no document tells members
  EXPECT_TRUE(earlier.knows_grade(profile, capped({"A", "B"}), 0));
  EXPECT_TRUE(earlier.knows_grade(profile, capped({"B"}), 0));
  EXPECT_FALSE(earlier.knows_grade(profile, capped({"B", "C"}), 0));
  EXPECT_FALSE(earlier.knows_grade(profile, capped({"B"}, "RC4"), 0));
}

}  // namespace
}  // namespace tlsgauge::cli
