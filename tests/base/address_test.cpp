#include "base/address.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>

#include <random>

namespace tlsgauge {
namespace {

TEST(Address, HasOneTextForAllItsSpellings) {
  std::pair<char const*, char const*> const rows[] = {
      {"192.0.2.1", "192.0.2.1"},
      {"0.0.0.0", "0.0.0.0"},
      {"255.255.255.255", "255.255.255.255"},
      {"::", "::"},
      {"::1", "::1"},
      {"1::", "1::"},
      {"2001:DB8::1", "2001:db8::1"},
      {"[2001:db8::1]", "2001:db8::1"},
      {"fe80::1%eth0", "fe80::1"},
      {"2001:db8:0:0:0:0:0:1", "2001:db8::1"},
      {"2001:0db8:0000:0001:0000:0000:0000:0001", "2001:db8:0:1::1"},
      {"2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"},
      {"2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"},
      {"2001:db8::1:1:1:1:1", "2001:db8:0:1:1:1:1:1"},
      {"1:2:3:4:5:6:0:0", "1:2:3:4:5:6::"},
      {"::ffff:192.0.2.1", "::ffff:c000:201"},
      {"1:2:3:4:5:6:192.0.2.1", "1:2:3:4:5:6:c000:201"},
  };
  for (auto const& [literal, canonical] : rows) {
    std::optional<Bytes> const octets = parse_address(literal);
    ASSERT_TRUE(octets) << literal;
    EXPECT_EQ(address_text(*octets), canonical);
  }
}

TEST(Address, IsNothingElse) {
  for (char const* const literal : {"",
                                    ".",
                                    ":",
                                    ":::",
                                    "1",
                                    "1.2.3",
                                    "1.2.3.4.5",
                                    "1.2.3.4.",
                                    ".1.2.3.4",
                                    "1..2.3",
                                    "01.2.3.4",
                                    "256.1.1.1",
                                    "1.2.3.-4",
                                    "+1.2.3.4",
                                    "1.2.3.4 ",
                                    "0x1.2.3.4",
                                    "1.2.3.0004",
                                    "[1.2.3.4",
                                    "[]",
                                    "1:2:3:4:5:6:7",
                                    "1:2:3:4:5:6:7:8:9",
                                    "1::2::3",
                                    "1:2:3:4:5:6:7::8",
                                    ":1::",
                                    "::1:",
                                    "12345::",
                                    "g::",
                                    "::1.2.3",
                                    "::1.2.3.4:5",
                                    "1.2.3.4::",
                                    "1:2:3:4:5:6:7:1.2.3.4",
                                    "%eth0",
                                    "localhost",
                                    "::-1",
                                    "a:b"}) {
    EXPECT_FALSE(parse_address(literal)) << literal;
  }
  using namespace std::string_literals;
  EXPECT_FALSE(parse_address("1.2.3.4\0"s));
  EXPECT_FALSE(parse_address("::1\0"s));
  EXPECT_EQ(address_text(Bytes{1, 2, 3}), "010203");
}

TEST(Address, IsReadAsTheSystemReadsIt) {
  std::mt19937 random{7};
  for (int round = 0; round < 20'000; ++round) {
    Bytes octets(16);
    for (std::uint8_t& octet : octets) octet = random() % 3 == 0 ? static_cast<std::uint8_t>(random()) : 0;
    std::string const canonical = address_text(octets);
    Bytes theirs(16);
    ASSERT_EQ(inet_pton(AF_INET6, canonical.c_str(), theirs.data()), 1) << canonical;
    ASSERT_EQ(theirs, octets) << canonical;
    ASSERT_EQ(parse_address(canonical), octets) << canonical;
    std::string odd;
    for (unsigned i = 0; i < 2 + random() % 12; ++i) odd += ":.012af"[random() % 7];
    bool const v6 = odd.find(':') != std::string::npos;
    Bytes other(v6 ? 16 : 4);
    bool const valid = inet_pton(v6 ? AF_INET6 : AF_INET, odd.c_str(), other.data()) == 1;
    ASSERT_EQ(parse_address(odd), valid ? std::optional{other} : std::nullopt) << odd;
  }
}

}  // namespace
}  // namespace tlsgauge
