#include "report/joined_runs.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "report/endpoint_index.hpp"
#include "report/samples.hpp"
#include "tlsgauge/diff.hpp"

namespace tlsgauge::test {
namespace {

using report::EndpointIndex;
using testing::HasSubstr;

struct Measured {
  std::string host = "a.example";
  std::string address = "192.0.2.1";
  bool fails = false;
  std::string started = "2026-11-01T03:00:00Z";
  std::string finished = "2026-11-01T03:00:10Z";
  std::vector<std::string> arguments = {"scan"};
  std::uint64_t targets = 1;
  bool interrupted = false;
  Status status = Status::complete;
};

Measured on(int day, Measured out = {}) {
  out.started = "2026-11-0" + std::to_string(day) + "T03:00:00Z";
  out.finished = "2026-11-0" + std::to_string(day) + "T03:00:10Z";
  return out;
}

std::string line(Measured const& m) {
  Document document = sample("good");
  Endpoint& endpoint = document.endpoints.front();
  endpoint.target.host = endpoint.target.server_name = m.host;
  endpoint.target.address = m.address;
  endpoint.status = m.status;
  if (m.fails) {
    for (Assessment& each : endpoint.assessments) each.verdict = each.requirements.front().verdict = Verdict::fail;
  }
  document.run = {.started_at = m.started,
                  .finished_at = m.finished,
                  .arguments = m.arguments,
                  .interrupted = m.interrupted,
                  .targets = m.targets,
                  .warnings = {}};
  return json_line(endpoint, document.tool, document.run);
}

Document joined(std::vector<Measured> const& all) {
  std::string text;
  for (Measured const& each : all) text += line(each);
  return read_document(text, "joined");
}

/// "passes" and "fails", by address, of what counts.
std::string counting(std::vector<Measured> const& all) {
  Document const document = joined(all);
  std::string out;
  EndpointIndex const index{document};
  for (std::size_t const number : index.numbers()) {
    Endpoint const& each = document.endpoints[number];
    out += (out.empty() ? "" : ", ") + each.target.address + (each.assessments.front().verdict == Verdict::fail ? " fails" : " passes");
  }
  return out;
}

DiffResult result(std::vector<Measured> const& before, std::vector<Measured> const& now) {
  return outcome(compare(joined(before), joined(now)), Severity::low).result;
}

TEST(JoinedRuns, ACutOffRunIsNotWholeBecauseItIsThereTwice) {
  std::vector<Measured> half{{.host = "a.example", .targets = 4}, {.host = "b.example", .targets = 4}};
  std::vector<Measured> twice = half;
  twice.insert(twice.end(), half.begin(), half.end());
  EXPECT_TRUE(joined(twice).run.interrupted);
  EXPECT_EQ(joined(twice).run.targets, 4U);
  EXPECT_EQ(result(half, twice), DiffResult::unknown);
  twice[2].host = "c.example";
  twice[3].host = "d.example";
  EXPECT_FALSE(joined(twice).run.interrupted);
  EXPECT_EQ(joined(twice).run.targets, 4U);
  // A name has as many as addresses where all are asked for, and as often as it is written.
  for (std::size_t i = 0; i < twice.size(); ++i) twice[i] = {.address = "192.0.2." + std::to_string(i), .targets = 4};
  EXPECT_FALSE(joined(twice).run.interrupted);
  EXPECT_FALSE(joined({{.host = "a.example", .targets = 2}, {.host = "a.example.", .targets = 2}}).run.interrupted);
}

/// What is written of it again is one run, and complete where it was.
TEST(JoinedRuns, TargetsAreThoseThatCount) {
  Document document = joined({on(1), on(2), on(3, {.host = "b.example"})});
  EXPECT_EQ(document.run.targets, 2U);
  EXPECT_FALSE(read_document(render("jsonl", document), "again").run.interrupted);
  EXPECT_FALSE(read_document(render("json", document), "again").run.interrupted);
}

TEST(JoinedRuns, ANameThatMovedIsAtItsNewAddressAlone) {
  Measured const b{.address = "192.0.2.9", .fails = true};
  EXPECT_EQ(counting({on(1, {.fails = true}), on(2, b)}), "192.0.2.9 fails");
  EXPECT_EQ(counting({on(2, b), on(1, {.fails = true})}), "192.0.2.9 fails") << "in any order";
  EXPECT_EQ(result({on(1, {.fails = true}), on(2, b)}, {on(5, {.address = "192.0.2.8", .fails = true})}), DiffResult::not_worse);
  // And back again: it did not fail when it was seen last.
  EXPECT_EQ(result({on(1, {.fails = true}), on(2, {.address = "192.0.2.9"})}, {on(5, {.fails = true})}), DiffResult::worse);
  EXPECT_EQ(counting({on(1), on(2), on(3, b)}), "192.0.2.9 fails") << "nor is what was there before it";
  Document const moved = joined({on(1), on(1, {.host = "b.example"}), on(2, b)});
  EXPECT_EQ(moved.endpoints.size(), 2U);
  EXPECT_THAT(moved.run.warnings, testing::ElementsAre("1 endpoint is at another address than in an earlier run, of which nothing is kept "
                                                       "there (tcp a.example:443)"));
}

/// As jobs of one pipeline in two regions do.
TEST(JoinedRuns, RunsAtTheSameTimeMayAskOtherAddresses) {
  Measured const here{.fails = true};
  Measured there{.address = "192.0.2.9", .started = "2026-11-01T03:00:05Z", .finished = "2026-11-01T03:00:15Z"};
  EXPECT_EQ(counting({here, there}), "192.0.2.1 fails, 192.0.2.9 passes");
  EXPECT_EQ(counting({there, here}), "192.0.2.1 fails, 192.0.2.9 passes");
  there.started = here.finished;
  EXPECT_EQ(counting({here, there}), "192.0.2.9 passes") << "one after the other";
}

TEST(JoinedRuns, WhereACommandWroteToIsNoOtherCommand) {
  auto const nightly = [](int day, std::string address, std::vector<std::string> arguments) {
    return on(day, {.address = std::move(address), .arguments = std::move(arguments)});
  };
  Measured const first = nightly(1, "192.0.2.1", {"scan", "-o", "jsonl=1.jsonl", "-i", "all", "--evidence=1"});
  EXPECT_EQ(counting({first, nightly(2, "192.0.2.2", {"scan", "-ojsonl=2", "-i", "all"})}), "192.0.2.2 passes");
  EXPECT_EQ(counting({first, nightly(2, "192.0.2.2", {"scan", "-i", "all", "--output=json", "--evidence", "2"})}), "192.0.2.2 passes");
  EXPECT_EQ(counting({first, nightly(2, "192.0.2.2", {"scan", "-i", "some"})}), "192.0.2.1 passes, 192.0.2.2 passes");
  EXPECT_EQ(counting({first, nightly(2, "192.0.2.2", {"scan", "-i", "all", "--", "-o"})}), "192.0.2.1 passes, 192.0.2.2 passes");
}

TEST(JoinedRuns, OtherArgumentsMayBeForOtherAddresses) {
  Measured const v6{.address = "2001:db8::1", .fails = true, .arguments = {"scan", "-6"}};
  EXPECT_EQ(counting({on(1, v6), on(2)}), "2001:db8::1 fails, 192.0.2.1 passes");
  EXPECT_EQ(counting({on(1, v6), on(2), on(3, {.address = "192.0.2.7"})}), "2001:db8::1 fails, 192.0.2.7 passes");
  EXPECT_EQ(counting({on(1, {.fails = true, .arguments = {"scan", "-4"}}), on(2)}), "192.0.2.1 passes") << "the same address";
}

TEST(JoinedRuns, SeveralAddressesOfOneRunStay) {
  Measured const other{.address = "192.0.2.2", .targets = 2};
  EXPECT_EQ(counting({on(1, {.targets = 2}), on(1, other), on(2, {.targets = 2}), on(2, other)}), "192.0.2.1 passes, 192.0.2.2 passes");
  EXPECT_EQ(counting({on(1, {.targets = 2}), on(1, other), on(2, {.fails = true})}), "192.0.2.1 fails") << "one was taken away";
  EXPECT_EQ(counting({on(1, {.targets = 2}), on(1, other), on(2, {.fails = true, .targets = 2})}), "192.0.2.2 passes, 192.0.2.1 fails")
      << "it was cut off before it came to the other";
}

TEST(JoinedRuns, ARunIsAsOldAsItsBeginning) {
  Measured long_run = on(5);
  long_run.finished = "2026-11-05T05:00:00Z";
  Measured again = on(5, {.fails = true});
  again.started = "2026-11-05T04:00:00Z";
  again.finished = "2026-11-05T04:01:00Z";
  EXPECT_EQ(counting({again, long_run}), "192.0.2.1 fails");
  EXPECT_EQ(counting({long_run, again}), "192.0.2.1 fails");
}

TEST(JoinedRuns, EachEndpointIsOrderedByItself) {
  Measured undated{.host = "b.example", .started = "", .finished = "yesterday"};
  EXPECT_EQ(result({on(1)}, {on(5, {.fails = true}), on(2), undated}), DiffResult::worse);
  undated.host = "a.example";
  EXPECT_EQ(counting({on(5, {.fails = true}), undated}), "192.0.2.1 passes") << "as they stand in the file";
}

TEST(JoinedRuns, AtOneMomentTheFailureCounts) {
  for (std::vector<std::string> const& arguments : {std::vector<std::string>{"scan"}, {"scan", "-4"}}) {
    Measured const fails = on(5, {.fails = true, .arguments = arguments});
    EXPECT_EQ(counting({fails, on(5)}), "192.0.2.1 fails");
    EXPECT_EQ(counting({on(5), fails}), "192.0.2.1 fails");
  }
  EXPECT_EQ(result({on(1)}, {on(5, {.status = Status::unreachable}), on(5)}), DiffResult::unknown);
}

TEST(JoinedRuns, ThatANameWasNotFoundDoesNotSayWhereItIs) {
  Measured const lost{.address = "", .status = Status::unreachable};
  EXPECT_EQ(result({on(1)}, {on(2), on(5, lost)}), DiffResult::unknown);
  EXPECT_EQ(result({on(1)}, {on(2, {.fails = true}), on(5, lost)}), DiffResult::worse);
  EXPECT_EQ(result({on(1)}, {on(2, {.fails = true}), on(3, lost), on(4)}), DiffResult::not_worse);
}

TEST(JoinedRuns, AnInterruptedRunThatWasRepeatedIsHistory) {
  Measured const a{.targets = 2};
  Measured const b{.host = "b.example", .targets = 2};
  Measured cut = on(4, a);
  cut.interrupted = true;
  EXPECT_FALSE(joined({cut, on(5, a), on(5, b)}).run.interrupted);
  EXPECT_FALSE(joined({on(5, a), on(5, b), cut}).run.interrupted);
  EXPECT_FALSE(joined({on(4, a), on(5, a), on(5, b)}).run.interrupted) << "one that was killed";
  EXPECT_EQ(result({on(1), on(1, b)}, {cut, on(5, a), on(5, b)}), DiffResult::not_worse);
  // Not where it counts still, is the newer one, was for something else, or the newer one was cut short too.
  Measured c = cut;
  c.host = "c.example";
  EXPECT_TRUE(joined({c, on(5, a), on(5, b)}).run.interrupted);
  EXPECT_TRUE(joined({on(3, a), on(3, b), cut}).run.interrupted);
  Measured other = cut;
  other.arguments = {"scan", "-f", "more.txt"};
  EXPECT_TRUE(joined({other, on(5, a), on(5, b)}).run.interrupted);
  EXPECT_TRUE(joined({cut, on(5, a)}).run.interrupted);
}

}  // namespace
}  // namespace tlsgauge::test
