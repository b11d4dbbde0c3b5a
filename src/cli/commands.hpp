#pragma once
// What each command was told, and the command itself. options.cpp fills these from the command line.

#include <optional>
#include <string>
#include <vector>

#include "cli/exit_code.hpp"
#include "cli/server_files.hpp"
#include "tlsgauge/scan.hpp"

namespace tlsgauge::cli {

/// How results are shown, common to scan, evaluate and report.
struct OutputOptions {
  std::vector<std::string> outputs;  ///< FORMAT[=PATH]
  bool quiet = false;
  bool verbose = false;
  bool no_color = false;       ///< as color "never"
  std::string color = "auto";  ///< always, never
};

struct JudgeOptions {
  ServerFileOptions expected;         ///< --expect-config; file empty: none
  std::vector<std::string> profiles;  ///< names or files; empty: nginx-recommended
  std::vector<std::string> waivers;   ///< files
  std::string baseline;               ///< an earlier result; empty: none
  std::string at;                     ///< RFC 3339; empty: now
  // Of the gate; empty: as the profile says.
  std::string fail_on;
  std::optional<int> min_score;
  std::string min_grade;
  std::string on_inconclusive;
};

struct ScanCommand {
  std::vector<std::string> targets;
  std::vector<std::string> target_files;  ///< -i
  ScanOptions scan;
  std::string connect;  ///< ADDRESS[:PORT]
  double timeout_s = 10;
  bool v4 = false;
  bool v6 = false;
  std::string progress = "auto";
  std::string ct_logs;   ///< path; empty: none
  std::string evidence;  ///< path of a file that gets every exchange; empty: none
  JudgeOptions judge;
  OutputOptions output;
  std::vector<std::string> arguments;  ///< the whole command line, for the record
};

struct EvaluateCommand {
  std::string document;  ///< path, - for standard input
  JudgeOptions judge;
  OutputOptions output;
};

struct ReportCommand {
  std::string document;
  std::string fail_on = "medium";
  OutputOptions output;
};

struct DiffCommand {
  std::string before;  ///< path, - for standard input
  std::string now;     ///< path, - for standard input, not both
  std::string fail_on = "low";
  OutputOptions output;
};

struct ConfigCheckCommand {
  ServerFileOptions config;
  std::vector<std::string> outputs;  ///< FORMAT[=PATH]: text, json, fixed
  std::string fail_on = "medium";
  bool fix = false;  ///< the file itself is corrected
};

struct FromConfigCommand {
  ServerFileOptions config;
  std::string host;    ///< empty: the first default host
  std::string output;  ///< path; empty: standard output
};

struct DemoCommand {
  bool keep = false;
  std::string folder = "tlsgauge-demo";
  bool no_color = false;
};

struct FromScanCommand {
  std::string document;  ///< path, - for standard input
  std::string output;    ///< path; empty: standard output
  std::string endpoint;  ///< only this one, HOST:PORT or as it was given; empty: all
  std::string name;      ///< of the profile; empty: made of the host
};

struct RegistryCommand {
  std::string table;   ///< ciphers, groups, signatures
  std::string wanted;  ///< a name or code, or empty for all
  /// How OpenSSL would read this: a cipher string, a list of groups.
  std::optional<std::string> openssl;
  std::optional<std::string> ciphersuites;  ///< ... a list of suites of TLS 1.3
  std::string openssl_version;              ///< "3.0.19"; empty: Debian 12's
  bool weak_ciphers = false;                ///< built with enable-weak-ssl-ciphers
};

/// Each returns an exit code and throws UsageError, ProfileError, DocumentError or TargetError for what is the user's to mend.
int scan_command(ScanCommand command);
int evaluate_command(EvaluateCommand const& command);
int report_command(ReportCommand const& command);
int diff_command(DiffCommand const& command);
int demo_command(DemoCommand const& command);
int list_probes_command();
int profile_list_command();
int profile_show_command(std::string const& name);
/// `filter`: only words that have it in their name or sentence.
int profile_words_command(std::string const& filter);
/// `against`: what files of waivers are checked by.
int profile_check_command(std::vector<std::string> const& files, JudgeOptions const& against);
int profile_from_scan_command(FromScanCommand const& command);
int registry_command(RegistryCommand const& command);
int profile_from_config_command(FromConfigCommand const& command);
int config_check_command(ConfigCheckCommand const& command);

/// The user-facing line for a code that is not 0, to standard error.
void say_why(std::string const& reason);
/// Lines that do not decide the code, to standard error.
void say_warnings(std::vector<std::string> const& warnings);

}  // namespace tlsgauge::cli
