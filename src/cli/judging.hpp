#pragma once
// Profiles over endpoints, alike for scan, evaluate and the demo.

#include <string>
#include <vector>

#include "cli/commands.hpp"
#include "tlsgauge/profile.hpp"

namespace tlsgauge::cli {

class Judges {
 public:
  /// Loads every profile. Throws UsageError and ProfileError.
  explicit Judges(JudgeOptions const& options);
  /// Replaces the endpoint's assessments.
  void assess(Endpoint& endpoint) const;
  [[nodiscard]] Gate const& gate() const { return gate_; }

 private:
  std::vector<Profile> profiles_;
  Gate gate_;
};

}  // namespace tlsgauge::cli
