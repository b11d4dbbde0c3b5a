#include "tlsgauge/diff.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <map>

#include "report/diff_support.hpp"
#include "report/samples.hpp"

namespace tlsgauge::test {
namespace {

struct Case {
  Verdict before;
  Verdict now;
  Change change;
};

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

Cause member(std::string key) { return {.key = key, .label = key}; }
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
