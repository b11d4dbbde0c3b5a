#pragma once
// Policy profiles: what a team demands of an endpoint, in YAML.

#include <exception>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tlsgauge/result.hpp"

namespace tlsgauge {

/// What a profile asks of a gate, in the words of the command line, which may ask otherwise. Empty: not said.
struct GateDefaults {
  std::string fail_on;
  std::optional<int> min_score;
  std::string min_grade;
  std::string on_inconclusive;
};

/// A profile that was loaded, resolved (`extends`, sets) and checked. Cheap to copy.
class Profile {
 public:
  struct Impl;
  Profile() = default;
  explicit Profile(std::shared_ptr<Impl const> impl) : impl_(std::move(impl)) {}
  [[nodiscard]] Impl const& impl() const { return *impl_; }
  [[nodiscard]] ProfileIdentity const& identity() const;
  [[nodiscard]] std::string const& title() const;
  [[nodiscard]] GateDefaults const& gate() const;

 private:
  std::shared_ptr<Impl const> impl_;
};

/// Thrown for a profile that is wrong: `what()` is one line "FILE:LINE:COLUMN: FIELD: what is wrong"; of a server's
/// configuration without the column.
class ProfileError : public std::exception {
 public:
  explicit ProfileError(std::string text) : text_(std::move(text)) {}
  [[nodiscard]] char const* what() const noexcept override { return text_.c_str(); }

 private:
  std::string text_;
};

struct ProfileSummary {
  std::string name;
  std::string version;
  std::string title;
};

/// Profiles that come with tlsgauge.
[[nodiscard]] std::vector<ProfileSummary> built_in_profiles();
/// The YAML text of a built-in profile; empty when there is none of that name.
[[nodiscard]] std::string_view built_in_profile_text(std::string_view name);
/// A built-in name, or the path of a YAML file (anything with a slash or ending in .yaml or .yml). Throws ProfileError.
[[nodiscard]] Profile load_profile(std::string const& name_or_path);
/// From text; `source` names it in errors. Throws ProfileError.
[[nodiscard]] Profile parse_profile(std::string_view yaml, std::string const& source);

/// What is questionable in a profile that loads.
struct ProfileFinding {
  bool error = false;  ///< something that cannot be meant: a condition that is never true, demands that contradict each other
  std::string text;    ///< one line "FILE:LINE:COLUMN: FIELD: what", with "warning: " before what is no error
};

/// Finds in a profile that loads: conditions that are never true or always, requirements that cannot be met or cannot fail or contradict
/// each other, sets and sources that nothing names, requirements without a source, overrides and parts of the score that change nothing.
/// A built-in name or a path. Throws ProfileError.
[[nodiscard]] std::vector<ProfileFinding> lint_profile(std::string const& name_or_path);
[[nodiscard]] std::vector<ProfileFinding> lint_profile(std::string_view yaml, std::string const& source);

/// Judges one endpoint. Pure: depends on nothing but its arguments. Endpoints that were not reached are judged inconclusive.
/// The verdict is `fail` when a requirement of at least `fail_on` is not met; else `inconclusive` when the evidence for one is
/// missing; else `pass`.
[[nodiscard]] Assessment evaluate(Profile const& profile, Endpoint const& endpoint, Severity fail_on = Severity::medium);

/// The grades that the profile can give, best first: its own, or those of the model of score that it names.
[[nodiscard]] std::vector<std::string> grades(Profile const& profile);
/// Where a grade stands among them: 0 is the best. nullopt: the profile gives no such grade.
[[nodiscard]] std::optional<std::size_t> grade_rank(Profile const& profile, std::string_view grade);

/// What score and grade would be if the requirements of these verdicts were met. Models of score that look at facts alone know no other.
[[nodiscard]] Standing standing_if_met(Profile const& profile, Endpoint const& endpoint, Assessment const& assessment,
                                       std::vector<Verdict> const& met);

/// A built-in or loaded profile in words, for `tlsgauge profile show`.
[[nodiscard]] std::string describe(Profile const& profile);

}  // namespace tlsgauge
