// What the gate asks of score and grade is told in the formats of pipelines: else a run that fails shows no failure.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "report/findings.hpp"
#include "report/samples.hpp"

namespace tlsgauge::test {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

ReportOptions gated(Verdict verdict, std::optional<Severity> fail_on = Severity::medium) {
  ReportOptions options;
  options.fail_on = fail_on;
  options.gate = [=](Endpoint const&, std::size_t nth) {
    Shortfall const lacks{.expected = "score 101 or more",
                          .observed = "score 100, grade A+",
                          .verdict = verdict,
                          .severity = fail_on.value_or(Severity::medium)};
    return nth == 0 ? GateRuling{.lacks = lacks} : GateRuling{};
  };
  return options;
}

json find(json const& list, char const* key, std::string const& ending) {
  for (json const& each : list) {
    if (each.at(key).get<std::string>().ends_with(ending)) return each;
  }
  return {};
}

/// Whatever else the gate fails for, and where requirements fail for nothing at all.
TEST(GateInFormats, AShortfallIsAFailure) {
  Document const good = sample("good");
  for (auto const fail_on : {std::optional{Severity::medium}, std::optional{Severity::critical}, std::optional<Severity>{}}) {
    ReportOptions const options = gated(Verdict::fail, fail_on);
    std::string const junit = render("junit", good, options);
    EXPECT_THAT(junit, HasSubstr("name=\"gate: Score and grade are what the gate asks for\""));
    EXPECT_THAT(junit, HasSubstr("failures=\"1\""));
    EXPECT_THAT(junit, HasSubstr("message=\"score 100, grade A+ (expected: score 101 or more)\""));
    std::string const github = render("github", good, options);
    EXPECT_THAT(github, HasSubstr("::error title=nginx-recommended/gate::"));
    json const gitlab = find(json::parse(render("gitlab", good, options)), "check_name", "/gate");
    ASSERT_FALSE(gitlab.is_null());
    EXPECT_NE(gitlab.at("severity"), "info");
    json const run = json::parse(render("sarif", good, options)).at("runs").at(0);
    json const result = find(run.at("results"), "ruleId", "/gate");
    ASSERT_FALSE(result.is_null());
    EXPECT_EQ(result.at("kind"), "fail");
    EXPECT_EQ(run.at("tool").at("driver").at("rules").at(result.at("ruleIndex").get<std::size_t>()).at("id"), result.at("ruleId"));
    EXPECT_FALSE(find(json::parse(render("defectdojo", good, options)).at("findings"), "vuln_id_from_tool", "/gate").is_null());
  }
}

TEST(GateInFormats, WithoutAShortfallThereIsNothing) {
  for (char const* const format : {"junit", "github", "gitlab", "sarif", "defectdojo"}) {
    for (char const* const name : kSamples) {
      ReportOptions options;
      options.gate = [](Endpoint const&, std::size_t) { return GateRuling{}; };
      EXPECT_EQ(render(format, sample(name), options), render(format, sample(name))) << format << " " << name;
    }
  }
}

TEST(GateInFormats, WhatMayYetBeReachedIsNoFailure) {
  Document const good = sample("good");
  ReportOptions const options = gated(Verdict::inconclusive);
  EXPECT_THAT(render("junit", good, options), HasSubstr("could not be judged: score 100"));
  EXPECT_THAT(render("junit", good, options), Not(HasSubstr("<failure")));
  EXPECT_THAT(render("github", good, options), HasSubstr("::warning title=nginx-recommended/gate::"));
  EXPECT_EQ(find(json::parse(render("gitlab", good, options)), "check_name", "/gate").at("severity"), "info");
  json const run = json::parse(render("sarif", good, options)).at("runs").at(0);
  EXPECT_EQ(find(run.at("results"), "ruleId", "/gate").at("kind"), "open");
}

/// The same finding whether or not others stand beside it; of an id that no requirement has.
TEST(GateInFormats, HasAnIdentityOfItsOwn) {
  Document document = sample("good");
  auto const fingerprint = [&](Verdict verdict) {
    return report::findings(document, {verdict}, Severity::medium, gated(verdict).gate).front().fingerprint;
  };
  EXPECT_EQ(fingerprint(Verdict::fail), fingerprint(Verdict::inconclusive));
  document.endpoints.front().assessments.front().requirements.front().id = "gate";
  EXPECT_EQ(report::gate_shortfall(document.endpoints.front(), 0, gated(Verdict::fail).gate)->id, "gate_");
}

/// A gate beside a baseline that knows every requirement that fails, and concludes this of the rest.
ReportOptions beside_baseline(Verdict verdict) {
  ReportOptions options;
  options.gate = [=](Endpoint const& endpoint, std::size_t nth) {
    Assessment counted = endpoint.assessments.at(nth);
    for (Requirement& each : counted.requirements) {
      if (each.verdict == Verdict::fail) each.verdict = Verdict::waived;
    }
    counted.verdict = verdict;
    return GateRuling{.beside_baseline = counted};
  };
  return options;
}

TEST(GateInFormats, BesideABaselineItIsTheGateThatSaysWhatIsNew) {
  Document document = sample("bad");
  document.endpoints.resize(1);
  Assessment& assessment = document.endpoints.front().assessments.front();
  assessment.model = "nmap";
  assessment.grade = "F";
  for (Requirement& each : assessment.requirements) {
    if (each.verdict == Verdict::fail) each.baseline = Baseline::known;
  }
  auto const of = [&](char const* format, Verdict verdict) { return render(format, document, beside_baseline(verdict)); };
  EXPECT_THAT(of("junit", Verdict::fail), HasSubstr("name=\"verdict: The endpoint meets the profile\""));
  EXPECT_THAT(of("junit", Verdict::fail), HasSubstr("failures=\"1\""));
  EXPECT_THAT(of("github", Verdict::fail), HasSubstr("::error title=nginx-recommended/verdict::"));
  json const results = json::parse(of("sarif", Verdict::fail)).at("runs").at(0).at("results");
  EXPECT_EQ(find(results, "ruleId", "/verdict").at("baselineState"), "new");
  EXPECT_THAT(of("prometheus", Verdict::fail), HasSubstr("requirement=\"verdict\""));
  EXPECT_THAT(of("junit", Verdict::inconclusive), Not(HasSubstr("<failure")));
  EXPECT_THAT(of("junit", Verdict::pass), Not(HasSubstr("name=\"verdict:"))) << "what is known shows why it fails";

  for (Requirement& each : assessment.requirements) each.verdict = Verdict::pass;
  EXPECT_THAT(of("junit", Verdict::pass), Not(HasSubstr("<failure")));
  EXPECT_THAT(of("github", Verdict::pass), Not(HasSubstr("::error")));
  json const known = json::parse(of("sarif", Verdict::pass)).at("runs").at(0).at("results");
  EXPECT_EQ(find(known, "ruleId", "/verdict").at("baselineState"), "unchanged");
}

}  // namespace
}  // namespace tlsgauge::test
