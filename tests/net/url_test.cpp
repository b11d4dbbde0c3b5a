#include "net/url.hpp"

#include <gtest/gtest.h>

namespace tlsgauge::net {
namespace {

struct Good {
  char const* text;
  char const* host;
  int port;  // 0: none
};

TEST(HostPort, IsReadInEveryFormThatUsersWrite) {
  for (Good const& good : {Good{"example.org", "example.org", 0},
                           {"Example.ORG:8443", "example.org", 8443},
                           {"example.org.", "example.org", 0},
                           {"192.0.2.1", "192.0.2.1", 0},
                           {"192.0.2.1:1", "192.0.2.1", 1},
                           {"[2001:db8::1]", "2001:db8::1", 0},
                           {"[2001:db8::1]:65535", "2001:db8::1", 65535},
                           {"2001:db8::1", "2001:db8::1", 0},
                           {"fe80::1%eth0", "fe80::1%eth0", 0},
                           {"https://example.org/", "example.org", 0},
                           {"HTTPS://example.org:444/a/b?c#d", "example.org", 444},
                           {"https://[::1]:8443/", "::1", 8443},
                           {"https://[fe80::1%25eth0]/", "fe80::1%eth0", 0},
                           {"_dmarc.example.org", "_dmarc.example.org", 0},
                           {"b\xC3\xBC"
                            "cher.example",
                            "xn--bcher-kva.example", 0},
                           {"stra\xC3\x9F"
                            "e.example:443",
                            "xn--strae-oqa.example", 443},
                           {"https://b\xC3\xBC"
                            "cher.example/",
                            "xn--bcher-kva.example", 0}}) {
    Result<HostPort> const parsed = parse_host_port(good.text);
    ASSERT_TRUE(parsed) << good.text << ": " << parsed.error().detail;
    EXPECT_EQ(parsed->host, good.host) << good.text;
    EXPECT_EQ(parsed->port.value_or(0), good.port) << good.text;
  }
}

TEST(HostPort, KeepsTheScheme) {
  EXPECT_EQ(parse_host_port("https://example.org")->scheme, "https");
  EXPECT_EQ(parse_host_port("example.org")->scheme, "");
}

TEST(HostPort, IsRefusedWithAReason) {
  for (char const* text : {"",
                           " ",
                           "exa mple.org",
                           "example.org ",
                           "example.org:",
                           "example.org:0",
                           "example.org:65536",
                           "example.org:-1",
                           "example.org:+1",
                           "example.org:443x",
                           "example.org:4 3",
                           "a..b",
                           ".example.org",
                           "..",
                           "user@example.org",
                           "https://user@example.org/",
                           "https://user:secret@example.org/",
                           "https:///",
                           "https://",
                           "[::1",
                           "[::1]443",
                           "[example.org]",
                           "1:2:3",
                           "2001:db8::1:::",
                           "example.org/path",
                           "exa$mple.org",
                           "exam%70le.org",
                           "-a.example",
                           "a-.example",
                           "256.1.1.1",
                           "1.2.3",
                           "0x7f.1",
                           "123",
                           "a\x7f.example",
                           "\x80.example",
                           "[fe80::1%]"}) {
    Result<HostPort> const parsed = parse_host_port(text);
    ASSERT_FALSE(parsed) << text << " was read as " << parsed->host;
    EXPECT_EQ(parsed.error().kind, ErrorKind::invalid_input) << text;
    EXPECT_FALSE(parsed.error().detail.empty()) << text;
  }
  EXPECT_FALSE(parse_host_port(std::string_view{"a\0b.example", 11}));
}

TEST(HostPort, NamesASchemeThatIsNotSupported) {
  for (char const* text : {"smtp://mail.example:25", "http://example.org", "ftp://example.org"}) {
    Result<HostPort> const parsed = parse_host_port(text);
    ASSERT_FALSE(parsed);
    EXPECT_EQ(parsed.error().kind, ErrorKind::unsupported);
    EXPECT_NE(parsed.error().detail.find(std::string_view{text}.substr(0, 3)), std::string::npos) << parsed.error().detail;
  }
}

TEST(HostPort, IsBoundedInLength) {
  std::string const label(63, 'a');
  std::string const longest = label + "." + label + "." + label + "." + std::string(61, 'a');
  EXPECT_EQ(longest.size(), 253U);
  EXPECT_TRUE(parse_host_port(longest));
  EXPECT_FALSE(parse_host_port(longest + "a"));
  EXPECT_FALSE(parse_host_port(std::string(64, 'a') + ".example"));
  EXPECT_FALSE(parse_host_port(std::string(1'000'000, 'a')));
  EXPECT_FALSE(parse_host_port("https://" + std::string(1'000'000, 'a') + "/"));
}

}  // namespace
}  // namespace tlsgauge::net
