#pragma once
// Waivers as they were read.

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "policy/target_pattern.hpp"
#include "tlsgauge/waivers.hpp"

namespace tlsgauge::policy {

struct Waiver {
  std::string id;
  std::vector<std::string> requirements;  ///< ids, in which * stands for anything
  std::string profile;                    ///< empty: any
  std::vector<TargetPattern> targets;
  std::vector<std::string> match;  ///< empty: whatever was observed
  std::string reason;
  std::string approved_by;
  std::string ticket;                            ///< empty: none
  std::optional<std::chrono::sys_days> created;  ///< holds from this day on
  std::chrono::sys_days expires;                 ///< the last day on which it holds (UTC)
  unsigned warn_days = 14;                       ///< of its file
  std::shared_ptr<std::string const> file;
  int line = 1;
  int column = 1;

  [[nodiscard]] bool expired(std::chrono::sys_seconds now) const { return std::chrono::floor<std::chrono::days>(now) > expires; }
  [[nodiscard]] bool begun(std::chrono::sys_seconds now) const {
    return !created || std::chrono::floor<std::chrono::days>(now) >= *created;
  }
  [[nodiscard]] bool for_target(Target const& target) const;
  [[nodiscard]] bool names(std::string_view profile_name, std::string_view requirement) const;
  /// Whether everything that the requirement failed for was approved.
  [[nodiscard]] bool approves(Requirement const& requirement) const;
};

/// YYYY-MM-DD
[[nodiscard]] std::string date_text(std::chrono::sys_days day);

}  // namespace tlsgauge::policy

namespace tlsgauge {

struct Waivers::Impl {
  std::vector<policy::Waiver> all;
};

}  // namespace tlsgauge
