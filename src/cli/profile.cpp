#include "tlsgauge/profile.hpp"

#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/output.hpp"

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

int profile_check_command(std::vector<std::string> const& files) {
  for (std::string const& file : files) {
    Profile const profile = load_profile(file);
    write_stdout(fmt::format("{}: {} {} is well-formed\n", file, profile.identity().name, profile.identity().version));
  }
  return kMeets;
}

}  // namespace tlsgauge::cli
