#include <gtest/gtest.h>

#include "base/address.hpp"
#include "crypto/certificate.hpp"

namespace tlsgauge::crypto {
namespace {

using namespace std::string_literals;

Certificate with(std::vector<std::string> names, std::vector<std::string> const& addresses = {}) {
  Certificate certificate;
  for (std::string const& name : names) certificate.subject_alt_names.push_back("DNS:" + name);
  certificate.dns_names = std::move(names);
  for (std::string const& literal : addresses) {
    certificate.ip_addresses.push_back(parse_address(literal).value());
    certificate.subject_alt_names.push_back("IP:" + literal);
  }
  return certificate;
}

struct Row {
  std::string presented;  ///< dNSName
  std::string reference;
  bool matches;
};

TEST(Hostname, FollowsRfc9525ForDnsNames) {
  Row const rows[] = {
      {"example.com", "example.com", true},
      {"example.com", "EXAMPLE.com", true},
      {"EXAMPLE.COM", "example.com", true},
      {"example.com", "example.com.", true},
      {"example.com.", "example.com", false},
      {"example.com", "example.com..", false},
      {"example.com", "www.example.com", false},
      {"www.example.com", "example.com", false},
      {"example.com", "example.org", false},
      {"example.com", "xexample.com", false},
      {"example.com", ".example.com", false},
      {".example.com", "www.example.com", false},
      {".example.com", ".example.com", false},
      {"localhost", "localhost", true},
      {"foo_bar.example.com", "foo_bar.example.com", true},
      {"*.example.com", "www.example.com", true},
      {"*.example.com", "WWW.Example.COM", true},
      {"*.EXAMPLE.com", "www.example.com", true},
      {"*.example.com", "www.example.com.", true},
      {"*.example.com", "example.com", false},
      {"*.example.com", "a.b.example.com", false},
      {"*.example.com", ".example.com", false},
      {"*.example.com", "*.example.com", false},
      {"*.example.com", "www.example.org", false},
      {"*.example.com", "xn--caf-dma.example.com", true},
      {"xn--caf-dma.example.com", "XN--CAF-DMA.example.com", true},
      {"*.xn--caf-dma.example", "www.xn--caf-dma.example", true},
      {"*.com", "example.com", false},
      {"*.localhost", "www.localhost", false},
      {"*", "example.com", false},
      {"*", "localhost", false},
      {"*.", "example.", false},
      {"*..com", "example..com", false},
      {"f*o.example.com", "foo.example.com", false},
      {"*oo.example.com", "foo.example.com", false},
      {"fo*.example.com", "foo.example.com", false},
      {"xn--*.example.com", "xn--caf-dma.example.com", false},
      {"www.*.example.com", "www.a.example.com", false},
      {"*.*.example.com", "a.b.example.com", false},
      {"**.example.com", "www.example.com", false},
      {"*.example.*", "www.example.com", false},
      {"", "example.com", false},
      {"example.com", "", false},
      {"example.com\0.evil.test"s, "example.com", false},
      {"example.com\0.evil.test"s, "example.com\0.evil.test"s, false},
      {"example.com", "example.com\0"s, false},
      {"*.example.com\0.evil.test"s, "www.example.com", false},
      {"*.evil.test", "www\0.evil.test"s, false},
      {"192.0.2.1", "192.0.2.1", false},
      {"*.0.2.1", "192.0.2.1", false},
      {"2001:db8::1", "2001:db8::1", false},
      {"1.2.3.4.5", "1.2.3.4.5", true},
      {std::string(64, 'a') + ".example.com", std::string(64, 'a') + ".example.com", false},
      {std::string(63, 'a') + ".example.com", std::string(63, 'a') + ".example.com", true},
      {"b\xC3\xBC"
       "cher.example",
       "xn--bcher-kva.example", false},
      {"xn--bcher-kva.example",
       "b\xC3\xBC"
       "cher.example",
       true},
      {"xn--bcher-kva.example",
       "B\xC3\x9C"
       "CHER.example.",
       true},
      {"example.com", "b\xFF.example.com", false},
      {"*.co.uk", "example.co.uk", false},
      {"*.CO.uk", "example.co.uk", false},
      {"*.example.co.uk", "www.example.co.uk", true},
      {"*.xn--p1ai", "example.xn--p1ai", false},
      {"*.foo.ck", "www.foo.ck", false},
      {"*.github.io", "someone.github.io", true},
      {"*.tlsgauge.test", "server.tlsgauge.test", true},
  };
  for (Row const& row : rows) {
    HostnameMatch const found = match_hostname(with({row.presented}), row.reference);
    EXPECT_EQ(found.matches, row.matches) << row.presented << " for " << row.reference << ": " << found.reason;
    EXPECT_FALSE(found.reason.empty());
  }
}

TEST(Hostname, ComparesAddressesOctetByOctet) {
  Row const rows[] = {
      {"192.0.2.1", "192.0.2.1", true},         {"192.0.2.1", "192.0.2.2", false},        {"2001:db8::1", "2001:db8::1", true},
      {"2001:db8::1", "2001:DB8:0:0::1", true}, {"2001:db8::1", "[2001:db8::1]", true},   {"fe80::1", "fe80::1%eth0", true},
      {"2001:db8::1", "2001:db8::2", false},    {"192.0.2.1", "::ffff:192.0.2.1", false}, {"192.0.2.1", "192.0.2.1.", false},
      {"192.0.2.1", "192.0.2.01", false},       {"127.0.0.1", "localhost", false},        {"192.0.2.1", "0300.0.2.1", false},
  };
  for (Row const& row : rows) {
    EXPECT_EQ(match_hostname(with({}, {row.presented}), row.reference).matches, row.matches) << row.presented << " for " << row.reference;
  }
}

TEST(Hostname, NeverLooksAtTheCommonName) {
  Certificate certificate;
  certificate.subject = "CN=example.com";
  HostnameMatch const found = match_hostname(certificate, "example.com");
  EXPECT_FALSE(found.matches);
  EXPECT_EQ(found.reason, "the certificate has no subjectAltName; a common name does not count (RFC 9525)");
}

TEST(Hostname, SaysWhatCoversTheName) {
  EXPECT_EQ(match_hostname(with({"a.example", "*.example.com"}), "www.example.com").reason, "DNS:*.example.com covers www.example.com");
  EXPECT_EQ(match_hostname(with({}, {"2001:db8::1"}), "2001:db8:0::1").reason, "IP:2001:db8::1 is the address");
}

TEST(Hostname, SaysWhatWasThereInstead) {
  EXPECT_EQ(match_hostname(with({"a.example"}), "www.example.com").reason,
            "no subjectAltName of the certificate covers www.example.com; it has a.example");
  EXPECT_EQ(match_hostname(with({"a.example", "b.example"}), "www.example.com").reason,
            "no subjectAltName of the certificate covers www.example.com; it has a.example and b.example");
  EXPECT_EQ(match_hostname(with({"a.example", "b.example", "c.example", "d.example"}, {"192.0.2.1"}), "www.example.com").reason,
            "no subjectAltName of the certificate covers www.example.com; it has a.example, b.example and 3 more");
  EXPECT_EQ(
      match_hostname(with({"192.0.2.1"}), "192.0.2.1").reason,
      "no subjectAltName of the certificate covers 192.0.2.1; it has 192.0.2.1; the address stands there as a DNS name, which does not "
      "count");
  Certificate only_mail;
  only_mail.subject_alt_names = {"email:a@example.com"};
  EXPECT_EQ(match_hostname(only_mail, "example.com").reason,
            "no subjectAltName of the certificate covers example.com; it has no DNS name and no IP address");
}

TEST(Hostname, ListsAllThatCoverTheName) {
  EXPECT_EQ(match_hostname(with({"*.example.com", "a.example", "www.example.com"}), "www.example.com").covered_by,
            (std::vector<std::string>{"DNS:*.example.com", "DNS:www.example.com"}));
  EXPECT_EQ(match_hostname(with({}, {"192.0.2.1"}), "192.0.2.1").covered_by, std::vector<std::string>{"IP:192.0.2.1"});
  EXPECT_TRUE(match_hostname(with({"a.example"}), "www.example.com").covered_by.empty());
  EXPECT_EQ(match_hostname(with(std::vector<std::string>(100, "a.example")), "a.example").covered_by.size(), 16U);
}

TEST(Hostname, SaysWhyANearNameDoesNotCount) {
  auto const reason = [](std::string presented, std::string_view reference) {
    std::string const whole = match_hostname(with({std::move(presented)}), reference).reason;
    return whole.substr(whole.rfind("; ") + 2);
  };
  EXPECT_EQ(reason("*.co.uk", "example.co.uk"), "*.co.uk is a wildcard directly under a public suffix, which does not count");
  EXPECT_EQ(reason("www.example.com.", "www.example.com"), "www.example.com. ends in a dot, which a name in a certificate must not");
  EXPECT_EQ(reason("w*.example.com", "www.example.com"), "w*.example.com has a wildcard that is not the whole label, which does not count");
  EXPECT_NE(reason("www.example.com\0.evil.test"s, "www.example.com").find("holds a NUL octet"), std::string::npos);
  EXPECT_NE(reason("b\xC3\xBC"
                   "cher.example",
                   "xn--bcher-kva.example")
                .find("is not in A-labels"),
            std::string::npos);
}

TEST(Hostname, ShowsOnlyTheBeginningOfEndlessNames) {
  EXPECT_LT(match_hostname(with({std::string(100'000, 'a')}), std::string(200, 'b')).reason.size(), 400U);
}

}  // namespace
}  // namespace tlsgauge::crypto
