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

TEST(Utf8, BecomesAsciiWithNumbers) {
  EXPECT_EQ(to_ascii("caf\xC3\xA9 \xE4\xB8\xAD \xF0\x9F\x92\xA9 ~"), "caf\\u{E9} \\u{4E2D} \\u{1F4A9} ~");
  EXPECT_EQ(to_ascii(""), "");
}

}  // namespace
}  // namespace tlsgauge::test
