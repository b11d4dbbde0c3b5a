// Metrics: labels, numbers and names as alerts written for other exporters want them.

#include <gtest/gtest.h>

#include <limits>

#include "report/exposition.hpp"
#include "report/fact_parts.hpp"
#include "report/instances.hpp"
#include "report/prometheus_certificates.hpp"
#include "report/samples.hpp"

namespace tlsgauge::test {
namespace {

using report::Exposition;

TEST(ExpositionTest, EscapesLabelsAndLeavesEmptyFamiliesOut) {
  Exposition out;
  out.family("a", "first");
  out.family("empty", "nothing");
  out.add("a", {{"x", "q\"b\\n\nend"}}, std::int64_t{1});
  EXPECT_EQ(out.text(), "# HELP a first\n# TYPE a gauge\na{x=\"q\\\"b\\\\n\\\\x0Aend\"} 1\n");
}

TEST(ExpositionTest, ASeriesIsThereOnce) {
  Exposition out;
  out.family("a", "first");
  out.add("a", {{"x", "1"}}, std::int64_t{1});
  out.add("a", {{"x", "1"}}, std::int64_t{2});
  out.add("a", {{"x", "2"}}, std::int64_t{3});
  EXPECT_EQ(out.text(), "# HELP a first\n# TYPE a gauge\na{x=\"1\"} 1\na{x=\"2\"} 3\n");
}

TEST(ExpositionTest, LongNamesStayApart) {
  std::string const text(2000, 'x');
  auto const names = report::each_once({text + "a", text + "b", "x", "x", "x"});
  EXPECT_LT(names[0].size(), 1010U);
  EXPECT_EQ(names[1], names[0] + " #2");
  EXPECT_EQ(names[4], "x #3");
}

TEST(ExpositionTest, NoNumberIsNoSample) {
  Exposition out;
  out.family("a", "first");
  out.add("a", {}, std::numeric_limits<double>::quiet_NaN());
  EXPECT_EQ(out.text(), "");
  out.add("a", {}, 0.25);
  EXPECT_EQ(out.text(), "# HELP a first\n# TYPE a gauge\na 0.25\n");
}

TEST(PrometheusCertificates, TimesBeyondTheClock) {
  EXPECT_EQ(report::unix_time("9999-12-31T23:59:59Z"), 253402300799);
  EXPECT_EQ(report::unix_time("1950-01-01T00:00:00Z"), -631152000);
  EXPECT_FALSE(report::unix_time(""));
}

TEST(PrometheusCertificates, PartsOfNames) {
  using Texts = std::vector<std::string>;
  EXPECT_EQ(report::name_parts("CN=a\\, b,OU=x+OU=y,O=CN=no", "commonName"), Texts{"a, b"});
  EXPECT_EQ(report::name_parts("CN=a\\, b,OU=x+OU=y, OU=\\C3\\A9", "organizationalUnitName"), (Texts{"x", "y", "\xC3\xA9"}));
  EXPECT_EQ(report::name_parts("", "commonName"), Texts{});
  EXPECT_EQ(report::name_parts("CN=\\", "commonName"), Texts{"\\"});
}

TEST(PrometheusCertificates, OneOfManyCannotPoseAsTwo) {
  EXPECT_EQ(report::multi_valued({}), "");
  EXPECT_EQ(report::multi_valued({"a", "b"}), ",a,b,");
  EXPECT_EQ(report::multi_valued({"x,www.example.org,y"}), ",x\\2Cwww.example.org\\2Cy,");
}

TEST(PrometheusCertificates, SerialNumbers) {
  EXPECT_EQ(report::decimal_serial("2F"), "47");
  EXPECT_EQ(report::decimal_serial("0"), "0");
  EXPECT_EQ(report::decimal_serial("FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF"), "1461501637330902918203684832716283019655932542975");
  EXPECT_EQ(report::decimal_serial("-1F"), "");
  EXPECT_EQ(report::octets_serial("75BCEF3"), "075bcef3");
  EXPECT_EQ(report::octets_serial("x"), "");
}

}  // namespace
}  // namespace tlsgauge::test
