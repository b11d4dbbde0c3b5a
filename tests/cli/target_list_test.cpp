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

TEST(TargetList, RefusesNmapXmlWithAHint) { EXPECT_NE(fault_of("<?xml version=\"1.0\"?>").find("-oG"), std::string::npos); }

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
