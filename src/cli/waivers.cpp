#include "cli/waivers.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>

#include "base/text.hpp"
#include "cli/judging.hpp"
#include "cli/output.hpp"
#include "tlsgauge/waivers.hpp"

namespace tlsgauge::cli {

bool is_waiver_file(std::string const& path) {
  constexpr std::size_t kEnough = 256 * 1024;  // no larger file is read
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) return false;  // a pipe can be read only once
  std::ifstream file(path, std::ios::binary);
  std::string text(kEnough, '\0');
  if (!file || !file.read(text.data(), static_cast<std::streamsize>(text.size())).eof()) return false;
  text.resize(static_cast<std::size_t>(file.gcount()));
  return holds_waivers(text);
}

int check_waiver_files(std::vector<std::string> const& files, JudgeOptions const& against) {
  Waivers const waivers = load_waivers(files);
  std::vector<Profile> profiles;
  for (std::string const& name : against.profiles) profiles.push_back(load_profile(name));
  if (against.profiles.empty()) {
    for (ProfileSummary const& profile : built_in_profiles()) profiles.push_back(load_profile(profile.name));
  }
  std::size_t grave = 0;
  std::string text;
  for (WaiverFinding const& finding : check_waivers(waivers, profiles, moment_of(against.at))) {
    text += printable(finding.text) + "\n";
    grave += finding.grave ? 1 : 0;
  }
  for (std::string const& file : files) text += printable(file) + ": waivers are well-formed\n";
  write_stdout(text);
  if (grave == 0) return kMeets;
  say_why(grave == 1 ? "a waiver has expired" : fmt::format("{} waivers have expired", grave));
  return kUnmet;
}

}  // namespace tlsgauge::cli
