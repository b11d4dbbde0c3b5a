#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "report/samples.hpp"
#include "tlsgauge/version.hpp"

namespace tlsgauge::test {
namespace {

Document small() {
  Document document;
  document.schema = kSchema;
  document.tool = {"tlsgauge", "0.1.0", "OpenSSL 3"};
  document.run.started_at = "2026-11-24T03:00:00Z";
  document.run.arguments = {"scan", "a.example"};
  Endpoint endpoint;
  endpoint.target.input = "a.example";
  endpoint.target.host = "a.example";
  endpoint.status = Status::partial;
  endpoint.cost = {1, 2, 3, 4};
  endpoint.facts.set("z", 1).set("a", Value::array());
  document.endpoints.push_back(endpoint);
  return document;
}

TEST(Json, HasTheMembersOfTheContractInItsOrder) {
  EXPECT_EQ(render("json", small()), R"({
  "schema": "tlsgauge.result/1",
  "tool": {
    "name": "tlsgauge",
    "version": "0.1.0",
    "openssl": "OpenSSL 3"
  },
  "run": {
    "started_at": "2026-11-24T03:00:00Z",
    "finished_at": null,
    "arguments": [
      "scan",
      "a.example"
    ],
    "interrupted": false
  },
  "endpoints": [
    {
      "target": {
        "input": "a.example",
        "host": "a.example",
        "port": 443,
        "address": "",
        "server_name": null,
        "transport": "tcp",
        "starttls": null
      },
      "status": "partial",
      "cost": {
        "connections": 1,
        "bytes_sent": 2,
        "bytes_received": 3,
        "duration_ms": 4
      },
      "facts": {
        "z": 1,
        "a": []
      },
      "assessments": [],
      "errors": []
    }
  ]
}
)");
}

std::string written(Value value) {
  Document document = small();
  document.endpoints.front().facts = Value::object().set("x", std::move(value));
  std::string const line = render("jsonl", document);
  auto const from = line.find("\"x\":") + 4;
  return line.substr(from, line.find("},\"assessments\"") - from);
}

TEST(Json, RoundsNumbersToThreeDecimals) {
  EXPECT_EQ(written(48.2134), "48.213");
  EXPECT_EQ(written(48.0), "48.0");
  EXPECT_EQ(written(-0.0001), "0.0");
  EXPECT_EQ(written(1e300), "1e+300");
  EXPECT_EQ(written(std::numeric_limits<double>::quiet_NaN()), "null");
  EXPECT_EQ(written(std::numeric_limits<double>::infinity()), "null");
  EXPECT_EQ(written(std::numeric_limits<std::int64_t>::min()), "-9223372036854775808");
}

TEST(Json, ShowsOctetsThatAreNoUtf8) { EXPECT_EQ(written("a\xff\xc3("), R"("a\\xFF\\xC3(")"); }

TEST(Json, WritesLinesInAscii) {
  EXPECT_EQ(written("\xe2\x80\xa8\xc2\x85\n\x1b"), R"("\u2028\u0085\n\u001b")");
  EXPECT_EQ(written(std::string{"a\0b", 3}), R"("a\u0000b")");
}

TEST(Json, ADocumentCannotSteerATerminal) {
  Document document = small();
  document.endpoints.front().facts.set("z", "\x1b[2J\x7f\xc2\x9b\xe2\x80\xae\xe2\x81\xa6\xd8\x9c|\xc2\xa0\xe2\x82\xac\xd8\xa7\xc3\xa9");
  std::string const json = render("json", document);
  EXPECT_NE(json.find(R"("\u001b[2J\u007f\u009b\u202e\u2066\u061c|)"
                      "\xc2\xa0\xe2\x82\xac\xd8\xa7\xc3\xa9\""),
            std::string::npos)
      << json;
}

TEST(Json, EndsEachLineOnce) {
  Document document = small();
  document.endpoints.push_back(document.endpoints.front());
  std::string const lines = render("jsonl", document);
  EXPECT_EQ(std::count(lines.begin(), lines.end(), '\n'), 2);
  EXPECT_TRUE(lines.starts_with(R"({"schema":"tlsgauge.result/1","tool":{)"));
  EXPECT_EQ(lines.substr(0, lines.find('\n') + 1), json_line(document.endpoints.front(), document.tool, document.run));
}

TEST(Formats, AreFoundByName) {
  for (ReportFormat const& format : report_formats()) {
    ASSERT_EQ(find_report_format(format.name), &format);
    EXPECT_FALSE(format.description.empty());
    EXPECT_NE(format.write == nullptr, format.write_folder == nullptr);
    if (format.write != nullptr) {
      EXPECT_FALSE(format.write(small(), {}).empty());
    }
  }
  EXPECT_GE(report_formats().size(), 4U);
  EXPECT_EQ(find_report_format("xml"), nullptr);
}

}  // namespace
}  // namespace tlsgauge::test
