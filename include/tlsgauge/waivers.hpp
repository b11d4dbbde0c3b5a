#pragma once
// Waivers: unmet requirements that somebody accepted for a while, in YAML.

#include <chrono>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tlsgauge/profile.hpp"
#include "tlsgauge/result.hpp"

namespace tlsgauge {

/// The waivers of any number of files. Cheap to copy.
class Waivers {
 public:
  struct Impl;
  Waivers() = default;  ///< none
  explicit Waivers(std::shared_ptr<Impl const> impl) : impl_(std::move(impl)) {}
  [[nodiscard]] bool empty() const { return impl_ == nullptr; }
  [[nodiscard]] Impl const& impl() const { return *impl_; }  ///< only if not empty

 private:
  std::shared_ptr<Impl const> impl_;
};

/// Of these files, in which each id is there once. Throws ProfileError.
[[nodiscard]] Waivers load_waivers(std::vector<std::string> const& paths);
/// From text; `source` names it in errors. Throws ProfileError.
[[nodiscard]] Waivers parse_waivers(std::string_view yaml, std::string const& source);
/// Whether a YAML text says of itself that it holds waivers: the key tlsgauge_waivers stands at the beginning of a line.
[[nodiscard]] bool holds_waivers(std::string_view yaml);

/// What `evaluate` found, with the waivers that hold at `now`. A requirement that failed and is covered becomes `waived`; it keeps its
/// cost in points, and `with_waivers` says what the score would be without. One that only an expired waiver covers stays failed, with
/// that waiver in `waived_by`. What is inconclusive is never waived, nor is anything of an endpoint that was not reached. Pure.
void apply(Waivers const& waivers, Profile const& profile, Endpoint const& endpoint, Assessment& assessment, Severity fail_on,
           std::chrono::sys_seconds now);

/// What whoever keeps the waivers should know after these endpoints were judged with them, a line each: waivers that expired and those
/// that nothing used, with the reason. For endpoints fresh from `apply`, not for those read from a document. `more_to_come`: other
/// endpoints follow, which may use what these do not.
[[nodiscard]] std::vector<std::string> waiver_warnings(Waivers const& waivers, std::vector<Endpoint> const& endpoints,
                                                       std::chrono::sys_seconds now, bool more_to_come = false);

struct WaiverFinding {
  bool grave = false;  ///< an expired waiver: what it covers fails
  std::string text;    ///< one line "FILE:LINE: FIELD: what"
};

/// What is questionable about waivers that are well-formed: expired, soon to expire, covering one another, for requirements that none
/// of the profiles has. In the order of the files.
[[nodiscard]] std::vector<WaiverFinding> check_waivers(Waivers const& waivers, std::span<Profile const> profiles,
                                                       std::chrono::sys_seconds now);

}  // namespace tlsgauge
