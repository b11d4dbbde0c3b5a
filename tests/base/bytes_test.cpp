#include "base/bytes.hpp"

#include <gtest/gtest.h>

namespace tlsgauge {
namespace {

TEST(Bytes, HexIsLowerCaseWithoutSeparators) {
  EXPECT_EQ(hex(Bytes{0x00, 0x0F, 0xA0, 0xFF}), "000fa0ff");
  EXPECT_EQ(hex({}), "");
}

TEST(Bytes, HexIsReadInEitherCaseWithBlanksAndColons) { EXPECT_EQ(from_hex("00:0F a0\r\n\tfF"), (Bytes{0x00, 0x0F, 0xA0, 0xFF})); }

TEST(Bytes, HexOfAnOddCountOrAnotherCharacterIsNone) {
  for (char const* text : {"0", "000", "0g", "0x00", "00;00", "\xff\xff"}) EXPECT_FALSE(from_hex(text)) << text;
  EXPECT_EQ(from_hex(""), Bytes{});
}

TEST(Bytes, EveryOctetSurvivesTheRoundTrip) {
  Bytes all;
  for (unsigned octet = 0; octet < 256; ++octet) all.push_back(static_cast<std::uint8_t>(octet));
  EXPECT_EQ(from_hex(hex(all)), all);
}

}  // namespace
}  // namespace tlsgauge
