#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.hpp"
#include "report/samples.hpp"
#include "report/text_page.hpp"

namespace tlsgauge::test {
namespace {

using report::TextPage;
using report::Tone;
using testing::HasSubstr;
using testing::Not;

TEST(Text, SaysTheVerdictFirst) {
  EXPECT_TRUE(render("text", sample("good")).starts_with("PASS  100  A+  www.example.com:443  nginx-recommended 1.0\n"));
  EXPECT_TRUE(render("text", sample("bad")).starts_with("FAIL  21  F  legacy.example.net:8443"));
  EXPECT_TRUE(
      render("text", sample("unreachable")).starts_with("INCONCLUSIVE  0  -  gone.example.org:443  nginx-recommended 1.0  unreachable\n"));
}

TEST(Text, PutsWhatToDoBeforeTheFactsTheGravestFirst) {
  std::string const text = render("text", sample("bad"));
  std::vector<std::size_t> const places{
      text.find("What to do"),     text.find("critical  Only TLS 1.2"),   text.find("high      Only the recommended"),
      text.find("medium    HSTS"), text.find("Could not be established"), text.find("Waived"),
      text.find("\nProtocols"),    text.find("\nCipher suites"),          text.find("\nCertificate chains"),
      text.find("\nHTTP"),         text.find("\nHandshakes compared")};
  EXPECT_TRUE(std::is_sorted(places.begin(), places.end()));
  EXPECT_NE(places.back(), std::string::npos);
}

TEST(Text, SaysWhatTheGradeRestsOn) {
  std::string const text = render("text", sample("bad"), {.width = 120});
  EXPECT_THAT(text, HasSubstr("  protocols 0 (30 %), suites 58 (30 %), certificate 0 (25 %), http 57 (15 %)\n"
                              "  at most F   at most 39 points while protocols-only-modern is not met\n"));
  EXPECT_THAT(text, HasSubstr("  mozilla-modern 6.0: Protocol support 95 (30 %), Key exchange 90 (30 %), Cipher strength 90 (40 %)\n"));
  EXPECT_THAT(text, HasSubstr("  at most B   TLSv1.0 is accepted\n"));
  EXPECT_THAT(text, HasSubstr("  Not measured: Heartbleed and ROBOT\n"));
  EXPECT_THAT(text, Not(HasSubstr("strongest 256 bits")));
  std::string const verbose = render("text", sample("bad"), {.width = 120, .verbose = true});
  EXPECT_THAT(verbose, HasSubstr("90          Cipher strength: strongest 256 bits, weakest 128 bits\n"));
  EXPECT_THAT(verbose, HasSubstr("see     SSL Labs grade change"));
  EXPECT_THAT(render("text", sample("hostile"), {.width = 120}), HasSubstr("suites: 1 A, 1 C, 1 unknown\n"));
}

TEST(Text, IsOneLineAnEndpointAndProfileWhenQuiet) {
  std::string const text = render("text", sample("bad"), {.quiet = true});
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 3);
  EXPECT_THAT(text, HasSubstr("FAIL   88  B   www.example.com:443      mozilla-modern 6.0\n"));
}

TEST(Text, ListsWhatIsMetWhenVerbose) {
  EXPECT_THAT(render("text", sample("good")), Not(HasSubstr("\nMet\n")));
  EXPECT_THAT(render("text", sample("good"), {.verbose = true}), HasSubstr("\nMet\n"));
}

TEST(Text, HasColourOnlyWhenAsked) {
  std::string const plain = render("text", sample("bad"));
  std::string coloured = render("text", sample("bad"), {.colour = true});
  EXPECT_EQ(plain.find('\x1b'), std::string::npos);
  EXPECT_TRUE(coloured.starts_with("\x1b[31mFAIL\x1b[0m"));
  for (std::size_t at = coloured.find('\x1b'); at != std::string::npos; at = coloured.find('\x1b')) {
    coloured.erase(at, coloured.find('m', at) - at + 1);
  }
  EXPECT_EQ(coloured, plain);
}

TEST(Text, LetsNoControlOfAStrangerThrough) {
  for (bool const verbose : {false, true}) {
    std::string const text = render("text", sample("hostile"), {.width = 200, .verbose = verbose});
    EXPECT_THAT(text, HasSubstr("NUL:\\x00 ESC:\\x1B[31m red BEL:\\x07"));
    EXPECT_THAT(text, HasSubstr("abc\\u{202E}txt.exe"));
    for (std::string_view const line : split(text, '\n')) EXPECT_EQ(printable(line), line);
  }
}

TEST(Text, FitsTheWidthExceptForConfiguration) {
  for (unsigned const width : {80U, 100U, 200U}) {
    std::string const text = render("text", sample("good"), {.width = width, .verbose = true});
    for (std::string_view const line : split(text, '\n')) {
      EXPECT_LE(display_width(line), width) << line;
    }
  }
}

TEST(Text, HasNoBlanksAtLineEnds) {
  for (char const* const name : kSamples) {
    std::string const text = render("text", sample(name));
    EXPECT_EQ(text.find(" \n"), std::string::npos) << name << ": " << text.substr(text.find(" \n") - 60, 61);
  }
}

TEST(TextPage, AlignsWideCharacters) {
  TextPage page(80, false);
  page.table(2, {{{"\xe5\xae\xbd"}, {"x"}}, {{"ab"}, {"y", Tone::plain, true}}, {{"abc"}, {"10", Tone::plain, true}}});
  EXPECT_EQ(page.take(), "  \xe5\xae\xbd   x\n  ab    y\n  abc  10\n");
}

TEST(TextPage, WrapsAtBlanksAndKeepsLines) {
  TextPage page(40, false);
  page.labelled(2, {"why"}, 10, {"one two three four five six seven eight\nnine"});
  EXPECT_EQ(page.take(), "  why     one two three four five six\n          seven eight\n          nine\n");
}

}  // namespace
}  // namespace tlsgauge::test
