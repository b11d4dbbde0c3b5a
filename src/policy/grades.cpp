#include <algorithm>

#include "policy/model.hpp"

namespace tlsgauge {

std::vector<std::string> grades(Profile const& profile) {
  std::vector<std::string> out;
  for (auto const& [grade, least] : profile.impl().scoring.grades) out.push_back(grade);
  return out;
}

std::optional<std::size_t> grade_rank(Profile const& profile, std::string_view grade) {
  std::vector<std::string> const all = grades(profile);
  auto const at = std::ranges::find(all, grade);
  if (at == all.end()) return std::nullopt;
  return static_cast<std::size_t>(at - all.begin());
}

}  // namespace tlsgauge
