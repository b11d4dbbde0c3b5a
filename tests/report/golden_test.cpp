// The committed samples are what the writers make of the committed documents. UPDATE_GOLDEN=1 rewrites the text ones.

#include <gtest/gtest.h>

#include "report/samples.hpp"

namespace tlsgauge::test {
namespace {

class Golden : public testing::TestWithParam<char const*> {};

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

TEST_P(Golden, TextAt80Columns) { expect_golden(std::string{GetParam()} + ".txt", render("text", sample(GetParam()))); }

TEST_P(Golden, VerboseTextAt120Columns) {
  expect_golden(std::string{GetParam()} + ".wide.txt", render("text", sample(GetParam()), {.width = 120, .verbose = true}));
}

TEST_P(Golden, Sarif) { expect_golden(std::string{GetParam()} + ".sarif", render("sarif", sample(GetParam()))); }
TEST_P(Golden, Junit) { expect_golden(std::string{GetParam()} + ".junit.xml", render("junit", sample(GetParam()))); }
TEST_P(Golden, Gitlab) { expect_golden(std::string{GetParam()} + ".gitlab", render("gitlab", sample(GetParam()))); }
TEST_P(Golden, Github) { expect_golden(std::string{GetParam()} + ".github", render("github", sample(GetParam()))); }
TEST_P(Golden, Defectdojo) { expect_golden(std::string{GetParam()} + ".defectdojo", render("defectdojo", sample(GetParam()))); }

TEST_P(Golden, TextAt200ColumnsOfAscii) {
  expect_golden(std::string{GetParam()} + ".200.txt", render("text", sample(GetParam()), {.ascii = true, .width = 200}));
}

TEST_P(Golden, QuietText) {
  expect_golden(std::string{GetParam()} + ".quiet.txt", render("text", sample(GetParam()), {.width = 0, .quiet = true}));
}

TEST_P(Golden, Markdown) { expect_golden(std::string{GetParam()} + ".md", render("markdown", sample(GetParam()))); }

TEST_P(Golden, Html) { expect_golden(std::string{GetParam()} + ".html", render("html", sample(GetParam()))); }
TEST_P(Golden, Csv) { expect_golden(std::string{GetParam()} + ".csv", render("csv", sample(GetParam()))); }
TEST_P(Golden, Nmap) { expect_golden(std::string{GetParam()} + ".nmap", render("nmap", sample(GetParam()))); }

TEST_P(Golden, NmapXml) { expect_golden(std::string{GetParam()} + ".nmap.xml", render("nmap-xml", sample(GetParam()))); }

TEST_P(Golden, Testssl) { expect_golden(std::string{GetParam()} + ".testssl", render("testssl", sample(GetParam()))); }

TEST_P(Golden, TestsslCsv) { expect_golden(std::string{GetParam()} + ".testssl.csv", render("testssl-csv", sample(GetParam()))); }

INSTANTIATE_TEST_SUITE_P(Samples, Golden, testing::ValuesIn(kSamples),
                         [](auto const& sample_info) { return std::string{sample_info.param}; });

}  // namespace
}  // namespace tlsgauge::test
