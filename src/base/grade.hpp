#pragma once
// Letters of the models "ssllabs" and "nmap".

#include <optional>
#include <string_view>

#include "tlsgauge/result.hpp"

namespace tlsgauge {

/// How grave it is to have no better grade; empty: it is good enough.
[[nodiscard]] inline std::optional<Severity> severity_of_grade(std::string_view grade) {
  if (grade.starts_with("A")) return std::nullopt;
  if (grade == "B") return Severity::medium;
  return grade == "C" || grade == "D" || grade == "E" ? Severity::high : Severity::critical;
}

}  // namespace tlsgauge
