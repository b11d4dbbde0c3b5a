#pragma once
// What changed between two results of the same endpoints.

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tlsgauge/report.hpp"
#include "tlsgauge/result.hpp"

namespace tlsgauge {

/// worse: fails and did not, or fails for more. better: is met and failed, or fails for less. changed: neither. unknown: the evidence is
/// missing now, whatever it was. added, gone: only one of the results has it.
enum class Change { worse, unknown, added, better, changed, gone, same };
inline constexpr std::size_t kChanges = 7;
[[nodiscard]] std::string_view name(Change change);  ///< "new" for added

/// How many of each, by the number of the enumerator.
using ChangeCounts = std::array<std::size_t, kChanges>;

struct RequirementChange {
  std::string id;
  std::string title;
  Change change = Change::same;
  std::optional<Severity> severity_before;  ///< nullopt: the older result has no such requirement
  std::optional<Severity> severity;         ///< nullopt: the newer one has none
  std::optional<Verdict> verdict_before;
  std::optional<Verdict> verdict;
  std::string observed_before;
  std::string observed;
  std::string note;        ///< what is not seen in verdicts: "fails for more: SSLv3"; empty: nothing
  bool worsening = false;  ///< worse, or new and unmet
};

/// A profile at an endpoint.
struct AssessmentChange {
  std::string profile;
  Change change = Change::same;
  std::optional<Assessment> before;  ///< without its requirements; nullopt: not judged by it
  std::optional<Assessment> now;
  std::vector<std::string> notes;               ///< "profile changed: 1 -> 2"
  std::optional<Severity> grade_fell;           ///< how grave a grade is that its model of score lowered by facts alone
  std::optional<Severity> grade_open;           ///< how grave a grade is of which nobody can tell whether it fell; `notes` say why
  std::vector<RequirementChange> requirements;  ///< those that are not the same
};

/// What the server did, with no judgement.
struct FactChange {
  std::string fact;                   ///< the member of facts: "protocols"
  std::string item;                   ///< of what in it: "TLSv1.0"; empty: of all
  std::optional<std::string> before;  ///< nullopt: was not there
  std::optional<std::string> now;     ///< nullopt: is not there any more
};

struct EndpointChange {
  std::string identity;  ///< who it is from run to run, "tcp www.example.com:443"
  Target target;         ///< of the newer result where it has it
  Change change = Change::same;
  std::optional<Status> before;
  std::optional<Status> now;
  std::string note;  ///< why nothing is known of it now; empty: it is
  std::vector<AssessmentChange> profiles;
  std::vector<FactChange> facts;
};

struct Comparison {
  Tool tool;                          ///< that compared
  Document before;                    ///< without its endpoints
  Document now;                       ///< without its endpoints
  std::vector<std::string> warnings;  ///< about the two results: an endpoint that one has more than once
  std::size_t endpoints_before = 0;   ///< each counted once
  std::size_t endpoints_now = 0;
  std::vector<EndpointChange> endpoints;  ///< all: in the order of the newer result, then what is gone
  ChangeCounts requirements{};
  ChangeCounts endpoint_counts{};
};

/// Endpoints are the same by host, port, SNI name, STARTTLS and transport, and by address where a result has several of those; the last of
/// those that are there more than once counts. Profiles are the same by name and version, else by name, requirements by id. Pure.
[[nodiscard]] Comparison compare(Document const& before, Document const& now);

enum class DiffResult { not_worse, worse, unknown };
[[nodiscard]] std::string_view name(DiffResult result);

struct DiffOutcome {
  DiffResult result = DiffResult::not_worse;
  std::string reason;  ///< one line, what counted; empty for not_worse
};

/// Worse: something of at least `fail_on` is (empty: nothing is). Else unknown: the newer result lacks evidence, whether or not the older
/// one had it. A requirement of at least `fail_on` (empty: low) is inconclusive, an endpoint is not judged, or there is none.
[[nodiscard]] DiffOutcome outcome(Comparison const& comparison, std::optional<Severity> fail_on);

struct DiffFormat {
  std::string_view name;  ///< "text", "json", "markdown"
  std::string_view description;
  std::string (*write)(Comparison const&, ReportOptions const&);
};

[[nodiscard]] std::vector<DiffFormat> const& diff_formats();
[[nodiscard]] DiffFormat const* find_diff_format(std::string_view name);

}  // namespace tlsgauge
