// Which endpoints and profiles of two results are the same, and what it means where one is missing.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "report/diff_support.hpp"
#include "report/samples.hpp"
#include "tlsgauge/diff.hpp"

namespace tlsgauge::test {
namespace {

TEST(DiffEndpoints, AnUnreachableHostIsNeverFixed) {
  for (Status const status : {Status::unreachable, Status::not_tls}) {
    Comparison const comparison =
        compare(document({endpoint("a.example", {demand("x", fail)})}), document({endpoint("a.example", {demand("x", open)}, status)}));
    EXPECT_EQ(comparison.endpoints.front().change, Change::unknown);
    EXPECT_FALSE(comparison.endpoints.front().note.empty());
    EXPECT_EQ(comparison.requirements.at(static_cast<std::size_t>(Change::better)), 0U);
    EXPECT_EQ(result(comparison), DiffResult::unknown);
    EXPECT_EQ(result(comparison, std::nullopt), DiffResult::unknown) << "missing evidence counts for tolerant gates too";
  }
}

TEST(DiffEndpoints, EvidenceThatIsMissingStillIsMissing) {
  Document const down = document({endpoint("a.example", {demand("x", open)}, Status::unreachable)});
  EXPECT_EQ(result(compare(down, down)), DiffResult::unknown);
  auto const of = [](Severity severity) { return document({with_verdict(endpoint("a.example", {demand("x", open, severity)}), open)}); };
  EXPECT_EQ(result(compare(of(Severity::high), of(Severity::high))), DiffResult::unknown) << "as of an endpoint that is down";
  EXPECT_EQ(result(compare(of(Severity::high), of(Severity::high)), std::nullopt), DiffResult::unknown) << "for tolerant gates too";
  EXPECT_EQ(outcome(compare(of(Severity::high), of(Severity::high)), Severity::low).reason,
            "1 cannot be compared, evidence is missing: a.example:443: x: inconclusive as before");
  EXPECT_EQ(result(compare(of(Severity::low), of(Severity::low)), Severity::high), DiffResult::not_worse) << "what does not count";
  EXPECT_EQ(result(compare(of(Severity::low), of(Severity::high)), Severity::high), DiffResult::unknown);
  Endpoint worse = endpoint("a.example", {demand("x", open), demand("y", fail)});
  EXPECT_EQ(result(compare(document({endpoint("a.example", {demand("x", open), demand("y", pass)})}), document({worse}))),
            DiffResult::worse);
}

TEST(DiffEndpoints, TheSameIsTheSame) {
  for (char const* const each : {"good", "bad", "hostile"}) {
    Comparison const comparison = compare(sample(each), sample(each));
    EXPECT_NE(result(comparison), DiffResult::worse);
    for (EndpointChange const& endpoint_change : comparison.endpoints) {
      EXPECT_TRUE(endpoint_change.facts.empty());
      for (AssessmentChange const& profile : endpoint_change.profiles) {
        for (RequirementChange const& r : profile.requirements) EXPECT_EQ(r.note, "inconclusive as before") << each << r.id;
      }
    }
  }
  EXPECT_EQ(result(compare(sample("good"), sample("good"))), DiffResult::not_worse);
  EXPECT_EQ(compare(sample("good"), sample("good")).endpoints.front().change, Change::same);
}

TEST(DiffEndpoints, ANewEndpointCountsOnlyWhereItFails) {
  Endpoint const known = endpoint("a.example", {demand("x", pass)});
  EXPECT_EQ(result(compare(document({known}), document({known, endpoint("b.example", {demand("x", fail)})}))), DiffResult::worse);
  Endpoint good = endpoint("b.example", {demand("x", pass)});
  good.assessments.front().verdict = Verdict::pass;
  Comparison const comparison = compare(document({known}), document({known, good}));
  EXPECT_EQ(result(comparison), DiffResult::not_worse);
  EXPECT_EQ(comparison.endpoints.back().change, Change::added);
  Endpoint const down = endpoint("b.example", {demand("x", open)}, Status::unreachable);
  EXPECT_EQ(result(compare(document({known}), document({known, down}))), DiffResult::unknown);
}

TEST(DiffEndpoints, AnEndpointThatIsGoneIsNotBetter) {
  Endpoint const stays = endpoint("a.example", {demand("x", pass)});
  Comparison const comparison = compare(document({stays, endpoint("b.example", {demand("x", fail)})}), document({stays}));
  EXPECT_EQ(comparison.endpoints.back().change, Change::gone);
  EXPECT_EQ(comparison.requirements.at(static_cast<std::size_t>(Change::better)), 0U);
  EXPECT_EQ(result(comparison), DiffResult::not_worse);
}

TEST(DiffEndpoints, WhatAnInterruptedRunDidNotReachIsNotGone) {
  Endpoint const stays = endpoint("a.example", {demand("x", pass)});
  Document now = document({stays});
  now.run.interrupted = true;
  Comparison const comparison = compare(document({stays, endpoint("b.example", {demand("x", fail)})}), now);
  EXPECT_EQ(comparison.endpoints.back().change, Change::unknown);
  EXPECT_EQ(result(comparison), DiffResult::unknown);
}

TEST(DiffEndpoints, NothingMeasuredIsNoPass) {
  EXPECT_EQ(result(compare(document({}), document({}))), DiffResult::unknown);
  EXPECT_EQ(result(compare(document({endpoint("a.example", {})}), document({}))), DiffResult::unknown);
}

TEST(DiffEndpoints, RulesOfAProfileThatCameAndWent) {
  Endpoint const before = endpoint("a.example", {demand("old", fail), demand("both", pass)});
  Endpoint now = endpoint("a.example", {demand("both", pass), demand("new", fail), demand("fine", pass)});
  now.assessments.front().profile.version = "2";
  Comparison const comparison = compare(document({before}), document({now}));
  AssessmentChange const& profile = comparison.endpoints.front().profiles.front();
  EXPECT_EQ(profile.notes, std::vector<std::string>{"profile changed: 1 -> 2"});
  std::map<std::string, Change> changes;
  for (RequirementChange const& each : profile.requirements) changes[each.id] = each.change;
  EXPECT_EQ(changes, (std::map<std::string, Change>{{"old", Change::gone}, {"new", Change::added}, {"fine", Change::added}}));
  EXPECT_EQ(result(comparison), DiffResult::worse) << "a new demand that is not met";
}

TEST(DiffEndpoints, ProfilesAreTheSameByNameAndVersionThenByName) {
  auto const judged = [](std::vector<std::array<char const*, 3>> const& profiles) {
    Endpoint out = endpoint("a.example", {});
    out.assessments.clear();
    for (auto const& [name, version, source] : profiles) {
      // Version 1 is met, the others are not.
      out.assessments.push_back(endpoint("a.example", {demand("x", std::string_view{version} == "1" ? pass : fail)}).assessments.front());
      out.assessments.back().profile = {name, version, source};
    }
    return document({out});
  };
  Comparison const turned = compare(judged({{"house", "1", "a"}, {"house", "2", "b"}, {"other", "1", "c"}}),
                                    judged({{"other", "1", "c"}, {"house", "2", "b"}, {"house", "1", "a"}}));
  EXPECT_EQ(turned.endpoints.front().change, Change::same);
  EXPECT_EQ(result(turned), DiffResult::not_worse);
  // A newer version stands for what is left.
  Comparison const newer = compare(judged({{"house", "1", "a"}, {"house", "2", "b"}}), judged({{"house", "3", "b"}, {"house", "2", "b"}}));
  ASSERT_EQ(newer.endpoints.front().profiles.size(), 2U);
  EXPECT_EQ(newer.endpoints.front().profiles[0].notes.front(), "profile changed: 1 -> 3");
  EXPECT_EQ(newer.endpoints.front().profiles[1].change, Change::same);
  Comparison const files = compare(judged({{"house", "2", "a"}, {"house", "2", "b"}}), judged({{"house", "2", "b"}, {"house", "2", "a"}}));
  for (AssessmentChange const& each : files.endpoints.front().profiles)
    EXPECT_TRUE(each.notes.empty()) << "two files of one name and version";
  EXPECT_EQ(result(compare(judged({{"house", "1", "a"}}), judged({{"house", "1", "a"}, {"house", "2", "b"}}))), DiffResult::worse);
}

TEST(DiffEndpoints, NamesMayMoveToAnotherAddress) {
  Endpoint const before = endpoint("a.example", {demand("x", fail)});
  Endpoint now = before;
  now.target.address = "192.0.2.9";
  EXPECT_EQ(compare(document({before}), document({now})).endpoints.front().change, Change::same);
  // With several addresses of one name, each is itself.
  Endpoint other = before;
  other.target.address = "192.0.2.7";
  other.assessments.front().requirements.front().verdict = pass;
  Comparison const comparison = compare(document({before, other}), document({other, before}));
  for (EndpointChange const& each : comparison.endpoints) EXPECT_EQ(each.change, Change::same) << each.identity;
  EXPECT_EQ(compare(document({before}), document({other, before})).endpoints.front().change, Change::added);
}

TEST(DiffEndpoints, OfSeveralMeasurementsTheLastCounts) {
  Endpoint const good = endpoint("a.example", {demand("x", pass)});
  Endpoint const bad = endpoint("a.example", {demand("x", fail)});
  EXPECT_EQ(result(compare(document({bad, good}), document({bad}))), DiffResult::worse) << "it was mended before";
  EXPECT_EQ(result(compare(document({good}), document({good, bad}))), DiffResult::worse);
  EXPECT_EQ(result(compare(document({good}), document({bad, good}))), DiffResult::not_worse);
  Comparison const comparison = compare(document({good, bad}), document({bad, bad, good}));
  ASSERT_EQ(comparison.endpoints.size(), 1U);
  EXPECT_EQ(comparison.endpoints.front().change, Change::better);
  EXPECT_EQ(comparison.endpoints.front().identity, "tcp a.example:443");
  EXPECT_EQ(comparison.endpoints_before, 1U);
  ASSERT_EQ(comparison.warnings.size(), 2U);
  for (DiffFormat const& format : diff_formats()) {
    std::string const text = format.write(comparison, {.width = 400});
    for (std::string const& warning : comparison.warnings) EXPECT_NE(text.find(warning), std::string::npos) << format.name;
  }
}

TEST(DiffEndpoints, ANameInAnotherCaseChangesNothing) {
  Document before = sample("bad");
  before.endpoints.resize(1);
  Endpoint& old = before.endpoints.front();
  old.assessments.front().requirements = {failing_for({amount(1024, 1024)})};
  old.assessments.front().requirements.front().causes.front().subject = "rsa for legacy.example.net";
  Document now = before;
  Endpoint& shouted = now.endpoints.front();
  shouted.target.host = shouted.target.server_name = "LEGACY.Example.net.";
  shouted.assessments.front().requirements.front().causes.front().subject = "rsa for LEGACY.Example.net.";
  Value shown = Value::array();
  for (Value each : old.facts["certificates"].items()) {
    Value by = each["shown_for"];
    shown.push_back(each.set("shown_for", by.set("sni", "LEGACY.Example.net.")));
  }
  ASSERT_FALSE(shown.items().empty());
  shouted.facts.set("certificates", shown);
  Comparison const comparison = compare(before, now);
  ASSERT_EQ(comparison.endpoints.size(), 1U);
  EXPECT_EQ(comparison.endpoints.front().change, Change::same);
  EXPECT_TRUE(comparison.endpoints.front().facts.empty());
}

TEST(DiffEndpoints, ANameAskedWithoutSniIsNotComparedAndSaidToBeAnother) {
  Endpoint const named = endpoint("a.example", {demand("x", fail)});
  Endpoint silent = endpoint("a.example", {demand("x", pass)});
  silent.target.server_name.clear();
  Comparison const lost = compare(document({named}), document({silent}));
  ASSERT_EQ(lost.endpoints.size(), 2U);
  EXPECT_EQ(lost.endpoints[0].change, Change::added);
  EXPECT_EQ(lost.endpoints[1].change, Change::gone);
  EXPECT_EQ(lost.requirements.at(static_cast<std::size_t>(Change::better)), 0U) << "another server may have answered";
  std::string const warning =
      "1 endpoint asked with SNI in one result and without in the other, which are not compared (a.example:443): a server may answer each "
      "otherwise";
  EXPECT_EQ(lost.warnings, std::vector<std::string>{warning});
  EXPECT_EQ(compare(document({silent}), document({named})).warnings, std::vector<std::string>{warning});
  EXPECT_EQ(result(compare(document({silent}), document({named}))), DiffResult::worse) << "what fails under its name is new";
  EXPECT_TRUE(compare(document({named, silent}), document({silent, named})).warnings.empty());
  EXPECT_TRUE(compare(document({named, silent}), document({silent})).warnings.empty()) << "it has its partner";
  Endpoint address = silent;
  address.target.host = "192.0.2.1";
  Endpoint other = address;
  other.target.server_name = "a.example";
  EXPECT_TRUE(compare(document({address}), document({other})).warnings.empty()) << "another name is plainly another";
}

TEST(DiffEndpoints, AnOlderNewResultIsAWarning) {
  auto const at = [](std::string started, std::string finished) {
    Document out = document({endpoint("a.example", {demand("x", pass)})});
    out.run.started_at = std::move(started);
    out.run.finished_at = std::move(finished);
    return out;
  };
  Document const monday = at("2026-11-23T03:00:00Z", "2026-11-23T04:00:00Z");
  Document const tuesday = at("2026-11-24T03:00:00Z", "2026-11-24T04:00:00Z");
  EXPECT_EQ(compare(tuesday, monday).warnings,
            std::vector<std::string>{"OLD ended at 2026-11-24T04:00:00Z, after NEW (2026-11-23T04:00:00Z): are the two swapped?"});
  EXPECT_EQ(result(compare(tuesday, monday)), DiffResult::not_worse) << "it decides nothing";
  for (Document const& other : {tuesday, monday, at("", ""), at("yesterday", "2026-11-23T05:00:00Z")})
    EXPECT_TRUE(compare(monday, other).warnings.empty()) << other.run.started_at;
  EXPECT_TRUE(compare(at("2026-11-23T03:00:00Z", "2026-11-24T05:00:00Z"), tuesday).warnings.empty())
      << "a long run began before a short one";
  EXPECT_EQ(compare(at("2026-11-24T03:00:00Z", ""), monday).warnings.size(), 1U);
  EXPECT_EQ(compare(at("2026-11-23T03:00:00Z", "2026-11-25T03:00:00Z"), at("2026-11-23T03:00:00Z", "2026-11-24T03:00:00Z")).warnings.size(),
            1U)
      << "lines of several nights that were joined";
}

}  // namespace
}  // namespace tlsgauge::test
