#include "cli/ct_logs.hpp"

#include <gmock/gmock.h>

#include "cli/exit_code.hpp"

namespace tlsgauge::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

std::string complaint(std::string_view text) {
  try {
    (void)parse_ct_logs(text, "logs.json");
  } catch (UsageError const& error) {
    return error.what();
  }
  return {};
}

TEST(CtLogs, AreReadWithOperatorsKeysAndStates) {
  std::vector<CtLog> const logs = parse_ct_logs(R"({
    "version": "60.1", "is_all_logs": true,
    "operators": [
      {"name": "One", "email": ["a@example.com"],
       "logs": [{"description": "One 2026", "log_id": "x", "key": "AQID", "mmd": 86400,
                 "state": {"retired": {"timestamp": "2026-03-01T00:00:00Z"}}}],
       "tiled_logs": [{"description": "One tiled", "key": "BAUG", "state": {"usable": {"timestamp": "2025-03-01T00:00:00Z"}}}]},
      {"name": "Two", "logs": [{"key": "Bw=="}]}]})",
                                                "logs.json");
  ASSERT_THAT(logs, SizeIs(3));
  EXPECT_EQ(logs[0].operated_by, "One");
  EXPECT_EQ(logs[0].description, "One 2026");
  EXPECT_THAT(logs[0].key, ElementsAre(1, 2, 3));
  EXPECT_EQ(logs[0].state, "retired");
  ASSERT_TRUE(logs[0].state_since);
  EXPECT_EQ(logs[1].state, "usable");
  EXPECT_THAT(logs[2].key, ElementsAre(7));
  EXPECT_EQ(logs[2].state, "");
}

TEST(CtLogs, FaultsAreNamedWithLineAndField) {
  EXPECT_THAT(complaint("{\n\"operators\": [\n{\"name\": \"One\", \"logs\": [{\"key\": \"not base64\"}]}]}"),
              HasSubstr("logs.json:3: operators[0].logs[0].key: not base64"));
  EXPECT_THAT(complaint("{}"), HasSubstr("operators: an array of operators is missing"));
  EXPECT_THAT(complaint("[1"), HasSubstr("logs.json:1: "));
  EXPECT_THAT(complaint(R"({"operators": []})"), HasSubstr("no log is listed"));
  EXPECT_THAT(complaint(R"({"operators": [{"logs": []}]})"), HasSubstr("operators[0].name: a string is missing"));
  EXPECT_THAT(complaint(R"({"operators": [{"name": "a", "logs": [{"key": "AQID", "state": {"frozen": {}}}]}]})"),
              HasSubstr("'frozen' is no state of a log"));
  EXPECT_THAT(complaint(R"({"operators": [{"name": "a", "logs": [{"key": "AQID", "state": {"usable": {}}}]}]})"),
              HasSubstr("without a timestamp"));
  EXPECT_THAT(complaint("{} {}"), HasSubstr("one JSON object"));
}

}  // namespace
}  // namespace tlsgauge::cli
