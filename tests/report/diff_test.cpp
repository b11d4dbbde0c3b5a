#include "tlsgauge/diff.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <map>

#include "report/samples.hpp"

namespace tlsgauge::test {
namespace {

struct Case {
  Verdict before;
  Verdict now;
  Change change;
};

Requirement demand(std::string id, Verdict verdict, Severity severity = Severity::high) {
  Requirement out;
  out.id = std::move(id);
  out.title = "Title of " + out.id;
  out.severity = severity;
  out.verdict = verdict;
  out.observed = std::string{name(verdict)};
  return out;
}

Endpoint endpoint(std::string host, std::vector<Requirement> requirements, Status status = Status::complete) {
  Endpoint out;
  out.target.input = host;
  out.target.host = host;
  out.target.server_name = host;
  out.target.address = "192.0.2.1";
  out.status = status;
  Assessment judged;
  judged.profile = {"house", "1", "built-in"};
  auto const any = [&](Verdict verdict) { return std::ranges::find(requirements, verdict, &Requirement::verdict) != requirements.end(); };
  judged.verdict = any(Verdict::fail) ? Verdict::fail : any(Verdict::inconclusive) ? Verdict::inconclusive : Verdict::pass;
  judged.requirements = std::move(requirements);
  out.assessments.push_back(std::move(judged));
  return out;
}

Document document(std::vector<Endpoint> endpoints) {
  Document out;
  out.endpoints = std::move(endpoints);
  return out;
}

Comparison compare_one(Requirement before, Requirement now) {
  return compare(document({endpoint("www.example.com", {std::move(before)})}), document({endpoint("www.example.com", {std::move(now)})}));
}

RequirementChange only_change(Comparison const& comparison) {
  for (EndpointChange const& each : comparison.endpoints) {
    for (AssessmentChange const& profile : each.profiles) {
      if (!profile.requirements.empty()) return profile.requirements.front();
    }
  }
  return {};
}

DiffResult result(Comparison const& comparison, std::optional<Severity> fail_on = Severity::low) {
  return outcome(comparison, fail_on).result;
}

constexpr Verdict pass = Verdict::pass;
constexpr Verdict fail = Verdict::fail;
constexpr Verdict open = Verdict::inconclusive;
constexpr Verdict waived = Verdict::waived;
constexpr Verdict na = Verdict::not_applicable;

TEST(Diff, OrdersEveryPairOfVerdicts) {
  std::vector<Case> const cases{
      {pass, pass, Change::same},      {pass, fail, Change::worse},     {pass, open, Change::unknown},  {pass, waived, Change::changed},
      {pass, na, Change::changed},     {fail, pass, Change::better},    {fail, fail, Change::same},     {fail, open, Change::unknown},
      {fail, waived, Change::changed}, {fail, na, Change::changed},     {open, pass, Change::changed},  {open, fail, Change::worse},
      {open, open, Change::unknown},   {open, waived, Change::changed}, {open, na, Change::changed},    {waived, pass, Change::better},
      {waived, fail, Change::worse},   {waived, open, Change::unknown}, {waived, waived, Change::same}, {waived, na, Change::changed},
      {na, pass, Change::changed},     {na, fail, Change::worse},       {na, open, Change::unknown},    {na, waived, Change::changed},
      {na, na, Change::same},
  };
  for (Case const& each : cases) {
    Comparison const comparison = compare_one(demand("a", each.before), demand("a", each.now));
    EXPECT_EQ(only_change(comparison).change, each.change) << name(each.before) << " -> " << name(each.now);
    DiffResult const expected = each.change == Change::worse     ? DiffResult::worse
                                : each.change == Change::unknown ? DiffResult::unknown
                                                                 : DiffResult::not_worse;
    EXPECT_EQ(result(comparison), expected) << name(each.before) << " -> " << name(each.now);
  }
}

TEST(Diff, OnlyGraveEnoughThingsCount) {
  Comparison const comparison = compare_one(demand("a", pass, Severity::low), demand("a", fail, Severity::low));
  EXPECT_EQ(result(comparison, Severity::low), DiffResult::worse);
  EXPECT_EQ(result(comparison, Severity::medium), DiffResult::not_worse);
  EXPECT_EQ(result(comparison, std::nullopt), DiffResult::not_worse);
  EXPECT_EQ(result(compare_one(demand("a", pass, Severity::info), demand("a", fail, Severity::info))), DiffResult::not_worse);
}

TEST(Diff, ARaisedSeverityIsWorseOnlyOfWhatFails) {
  EXPECT_EQ(only_change(compare_one(demand("a", fail, Severity::low), demand("a", fail, Severity::high))).change, Change::worse);
  EXPECT_EQ(only_change(compare_one(demand("a", fail, Severity::high), demand("a", fail, Severity::low))).change, Change::changed);
  EXPECT_EQ(only_change(compare_one(demand("a", pass, Severity::low), demand("a", pass, Severity::high))).change, Change::changed);
  RequirementChange const change = only_change(compare_one(demand("a", fail, Severity::low), demand("a", fail, Severity::high)));
  EXPECT_EQ(change.note, "severity changed: low -> high");
}

Requirement failing_for(std::vector<Cause> causes) {
  Requirement out = demand("a", fail);
  for (Cause const& cause : causes) out.observed += " " + cause.label;
  out.causes = std::move(causes);
  return out;
}

Cause member(std::string key) { return {.key = key, .label = key}; }
Cause amount(double number, double off) {
  return {.key = std::to_string(number),
          .label = std::to_string(number),
          .kind = Cause::Kind::amount,
          .fact = "key.bits",
          .amount = number,
          .off = off};
}
Cause days(double number) {
  return {.key = std::to_string(number),
          .label = std::to_string(number),
          .kind = Cause::Kind::time_left,
          .fact = "days",
          .amount = number,
          .off = 30 - number};
}

TEST(Diff, FailingForMoreIsWorse) {
  auto const change = [](std::vector<Cause> before, std::vector<Cause> now) {
    return only_change(compare_one(failing_for(std::move(before)), failing_for(std::move(now)))).change;
  };
  EXPECT_EQ(change({member("TLSv1.0")}, {member("TLSv1.0"), member("SSLv3")}), Change::worse);
  EXPECT_EQ(change({member("TLSv1.0")}, {member("SSLv3")}), Change::worse);
  EXPECT_EQ(change({member("TLSv1.0"), member("SSLv3")}, {member("TLSv1.0")}), Change::better);
  EXPECT_EQ(change({member("TLSv1.0")}, {member("TLSv1.0")}), Change::same);
  EXPECT_EQ(change({amount(2048, 1024)}, {amount(1024, 2048)}), Change::worse);
  EXPECT_EQ(change({amount(1024, 2048)}, {amount(2048, 1024)}), Change::better);
  EXPECT_EQ(change({days(12)}, {days(11)}), Change::changed) << "the calendar does not make worse";
  EXPECT_EQ(change({days(12)}, {days(-1)}), Change::worse);
  Cause const words{.key = "self-signed", .label = "self-signed", .kind = Cause::Kind::value};
  Cause const others{.key = "expired", .label = "expired", .kind = Cause::Kind::value};
  EXPECT_EQ(change({words}, {others}), Change::unknown) << "of two values in words nobody can tell";
  EXPECT_EQ(change({words}, {words, others}), Change::worse) << "one that replaces none is more";
  EXPECT_EQ(change({words}, {others, member("SSLv3")}), Change::worse) << "words hide no member";
  EXPECT_EQ(change({member("TLSv1.0")}, {words}), Change::worse);
  EXPECT_EQ(result(compare_one(failing_for({words}), failing_for({others}))), DiffResult::unknown);
}

TEST(Diff, ResultsThatDoNotSayWhatTheyFailedForCannotBeCompared) {
  Requirement const said = failing_for({member("TLSv1.0"), member("SSLv3")});
  Requirement silent = failing_for({member("TLSv1.0")});
  silent.causes.clear();
  Comparison const comparison = compare_one(silent, said);
  EXPECT_EQ(only_change(comparison).change, Change::unknown);
  EXPECT_EQ(only_change(comparison).note, "OLD does not say what it failed for; evaluate it anew");
  EXPECT_EQ(result(comparison), DiffResult::unknown);
  EXPECT_EQ(only_change(compare_one(said, silent)).note, "NEW does not say what it failed for; evaluate it anew");
  Requirement same = said;
  same.causes.clear();
  EXPECT_EQ(result(compare_one(same, said)), DiffResult::not_worse) << "the same words";
}

TEST(Diff, WhatMayFailForMoreIsNotBetter) {
  Requirement before = failing_for({member("TLSv1.0"), member("SSLv3")});
  Requirement now = failing_for({member("TLSv1.0")});
  now.more_possible = true;
  EXPECT_EQ(only_change(compare_one(before, now)).change, Change::unknown);
  EXPECT_EQ(result(compare_one(before, now)), DiffResult::unknown);
  Requirement same = before;
  same.more_possible = true;
  EXPECT_EQ(result(compare_one(before, same)), DiffResult::unknown) << "it still fails, and evidence is lost behind that";
  EXPECT_EQ(result(compare_one(same, same)), DiffResult::unknown) << "as --baseline has it";
  EXPECT_EQ(only_change(compare_one(same, same)).note, "may fail for more, as before: not all of it was established");
  EXPECT_EQ(result(compare_one(same, before)), DiffResult::not_worse);
}

TEST(Diff, ALoweredSeverityHidesNothing) {
  Comparison const comparison = compare_one(demand("a", pass, Severity::critical), demand("a", fail, Severity::info));
  EXPECT_EQ(result(comparison), DiffResult::worse);
  EXPECT_EQ(result(comparison, Severity::high), DiffResult::worse);
  EXPECT_EQ(result(compare_one(demand("a", pass, Severity::critical), demand("a", open, Severity::info)), Severity::high),
            DiffResult::unknown);
}

Endpoint with_verdict(Endpoint out, Verdict verdict) {
  out.assessments.front().verdict = verdict;
  return out;
}

TEST(Diff, AProfileThatIsGoneIsMissingEvidence) {
  Endpoint before = with_verdict(endpoint("a.example", {demand("x", pass)}), pass);
  Endpoint now = before;
  before.assessments.push_back(before.assessments.front());
  before.assessments.back().profile.name = "other";
  EXPECT_EQ(result(compare(document({before}), document({now}))), DiffResult::unknown);
  EXPECT_EQ(result(compare(document({now}), document({before}))), DiffResult::not_worse) << "one more that is met";
  Endpoint const without_rules = with_verdict(endpoint("a.example", {}), open);
  EXPECT_EQ(result(compare(document({now}), document({without_rules}))), DiffResult::unknown);
  EXPECT_EQ(result(compare(document({without_rules}), document({without_rules}))), DiffResult::unknown) << "a verdict is missing still";
}

TEST(Diff, AVerdictThatFellWantsAnExplanation) {
  Endpoint const met = with_verdict(endpoint("a.example", {demand("x", pass)}), pass);
  EXPECT_EQ(result(compare(document({met}), document({with_verdict(met, fail)}))), DiffResult::unknown);
  Endpoint const below = with_verdict(endpoint("a.example", {demand("x", fail, Severity::low)}), fail);
  EXPECT_EQ(result(compare(document({met}), document({below})), Severity::high), DiffResult::worse) << "it was a high one";
  Endpoint const failed = with_verdict(endpoint("a.example", {demand("x", fail), demand("y", open)}), fail);
  Endpoint const mended = with_verdict(endpoint("a.example", {demand("x", pass), demand("y", open)}), open);
  EXPECT_EQ(result(compare(document({failed}), document({mended}))), DiffResult::unknown) << "what is left is open as it was before";
  Endpoint const settled = with_verdict(endpoint("a.example", {demand("x", pass), demand("y", pass)}), pass);
  EXPECT_EQ(result(compare(document({failed}), document({settled}))), DiffResult::not_worse);
}

TEST(Diff, WhatIsNewAndInconclusiveIsNotDecided) {
  Endpoint const before = with_verdict(endpoint("a.example", {demand("x", pass)}), pass);
  Endpoint two = before;
  two.assessments.push_back(endpoint("a.example", {demand("y", open)}).assessments.front());
  two.assessments.back().profile.name = "other";
  EXPECT_EQ(result(compare(document({before}), document({two}))), DiffResult::unknown) << "a profile";
  auto const with_rule = [&](Severity severity) {
    return result(compare(document({before}),
                          document({with_verdict(endpoint("a.example", {demand("x", pass), demand("y", open, severity)}), pass)})));
  };
  EXPECT_EQ(with_rule(Severity::high), DiffResult::unknown);
  EXPECT_EQ(with_rule(Severity::info), DiffResult::not_worse);
}

TEST(Diff, AnUnreachableHostIsNeverFixed) {
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

TEST(Diff, EvidenceThatIsMissingStillIsMissing) {
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

TEST(Diff, TheSameIsTheSame) {
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

TEST(Diff, ANewEndpointCountsOnlyWhereItFails) {
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

TEST(Diff, AnEndpointThatIsGoneIsNotBetter) {
  Endpoint const stays = endpoint("a.example", {demand("x", pass)});
  Comparison const comparison = compare(document({stays, endpoint("b.example", {demand("x", fail)})}), document({stays}));
  EXPECT_EQ(comparison.endpoints.back().change, Change::gone);
  EXPECT_EQ(comparison.requirements.at(static_cast<std::size_t>(Change::better)), 0U);
  EXPECT_EQ(result(comparison), DiffResult::not_worse);
}

TEST(Diff, WhatAnInterruptedRunDidNotReachIsNotGone) {
  Endpoint const stays = endpoint("a.example", {demand("x", pass)});
  Document now = document({stays});
  now.run.interrupted = true;
  Comparison const comparison = compare(document({stays, endpoint("b.example", {demand("x", fail)})}), now);
  EXPECT_EQ(comparison.endpoints.back().change, Change::unknown);
  EXPECT_EQ(result(comparison), DiffResult::unknown);
}

TEST(Diff, NothingMeasuredIsNoPass) {
  EXPECT_EQ(result(compare(document({}), document({}))), DiffResult::unknown);
  EXPECT_EQ(result(compare(document({endpoint("a.example", {})}), document({}))), DiffResult::unknown);
}

TEST(Diff, RulesOfAProfileThatCameAndWent) {
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

TEST(Diff, ProfilesAreTheSameByNameAndVersionThenByName) {
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

TEST(Diff, NamesMayMoveToAnotherAddress) {
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

TEST(Diff, OfSeveralMeasurementsTheLastCounts) {
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

TEST(Diff, ANameInAnotherCaseChangesNothing) {
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

TEST(Diff, ANameAskedWithoutSniIsNotComparedAndSaidToBeAnother) {
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

TEST(Diff, AnOlderNewResultIsAWarning) {
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

TEST(Diff, AGradeByFactsThatFellIsWorse) {
  Endpoint before = endpoint("a.example", {});
  before.assessments.front().model = "ssllabs";
  before.assessments.front().grade = "A";
  before.assessments.front().verdict = Verdict::pass;
  Endpoint now = before;
  now.assessments.front().grade = "B";
  EXPECT_EQ(result(compare(document({before}), document({now}))), DiffResult::worse);
  EXPECT_EQ(result(compare(document({before}), document({now})), Severity::high), DiffResult::not_worse);
  EXPECT_EQ(result(compare(document({now}), document({before}))), DiffResult::not_worse);
  now.assessments.front().coverage = 90;  // less is known: that alone may have lowered it
  EXPECT_EQ(result(compare(document({before}), document({now}))), DiffResult::unknown);
}

TEST(Diff, AFailureBehindWhichTheGradeMayHaveFallenIsUnknown) {
  Endpoint before = endpoint("a.example", {});
  Assessment& was = before.assessments.front();
  was.model = "nmap";
  was.grade = "C";
  was.verdict = Verdict::fail;
  Endpoint now = before;
  Assessment& is = now.assessments.front();
  EXPECT_EQ(result(compare(document({before}), document({now}))), DiffResult::not_worse);
  is.coverage = 60;
  EXPECT_EQ(result(compare(document({before}), document({now}))), DiffResult::not_worse) << "the grade stands as it counts what is open";
  is.grade = "F";
  Comparison const less = compare(document({before}), document({now}));
  EXPECT_EQ(result(less), DiffResult::unknown);
  EXPECT_EQ(less.endpoints.front().profiles.front().change, Change::unknown);
  EXPECT_THAT(less.endpoints.front().profiles.front().notes, testing::Contains("grade F, was C, and less is known"));
  EXPECT_EQ(result(less, std::nullopt), DiffResult::unknown);
  is.coverage = 100;
  is.grade = "C";
  is.model = "ssllabs";
  EXPECT_EQ(result(compare(document({before}), document({now}))), DiffResult::unknown) << "another model";
  is.model = "nmap";
  is.grade = "unknown";
  EXPECT_EQ(result(compare(document({before}), document({now}))), DiffResult::unknown) << "no grade of nmap's";
}

TEST(Diff, WordsThatAreCutAreNotTheSame) {
  auto const unmet = [](std::string observed, std::vector<Cause> causes) {
    Endpoint out = endpoint("a.example", {});
    Requirement requirement;
    requirement.id = "suites";
    requirement.severity = Severity::high;
    requirement.verdict = Verdict::fail;
    requirement.observed = std::move(observed);
    requirement.causes = std::move(causes);
    out.assessments.front().verdict = Verdict::fail;
    out.assessments.front().requirements = {requirement};
    return out;
  };
  std::vector<Cause> const causes = {{.key = "0xC014", .label = "X"}};
  auto const compared = [&](Endpoint const& a, Endpoint const& b) { return result(compare(document({a}), document({b}))); };
  EXPECT_EQ(compared(unmet("A and 4 more", {}), unmet("A and 4 more", causes)), DiffResult::unknown);
  EXPECT_EQ(compared(unmet("A and 4 more", causes), unmet("A and 4 more", {})), DiffResult::unknown);
  EXPECT_EQ(compared(unmet("A and B", {}), unmet("A and B", causes)), DiffResult::not_worse);
  EXPECT_EQ(compared(unmet("A and 4 more", {}), unmet("A and 4 more", {})), DiffResult::not_worse);
}

TEST(Diff, FactsOnlySayWhatWasEstablished) {
  Document const before = sample("good");
  Document now = before;
  Value facts = Value::object();
  for (auto const& [key, value] : before.endpoints.front().facts.members()) {
    if (key != "cipher_suites") facts.set(key, value);
  }
  Value suites = Value::array();
  for (std::size_t i = 1; i < before.endpoints.front().facts["cipher_suites"].items().size(); ++i)
    suites.push_back(before.endpoints.front().facts["cipher_suites"].items()[i]);
  facts.set("cipher_suites", suites);
  now.endpoints.front().facts = facts;
  std::string const dropped = before.endpoints.front().facts["cipher_suites"].items().front()["name"].as_string();
  auto changes = compare(before, now).endpoints.front().facts;
  ASSERT_EQ(changes.size(), 1U);
  EXPECT_EQ(changes.front().before, dropped);
  EXPECT_EQ(changes.front().now, std::nullopt);
  // The list may have more: nothing is known to be gone.
  Value order = Value::array();
  for (Value each : facts["cipher_order"].items()) order.push_back(each.set("complete", false));
  now.endpoints.front().facts.set("cipher_order", order);
  EXPECT_TRUE(compare(before, now).endpoints.front().facts.empty());
}

TEST(Diff, FactsLeaveOutWhatWasNotEstablished) {
  auto const with = [](std::string_view support) {
    Document out = document({endpoint("a.example", {demand("x", pass)})});
    Value item = Value::object();
    item.set("name", "TLSv1.1").set("support", support);
    out.endpoints.front().facts.set("protocols", Value::array().push_back(item));
    return out;
  };
  auto const changes = [&](std::string_view before, std::string_view now) {
    return compare(with(before), with(now)).endpoints.front().facts.size();
  };
  EXPECT_EQ(changes("yes", "no"), 1U);
  EXPECT_EQ(changes("yes", "inconclusive"), 0U);
  EXPECT_EQ(changes("inconclusive", "yes"), 0U);
}

TEST(Diff, ManyProtocolsOfHostileNamesTakeNoQuadraticTime) {
  Document before = document({endpoint("a.example", {demand("x", pass)})});
  Value orders = Value::array();
  Value groups = Value::array();
  for (int i = 0; i < 20'000; ++i) {
    std::string const protocol = "TLSv1." + std::to_string(i);
    orders.push_back(Value::object().set("protocol", protocol).set("chooser", "server"));
    groups.push_back(Value::object().set("protocol", protocol).set("name", "x25519"));
  }
  before.endpoints.front().facts.set("cipher_order", orders).set("cipher_suites", groups).set("groups", groups);
  auto const start = std::chrono::steady_clock::now();
  EXPECT_TRUE(compare(before, before).endpoints.front().facts.empty());
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds{10});
}

TEST(Diff, SamplesInEveryFormat) {
  Document before = sample("good");
  Document now = sample("bad");
  now.endpoints.resize(1);
  now.endpoints.front().target = before.endpoints.front().target;
  before.endpoints.push_back(sample("unreachable").endpoints.front());
  now.endpoints.push_back(sample("hostile").endpoints.front());
  Comparison const comparison = compare(before, now);
  for (DiffFormat const& format : diff_formats()) {
    std::string const suffix = format.name == "text" ? "txt" : format.name == "markdown" ? "md" : std::string{format.name};
    expect_golden("diff." + suffix, format.write(comparison, {.fail_on = Severity::low}));
    EXPECT_EQ(format.write(comparison, {.fail_on = Severity::low}), format.write(comparison, {.fail_on = Severity::low}));
  }
}

}  // namespace
}  // namespace tlsgauge::test
