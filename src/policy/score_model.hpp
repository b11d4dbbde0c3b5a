#pragma once
// How score and grade can come about: by the profile's own requirements, or by a model that is known by name.

#include <span>
#include <string_view>
#include <vector>

#include "policy/model.hpp"

namespace tlsgauge::policy {

struct ScoreModelSpec {
  ScoreModel code;
  std::string_view name;                 ///< in profiles, and as Assessment::model
  std::string_view sentence;             ///< what it is, for people
  std::vector<std::string_view> grades;  ///< best first; empty: those of the profile
};

[[nodiscard]] std::span<ScoreModelSpec const> score_models();
[[nodiscard]] ScoreModelSpec const& spec_of(ScoreModel model);

/// The grades that this scoring can give, best first.
[[nodiscard]] std::vector<std::string> grades_of(Scoring const& scoring);

}  // namespace tlsgauge::policy
