#pragma once
// An earlier result: what failed there, for no less, does not decide the gate.

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "report/endpoint_index.hpp"
#include "tlsgauge/profile.hpp"
#include "tlsgauge/result.hpp"

namespace tlsgauge::cli {

class BaselineResult {
 public:
  /// Judges an endpoint by the profiles of this run and by no waiver; in their order.
  using Judge = std::function<std::vector<Assessment>(Endpoint const&)>;

  /// The best that score and grade of its `nth` assessment can be once all is known; nullopt: that is made of requirements.
  using Possible = std::function<std::optional<Standing>(Endpoint const&, std::size_t nth)>;

  /// Reads a result document or JSON lines; - is standard input. Its facts are judged anew, which tells what its requirements failed for.
  /// Throws UsageError and DocumentError.
  BaselineResult(std::string const& path, Judge const& judge, Possible const& possible = {});

  /// Where this run has several addresses of a name, what the baseline knows of one is said of that one alone. Before the others.
  void expect(Document const& document) { now_.emplace(document); }
  /// The same of all names, where it is not known yet what they lead to.
  void expect_several_addresses() { all_several_ = true; }

  /// Says of each requirement that failed whether it is known: the baseline itself says that it failed at this endpoint, under a profile of
  /// this name, with no lower a severity, and its facts fail it for all that it fails for now. An endpoint that the baseline did not reach
  /// makes nothing known. Of several addresses of one name each is itself; of one endpoint measured more than once the newest counts.
  void mark(Endpoint& endpoint) const;

  /// Whether the grade of a model that looks at facts alone is known too, as far as it rests on what was observed here and there: neither
  /// grade nor score is lower, nothing else keeps it down. Says nothing of what is open.
  [[nodiscard]] bool knows_grade(Profile const& profile, Endpoint const& endpoint, std::size_t nth) const;

  /// What the user should know after the endpoints were marked, a line each.
  [[nodiscard]] std::vector<std::string> warnings(std::vector<Endpoint> const& endpoints) const;

 private:
  struct Earlier {
    std::vector<Assessment> said;    ///< in the baseline
    std::vector<Assessment> judged;  ///< now, from its facts
    std::vector<Standing> certain;   ///< of those: what no evidence that lacks can make better
  };
  [[nodiscard]] bool alone(Target const& target) const;         ///< this run has one address of it
  [[nodiscard]] Earlier const* of(Target const& target) const;  ///< nullptr: the baseline has no such endpoint

  /// For each of the endpoint's assessments the one of `earlier->said` by the same profile.
  [[nodiscard]] static std::vector<std::optional<std::size_t>> said_before(Earlier const* earlier, Endpoint const& endpoint);
  BaselineResult(Document const& document, Judge const& judge, Possible const& possible);

  report::EndpointIndex index_;
  std::vector<Earlier> endpoints_;            ///< as the document numbers them
  std::optional<report::EndpointIndex> now_;  ///< of this run, where it is known
  bool all_several_ = false;
};

/// As the gate sees it: what is known is waived, or inconclusive where it may fail for more.
[[nodiscard]] Assessment without_known(Assessment const& assessment);

}  // namespace tlsgauge::cli
