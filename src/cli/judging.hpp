#pragma once
// Profiles over endpoints, alike for scan, evaluate and the demo.

#include <optional>
#include <string>
#include <vector>

#include "cli/commands.hpp"
#include "tlsgauge/profile.hpp"

namespace tlsgauge::cli {

class Judges {
 public:
  /// Loads every profile, and the configuration that is expected. Throws UsageError and ProfileError.
  explicit Judges(JudgeOptions const& options);
  /// Replaces the endpoint's assessments.
  void assess(Endpoint& endpoint) const;
  [[nodiscard]] Gate const& gate() const { return gate_; }

 private:
  Assessment assess_drift(Endpoint& endpoint) const;

  std::vector<Profile> profiles_;
  Gate gate_;
  ServerFileOptions expected_;
  std::optional<ServerFile> file_;
  std::vector<Profile> promises_;  ///< of each host of the file
};

}  // namespace tlsgauge::cli
