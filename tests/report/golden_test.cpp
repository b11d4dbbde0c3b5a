// The committed samples are what the writers make of the committed documents. `./dev samples` rewrites those of every format but JSON.

#include <gtest/gtest.h>

#include <map>
#include <string_view>

#include "report/samples.hpp"

namespace tlsgauge::test {
namespace {

// A format that is a folder has its pages held against those of "html" in html_test.cpp.
std::map<std::string_view, std::string_view> const kEndings{
    {"jsonl", "jsonl"}, {"html", "html"},         {"markdown", "md"},           {"csv", "csv"},
    {"sarif", "sarif"}, {"junit", "junit.xml"},   {"gitlab", "gitlab"},         {"github", "github"},
    {"cbom", "cbom"},   {"cbom-1.6", "cbom-1.6"}, {"defectdojo", "defectdojo"}, {"prometheus", "prom"},
    {"nmap", "nmap"},   {"nmap-xml", "nmap.xml"}, {"testssl", "testssl"},       {"testssl-csv", "testssl.csv"},
};

class Golden : public testing::TestWithParam<char const*> {
 protected:
  void expect(std::string_view ending, std::string const& text) const {
    expect_golden(std::string{GetParam()} + "." + std::string{ending}, text);
  }
};

TEST_P(Golden, JsonIsWrittenAsItWasRead) {
  std::string const text = file_content(sample_path(std::string{GetParam()} + ".json"));
  EXPECT_EQ(render("json", read_document(text, "sample")), text);
}

TEST_P(Golden, JsonLinesCarryTheSameDocument) {
  Document const document = sample(GetParam());
  std::string const lines = render("jsonl", document);
  EXPECT_EQ(render("json", read_document(lines, "lines")), render("json", document));
  EXPECT_EQ(render("jsonl", read_document(lines, "lines")), lines);
}

TEST_P(Golden, EachFormatHasItsSample) {
  for (ReportFormat const& format : report_formats()) {
    if (format.write == nullptr || format.name == "text" || format.name == "json") continue;
    auto const ending = kEndings.find(format.name);
    ASSERT_NE(ending, kEndings.end()) << format.name << " has no sample";
    expect(ending->second, render(std::string{format.name}, sample(GetParam())));
  }
}

TEST_P(Golden, TextAt80Columns) { expect("txt", render("text", sample(GetParam()))); }
TEST_P(Golden, VerboseTextAt120Columns) { expect("wide.txt", render("text", sample(GetParam()), {.width = 120, .verbose = true})); }
TEST_P(Golden, TextAt200ColumnsOfAscii) { expect("200.txt", render("text", sample(GetParam()), {.ascii = true, .width = 200})); }
TEST_P(Golden, QuietText) { expect("quiet.txt", render("text", sample(GetParam()), {.width = 0, .quiet = true})); }

INSTANTIATE_TEST_SUITE_P(Samples, Golden, testing::ValuesIn(kSamples),
                         [](auto const& sample_info) { return std::string{sample_info.param}; });

}  // namespace
}  // namespace tlsgauge::test
