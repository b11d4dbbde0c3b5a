#pragma once
// What is questionable in a profile that loads: see lint_profile in tlsgauge/profile.hpp.

#include <set>
#include <string>
#include <vector>

#include "policy/document.hpp"
#include "policy/model.hpp"

namespace tlsgauge::policy {

/// A requirement in force, and where it is written.
struct LintRule {
  Rule rule;
  Node node;
  std::string path;
};

/// A remark made while the file was read.
struct LintNote {
  Node at;
  std::string path;
  std::string what;
};

struct LintInput {
  Node top;  ///< the file itself, without what it extends
  Profile profile;
  std::vector<LintRule> rules;
  std::set<std::string, std::less<>> used_sets;
  std::vector<LintNote> notes;
};

/// A built-in name or a path, as load_profile takes it. Throws ProfileError.
[[nodiscard]] LintInput read_for_lint(std::string const& name_or_path);
[[nodiscard]] LintInput read_for_lint(std::string_view yaml, std::string const& source);

}  // namespace tlsgauge::policy
