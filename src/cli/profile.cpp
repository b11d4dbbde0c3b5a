#include "tlsgauge/profile.hpp"

#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/output.hpp"
#include "cli/waivers.hpp"

namespace tlsgauge::cli {

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

int profile_check_command(std::vector<std::string> const& files, JudgeOptions const& against) {
  std::vector<std::string> waivers;
  for (std::string const& file : files) {
    if (is_waiver_file(file)) {
      waivers.push_back(file);
      continue;
    }
    Profile const profile = load_profile(file);
    write_stdout(fmt::format("{}: {} {} is well-formed\n", file, profile.identity().name, profile.identity().version));
  }
  return waivers.empty() ? kMeets : check_waiver_files(waivers, against);
}

}  // namespace tlsgauge::cli
