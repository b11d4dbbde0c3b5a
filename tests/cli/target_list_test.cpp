#include "cli/target_list.hpp"

#include <gtest/gtest.h>

#include "cli/exit_code.hpp"

namespace tlsgauge::cli {
namespace {

std::vector<std::string> places(std::vector<Target> const& targets) {
  std::vector<std::string> all;
  for (Target const& target : targets) all.push_back(target.host + "|" + std::to_string(target.port));
  return all;
}

std::string fault_of(std::string_view text) {
  try {
    (void)parse_target_list(text, "list.txt");
  } catch (UsageError const& error) {
    return error.what();
  }
  return "";
}

TEST(TargetList, ReadsOneTargetALineWithComments) {
  EXPECT_EQ(places(parse_target_list("# ours\nexample.com\n\n  192.0.2.7:8443  # spare\n[2001:db8::1]:443\r\n", "list.txt")),
            (std::vector<std::string>{"example.com|443", "192.0.2.7|8443", "2001:db8::1|443"}));
}

TEST(TargetList, NamesFileLineAndTargetOfAFault) {
  std::string const fault = fault_of("example.com\nexample.com:70000\n");
  EXPECT_NE(fault.find("list.txt:2:"), std::string::npos) << fault;
  EXPECT_NE(fault.find("example.com:70000"), std::string::npos) << fault;
}

TEST(TargetList, TakesTlsPortsFromNmapGrepableOutput) {
  std::string_view const text =
      "# Nmap 7.93 scan initiated as: nmap -oG - 192.0.2.0/30\n"
      "Host: 192.0.2.1 (a.example)\tStatus: Up\n"
      "Host: 192.0.2.1 (a.example)\tPorts: 22/open/tcp//ssh///, 443/open/tcp//https///, 8443/open/tcp//ssl|http///, "
      "444/closed/tcp//https///\tIgnored\n"
      "# Nmap done\n";
  EXPECT_EQ(places(parse_target_list(text, "scan.gnmap")), (std::vector<std::string>{"192.0.2.1|443", "192.0.2.1|8443"}));
}

TEST(TargetList, SaysWhichLineNamesATarget) {
  auto const lines = [](std::string_view text) {
    std::vector<std::string> all;
    for (Target const& target : parse_target_list(text, "a/list.txt"))
      all.push_back(target.list_file + ":" + std::to_string(target.list_line));
    return all;
  };
  EXPECT_EQ(lines("# ours\nexample.com\n\n192.0.2.0/31:443\n"), (std::vector<std::string>{"a/list.txt:2", "a/list.txt:4", "a/list.txt:4"}));
  EXPECT_EQ(lines("# Nmap 7.93\nHost: 192.0.2.1 ()\tPorts: 443/open/tcp//https///, 8443/open/tcp//https///\n"),
            (std::vector<std::string>{"a/list.txt:2", "a/list.txt:2"}));
  EXPECT_EQ(collect_targets({"example.com"}, {})[0].list_file, "");
}

std::string const kNmapXml =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE nmaprun>\n<!-- Nmap 7.93 scan -->\n"
    "<nmaprun scanner=\"nmap\" version=\"7.93\" xmloutputversion=\"1.05\">\n"
    "<host><status state=\"up\" reason=\"user-set\" reason_ttl=\"0\"/>\n"
    "<address addr=\"00:00:5E:00:53:01\" addrtype=\"mac\"/><address addr=\"192.0.2.1\" addrtype=\"ipv4\"/>\n"
    "<hostnames><hostname name=\"reverse.example\" type=\"PTR\"/>NAMES</hostnames>\n"
    "<ports>\nPORTS</ports></host></nmaprun>\n";

std::string nmap_xml(std::string const& ports, std::string const& names = {}) {
  std::string text = kNmapXml;
  text.replace(text.find("NAMES"), 5, names);
  return text.replace(text.find("PORTS"), 5, ports);
}

std::string nmap_port(std::string const& number, std::string const& inside, std::string const& state = "open",
                      std::string const& protocol = "tcp") {
  return "<port protocol=\"" + protocol + "\" portid=\"" + number + "\"><state state=\"" + state +
         "\" reason=\"syn-ack\" reason_ttl=\"0\"/>" + inside + "</port>\n";
}

std::vector<std::string> places_of_xml(std::string const& text) { return places(parse_target_list(text, "scan.xml")); }

TEST(TargetList, TakesTlsPortsFromNmapXml) {
  auto const named = [&](std::string name) { return "<service method=\"table\" conf=\"3\" name=\"" + std::move(name) + "\"/>"; };
  EXPECT_EQ(places_of_xml(nmap_xml(nmap_port("22", named("ssh")) + nmap_port("443", "") + nmap_port("444", named("https"), "closed") +
                                   nmap_port("8443", named("http\" tunnel=\"ssl")) + nmap_port("993", named("imaps")) +
                                   nmap_port("4433", named("unknown") + "<script id=\"ssl-cert\" output=\"x\"/>") +
                                   nmap_port("25", named("smtp") + "<script id=\"ssl-cert\" output=\"x\"/>") +
                                   nmap_port("443", named("https"), "open", "udp") + nmap_port("80", named("http")))),
            (std::vector<std::string>{"192.0.2.1|443", "192.0.2.1|8443", "192.0.2.1|993", "192.0.2.1|4433"}));
}

TEST(TargetList, SaysWhichPortsOfNmapNeedStartTls) {
  auto const named = [&](std::string name) { return "<service method=\"table\" conf=\"3\" name=\"" + std::move(name) + "\"/>"; };
  auto const left_out_of = [](std::string const& text) {
    LeftOut left_out;
    (void)parse_target_list(text, "list", &left_out);
    return left_out.text();
  };
  // Closed ports, other protocols, services without TLS and those with TLS from the first octet are none of them.
  EXPECT_EQ(left_out_of(nmap_xml(nmap_port("25", named("smtp")) + nmap_port("143", named("imap")) + nmap_port("22", named("ssh")) +
                                 nmap_port("21", named("ftp"), "closed") + nmap_port("25", named("smtp"), "open", "udp") +
                                 nmap_port("110", named("pop3\" tunnel=\"ssl")) + nmap_port("993", named("imaps")))),
            "2 ports left out, where TLS comes after STARTTLS: smtp 25, imap 143");
  EXPECT_EQ(left_out_of(nmap_xml(nmap_port("443", ""))), "");
  EXPECT_EQ(left_out_of("# Nmap 7.93\nHost: 192.0.2.1 ()\tPorts: 25/open/tcp//smtp///, 443/open/tcp//https///, 80/open/tcp//http///\n"
                        "Host: 192.0.2.2 ()\tPorts: 25/open/tcp//smtp///, 110/open/tcp//ssl|pop3///\n"),
            "2 ports left out, where TLS comes after STARTTLS: smtp 25");
  std::string many;
  for (int i = 0; i < 7; ++i) many += nmap_port(std::to_string(2500 + i), named("smtp"));
  EXPECT_EQ(left_out_of(nmap_xml(many)),
            "7 ports left out, where TLS comes after STARTTLS: smtp 2500, smtp 2501, smtp 2502, smtp 2503, smtp 2504, ...");
}

TEST(TargetList, ScansTheNameThatNmapWasGiven) {
  std::vector<Target> const targets = parse_target_list(
      nmap_xml(nmap_port("80", "") + nmap_port("443", ""), "<hostname name=\"www.example.com\" type=\"user\"/>"), "scan.xml");
  ASSERT_EQ(targets.size(), 1U);
  EXPECT_EQ(targets[0].host, "www.example.com");
  EXPECT_EQ(targets[0].server_name, "www.example.com");
  EXPECT_EQ(targets[0].list_file, "scan.xml");
  EXPECT_EQ(targets[0].list_line, 10U);
}

TEST(TargetList, ReadsAnIpv6HostOfNmapXml) {
  std::string text = nmap_xml(nmap_port("443", ""));
  text.replace(text.find("192.0.2.1\" addrtype=\"ipv4"), 25, "2001:db8::1\" addrtype=\"ipv6");
  EXPECT_EQ(places_of_xml(text), (std::vector<std::string>{"2001:db8::1|443"}));
}

TEST(TargetList, NamesTheLineOfBrokenNmapXml) {
  std::string const text = nmap_xml(nmap_port("443", ""));
  EXPECT_NE(fault_of(text.substr(0, text.size() / 2)).find("list.txt:"), std::string::npos);
  EXPECT_NE(fault_of("<?xml version=\"1.0\"?>\n\n<html/>").find("list.txt:3: no XML of nmap"), std::string::npos)
      << fault_of("<?xml version=\"1.0\"?>\n\n<html/>");
  EXPECT_NE(
      fault_of(nmap_xml(nmap_port("70000", "<service name=\"https\" method=\"table\" conf=\"3\"/>"))).find("list.txt:9: '192.0.2.1:70000'"),
      std::string::npos);
  EXPECT_NE(fault_of("<?xml version=\"1.0\"?>").find("list.txt:1: no well-formed XML"), std::string::npos);
}

TEST(TargetList, ExpandsNoEntityOfNmapXml) {
  // Neither a file nor a bomb: the reference stays text, which is no host.
  std::string text = nmap_xml(nmap_port("443", ""), "<hostname name=\"&x;\" type=\"user\"/>");
  text.replace(text.find("<!DOCTYPE nmaprun>"), 18, "<!DOCTYPE nmaprun [<!ENTITY x SYSTEM \"file:///etc/hostname\">]>");
  EXPECT_NE(fault_of(text).find("'&x;:443'"), std::string::npos) << fault_of(text);
}

TEST(TargetList, BearsDeeplyNestedNmapXml) {
  std::string deep = "<?xml version=\"1.0\"?><nmaprun>";
  for (int i = 0; i < 200'000; ++i) deep += "<host>";
  for (int i = 0; i < 200'000; ++i) deep += "</host>";
  EXPECT_TRUE(parse_target_list(deep + "</nmaprun>", "scan.xml").empty());
}

TEST(TargetList, PassesOverAByteOrderMark) {
  EXPECT_EQ(places(parse_target_list("\xEF\xBB\xBF"
                                     "192.0.2.1\n",
                                     "list")),
            (std::vector<std::string>{"192.0.2.1|443"}));
}

TEST(TargetList, AsksEachEndpointOnce) {
  EXPECT_EQ(places(collect_targets({"example.com", "https://example.com/", "example.com:444"}, {})),
            (std::vector<std::string>{"example.com|443", "example.com|444"}));
}

TEST(TargetList, RefusesToScanNothing) { EXPECT_THROW((void)collect_targets({}, {}), UsageError); }

}  // namespace
}  // namespace tlsgauge::cli
