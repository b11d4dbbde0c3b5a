#pragma once
// Targets from the command line and from files.

#include <string>
#include <string_view>
#include <vector>

#include "cli/nmap_targets.hpp"
#include "tlsgauge/result.hpp"

namespace tlsgauge::cli {

/// One target a line; `#` begins a comment. nmap's grepable output (-oG) and its XML (-oX) are recognised by their first line: every
/// open port that nmap says is TLS, or 443, becomes a target. Throws UsageError "SOURCE:LINE: TARGET: reason" for the first bad line.
/// `left_out`: gets the ports of nmap's that are none.
[[nodiscard]] std::vector<Target> parse_target_list(std::string_view text, std::string const& source, LeftOut* left_out = nullptr);

/// Everything named on the command line, then the files in order; repeated endpoints once. `warnings` gets a line for each file of
/// which ports were left out. Throws UsageError.
[[nodiscard]] std::vector<Target> collect_targets(std::vector<std::string> const& named, std::vector<std::string> const& files,
                                                  std::vector<std::string>* warnings = nullptr);

}  // namespace tlsgauge::cli
