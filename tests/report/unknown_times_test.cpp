// When a run began and ended may not be known, or be no time at all: nothing stands for it then that reads as one.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "report/samples.hpp"

namespace tlsgauge::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

Document at(std::string const& started, std::string const& finished) {
  Document document = sample("bad");
  document.run.started_at = started;
  document.run.finished_at = finished;
  return document;
}

TEST(UnknownTimes, AreLeftOutOrCalledUnknown) {
  for (char const* const none : {"", "<b>x</b>", "yesterday", "2026-13-01T00:00:00Z"}) {
    Document const document = at(none, none);
    std::string const sarif = render("sarif", document);
    EXPECT_THAT(sarif, Not(HasSubstr("TimeUtc"))) << none;
    EXPECT_THAT(sarif, HasSubstr("\"id\": \"tlsgauge/nginx-recommended+mozilla-modern/\"")) << none;
    EXPECT_THAT(render("defectdojo", document), Not(HasSubstr("\"date\""))) << none;
    EXPECT_THAT(render("junit", document), Not(HasSubstr("timestamp="))) << none;
    std::string const xml = render("nmap-xml", document);
    EXPECT_THAT(xml, Not(HasSubstr("1970"))) << none;
    EXPECT_THAT(xml, Not(HasSubstr("start="))) << none;
    EXPECT_THAT(xml, Not(HasSubstr("timestr="))) << none;
    EXPECT_THAT(xml, HasSubstr("<finished time=\"0\" summary=\"tlsgauge done at an unknown time;")) << "the DTD demands `time`";
    std::string const text = render("nmap", document);
    EXPECT_THAT(text, HasSubstr("scan initiated at an unknown time as: ")) << none;
    EXPECT_THAT(text, HasSubstr("scanned in an unknown time\n")) << none;
    EXPECT_THAT(text, Not(HasSubstr("1970"))) << none;
    EXPECT_THAT(render("testssl", document), HasSubstr("\"severity\": \"WARN\",\n    \"finding\": \"test inconclusive: when the run"))
        << none;
  }
}

TEST(UnknownTimes, OneOfTwoIsNotMadeUp) {
  Document const document = at("2026-11-26T08:13:03Z", "");
  std::string const xml = render("nmap-xml", document);
  EXPECT_THAT(xml, HasSubstr("startstr=\"Thu Nov 26 08:13:03 2026\""));
  EXPECT_THAT(xml, Not(HasSubstr("1970")));
  EXPECT_THAT(render("nmap", document), HasSubstr("scanned in an unknown time"));
  EXPECT_THAT(render("testssl", document), HasSubstr("test inconclusive: when the run"));
  EXPECT_THAT(render("sarif", document), HasSubstr("\"startTimeUtc\": \"2026-11-26T08:13:03Z\""));
  EXPECT_THAT(render("sarif", document), Not(HasSubstr("endTimeUtc")));
}

TEST(UnknownTimes, TimesOfOtherZonesAreThoseOfUtc) {
  Document const document = at("2026-11-26T00:30:00+01:00", "2026-11-26T00:31:00.5+01:00");
  EXPECT_THAT(render("sarif", document), HasSubstr("\"startTimeUtc\": \"2026-11-25T23:30:00Z\""));
  EXPECT_THAT(render("defectdojo", document), HasSubstr("\"date\": \"2026-11-25\""));
  EXPECT_THAT(render("junit", document), HasSubstr("timestamp=\"2026-11-25T23:30:00\""));
  EXPECT_THAT(render("testssl", document), HasSubstr("\"finding\": \"60\""));
}

}  // namespace
}  // namespace tlsgauge::test
