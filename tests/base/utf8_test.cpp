#include "base/utf8.hpp"

#include <gtest/gtest.h>

namespace tlsgauge::test {
namespace {

TEST(Utf8, IsCutBetweenCharactersAndSaysSo) {
  EXPECT_EQ(cut("short", 6), "short");
  EXPECT_EQ(cut("0123456789", 10), "0123456789");
  EXPECT_EQ(cut("0123456789a", 10), "0123 [cut]");
  EXPECT_EQ(cut("012\xC3\xA9"
                "456789",
                10),
            "012 [cut]");  // the fourth octet would split the letter
}

TEST(Utf8, IsCutToTheColumnsOfATerminal) {
  EXPECT_EQ(cut_to_width("abcdef", 6, "..."), "abcdef");
  EXPECT_EQ(cut_to_width("abcdefg", 6, "..."), "abc...");
  EXPECT_EQ(cut_to_width("\xE4\xB8\xAD\xE4\xB8\xAD\xE4\xB8\xAD", 4, "."), "\xE4\xB8\xAD.");  // two columns each
  EXPECT_EQ(cut_to_width("ab", 1, "\xE2\x80\xA6"), "\xE2\x80\xA6");
  EXPECT_EQ(cut_to_width("", 0, "x"), "");
}

TEST(Utf8, BecomesAsciiWithNumbers) {
  EXPECT_EQ(to_ascii("caf\xC3\xA9 \xE4\xB8\xAD \xF0\x9F\x92\xA9 ~"), "caf\\u{E9} \\u{4E2D} \\u{1F4A9} ~");
  EXPECT_EQ(to_ascii(""), "");
}

}  // namespace
}  // namespace tlsgauge::test
