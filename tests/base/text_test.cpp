#include "base/text.hpp"

#include <gtest/gtest.h>

#include <random>

namespace tlsgauge {
namespace {

using namespace std::string_literals;

TEST(Utf8, WhatIsWellFormedStays) {
  for (std::string const& text : {""s, "plain"s, "Zürich"s, "日本語"s, "\U0001F600"s, "tab\tand\nline"s, "\0nul"s, "\u007F\u0080\uD7FF"s,
                                  "\uE000\uFFFF\U00010000\U0010FFFF"s}) {
    EXPECT_EQ(to_utf8(text), text);
  }
}

TEST(Utf8, EveryOctetThatIsNoPartOfASequenceIsEscaped) {
  EXPECT_EQ(to_utf8("\xC3"), "\\xC3");
  EXPECT_EQ(to_utf8("a\xFF"s + "b"), "a\\xFFb");
  EXPECT_EQ(to_utf8("\xC0\xAF"), "\\xC0\\xAF");                    // overlong solidus
  EXPECT_EQ(to_utf8("\xE0\x80\xAF"), "\\xE0\\x80\\xAF");           // overlong
  EXPECT_EQ(to_utf8("\xF0\x80\x80\xAF"), "\\xF0\\x80\\x80\\xAF");  // overlong
  EXPECT_EQ(to_utf8("\xED\xA0\x80"), "\\xED\\xA0\\x80");           // surrogate
  EXPECT_EQ(to_utf8("\xF4\x90\x80\x80"), "\\xF4\\x90\\x80\\x80");  // over U+10FFFF
  EXPECT_EQ(to_utf8("\xF5\x80\x80\x80"), "\\xF5\\x80\\x80\\x80");  // no such lead
  EXPECT_EQ(to_utf8("\xE2\x82"), "\\xE2\\x82");                    // cut
  EXPECT_EQ(to_utf8("\x80\xC3\xBC\xC3"), "\\x80\xC3\xBC\\xC3");    // a good one between bad ones
  EXPECT_EQ(to_utf8("\xE2\x82"s + "A"), "\\xE2\\x82"s + "A");
}

TEST(Utf8, AnythingBecomesWellFormedAndPrintableSteersNothing) {
  std::mt19937 random{1};
  for (int round = 0; round < 20'000; ++round) {
    std::string bytes(random() % 24, '\0');
    for (char& c : bytes) c = static_cast<char>(random());
    std::string const once = to_utf8(bytes);
    ASSERT_EQ(to_utf8(once), once);
    std::string const shown = printable(bytes);
    ASSERT_EQ(printable(shown), shown);
    for (char const c : shown) ASSERT_FALSE(static_cast<unsigned char>(c) < 0x20 || c == 0x7F);
  }
}

TEST(Printable, ControlsBecomeVisible) {
  EXPECT_EQ(printable("\x1B[31mred\x07\r\n\x7F"), "\\x1B[31mred\\x07\\x0D\\x0A\\x7F");
  EXPECT_EQ(printable("\0"s), "\\x00");
  EXPECT_EQ(printable("\u009B31m\u0080"), "\\x9B31m\\x80");  // C1: a terminal may take it for ESC [
  EXPECT_EQ(printable("Zürich 日本"), "Zürich 日本");
}

TEST(Printable, WhatTurnsOrEndsTheLineBecomesVisible) {
  EXPECT_EQ(printable("a\u202Eb\u2066\u2069\u200E\u200F\u061C"), "a\\u{202E}b\\u{2066}\\u{2069}\\u{200E}\\u{200F}\\u{061C}");
  EXPECT_EQ(printable("a\u2028b\u2029"), "a\\u{2028}b\\u{2029}");
}

TEST(DisplayWidth, CountsColumnsNotOctets) {
  EXPECT_EQ(display_width(""), 0U);
  EXPECT_EQ(display_width("plain"), 5U);
  EXPECT_EQ(display_width("Zürich"), 6U);
  EXPECT_EQ(display_width("Zu\u0308rich"), 6U);  // combining diaeresis
  EXPECT_EQ(display_width("日本語"), 6U);
  EXPECT_EQ(display_width("ｆｕｌｌ"), 8U);
  EXPECT_EQ(display_width("한국"), 4U);
  EXPECT_EQ(display_width("\U0001F600"), 2U);
  EXPECT_EQ(display_width("a\u200Bb"), 2U);
  EXPECT_EQ(display_width("✓ → ─"), 5U);
  EXPECT_EQ(display_width("\xFF"), 1U);
}

TEST(Text, LowersAsciiOnly) { EXPECT_EQ(ascii_lower("AZaz09_ÄÖ"), "azaz09_ÄÖ"); }

TEST(Text, SplitsAtEverySeparator) {
  EXPECT_EQ(split("a,b,,c,", ','), (std::vector<std::string_view>{"a", "b", "", "c", ""}));
  EXPECT_EQ(split("", ','), std::vector<std::string_view>{""});
}

TEST(Text, TrimsBlanksAtBothEnds) {
  EXPECT_EQ(trim(" \t a b\r\n"), "a b");
  EXPECT_EQ(trim(" \n "), "");
  EXPECT_EQ(trim(""), "");
}

TEST(Text, Joins) {
  EXPECT_EQ(join({"a", "b", "c"}, ", "), "a, b, c");
  EXPECT_EQ(join({"a"}, ", "), "a");
  EXPECT_EQ(join({}, ", "), "");
}

TEST(Nearest, FindsWhatWasProbablyMeant) {
  std::vector<std::string_view> const known{"protocols", "cipher_suites", "certificates"};
  EXPECT_EQ(nearest("protocol", known), "protocols");
  EXPECT_EQ(nearest("cipher-suites", known), "cipher_suites");
  EXPECT_EQ(nearest("CERTIFICATE", known), "certificates");
  EXPECT_EQ(nearest("http", known), "");
  EXPECT_EQ(nearest("", known), "");
  EXPECT_EQ(nearest("x", {}), "");
  EXPECT_EQ(nearest(std::string(100'000, 'p'), known), "");
}

}  // namespace
}  // namespace tlsgauge
