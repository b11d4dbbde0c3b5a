#pragma once
// The score and what it rests on.

#include <optional>

#include "policy/model.hpp"

namespace tlsgauge::policy {

/// Fills model, score, grade, coverage, and adds to parts and caps, by the model that the profile names: see score_ssllabs.hpp and
/// score_nmap.hpp, which look at facts alone. Of an endpoint that was not reached they know nothing: the score is 0, the coverage 0, and a
/// cap says so.
///
/// `requirements`: from the verdicts, with points_lost of every requirement; `assessment.requirements` stand in the order of
/// `profile.rules`. The areas that apply share 100 points by their size, the requirements of an area share it by their severity. What is
/// not applicable is left out; what failed, is waived or is inconclusive earns nothing, and the last is not covered. Then caps: what a cap
/// takes away is added to the requirement that causes it, and the cap is named where it lowers the score. Points are rounded to hundredths
/// first, so that 100 minus their sum, rounded, is the score. Parts: the areas that apply, as they are before the caps.
///
/// What score and grade can be at best once all is known; nullopt for `requirements`, see standing_if_met.
std::optional<Standing> score(Profile::Impl const& profile, Endpoint const& endpoint, Assessment& assessment);

}  // namespace tlsgauge::policy
