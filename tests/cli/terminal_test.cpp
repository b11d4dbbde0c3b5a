#include "cli/terminal.hpp"

#include <gtest/gtest.h>

namespace tlsgauge::test {
namespace {

using cli::colour_wanted;
using cli::is_utf8;

TEST(Colour, IsForTerminals) {
  EXPECT_TRUE(colour_wanted("auto", {.terminal = true}));
  EXPECT_FALSE(colour_wanted("auto", {}));
  EXPECT_FALSE(colour_wanted("auto", {.term = "dumb", .terminal = true}));
  EXPECT_TRUE(colour_wanted("auto", {.term = "xterm", .terminal = true}));
}

TEST(Colour, IsWhatTheOptionSaysThenNoColorThenForce) {
  EXPECT_TRUE(colour_wanted("always", {.no_color = "1"}));
  EXPECT_FALSE(colour_wanted("never", {.force = "1", .terminal = true}));
  EXPECT_FALSE(colour_wanted("auto", {.no_color = "1", .force = "1", .terminal = true}));
  EXPECT_TRUE(colour_wanted("auto", {.no_color = "", .terminal = true}));  // empty is not set
  EXPECT_TRUE(colour_wanted("auto", {.force = "1", .term = "dumb"}));
  EXPECT_FALSE(colour_wanted("auto", {.force = "0"}));
  EXPECT_FALSE(colour_wanted("auto", {.force = ""}));
}

TEST(Locale, IsWhatItsCodesetSays) {
  EXPECT_TRUE(is_utf8("UTF-8", "C.UTF-8"));
  EXPECT_FALSE(is_utf8("ANSI_X3.4-1968", "C"));
  EXPECT_FALSE(is_utf8("ISO-8859-1", "de_DE"));
  EXPECT_FALSE(is_utf8("ANSI_X3.4-1968", "xx.UTF-8"));
}

TEST(Locale, IsWhatItsNameSaysWhereItIsNotInstalled) {
  EXPECT_TRUE(is_utf8("", "en_US.UTF-8"));
  EXPECT_TRUE(is_utf8("", "de_DE.utf8@euro"));
  EXPECT_FALSE(is_utf8("", "de_DE.ISO-8859-1"));
  EXPECT_FALSE(is_utf8("", "de_DE"));
}

}  // namespace
}  // namespace tlsgauge::test
