#include "tlsgauge/profile.hpp"

#include <fmt/format.h>

#include <cstdio>

#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/output.hpp"
#include "cli/waivers.hpp"
#include "policy/server_config/findings.hpp"
#include "policy/server_config/promise.hpp"
#include "policy/words.hpp"

namespace tlsgauge::cli {
namespace {

/// Loads the file and looks for what is questionable in it; true: something in it cannot be meant.
bool check_profile_file(std::string const& file) {
  Profile const profile = load_profile(file);
  std::size_t errors = 0;
  std::vector<ProfileFinding> const findings = lint_profile(file);
  for (ProfileFinding const& finding : findings) {
    errors += finding.error ? 1 : 0;
    std::fputs((finding.text + "\n").c_str(), stderr);
  }
  std::string const counted =
      findings.empty() ? "" : fmt::format(", but see {} remark{}", findings.size(), findings.size() == 1 ? "" : "s");
  if (errors == 0)
    write_stdout(fmt::format("{}: {} {} is well-formed{}\n", file, profile.identity().name, profile.identity().version, counted));
  return errors > 0;
}

}  // namespace

int profile_list_command() {
  std::string text;
  std::size_t width = 0;
  for (ProfileSummary const& profile : built_in_profiles()) width = std::max(width, profile.name.size());
  for (ProfileSummary const& profile : built_in_profiles()) {
    text += fmt::format("{:<{}}  {:<8}  {}\n", profile.name, width, profile.version, profile.title);
  }
  write_stdout(text);
  return kMeets;
}

int profile_show_command(std::string const& name) {
  write_stdout(describe(load_profile(name)));
  return kMeets;
}

int profile_words_command(std::string const& filter) {
  std::string const text = policy::describe_words(filter);
  if (text.empty()) throw UsageError(fmt::format("no word of profiles has '{}' in it", printable(filter)));
  write_stdout(text);
  return kMeets;
}

int profile_check_command(std::vector<std::string> const& files, JudgeOptions const& against) {
  std::vector<std::string> waivers;
  JudgeOptions beside = against;  // waivers are for the profiles that are checked with them
  bool wrong = false;
  for (std::string const& file : files) {
    if (is_waiver_file(file)) {
      waivers.push_back(file);
    } else {
      wrong = check_profile_file(file) || wrong;
      beside.profiles.push_back(file);
    }
  }
  int const code = waivers.empty() ? kMeets : check_waiver_files(waivers, beside);
  return wrong ? kUsage : code;
}

int profile_from_config_command(FromConfigCommand const& command) {
  ServerFile const loaded = read_server_file(command.config);
  expect_startable(loaded, command.config.file);
  policy::HostChoice const choice = policy::choose_host(loaded.config, command.host, 0);
  if (choice.host == nullptr) throw UsageError(fmt::format("{}: {}", printable(command.config.file), choice.note));
  if (loaded.config.hosts.size() > 1) {
    std::vector<std::string> labels;
    for (policy::VirtualHost const& host : loaded.config.hosts) labels.push_back(host.label);
    say_why(fmt::format("of {} hosts ({}) this is {}, {}; --host NAME takes another", labels.size(), policy::some_of(labels),
                        choice.host->label, choice.note));
  }
  std::string const text = promised_profile(*choice.host, command.config, loaded);
  if (text.empty()) {
    throw UsageError(fmt::format("{}: it settles nothing of {}; --server-version and --openssl-version may help",
                                 printable(command.config.file), printable(choice.host->label)));
  }
  if (command.output.empty() || command.output == "-") {
    write_stdout(text);
    return kMeets;
  }
  AsideFile file(command.output);
  file.write(text);
  file.commit();
  return kMeets;
}

}  // namespace tlsgauge::cli
