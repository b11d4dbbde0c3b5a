#pragma once
// Profiles, waivers and the gate over endpoints, alike for scan, evaluate and the demo.

#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "cli/baseline.hpp"
#include "cli/commands.hpp"
#include "tlsgauge/profile.hpp"
#include "tlsgauge/waivers.hpp"

namespace tlsgauge::cli {

class Judges {
 public:
  /// Loads every profile and waiver, the baseline, and the configuration that is expected. Throws UsageError, ProfileError and
  /// DocumentError.
  explicit Judges(JudgeOptions const& options);
  /// Before anything is judged: what this run is about, of which the baseline must not take one address for another.
  void expect(Document const& document) {
    if (baseline_) baseline_->expect(document);
  }
  void expect_several_addresses() {
    if (baseline_) baseline_->expect_several_addresses();
  }
  /// Replaces the endpoint's assessments.
  void assess(Endpoint& endpoint) const;
  /// The run as the line of an endpoint that ended first tells it: with the warnings that hold whatever the others are like.
  [[nodiscard]] Run run_of(Endpoint const& endpoint, Run run) const;
  /// Judges every endpoint, and replaces the run's warnings.
  void assess(Document& document) const;
  /// The exit code for a document that was assessed. Says on standard error why it is not 0, and the warnings.
  [[nodiscard]] int code_for(Document document) const;
  /// What the gate finds wanting in score and grade of an endpoint that was assessed, for its reports; `this` must outlive it.
  [[nodiscard]] GateWord gate_word() const;
  /// Of the first profile's gate: the lowest severity that decides the code; empty: none does.
  [[nodiscard]] std::optional<Severity> error_level() const { return cli::error_level(bars_.front().gate); }

 private:
  void expect_config(JudgeOptions const& options);
  [[nodiscard]] Assessment assess_by(Profile const& profile, Endpoint const& endpoint, Gate const& gate) const;
  Assessment assess_drift(Endpoint& endpoint, Gate const& gate) const;
  /// What the file promises of the endpoint; nullptr: nothing, and `why`.
  Profile const* promise_of(Endpoint const& endpoint, std::string& why) const;
  /// What judges the `nth` assessment; nullptr: nothing does.
  [[nodiscard]] Profile const* profile_of(Endpoint const& endpoint, std::size_t nth) const;
  /// The `nth` assessment where what the baseline knows does not decide.
  [[nodiscard]] Assessment without_known_of(Endpoint const& endpoint, std::size_t nth) const;

  std::vector<Bar> bars_;  ///< one an assessment; that of the expected configuration comes last
  Waivers waivers_;
  std::optional<BaselineResult> baseline_;
  Moment now_;
  ServerFileOptions expected_;
  std::optional<ServerFile> file_;
  std::vector<std::optional<Profile>> promises_;  ///< of each host of the file; empty: none
};

/// The moment of --at, or the present. Throws UsageError.
[[nodiscard]] Moment moment_of(std::string const& at);

}  // namespace tlsgauge::cli
