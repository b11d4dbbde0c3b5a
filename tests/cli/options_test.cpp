#include "cli/options.hpp"

#include <gtest/gtest.h>

#include "cli/exit_code.hpp"

namespace tlsgauge::cli {
namespace {

std::string fault_of(std::vector<std::string> const& arguments) {
  try {
    (void)parse_command_line(arguments);
  } catch (UsageError const& error) {
    return error.what();
  }
  return "";
}

TEST(Options, EveryCommandOfTheContractThatThereIsParses) {
  for (std::vector<std::string> const& arguments : std::vector<std::vector<std::string>>{
           {"scan", "example.com"},
           {"scan", "-p", "mozilla-modern", "-p", "x.yaml", "-o", "json=a", "-o", "text", "--fail-on", "high", "example.com",
            "example.org"},
           {"scan", "--only", "protocols,http", "--sni", "a", "--connect", "192.0.2.1:444", "-4", "--timeout", "2.5", "example.com"},
           {"evaluate", "-", "-p", "mozilla-modern"},
           {"report", "a.json", "-o", "html=a.html"},
           {"profile", "list"},
           {"profile", "show", "nginx-recommended"},
           {"profile", "check", "a.yaml", "b.yaml"},
           {"profile", "from-scan", "a.json", "-o", "a.yaml", "--endpoint", "example.com:443", "--name", "ours"},
           {"demo", "--keep"},
           {"registry", "ciphers", "0xC02F"},
           {"registry", "ciphers", "--openssl", "HIGH:!aNULL", "--openssl-version", "1.1.1w", "--weak-ciphers"},
           {"registry", "ciphers", "--ciphersuites", ""},
           {"registry", "groups", "--openssl", "X25519:P-256"}}) {
    EXPECT_EQ(fault_of(arguments), "") << arguments.front();
  }
}

/// Each would find what the other left of it.
TEST(Options, OnlyOneFileIsStandardInput) {
  for (std::vector<std::string> const& arguments : std::vector<std::vector<std::string>>{
           {"evaluate", "-", "--baseline", "-"}, {"diff", "-", "-"}, {"scan", "-i", "-", "--baseline", "-"}}) {
    try {
      (void)parse_command_line(arguments).command();
      ADD_FAILURE() << arguments.front();
    } catch (UsageError const& error) {
      EXPECT_NE(std::string{error.what()}.find("can be standard input"), std::string::npos) << error.what();
    }
  }
}

TEST(Options, HelpAndVersionAreTextsAndNotCommands) {
  for (char const* word : {"--help", "--version"}) {
    Parsed const parsed = parse_command_line({word});
    EXPECT_FALSE(parsed.command);
    EXPECT_NE(parsed.text.find("tlsgauge"), std::string::npos);
  }
  EXPECT_NE(parse_command_line({"scan", "--help"}).text.find("--ca-file"), std::string::npos);
}

TEST(Options, AnUnknownOptionIsOneLineWithAHint) {
  std::string const fault = fault_of({"scan", "--ca-fle", "x", "example.com"});
  EXPECT_NE(fault.find("--ca-fle"), std::string::npos) << fault;
  EXPECT_NE(fault.find("did you mean --ca-file?"), std::string::npos) << fault;
  EXPECT_EQ(fault.find('\n'), std::string::npos);
}

TEST(Options, ValuesOutOfRangeAreRefused) {
  EXPECT_NE(fault_of({"scan", "--concurrency", "0", "example.com"}), "");
  EXPECT_NE(fault_of({"scan", "--per-host", "nine", "example.com"}), "");
  EXPECT_NE(fault_of({"scan", "--rate", "-1", "example.com"}), "");
  EXPECT_NE(fault_of({"scan", "--progress", "sometimes", "example.com"}), "");
  EXPECT_NE(fault_of({"scan", "-4", "-6", "example.com"}), "");
}

TEST(Options, GivenButEmptyIsNotTheSameAsNotGiven) {
  for (std::string const option : {"--min-grade", "--fail-on", "--at", "-p", "--profile", "--waivers", "--expect-config"}) {
    for (std::vector<std::string> command : {std::vector<std::string>{"scan", "example.com"}, {"evaluate", "a.json"}}) {
      command.push_back(option);
      command.emplace_back();
      std::string const fault = fault_of(command);
      EXPECT_NE(fault.find("given, but empty"), std::string::npos) << command.front() << " " << option;
      EXPECT_EQ(fault.find("did you mean"), std::string::npos) << fault;
      if (!option.starts_with("--")) continue;
      command.pop_back();
      command.back() += "=";
      EXPECT_NE(fault_of(command), "") << command.front() << " " << option << "=";
    }
  }
}

TEST(Options, WhatStandsBehindTheMarkIsATarget) {
  EXPECT_TRUE(parse_command_line({"scan", "--", "-host-"}).command);
  EXPECT_NE(fault_of({"report", "a.json", "--", "b.json"}), "");
}

TEST(Options, ACommandIsNeeded) {
  EXPECT_NE(fault_of({}), "");
  EXPECT_EQ(fault_of({"scna"}).rfind("'scna' is no command; known are scan, ", 0), 0U);
  EXPECT_NE(fault_of({"profile"}), "");
}

}  // namespace
}  // namespace tlsgauge::cli
