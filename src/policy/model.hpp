#pragma once
// A profile after `extends`, `override` and `disable`, with all words resolved.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "policy/condition.hpp"
#include "tlsgauge/profile.hpp"

namespace tlsgauge::policy {

/// A document that values are taken from.
struct Citation {
  std::string id;
  std::string title;
  std::string url;  ///< empty where it has none
};

/// A requirement as a profile states it.
struct Rule {
  std::string id;
  std::string title;
  Severity severity = Severity::medium;
  std::string area;
  Scope each = Scope::endpoint;
  std::optional<Condition> when;
  Condition expectation;
  std::string expected;  ///< the expectation in words
  std::string why;
  std::vector<std::string> references;
  std::vector<Fix> fix;
};

struct Disabled {
  std::string id;
  std::string reason;
};

/// No more than `max_score` while the requirement fails.
struct Cap {
  std::string requirement;
  double max_score = 100;
};

enum class ScoreModel : std::uint8_t {
  requirements,  ///< areas, weights, caps and thresholds of the profile
  ssllabs,       ///< score_ssllabs.hpp
  nmap,          ///< score_nmap.hpp
};

struct Scoring {
  ScoreModel model = ScoreModel::requirements;        ///< the members below are of `requirements` only
  std::vector<std::pair<std::string, double>> areas;  ///< shares of the score; empty: all requirements share one
  std::array<double, 5> weights = {0, 1, 2, 4, 8};    ///< by Severity: how the requirements of an area share it
  std::vector<Cap> caps;
  std::vector<std::pair<std::string, double>> grades = {{"A+", 100}, {"A", 90}, {"B", 75}, {"C", 60}, {"D", 40}, {"F", 0}};
};

}  // namespace tlsgauge::policy

namespace tlsgauge {

struct Profile::Impl {
  ProfileIdentity identity;
  std::string title;
  std::string description;
  std::vector<std::string> extends;
  std::vector<policy::Citation> sources;
  std::vector<policy::Rule> rules;
  std::vector<policy::Disabled> disabled;
  policy::Scoring scoring;
  GateDefaults gate;
};

}  // namespace tlsgauge
