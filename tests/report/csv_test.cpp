#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "report/samples.hpp"

namespace tlsgauge::test {
namespace {

using testing::HasSubstr;

/// The row of a document with one requirement that observed this.
std::string row_with(std::string observed) {
  Document document = sample("good");
  document.endpoints[0].assessments[0].requirements.resize(1);
  document.endpoints[0].assessments[0].requirements[0].observed = std::move(observed);
  std::string const text = render("csv", document);
  return text.substr(text.find("\r\n") + 2);
}

TEST(Csv, QuotesWhatRfc4180Says) {
  EXPECT_THAT(row_with("plain"), HasSubstr(",plain,"));
  EXPECT_THAT(row_with("a,b"), HasSubstr(",\"a,b\","));
  EXPECT_THAT(row_with("a\"b"), HasSubstr(",\"a\"\"b\","));
  EXPECT_THAT(row_with("a\r\nb"), HasSubstr(",a\\x0D\\x0Ab,"));
}

TEST(Csv, LetsNoSpreadsheetCalculate) {
  for (char const* const text : {"=1", "+1", "-1", "@a", "  =1",
                                 "\xEF\xBC\x9D"
                                 "1",
                                 "\xEF\xBB\xBF=1", "-"}) {
    EXPECT_THAT(row_with(text), HasSubstr(std::string{",'"} + text + ",")) << text;
  }
  EXPECT_THAT(row_with("\"=1"), HasSubstr(",\"'\"\"=1\","));
  EXPECT_THAT(row_with("1-1"), HasSubstr(",1-1,"));
}

TEST(Csv, KeepsItsColumnsWhereNamesAreEmpty) {
  Document document = sample("good");
  document.endpoints[0].target.host.clear();
  document.endpoints[0].assessments[0].profile.name.clear();
  document.endpoints[0].assessments[0].requirements.resize(1);
  Requirement& r = document.endpoints[0].assessments[0].requirements[0];
  r.id = r.title = r.expected = r.observed = "";
  std::string const text = render("csv", document);
  EXPECT_EQ(std::count(text.begin(), text.end(), ','), 2 * 25);
}

TEST(Csv, HasARowForAnEndpointThatWasNotJudged) {
  Document document = sample("good");
  document.endpoints[0].assessments.clear();
  std::string const text = render("csv", document);
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 2);
  EXPECT_THAT(text, HasSubstr("\r\nwww.example.com:443,www.example.com,443,192.0.2.10,www.example.com,tcp,,complete,,,,,,,,,,,,,,,,,,20"));
  document.endpoints.clear();
  EXPECT_TRUE(render("csv", document).ends_with(",measured_at\r\n"));
}

TEST(Csv, HasARowForWhatAnInterruptedRunDidNotFinish) {
  Document document = sample("good");
  document.run.interrupted = true;
  std::string const last = ",,,,,,,interrupted,the run was interrupted: what it had not finished is missing,,,,,,,,,,,,,,,,,20";
  EXPECT_THAT(render("csv", document), HasSubstr("\r\n" + last));
  document.endpoints.clear();
  EXPECT_THAT(render("csv", document), HasSubstr(",measured_at\r\n" + last));
}

}  // namespace
}  // namespace tlsgauge::test
