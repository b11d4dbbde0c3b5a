#pragma once
// Checking files of waivers.

#include <string>
#include <vector>

#include "cli/commands.hpp"

namespace tlsgauge::cli {

/// Says on standard error what is questionable about the waivers of these files. 1 when one has expired, else 0. Throws ProfileError for
/// what is wrong.
int check_waiver_files(std::vector<std::string> const& files, JudgeOptions const& against);
/// Whether the file of that path holds waivers; false too for pipes and what cannot be read.
[[nodiscard]] bool is_waiver_file(std::string const& path);

}  // namespace tlsgauge::cli
