#pragma once
// What models of score that look at facts alone say where some facts are not known.

#include <optional>

#include "tlsgauge/profile.hpp"

namespace tlsgauge::policy {

/// The best that score and grade can be once all is known. nullopt: the score is made of requirements, see standing_if_met.
[[nodiscard]] std::optional<Standing> best_possible(Profile const& profile, Endpoint const& endpoint);

/// What the grade says beside the requirements. Below A- (nmap: below A) a B is as severe as an unmet requirement of medium severity, C to
/// E high, F, M and T critical: `fail` where no more evidence can help, else `inconclusive`. `pass`: nothing. No model knows of waivers, so
/// one for a requirement that is as severe accounts for the grade.
[[nodiscard]] Verdict verdict_of_grade(Profile const& profile, Endpoint const& endpoint, Assessment const& assessment, Severity fail_on);

}  // namespace tlsgauge::policy
