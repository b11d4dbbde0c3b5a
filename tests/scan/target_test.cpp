#include <gmock/gmock.h>

#include <ostream>

#include "tlsgauge/scan.hpp"

namespace tlsgauge {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

struct Good {
  std::string_view text;
  std::string_view host;
  std::uint16_t port;
  std::string_view server_name;
  friend std::ostream& operator<<(std::ostream& out, Good const& good) { return out << good.text; }
};

class TargetReads : public testing::TestWithParam<Good> {};

TEST_P(TargetReads, HostAndPort) {
  std::vector<Target> const targets = parse_target(GetParam().text);
  ASSERT_THAT(targets, SizeIs(1));
  EXPECT_EQ(targets[0].input, GetParam().text);
  EXPECT_EQ(targets[0].host, GetParam().host);
  EXPECT_EQ(targets[0].port, GetParam().port);
  EXPECT_EQ(targets[0].server_name, GetParam().server_name);
  EXPECT_EQ(targets[0].address, "");
  EXPECT_EQ(targets[0].transport, "tcp");
}

INSTANTIATE_TEST_SUITE_P(
    Texts, TargetReads,
    testing::Values(Good{"example.com", "example.com", 443, "example.com"}, Good{"EXAMPLE.com:8443", "example.com", 8443, "example.com"},
                    Good{"localhost:1", "localhost", 1, "localhost"}, Good{"example.com.", "example.com", 443, "example.com"},
                    Good{"192.0.2.1", "192.0.2.1", 443, ""}, Good{"192.0.2.1:65535", "192.0.2.1", 65535, ""},
                    Good{"[2001:db8::1]", "2001:db8::1", 443, ""}, Good{"[2001:db8::1]:993", "2001:db8::1", 993, ""},
                    Good{"2001:db8::1", "2001:db8::1", 443, ""}, Good{"https://example.com", "example.com", 443, "example.com"},
                    Good{"https://example.com:444/", "example.com", 444, "example.com"}, Good{"HTTPS://[::1]:444/", "::1", 444, ""},
                    Good{"https://example.com/a?b#c", "example.com", 443, "example.com"},
                    Good{"b\xC3\xBC"
                         "cher.example",
                         "xn--bcher-kva.example", 443, "xn--bcher-kva.example"}));

struct Bad {
  std::string_view text;
  std::string_view reason;
  friend std::ostream& operator<<(std::ostream& out, Bad const& bad) { return out << bad.text; }
};

class TargetRejects : public testing::TestWithParam<Bad> {};

TEST_P(TargetRejects, WithTheReason) {
  try {
    static_cast<void>(parse_target(GetParam().text));
    FAIL() << "taken: " << GetParam().text;
  } catch (TargetError const& error) {
    EXPECT_EQ(error.text, GetParam().text);
    EXPECT_THAT(error.reason, HasSubstr(std::string{GetParam().reason}));
  }
}

INSTANTIATE_TEST_SUITE_P(Texts, TargetRejects,
                         testing::Values(Bad{"", "missing"}, Bad{" ", "blanks"}, Bad{"example.com ", "blanks"},
                                         Bad{"exa mple.com", "blanks"}, Bad{"example.com\n", "blanks"}, Bad{"example.com:0", "\"0\""},
                                         Bad{"example.com:65536", "\"65536\""}, Bad{"example.com:70000", "\"70000\""},
                                         Bad{"example.com:", "port"}, Bad{"example.com:-1", "port"}, Bad{"example.com:+443", "port"},
                                         Bad{"example.com:443x", "port"}, Bad{"example.com:99999999999999999999", "port"},
                                         Bad{":443", "missing"}, Bad{"a..b", "label"}, Bad{"1.2.3", "neither"}, Bad{"256.1.1.1", "neither"},
                                         Bad{"[::1", "]"}, Bad{"[::g]", "IPv6"}, Bad{"[::1]443", "port"}, Bad{"1:2:3", "colon"},
                                         Bad{"a/b", "https://"}, Bad{"example.com/", "https://"}, Bad{"smtp://mail.example:25", "smtp"},
                                         Bad{"http://example.com", "http"}, Bad{"ftp://example.com", "ftp"}, Bad{"https://", "host"},
                                         Bad{"https://user@example.com", "user"}, Bad{"192.0.2.0/33", "/33"}, Bad{"192.0.2.0/", "prefix"},
                                         Bad{"192.0.2.0/-1", "prefix"}, Bad{"192.0.2.0/24/25", "prefix"}, Bad{"192.0.2.0/24:0", "port"},
                                         Bad{"192.0.2.0/24:", "port"}, Bad{"10.0.0.0/15", "65536"}, Bad{"0.0.0.0/0", "65536"},
                                         Bad{"2001:db8::/111", "65536"}, Bad{"2001:db8::/129", "/129"}, Bad{"192.0.2.0:443/24", "address"},
                                         Bad{"example.com/24", "address"}, Bad{"fe80::1%lo/120", "address"}));

std::vector<std::string> hosts(std::string_view text) {
  std::vector<std::string> out;
  for (Target const& target : parse_target(text)) out.push_back(target.host);
  return out;
}

TEST(TargetNetwork, GivesTheHostsOfTheNetwork) {
  EXPECT_THAT(hosts("192.0.2.5/29"), ElementsAre("192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4", "192.0.2.5", "192.0.2.6"));
  EXPECT_THAT(hosts("192.0.2.7/31"), ElementsAre("192.0.2.6", "192.0.2.7"));
  EXPECT_THAT(hosts("192.0.2.7/32"), ElementsAre("192.0.2.7"));
  EXPECT_THAT(hosts("2001:db8::ff/126"), ElementsAre("2001:db8::fc", "2001:db8::fd", "2001:db8::fe", "2001:db8::ff"));
  EXPECT_THAT(hosts("[2001:db8::1]/128"), ElementsAre("2001:db8::1"));
}

TEST(TargetNetwork, CarriesIntoTheNextOctet) {
  std::vector<std::string> const all = hosts("10.1.0.0/16");
  ASSERT_THAT(all, SizeIs(65534));
  EXPECT_EQ(all.front(), "10.1.0.1");
  EXPECT_EQ(all[254], "10.1.0.255");
  EXPECT_EQ(all[255], "10.1.1.0");
  EXPECT_EQ(all.back(), "10.1.255.254");
  EXPECT_THAT(hosts("2001:db8::/112"), SizeIs(65536));
}

TEST(TargetNetwork, TakesAPortAndSendsNoName) {
  std::vector<Target> const targets = parse_target("192.0.2.0/30:8443");
  ASSERT_THAT(targets, SizeIs(2));
  EXPECT_EQ(targets[1].input, "192.0.2.0/30:8443");
  EXPECT_EQ(targets[1].port, 8443);
  EXPECT_EQ(targets[1].server_name, "");
  EXPECT_EQ(parse_target("2001:db8::/127:8443").at(0).port, 8443);
}

}  // namespace
}  // namespace tlsgauge
