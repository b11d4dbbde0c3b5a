// What a profile asks of a gate.

#include <algorithm>

#include "policy/compile.hpp"
#include "policy/fields.hpp"
#include "policy/score_model.hpp"

namespace tlsgauge::policy {
namespace {

std::string word(Node const& node, std::string_view path, std::vector<std::string_view> const& known) {
  std::string const& text = expect_line(node, path);
  if (std::ranges::find(known, text) == known.end()) fail_unknown(node, path, "word", text, known);
  return text;
}

}  // namespace

std::vector<std::string_view> const& gate_keys() {
  static std::vector<std::string_view> const keys = {"fail_on", "min_score", "min_grade", "on_inconclusive"};
  return keys;
}

void compile_gate_member(std::string_view key, Node const& node, Scoring const& scoring, GateDefaults& gate) {
  std::string const path = under("gate", key);
  if (key == "fail_on") {
    gate.fail_on = word(node, path, {"critical", "high", "medium", "low", "never"});
  } else if (key == "min_score") {
    double const score = expect_number(node, path, 0, 100);
    gate.min_score = static_cast<int>(score);
    if (score != *gate.min_score) fail(node, path, "must be a whole number");
  } else if (key == "min_grade") {
    std::vector<std::string> const grades = grades_of(scoring);
    gate.min_grade = word(node, path, {grades.begin(), grades.end()});
  } else {
    gate.on_inconclusive = word(node, path, {"fail", "warn"});
  }
}

}  // namespace tlsgauge::policy
