#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

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
  EXPECT_TRUE(render("text", sample("good")).starts_with("\xE2\x9C\x93 PASS  100  A+  www.example.com:443  nginx-recommended 1.0\n"));
  EXPECT_TRUE(render("text", sample("bad")).starts_with("\xE2\x9C\x97 FAIL  21  F  legacy.example.net:8443"));
  EXPECT_TRUE(render("text", sample("unreachable")).starts_with("? UNREACHABLE    -  -  gone.example.org:443  unreachable: connect: "));
}

TEST(Text, PutsWhatToDoBeforeTheFactsTheGravestFirst) {
  std::string const text = render("text", sample("bad"));
  std::vector<std::size_t> const places{text.find("What to do"),
                                        text.find("critical  not met: Only TLS 1.2"),
                                        text.find("high      not met: Only the recommended"),
                                        text.find("medium    not met: HSTS"),
                                        text.find("Could not be established"),
                                        text.find("Waived"),
                                        text.find("\nProtocols"),
                                        text.find("\nCipher suites"),
                                        text.find("\nCertificate chains"),
                                        text.find("\nHTTP"),
                                        text.find("\nHandshakes compared")};
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

TEST(Text, NeverReadsAsIfWhatFailedWereSo) {
  Document document = sample("good");
  Requirement& r = document.endpoints[0].assessments[0].requirements[0];
  r.verdict = Verdict::fail;
  document.endpoints.push_back(document.endpoints[0]);
  std::size_t found = 0;
  for (bool const quiet : {false, true}) {
    std::string const text = render("text", document, {.width = 0, .quiet = quiet});
    for (std::size_t at = text.find(r.title); at != std::string::npos; at = text.find(r.title, at + 1), ++found)
      EXPECT_EQ(text.substr(at - 9, 9), "not met: ");
  }
  EXPECT_EQ(found, 6U);
}

TEST(Text, IsOneLineAnEndpointWhenQuiet) {
  EXPECT_EQ(
      render("text", sample("bad"), {.width = 0, .quiet = true}),
      "FAIL  21  F  legacy.example.net:8443  1 waived (27 F with waivers), 1 waiver expired; nginx-recommended 1.0: not met: Only TLS 1.2 "
      "and TLS 1.3: TLSv1.0 and TLSv1.1 are supported; SSLv3 is inconclusive\n"
      "FAIL  88  B  www.example.com:443      mozilla-modern 6.0: not met: Only TLS 1.3: TLSv1.2, TLSv1.3\n");
  EXPECT_EQ(render("text", sample("good"), {.quiet = true}), "PASS  100  A+  www.example.com:443\n");
  EXPECT_EQ(render("text", Document{}, {.quiet = true}), "");
}

TEST(Text, HasTheSameColumnsForWhatWasNotJudgedWhenQuiet) {
  std::string const text = render("text", sample("unreachable"), {.width = 0, .quiet = true});
  EXPECT_EQ(text,
            "UNREACHABLE    -  -  gone.example.org:443  unreachable: connect: timed out after 10 s, three times\n"
            "NO-TLS         -  -  [2001:db8::5]:80      does not speak TLS: protocols: the answer is no TLS: HTTP/1.1 400 Bad Request\n"
            "INCONCLUSIVE  55  C  slow.example.org:993  not met: Only the recommended cipher suites: TLS_AES_128_GCM_SHA256\n"
            "INTERRUPTED    -  -  -                     the run was interrupted: what it had not finished is missing\n");
}

TEST(Text, SaysOfOneEndpointFirstThatTheRunWasInterrupted) {
  Document document = sample("good");
  document.run.interrupted = true;
  std::string_view const said = "The run was interrupted: what was finished before is here.\n";
  std::string const text = render("text", document);
  EXPECT_TRUE(text.starts_with(said)) << text;
  EXPECT_EQ(text.rfind(said), 0U);
  document.endpoints.clear();
  EXPECT_EQ(render("text", document), std::string{said} + "No endpoint was measured.\n");
  // Of many the last lines are read first.
  std::string const many = render("text", sample("unreachable"));
  EXPECT_EQ(many.find(said), many.rfind(said));
  EXPECT_GT(many.find(said), many.size() - 200);
}

TEST(Text, CutsLinesOfTablesOnATerminalOnly) {
  for (unsigned const width : {80U, 120U}) {
    std::string const text = render("text", sample("unreachable"), {.width = width, .quiet = true});
    for (std::string_view const line : split(text, '\n')) EXPECT_LE(display_width(line), width) << line;
  }
}

/// The samples of all kinds, the passing one between the others.
Document mixed(std::size_t passing = 1) {
  Document document = sample("bad");
  for (std::size_t i = 0; i < passing; ++i) document.endpoints.insert(document.endpoints.begin() + 1, sample("good").endpoints.front());
  document.endpoints.push_back(sample("unreachable").endpoints.front());
  return document;
}

TEST(Text, OfManyIsATableTheWorstFirstThenWhatIsOpenThenTheTally) {
  std::string const text = render("text", mixed());
  std::vector<std::string_view> const lines = split(text, '\n');
  EXPECT_TRUE(lines[0].starts_with("\xE2\x9C\x97 FAIL          21  F   legacy.example.net:8443"));
  EXPECT_TRUE(lines[1].starts_with("\xE2\x9C\x97 FAIL          88  B   www.example.com:443"));
  EXPECT_TRUE(lines[2].starts_with("? UNREACHABLE    -  -   gone.example.org:443"));
  EXPECT_TRUE(lines[3].starts_with("\xE2\x9C\x93 PASS         100  A+  www.example.com:443"));
  EXPECT_EQ(text.find("\n\xE2\x9C\x93 PASS  100  A+  www.example.com:443  nginx-recommended 1.0\n  at"), std::string::npos);
  EXPECT_TRUE(text.ends_with("\n4 endpoints: 1 pass, 2 fail, 1 unreachable\n"));
  EXPECT_THAT(text, HasSubstr("1 endpoint in order: --verbose shows more of it\n"));
  std::string const verbose = render("text", mixed(), {.verbose = true});
  EXPECT_THAT(verbose, HasSubstr("\n\xE2\x9C\x93 PASS  100  A+  www.example.com:443  nginx-recommended 1.0\n  at"));
  EXPECT_THAT(verbose, Not(HasSubstr("in order: --verbose")));
}

TEST(Text, OfVeryManyShowsWhatWasMeasuredOnDemand) {
  EXPECT_THAT(render("text", mixed(7)), HasSubstr("\nCertificate chains\n"));
  EXPECT_THAT(render("text", mixed(8)), Not(HasSubstr("\nCertificate chains\n")));
  EXPECT_THAT(render("text", mixed(8)), HasSubstr("What was measured: --verbose"));
  EXPECT_THAT(render("text", mixed(8), {.verbose = true}), HasSubstr("\nCertificate chains\n"));
}

TEST(Text, ShowsWhatIsWaivedInTheTableToo) {
  EXPECT_THAT(render("text", mixed()), HasSubstr("legacy.example.net:8443  1 waived  not met: Only TLS"));
}

TEST(Text, IsAsciiWhereTheTerminalIs) {
  for (char const* const name : kSamples) {
    for (bool const quiet : {false, true}) {
      std::string const text = render("text", sample(name), {.ascii = true, .width = 200, .quiet = quiet});
      EXPECT_TRUE(std::ranges::all_of(text, [](char c) { return c == '\n' || (c >= ' ' && c <= '~'); })) << name;
    }
  }
  EXPECT_TRUE(render("text", sample("good"), {.ascii = true}).starts_with("+ PASS  100"));
  std::string const hostile = render("text", sample("hostile"), {.ascii = true, .width = 200});
  EXPECT_THAT(hostile, HasSubstr("\\u{5BBD}\\u{5B57}\\u{7B26} e\\u{301}"));
}

TEST(Text, PutsSectionsSideBySideWhereThereIsRoom) {
  std::string const wide = render("text", sample("bad"), {.width = 200});
  EXPECT_THAT(wide, testing::ContainsRegex("\nKey exchange groups up to TLSv1.2 +Other server names, TLSv1.2\n"));
  std::string const narrow = render("text", sample("bad"), {.width = 159});
  EXPECT_THAT(narrow, HasSubstr("\nOther server names, TLSv1.2\n"));
  auto const words = [](std::string const& text) {  // of the facts: nothing is lost
    std::multiset<std::string> out;
    for (std::string_view const line : split(text, '\n'))
      for (std::string_view const word : split(line, ' ')) out.emplace(word);
    out.erase("");
    std::erase_if(out, [](std::string const& word) { return word.find("\xE2\x94\x80") != std::string::npos; });
    return out;
  };
  Document one = sample("bad");
  one.endpoints.resize(1);
  EXPECT_EQ(words(render("text", one, {.width = 200})), words(render("text", one, {.width = 158})));
}

TEST(Text, HasColourInColumnsToo) {
  std::string coloured = render("text", sample("bad"), {.colour = true, .width = 200});
  for (std::size_t at = coloured.find('\x1b'); at != std::string::npos; at = coloured.find('\x1b')) {
    coloured.erase(at, coloured.find('m', at) - at + 1);
  }
  EXPECT_EQ(coloured, render("text", sample("bad"), {.width = 200}));
}

TEST(Text, ListsWhatIsMetWhenVerbose) {
  EXPECT_THAT(render("text", sample("good")), Not(HasSubstr("\nMet\n")));
  EXPECT_THAT(render("text", sample("good"), {.verbose = true}), HasSubstr("\nMet\n"));
}

TEST(Text, HasColourOnlyWhenAsked) {
  std::string const plain = render("text", sample("bad"));
  std::string coloured = render("text", sample("bad"), {.colour = true});
  EXPECT_EQ(plain.find('\x1b'), std::string::npos);
  EXPECT_TRUE(coloured.starts_with("\x1b[31m\xE2\x9C\x97 FAIL\x1b[0m"));
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

TEST(TextPage, IsNotWidenedByOneText) {
  TextPage page(0, false);
  std::vector<std::vector<report::Cell>> rows(100, {{"a"}, {"b"}});
  rows.push_back({{std::string(100'000, 'x')}, {"y"}});
  page.table(0, rows);
  EXPECT_LT(page.take().size(), 120'000U);
}

TEST(TextPage, WrapsAtBlanksAndKeepsLines) {
  TextPage page(40, false);
  page.labelled(2, {"why"}, 10, {"one two three four five six seven eight\nnine"});
  EXPECT_EQ(page.take(), "  why     one two three four five six\n          seven eight\n          nine\n");
}

}  // namespace
}  // namespace tlsgauge::test
