#include "policy/score_model.hpp"

#include <algorithm>

namespace tlsgauge {
namespace policy {

std::span<ScoreModelSpec const> score_models() {
  static std::vector<ScoreModelSpec> const all = {
      {.code = ScoreModel::requirements,
       .name = "requirements",
       .sentence = "what the requirements that are met are worth, by areas and severity",
       .grades = {}},
      {.code = ScoreModel::ssllabs,
       .name = "ssllabs",
       .sentence = "the SSL Labs SSL Server Rating Guide, 2009r",
       .grades = {"A+", "A", "A-", "B", "C", "D", "E", "F", "M", "T"}},
      {.code = ScoreModel::nmap,
       .name = "nmap",
       .sentence = "the letters of nmap's ssl-enum-ciphers for each cipher suite; the worst is the grade",
       .grades = {"A", "B", "C", "D", "E", "F"}},
  };
  return all;
}

ScoreModelSpec const& spec_of(ScoreModel model) { return *std::ranges::find(score_models(), model, &ScoreModelSpec::code); }

std::vector<std::string> grades_of(Scoring const& scoring) {
  std::vector<std::string> out;
  for (std::string_view const grade : spec_of(scoring.model).grades) out.emplace_back(grade);
  if (!out.empty()) return out;
  for (auto const& [grade, least] : scoring.grades) out.push_back(grade);
  return out;
}

}  // namespace policy

std::vector<std::string> grades(Profile const& profile) { return policy::grades_of(profile.impl().scoring); }

std::optional<std::size_t> grade_rank(Profile const& profile, std::string_view grade) {
  std::vector<std::string> const all = grades(profile);
  auto const at = std::ranges::find(all, grade);
  if (at == all.end()) return std::nullopt;
  return static_cast<std::size_t>(at - all.begin());
}

}  // namespace tlsgauge
