#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "report/json_value.hpp"
#include "report/samples.hpp"

namespace tlsgauge::test {
namespace {

using testing::HasSubstr;

std::string error_of(std::string_view text) {
  try {
    (void)read_document(text, "r.json");
  } catch (DocumentError const& error) {
    return error.what();
  }
  return "";
}

/// A sample with the first `from` replaced.
std::string changed(std::string const& from, std::string const& to, std::string const& name = "good") {
  std::string text = file_content(sample_path(name + ".json"));
  auto const at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

/// The line on which `what` stands first.
std::string line_with(std::string const& text, std::string const& what) {
  return std::to_string(1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(text.find(what)), '\n'));
}

TEST(ReadDocument, GivesBackWhatWasWritten) {
  Document const document = sample("bad");
  ASSERT_EQ(document.endpoints.size(), 2U);
  Endpoint const& bad = document.endpoints.front();
  EXPECT_EQ(document.run.started_at, "2026-11-24T03:00:00Z");
  EXPECT_EQ(bad.target.port, 8443);
  EXPECT_EQ(bad.status, Status::partial);
  EXPECT_EQ(bad.assessments.front().verdict, Verdict::fail);
  EXPECT_EQ(bad.assessments.front().requirements.at(3).waiver, "W-2026-014, expires 2027-01-31");
  EXPECT_EQ(bad.facts["handshakes"].items().front()["time_ms"].as_double(), 131.44);
  EXPECT_EQ(bad.facts["cipher_suites"].items().size(), 13U);
}

TEST(ReadDocument, GivesBackWhatAScoreIsMadeOf) {
  Document const document = sample("bad");
  Assessment const& graded = document.endpoints.back().assessments.back();
  EXPECT_EQ(graded.model, "ssllabs");
  ASSERT_EQ(graded.parts.size(), 4U);
  EXPECT_EQ(graded.parts[0].name, "Protocol support");
  EXPECT_EQ(graded.parts[0].weight, 30);
  EXPECT_EQ(graded.parts[0].score, 95);
  EXPECT_EQ(graded.parts[0].grade, "");
  EXPECT_EQ(sample("hostile").endpoints.front().assessments.front().parts[0].grade, "C");
  ASSERT_EQ(graded.caps.size(), 2U);
  EXPECT_EQ(graded.caps[0].grade, "B");
  EXPECT_EQ(graded.caps[0].reason, "TLSv1.0 is accepted");
  EXPECT_EQ(graded.caps[1].reference, "");
  EXPECT_NE(error_of(changed("\"model\": \"requirements\"", "\"model\": 1")), "");
  EXPECT_NE(error_of(changed("\"basis\": \"2 of 2 requirements met\"", "\"basis\": []")), "");
}

TEST(ReadDocument, TakesADocumentWithoutAssessments) {
  std::string const text = render("json", [] {
    Document document = sample("good");
    document.endpoints.front().assessments.clear();
    return document;
  }());
  std::string without = text;
  without.erase(without.find("      \"assessments\": [],\n"), std::string{"      \"assessments\": [],\n"}.size());
  EXPECT_EQ(render("json", read_document(without, "r.json")), text);
}

TEST(ReadDocument, LeavesOutMembersItDoesNotKnow) {
  EXPECT_EQ(error_of(changed("\"status\": \"complete\"", "\"later\": {\"x\": [1]}, \"status\": \"complete\"")), "");
}

TEST(ReadDocument, JoinsLinesOfSeveralRuns) {
  std::string first = render("jsonl", sample("good"));
  std::string const second = render("jsonl", sample("unreachable"));
  Document const both = read_document(first + "\n" + second, "r.jsonl");
  EXPECT_EQ(both.endpoints.size(), 4U);
  EXPECT_EQ(both.run.started_at, "2026-11-24T03:00:00Z");
  EXPECT_EQ(both.run.finished_at, "2026-11-24T03:00:31Z");
  EXPECT_TRUE(both.run.interrupted);
}

TEST(ReadDocument, PutsLinesOfSeveralRunsInTheOrderOfMeasurement) {
  auto const line = [](std::string const& host, std::string started, std::string finished) {
    Document document = sample("good");
    document.endpoints.front().target.host = host;
    document.run.started_at = std::move(started);
    document.run.finished_at = std::move(finished);
    return render("jsonl", document);
  };
  auto const order = [](Document const& document) {
    std::string out;
    for (Endpoint const& each : document.endpoints) out += each.target.host;
    return out;
  };
  std::string const late = line("c", "2026-11-25T03:00:00Z", "2026-11-25T03:00:09Z");
  std::string const early = line("a", "2026-11-24T03:00:00Z", "2026-11-24T03:00:09Z");
  std::string const long_run = line("b", "2026-11-24T03:00:00Z", "2026-11-25T03:00:05Z");
  Document const joined = read_document(late + early + long_run, "r.jsonl");
  EXPECT_EQ(order(joined), "abc");
  EXPECT_EQ(joined.run.started_at, "2026-11-24T03:00:00Z");
  EXPECT_EQ(joined.run.finished_at, "2026-11-25T03:00:09Z");
  EXPECT_EQ(order(read_document(late + early + line("x", "", ""), "r.jsonl")), "cax") << "not all say when: as they stand in the file";
  EXPECT_EQ(order(read_document(late + line("z", "2026-11-25T03:00:00Z", "2026-11-25T03:00:09Z"), "r.jsonl")), "cz");
  EXPECT_EQ(order(read_document(late + line("s", "2026-11-24T01:00:00Z", ""), "r.jsonl")), "sc") << "else when its run began";
}

TEST(ReadDocument, FewerLinesThanTargetsAreOfARunThatWasKilled) {
  Document document = sample("good");
  document.run.targets = 2;
  auto const line = [](Document const& of, std::string const& host = "a.example") {
    Endpoint endpoint = of.endpoints.front();
    endpoint.target.host = endpoint.target.server_name = host;
    return json_line(endpoint, of.tool, of.run);
  };
  EXPECT_TRUE(read_document(line(document), "killed").run.interrupted);
  EXPECT_FALSE(read_document(line(document) + line(document, "b.example"), "whole").run.interrupted);
  EXPECT_EQ(read_document(line(document) + line(document, "b.example"), "whole").run.targets, 2U);
  // Addresses of a name come to light as it goes on.
  Document more = document;
  more.run.targets = 3;
  EXPECT_TRUE(read_document(line(document) + line(more, "b.example"), "more").run.interrupted);
  // Of two runs, each by itself.
  Document other = document;
  other.run.started_at = "2026-11-25T03:00:00Z";
  other.run.arguments = {"scan", "a.example"};
  other.run.targets = 1;
  EXPECT_TRUE(read_document(line(document) + line(other), "one of them").run.interrupted);
  EXPECT_FALSE(read_document(line(document) + line(document, "b.example") + line(other), "both").run.interrupted);
  // And so for a document.
  EXPECT_TRUE(read_document(render("json", document), "document").run.interrupted);
  document.run.targets = document.endpoints.size();
  EXPECT_FALSE(read_document(render("json", document), "document").run.interrupted);
}

TEST(ReadDocument, NamesTheFileTheLineAndTheField) {
  struct Case {
    std::string from, to, field, what;
  };
  for (Case const& c : {
           Case{"\"tlsgauge.result/1\"", "\"tlsgauge.result/2\"", "schema", "tlsgauge.result/2 is not known to this version"},
           Case{"\"port\": 443", "\"port\": \"443\"", "endpoints[0].target.port", "a whole number was expected"},
           Case{"\"port\": 443", "\"port\": 65536", "endpoints[0].target.port", "65536 is not between 0 and 65535"},
           Case{"\"port\": 443", "\"port\": 99999999999999999999", "endpoints[0].target.port", "a whole number was expected"},
           Case{"\"port\": 443", "\"port\": 18446744073709551615", "endpoints[0].target.port", "the number is too large"},
           Case{"\"status\": \"complete\"", "\"status\": \"perfect\"", "endpoints[0].status", "'perfect' is not known to this version"},
           Case{"\"verdict\": \"pass\"", "\"verdict\": \"waived\"", "endpoints[0].assessments[0].verdict",
                "'waived' is not known to this version"},
           Case{"\"severity\": \"info\"", "\"severity\": 3", "endpoints[0].assessments[0].requirements[6].severity", "text was expected"},
           Case{"\"score\": 100", "\"score\": 101", "endpoints[0].assessments[0].score", "101 is not between 0 and 100"},
           Case{"\"connections\": 27", "\"connections\": -1", "endpoints[0].cost.connections", "-1 is not between"},
           Case{"\"interrupted\": false", "\"interrupted\": 0", "run.interrupted", "true or false was expected"},
           Case{"\"grade\": \"A+\"", "\"note\": \"A+\"", "endpoints[0].assessments[0].grade", "is missing"},
           Case{"\"chooser\": \"server\"", "\"chooser\": \"server\", \"chooser\": \"client\"", "endpoints[0].facts.cipher_order[0].chooser",
                "the member is given twice"},
           Case{"\"connections\": 27", "\"connections\": twenty", "endpoints[0].cost.connections", "not JSON: "},
       }) {
    std::string const text = changed(c.from, c.to);
    std::string const error = error_of(text);
    // What is missing is looked for in its parent.
    if (c.what != "is missing") {
      EXPECT_THAT(error, HasSubstr("r.json:" + line_with(text, c.to) + ": " + c.field + ": " + c.what));
    }
    EXPECT_THAT(error, HasSubstr(": " + c.field + ": " + c.what)) << c.to;
    EXPECT_EQ(error.find('\n'), std::string::npos);
  }
}

TEST(ReadDocument, RefusesFactsOfAnotherShape) {
  EXPECT_THAT(error_of(changed("\"protocols\": [", "\"protocols\": 1, \"old\": [")),
              HasSubstr("endpoints[0].facts.protocols: a list was expected"));
  EXPECT_THAT(error_of(changed("\"http\": {", "\"http\": [], \"old\": {")), HasSubstr("endpoints[0].facts.http: an object was expected"));
  EXPECT_THAT(error_of(changed("\"groups\": [", "\"groups\": [7,")), HasSubstr("endpoints[0].facts.groups[0]: an object was expected"));
}

/// Else evaluate would pass over them, and be content.
TEST(ReadDocument, RefusesFactsOfAProtocolThatNobodyKnows) {
  EXPECT_THAT(error_of(changed("\"protocol\": \"TLSv1.2\"", "\"protocol\": \"TLS 1.2\"")), HasSubstr("protocol: is none of"));
  EXPECT_THAT(error_of(changed("\"name\": \"TLSv1.0\"", "\"name\": \"TLS1\"")), HasSubstr("protocols[2].name: is none of"));
  EXPECT_THAT(error_of(changed("\"aead\": true", "\"aead\": \"yes\"")), HasSubstr("aead: true or false was expected"));
  EXPECT_THAT(error_of(changed("\"code\": \"0x", "\"cod\": \"0x")), HasSubstr("code: is missing"));
}

TEST(ReadDocument, CountsLinesOfAFaultyLine) {
  std::string const good = render("jsonl", sample("good"));
  std::string bad = good;
  bad.replace(bad.find("\"port\":443"), 10, "\"port\":4.5");
  EXPECT_EQ(error_of(good + bad), "r.json:2: target.port: a whole number was expected");
}

TEST(ReadDocument, RefusesWhatFollowsADocument) {
  std::string const good = file_content(sample_path("good.json"));
  std::string const lines = std::to_string(std::count(good.begin(), good.end(), '\n') + 1);
  EXPECT_EQ(error_of(good + good), "r.json:" + lines + ": document: a second document follows the first");
  EXPECT_EQ(error_of(good + render("jsonl", sample("good"))), "r.json:" + lines + ": document: text follows the document");
  EXPECT_EQ(error_of(good + "x"), "r.json:" + lines + ": document: an object was expected");
}

TEST(ReadDocument, LeavesOutALineThatAKilledWriterBegan) {
  Document const document = sample("good");
  std::string const line = json_line(document.endpoints.front(), document.tool, document.run);
  std::size_t const escape = line.find("\\n") + 1;  // within one
  for (std::size_t const length : {std::size_t{1}, std::size_t{9}, std::size_t{40}, escape, line.size() / 2, line.size() - 2}) {
    Document const read = read_document(line + line.substr(0, length), "cut");
    EXPECT_EQ(read.endpoints.size(), 1U) << length;
    EXPECT_TRUE(read.run.interrupted) << length;
  }
  // Whole but for its end; one that never was a line; one behind a document; one that is not the last.
  Document const whole = read_document(line + line.substr(0, line.size() - 1), "whole");
  EXPECT_EQ(whole.endpoints.size(), 2U);
  EXPECT_FALSE(whole.run.interrupted);
  EXPECT_THROW((void)read_document(line + "{\"other\":", "text"), DocumentError);
  EXPECT_THROW((void)read_document(line.substr(0, 50), "text"), DocumentError);
  EXPECT_THROW((void)read_document("{\"schema\":\"tlsgauge.result/1\",\"endpoints\":[]}\n{\"schema\":", "text"), DocumentError);
  EXPECT_THROW((void)read_document(line.substr(0, 50) + "\n" + line, "text"), DocumentError);
}

TEST(ReadDocument, RefusesEveryTruncation) {
  std::string const text = render("jsonl", sample("good"));
  for (std::size_t length = 0; length + 1 < text.size(); length += 1 + length / 40) {
    EXPECT_NE(error_of(std::string_view{text}.substr(0, length)), "") << length;
  }
  EXPECT_THAT(error_of(std::string_view{text}.substr(0, 700)), HasSubstr("the text ends in the middle of the document"));
}

TEST(ReadDocument, RefusesWhatIsNoDocument) {
  EXPECT_EQ(error_of(""), "r.json:1: document: the file is empty");
  EXPECT_EQ(error_of(" \n\n"), "r.json:1: document: the file is empty");
  EXPECT_EQ(error_of("[]"), "r.json:1: document: an object was expected");
  EXPECT_EQ(error_of("{}"), "r.json:1: schema: is missing");
  EXPECT_EQ(error_of("\n{\"schema\":1}"), "r.json:2: schema: text was expected");
  EXPECT_THAT(error_of("{\"schema\": \"a\xff\"}"), HasSubstr("r.json:1: schema: not JSON: "));
}

TEST(ReadDocument, PassesOverAByteOrderMark) {
  std::string const mark = "\xef\xbb\xbf";
  std::string const line = render("jsonl", sample("good"));
  EXPECT_EQ(error_of(mark + "{}"), "r.json:1: schema: is missing");
  EXPECT_EQ(error_of(mark), "r.json:1: document: the file is empty");
  EXPECT_EQ(error_of(mark + file_content(sample_path("good.json"))), "");
  EXPECT_EQ(read_document(mark + line + mark + line, "joined").endpoints.size(), 2U);
  EXPECT_THAT(error_of(mark + mark + line), HasSubstr("an object was expected"));
  for (std::string const& wide : {std::string{"\xff\xfe{\0\n\0", 6}, std::string{"\xfe\xff\0{\0\n", 6}, std::string{"{\0}\0", 4}})
    EXPECT_THAT(error_of(wide), HasSubstr("r.json:1: document: it is not UTF-8"));
}

/// Else many small values on one line are held, all of them, before the first is found to be none of ours.
TEST(ReadDocument, LooksAtEachValueBeforeTheNext) {
  EXPECT_EQ(error_of("{}{"), "r.json:1: schema: is missing");
  std::string const line = json_line(sample("good").endpoints.front(), {}, {});
  std::string const same = line.substr(0, line.size() - 1);
  // What a line began with is read once, though it goes on after its end.
  EXPECT_EQ(read_document(same + "{\n" + line.substr(1), "r").endpoints.size(), 2U);
}

TEST(ReadDocument, CountsTheValuesOfAllTheText) {
  std::size_t taken = 0;
  auto const take = [&](report::JsonText&&) { ++taken; };
  EXPECT_NO_THROW(report::parse_json("{\"a\":1}{\"a\":1}", take, 4));
  EXPECT_THROW(report::parse_json("{\"a\":1}{\"a\":1}", take, 3), report::Fault);
  EXPECT_EQ(taken, 3U);
}

TEST(ReadDocument, ShowsHostileTextInErrorsEscaped) {
  std::string const error = error_of("{\"schema\": \"\\u001b[31m\\u202e\"}");
  EXPECT_EQ(error, "r.json:1: schema: \\x1B[31m\\u{202E} is not known to this version");
}

TEST(ReadDocument, BoundsTheDepth) {
  auto const nested = [](std::size_t depth) {
    return changed("\"handshakes\": [", "\"deep\": " + std::string(depth, '[') + std::string(depth, ']') + ", \"handshakes\": [");
  };
  // The document, endpoints, the endpoint and facts are four levels.
  EXPECT_EQ(error_of(nested(report::kMaxDocumentDepth - 4)), "");
  EXPECT_THAT(error_of(nested(report::kMaxDocumentDepth - 3)), HasSubstr("nested deeper than 64 levels"));
  EXPECT_THAT(error_of(nested(100'000)), HasSubstr("nested deeper than 64 levels"));
}

std::string error_of(std::string_view text, ReadLimits const& limits) {
  try {
    (void)read_document(text, "r", limits);
  } catch (DocumentError const& error) {
    return error.what();
  }
  return "";
}

TEST(ReadDocument, BoundsADocument) {
  constexpr std::size_t kMiB = 1 << 20;
  ReadLimits const limits{.document = kMiB, .line = kMiB, .endpoints = 1};
  std::string const text = file_content(sample_path("good.json"));
  EXPECT_EQ(error_of(text + std::string(kMiB - text.size(), ' '), limits), "");
  std::string const error =
      "r:1: document: larger than 1 MiB, the most of one JSON document; a result of JSON lines (-o jsonl) may be larger";
  EXPECT_EQ(error_of(text + std::string(kMiB - text.size() + 1, ' '), limits), error);
  EXPECT_EQ(error_of(std::string(kMiB + 1, '{'), limits), error);
}

/// As many as there are of them, as long as each line is within its own bound and they are not too many.
TEST(ReadDocument, BoundsLinesEachByItself) {
  constexpr std::size_t kMiB = 1 << 20;
  std::string const line = render("jsonl", sample("good"));
  auto const of_size = [&](std::size_t size) { return line.substr(0, line.size() - 2) + std::string(size - line.size() + 1, ' ') + "}"; };
  ReadLimits const limits{.document = 2 * kMiB, .line = kMiB, .endpoints = 4};
  std::string lines;
  for (int i = 0; i < 4; ++i) lines += of_size(kMiB - 1) + "\n";
  EXPECT_EQ(read_document(lines, "r", limits).endpoints.size(), 4U);
  EXPECT_EQ(error_of(lines + line, limits), "r:5: document: more than 4 endpoints");
  EXPECT_EQ(error_of(line + line + of_size(kMiB) + "\n", limits), "r:3: document: a line of more than 1 MiB");
  EXPECT_EQ(error_of(of_size(kMiB + 1) + "\n" + line, limits), "r:1: document: a line of more than 1 MiB");
}

/// What is read is at most one line, and a piece of the next.
TEST(ReadDocument, ReadsLinesAsTheyCome) {
  std::string const line = render("jsonl", sample("good"));
  std::size_t given = 0;
  auto const endless = [&](char* to, std::size_t size) {
    for (std::size_t i = 0; i < size; ++i) to[i] = line[(given + i) % line.size()];
    given += size;
    return size;
  };
  EXPECT_THROW((void)read_document(endless, "r", {.endpoints = 20}), DocumentError);
  EXPECT_LT(given, 21 * line.size() + 100'000);
  // A fault is told where it stands, though not all is there.
  std::string faulty = line + "\n\n" + line.substr(0, line.size() / 2) + "\n" + line;
  EXPECT_THAT(error_of(faulty), HasSubstr("r.json:4: "));
  EXPECT_THAT(error_of(faulty), HasSubstr("the text ends in the middle of the document"));
  // What the source throws is no fault of the document.
  TextSource const broken = [](char*, std::size_t) -> std::size_t { throw std::out_of_range("disk"); };
  EXPECT_THROW((void)read_document(broken, "r"), std::out_of_range);
}

TEST(ReadDocument, FindsARepeatedMemberAmongMany) {
  std::string members;
  for (int i = 0; i < 50'000; ++i) members += "\"m" + std::to_string(i) + "\":0,";
  EXPECT_EQ(error_of(changed("\"http\": {", "\"many\": {" + members + "\"last\":0}, \"http\": {")), "");
  EXPECT_THAT(error_of(changed("\"http\": {", "\"many\": {" + members + "\"m7\":0}, \"http\": {")),
              HasSubstr("endpoints[0].facts.many.m7: the member is given twice"));
}

}  // namespace
}  // namespace tlsgauge::test
