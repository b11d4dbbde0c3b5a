// The only file that includes CLI11: it takes a while to compile.

#include "cli/options.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>

#include "base/text.hpp"
#include "cli/commands.hpp"
#include "tlsgauge/report.hpp"
#include "tlsgauge/version.hpp"

namespace tlsgauge::cli {
namespace {

struct Everything {
  ScanCommand scan;
  EvaluateCommand evaluate;
  ReportCommand report;
  DiffCommand diff;
  DemoCommand demo;
  ConfigCheckCommand config_check;
  FromConfigCommand from_config;
  std::string shown_profile;
  std::string words_filter;
  std::vector<std::string> checked_profiles;
  JudgeOptions checked_against;
  RegistryCommand registry;
  FromScanCommand from_scan;
  bool list_probes = false;
};

void add_colour(CLI::App& app, OutputOptions& options) {
  app.add_option("--color", options.color,
                 "Text: auto (default: on a terminal, unless NO_COLOR is set; with CLICOLOR_FORCE anywhere), always, never")
      ->type_name("WHEN")
      ->check(CLI::IsMember({"auto", "always", "never"}));
  app.add_flag("--no-color", options.no_color, "Text: no colours, as --color never");
}

void add_output(CLI::App& app, OutputOptions& options) {
  std::vector<std::string> formats;
  for (ReportFormat const& each : report_formats()) formats.emplace_back(each.name);
  app.add_option("-o,--output", options.outputs,
                 fmt::format("FORMAT[=PATH]: {}; repeatable; no PATH is standard output", join(formats, ", ")))
      ->type_name("FORMAT[=PATH]")
      ->allow_extra_args(false);
  app.add_flag("-q,--quiet", options.quiet, "Text: one line an endpoint: verdict, score, grade, place, the worst finding");
  app.add_flag("-v,--verbose", options.verbose, "Text: requirements that are met and endpoints that are in order, too");

  add_colour(app, options);
}

void add_server_file(CLI::App& app, ServerFileOptions& options) {
  app.add_option("--server", options.server, "nginx, apache, haproxy; default: by the file's look")->type_name("NAME");
  app.add_option("--server-version", options.server_version, "Version of the server, whose defaults count: 1.22.1")->type_name("V");
  app.add_option("--openssl-version", options.openssl_version, "Version of the server's OpenSSL: 3.0.19")->type_name("V");
}

// Given but empty is a variable that is not set, not an option that is not given.
std::string given(std::string const& value) { return value.empty() ? "given, but empty" : ""; }

void add_judging(CLI::App& app, JudgeOptions& options) {
  app.add_option("-p,--profile", options.profiles, "Built-in name or YAML file; repeatable; default nginx-recommended")
      ->type_name("NAME|FILE")
      ->check(given)
      ->allow_extra_args(false);
  app.add_option("--waivers", options.waivers, "YAML file of findings that were accepted for a while; repeatable")
      ->type_name("FILE")
      ->check(given)
      ->allow_extra_args(false);
  app.add_option("--baseline", options.baseline,
                 "Result of earlier, judged by the same profiles: what failed there, for no less, does not decide the exit code")
      ->type_name("OLD.json")
      ->check(given);
  app.add_option("--fail-on", options.fail_on,
                 "Lowest severity of an unmet requirement that makes exit 1: critical, high, medium (default), low, never")
      ->type_name("SEVERITY")
      ->check(given);
  app.add_option("--min-score", options.min_score, "Exit 1 below this score, what is waived counted as met")
      ->type_name("N")
      ->check(CLI::Range(0, 100));
  app.add_option("--min-grade", options.min_grade, "Exit 1 below this grade, one of the profile's")->type_name("GRADE")->check(given);
  app.add_option("--on-inconclusive", options.on_inconclusive,
                 "What an inconclusive answer does: fail (default) makes exit 3, warn a line on standard error; an endpoint that was not "
                 "reached, or of which nothing could be judged, is exit 3 either way")
      ->check(CLI::IsMember({"fail", "warn"}));
}

void add_expected(CLI::App& app, JudgeOptions& options) {
  app.add_option("--expect-config", options.expected.file,
                 "Judge by what this configuration file of the server promises: drift, point by point; alone unless -p is given too")
      ->type_name("FILE")
      ->check(given);
  add_server_file(app, options.expected);
}

void add_scan(CLI::App& app, Everything& all) {
  ScanCommand& scan = all.scan;
  app.add_option("TARGET", scan.targets, "host, host:port, [v6]:port, https://host:port/, 192.0.2.0/28:443");
  app.add_option("-i,--input", scan.target_files, "File with one target a line, # comments, or nmap -oX or -oG output; - is standard input")
      ->type_name("FILE")
      ->allow_extra_args(false);
  add_judging(app, scan.judge);
  add_expected(app, scan.judge);
  add_output(app, scan.output);
  app.add_option("--only", scan.scan.only, "Ask only these questions, and what they rest on")
      ->type_name("NAME,...")
      ->delimiter(',')
      ->allow_extra_args(false);
  app.add_option("--also", scan.scan.also, "Ask these too, which are asked on request only")
      ->type_name("NAME,...")
      ->delimiter(',')
      ->allow_extra_args(false);
  app.add_option("--skip", scan.scan.skip, "Leave these questions out")->type_name("NAME,...")->delimiter(',')->allow_extra_args(false);
  app.add_flag("--list-probes", all.list_probes, "Name the questions and end");
  app.add_option("--sni", scan.scan.server_name, "Server name to send and to verify, in place of the target's host")->type_name("NAME");
  app.add_option("--connect", scan.connect, "Connect here in place of the target's host and port")->type_name("ADDRESS[:PORT]");
  auto* const v4 = app.add_flag("-4", scan.v4, "IPv4 only");
  app.add_flag("-6", scan.v6, "IPv6 only")->excludes(v4);
  app.add_flag("--all-addresses", scan.scan.all_addresses, "Scan every address of a name, each as an endpoint of its own");
  app.add_option("--ca-file", scan.scan.ca_file, "Anchors to trust beside those of each store")->type_name("PEM");
  app.add_option("--trust-store", scan.scan.trust_stores,
                 "Anchors to trust: system (default), mozilla, a name in a folder of stores, or a path; repeatable, the first one decides")
      ->type_name("NAME")
      ->allow_extra_args(false);
  app.add_option("--ct-logs", scan.ct_logs, "Certificate Transparency logs to verify timestamps with: a log_list.json of version 3")
      ->type_name("FILE.json");
  app.add_option("--dns-server", scan.scan.dns_server,
                 "DNS server to ask for CAA, TLSA and HTTPS records; default: those of /etc/resolv.conf")
      ->type_name("ADDRESS[@PORT]");
  app.add_option("--dns-anchor", scan.scan.dns_anchor, "DS or DNSKEY of the root that DNSSEC begins with; default: Debian's root.key")
      ->type_name("FILE");
  app.add_option("--at", scan.judge.at, "Judge certificates and waivers as of this moment (RFC 3339)")->type_name("TIME")->check(given);
  app.add_option("--timeout", scan.timeout_s, "Seconds for one connection, 0.1 to 600")->type_name("S")->capture_default_str();
  app.add_option("--concurrency", scan.scan.concurrency, "Connections in flight in all")
      ->type_name("N")
      ->check(CLI::Range(1U, 10000U))
      ->capture_default_str();
  app.add_option("--per-host", scan.scan.per_host, "Connections in flight per address")
      ->type_name("N")
      ->check(CLI::Range(1U, 256U))
      ->capture_default_str();
  app.add_option("--rate", scan.scan.rate, "New connections a second in all; 0 is no limit")
      ->type_name("N")
      ->check(CLI::Range(0.0, 1e6))
      ->capture_default_str();
  app.add_option("--evidence", scan.evidence, "Write every hello and its answer to this file, one JSON object a line")
      ->type_name("FILE.jsonl");
  app.add_option("--http-port", scan.scan.http_port, "Where the host speaks plain HTTP; default 80 for targets at port 443, else not asked")
      ->type_name("N")
      ->check(CLI::Range(1, 65535));
  app.add_flag("--offline", scan.scan.offline, "Connect to nothing but the targets");
  app.add_option("--progress", scan.progress,
                 "How far the scan is, on standard error: auto (on a terminal, unless CI is set), always (else a line now and then), never")
      ->check(CLI::IsMember({"auto", "always", "never"}))
      ->capture_default_str();
  app.footer(
      "Examples:\n  tlsgauge scan example.com\n  tlsgauge scan -o json=out.json -o html=out.html example.com:8443\n"
      "  tlsgauge scan -p mozilla-intermediate --fail-on high -i targets.txt -q\n\n"
      "Exit: 0 all met, 1 a requirement unmet, 2 usage, 3 a verdict is missing, 4 own fault, 129/130/143 interrupted.");
}

void add_config(CLI::App& app, std::shared_ptr<Everything> const& all, Parsed& parsed) {
  CLI::App* const config = app.add_subcommand("config", "Configuration files of servers");
  config->require_subcommand(1);
  CLI::App* const check = config->add_subcommand("check", "What is wrong in a server's configuration file, and what to write instead");
  ConfigCheckCommand& command = all->config_check;
  check->add_option("FILE", command.config.file, "Configuration file of a server")->required();
  add_server_file(*check, command.config);
  check->add_option("-o,--output", command.outputs, "text, json, or fixed, the corrected file; repeatable; no PATH is standard output")
      ->type_name("FORMAT[=PATH]")
      ->allow_extra_args(false);
  check->add_flag("--fix", command.fix, "Correct the file itself, then say what is left");
  check->add_option("--fail-on", command.fail_on, "Lowest severity of a finding that makes exit 1: critical, high, medium, low, never")
      ->type_name("SEVERITY")
      ->capture_default_str();
  check->callback([all, &parsed] { parsed.command = [all] { return config_check_command(all->config_check); }; });
}

void add_diff(CLI::App& app, std::shared_ptr<Everything> const& all, Parsed& parsed) {
  CLI::App* const diff = app.add_subcommand("diff", "What changed between two stored results; exit 1 if something got worse");
  DiffCommand& command = all->diff;
  diff->add_option("OLD", command.before, "Result document (JSON or JSON lines); - is standard input")->required();
  diff->add_option("NEW", command.now, "The later one; - is standard input")->required();
  diff->add_option("--fail-on", command.fail_on,
                   "Lowest severity of what got worse that makes exit 1: critical, high, medium, low (default), never")
      ->type_name("SEVERITY")
      ->check(given);
  diff->add_option("-o,--output", command.output.outputs, "FORMAT[=PATH]: text, json, markdown; repeatable; no PATH is standard output")
      ->type_name("FORMAT[=PATH]")
      ->allow_extra_args(false);
  diff->add_flag("-q,--quiet", command.output.quiet, "Text: one line");
  diff->add_flag("-v,--verbose", command.output.verbose, "Text: every change, also of what is met");
  add_colour(*diff, command.output);
  diff->callback([all, &parsed] { parsed.command = [all] { return diff_command(all->diff); }; });
  diff->footer(
      "Exit: 0 nothing got worse, 1 something did, 2 usage, 3 nothing did as far as is known, but evidence is missing, 4 own fault.");
}

std::string one_line(std::string text) {
  for (char& c : text) {
    if (c == '\n' || c == '\r') c = ' ';
  }
  return std::string{trim(printable(text))};
}

/// CLI11 calls an unknown option of a subcommand an extra argument; a near miss deserves a hint.
std::string unknown_option_hint(CLI::App const& app, std::string const& message) {
  std::vector<std::string> names;
  CLI::App const* used = &app;
  while (!used->get_subcommands().empty()) used = used->get_subcommands().front();
  for (CLI::Option const* option : used->get_options()) {
    for (std::string const& name : option->get_lnames()) names.push_back("--" + name);
  }
  std::vector<std::string_view> const views{names.begin(), names.end()};
  for (std::string_view const word : split(message, ' ')) {
    if (!word.starts_with("--") || word.ends_with(':')) continue;  // "--name: what": a known one, wrong in its value
    std::string_view const near = nearest(word.substr(0, word.find('=')), views);
    if (!near.empty()) return fmt::format("; did you mean {}?", near);
  }
  return "";
}

/// CLI11 only says that a subcommand is required.
std::string unknown_command(CLI::App const& app, std::vector<std::string> const& arguments) {
  if (arguments.empty() || arguments.front().starts_with("-") || !app.get_subcommands().empty()) return "";
  std::vector<std::string> names;
  for (CLI::App const* command : app.get_subcommands([](CLI::App const*) { return true; })) names.push_back(command->get_name());
  return fmt::format("'{}' is no command; known are {}", printable(arguments.front()), join(names, ", "));
}

void build(CLI::App& app, std::shared_ptr<Everything> const& all, Parsed& parsed) {
  app.require_subcommand(1);
  app.set_version_flag("--version", fmt::format("{} {}", kName, kVersion));
  app.set_help_flag("-h,--help", "Print this help");

  CLI::App* const scan = app.add_subcommand("scan", "Measure endpoints, judge them, report");
  add_scan(*scan, *all);
  scan->callback([all, &parsed] { parsed.command = [all] { return all->list_probes ? list_probes_command() : scan_command(all->scan); }; });

  CLI::App* const evaluate = app.add_subcommand("evaluate", "Judge facts that were measured earlier; opens no connection");
  evaluate->add_option("RESULT", all->evaluate.document, "Result document (JSON or JSON lines); - is standard input")->required();
  add_judging(*evaluate, all->evaluate.judge);
  add_expected(*evaluate, all->evaluate.judge);
  evaluate->add_option("--at", all->evaluate.judge.at, "Judge waivers as of this moment (RFC 3339); certificates were judged when measured")
      ->type_name("TIME")
      ->check(given);
  add_output(*evaluate, all->evaluate.output);
  evaluate->callback([all, &parsed] { parsed.command = [all] { return evaluate_command(all->evaluate); }; });

  CLI::App* const report = app.add_subcommand("report", "Render a stored result in another format");
  report->add_option("RESULT", all->report.document, "Result document (JSON or JSON lines); - is standard input")->required();
  report
      ->add_option("--fail-on", all->report.fail_on,
                   "Lowest severity of an unmet requirement that formats for pipelines call an error: critical, high, medium (default), "
                   "low, never")
      ->type_name("SEVERITY");
  add_output(*report, all->report.output);
  report->callback([all, &parsed] { parsed.command = [all] { return report_command(all->report); }; });

  add_diff(app, all, parsed);

  CLI::App* const profile = app.add_subcommand("profile", "The policy profiles");
  profile->require_subcommand(1);
  profile->add_subcommand("list", "Name the built-in profiles")->callback([&parsed] { parsed.command = profile_list_command; });
  CLI::App* const show = profile->add_subcommand("show", "Explain a profile in words");
  show->add_option("PROFILE", all->shown_profile, "Built-in name or YAML file")->required();
  show->callback([all, &parsed] { parsed.command = [all] { return profile_show_command(all->shown_profile); }; });
  CLI::App* const words = profile->add_subcommand("words", "The facts, operators and qualities that profiles can name");
  words->add_option("TEXT", all->words_filter, "Only those that have this text in their name or sentence");
  words->callback([all, &parsed] { parsed.command = [all] { return profile_words_command(all->words_filter); }; });
  CLI::App* const check = profile->add_subcommand("check",
                                                  "Check files of profiles and waivers: whether they load, and what in them cannot be "
                                                  "meant (an error, exit 2: demands that contradict each other, "
                                                  "conditions that are never true) or does nothing (a warning, exit 0)");
  check->add_option("FILE", all->checked_profiles, "YAML files or built-in names")->required();
  check
      ->add_option("-p,--profile", all->checked_against.profiles,
                   "For waivers: profiles that they are for, beside those of FILE; default: the built-in ones")
      ->type_name("NAME|FILE")
      ->check(given)
      ->allow_extra_args(false);
  check->add_option("--at", all->checked_against.at, "For waivers: as of this moment (RFC 3339)")->type_name("TIME")->check(given);
  check->callback(
      [all, &parsed] { parsed.command = [all] { return profile_check_command(all->checked_profiles, all->checked_against); }; });

  CLI::App* const from_scan = profile->add_subcommand("from-scan", "Write a profile that the endpoints of a stored result just meet");
  from_scan->add_option("RESULT", all->from_scan.document, "Result document (JSON or JSON lines); - is standard input")->required();
  from_scan->add_option("-o,--output", all->from_scan.output, "Where to write it; default standard output")->type_name("FILE.yaml");
  from_scan->add_option("--endpoint", all->from_scan.endpoint, "Only this endpoint; default: what all of them meet")
      ->type_name("HOST:PORT");
  from_scan->add_option("--name", all->from_scan.name, "Name of the profile")->type_name("NAME");
  from_scan->callback([all, &parsed] { parsed.command = [all] { return profile_from_scan_command(all->from_scan); }; });

  CLI::App* const from = profile->add_subcommand("from-config", "What a server's configuration file promises, as a profile");
  from->add_option("FILE", all->from_config.config.file, "Configuration file of a server")->required();
  add_server_file(*from, all->from_config.config);
  from->add_option("--host", all->from_config.host, "Host name that the server is asked for; default: its first default host")
      ->type_name("NAME");
  from->add_option("-o,--output", all->from_config.output, "Where the profile goes; default: standard output")->type_name("FILE.yaml");
  from->callback([all, &parsed] { parsed.command = [all] { return profile_from_config_command(all->from_config); }; });

  add_config(app, all, parsed);

  CLI::App* const demo = app.add_subcommand("demo", "Scan two TLS servers of its own on loopback, a good and a bad one");
  demo->add_flag("--keep", all->demo.keep, "Leave the servers up until Ctrl-C and print commands to try");
  demo->add_option("--dir", all->demo.folder, "Where the reports go")->type_name("FOLDER")->capture_default_str();
  demo->add_flag("--no-color", all->demo.no_color, "No colours");
  demo->callback([all, &parsed] { parsed.command = [all] { return demo_command(all->demo); }; });

  CLI::App* const registry = app.add_subcommand("registry", "The code-point tables, and what OpenSSL's lists select from them");
  registry->add_option("TABLE", all->registry.table, "ciphers, groups, signatures")
      ->required()
      ->check(CLI::IsMember({"ciphers", "groups", "signatures"}));
  auto* const wanted = registry->add_option("NAME", all->registry.wanted, "Only this name or code (0xC02F)");
  auto* const list =
      registry->add_option("--openssl", all->registry.openssl, "What OpenSSL selects by this cipher string, or list of groups")
          ->type_name("STRING")
          ->excludes(wanted);
  registry->add_option("--ciphersuites", all->registry.ciphersuites, "What OpenSSL selects by this list of suites of TLS 1.3")
      ->type_name("LIST")
      ->excludes(wanted)
      ->excludes(list);
  registry->add_option("--openssl-version", all->registry.openssl_version, "As this version reads it; default Debian 12's, 3.0")
      ->type_name("X.Y.Z");
  registry->add_flag("--weak-ciphers", all->registry.weak_ciphers,
                     "As a build with enable-weak-ssl-ciphers reads it: RC4, 3DES and the like");
  registry->callback([all, &parsed] { parsed.command = [all] { return registry_command(all->registry); }; });
}

}  // namespace

Parsed parse_command_line(std::vector<std::string> const& arguments) {
  auto const all = std::make_shared<Everything>();
  all->scan.arguments = arguments;
  // What stands behind -- is never an option; CLI11 2.1 takes -host- for -h there.
  auto const mark = std::find(arguments.begin(), arguments.end(), "--");
  std::vector<std::string> const options{arguments.begin(), mark};
  std::vector<std::string> const plain{mark == arguments.end() ? mark : mark + 1, arguments.end()};
  Parsed parsed;
  CLI::App app{"Audits TLS endpoints: what they accept, whether they are within tolerance, and what to change.", std::string{kName}};
  build(app, all, parsed);
  try {
    app.parse(std::vector<std::string>{options.rbegin(), options.rend()});
    if (app.got_subcommand("scan")) {
      all->scan.targets.insert(all->scan.targets.end(), plain.begin(), plain.end());
    } else if (!plain.empty()) {
      throw UsageError("only scan takes arguments behind --");
    }
  } catch (CLI::CallForHelp const&) {
    parsed.text = app.help();
    parsed.command = nullptr;
  } catch (CLI::CallForVersion const&) {
    parsed.text = fmt::format("{} {}\n", kName, kVersion);
    parsed.command = nullptr;
  } catch (CLI::ParseError const& error) {
    std::string const message = one_line(error.what());
    std::string const stranger = unknown_command(app, options);
    throw UsageError(stranger.empty() ? message + unknown_option_hint(app, message) : stranger);
  }
  return parsed;
}

}  // namespace tlsgauge::cli
