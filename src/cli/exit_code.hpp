#pragma once
// Exit codes that scripts rely on, and the one line on standard error that says why the code is not 0.

#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "tlsgauge/profile.hpp"
#include "tlsgauge/report.hpp"
#include "tlsgauge/result.hpp"

namespace tlsgauge::cli {

inline constexpr int kMeets = 0;
inline constexpr int kUnmet = 1;
inline constexpr int kUsage = 2;
inline constexpr int kMissing = 3;
inline constexpr int kFault = 4;

/// The user's own argument, file or profile is wrong: one line, exit 2.
class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct Gate {
  Severity fail_on = Severity::medium;
  bool never = false;            ///< --fail-on never: unmet requirements do not decide the code
  std::optional<int> min_score;  ///< 0-100
  std::string min_grade;         ///< one of the profile's; empty: any
  bool tolerant = false;         ///< --on-inconclusive warn
};

/// A profile and what the gate asks of an endpoint under it.
struct Bar {
  Profile profile;
  Gate gate;
};

struct Outcome {
  int code = kMeets;
  std::string reason;                 ///< empty for 0
  std::vector<std::string> warnings;  ///< what is inconclusive and passed under a tolerant gate
};

/// `bars` stand in the order of each endpoint's assessments. 1 wins over 3. For score and grade, what is waived counts as met; where
/// they would be high enough if what is inconclusive were met, it is the evidence that is missing. An endpoint that was not reached, of
/// which nothing could be judged, or a document without any, is missing evidence for tolerant gates too.
[[nodiscard]] Outcome judge(Document const& document, std::vector<Bar> const& bars);

/// What the gate finds wanting in score and grade alone, the requirements aside; nothing where it asks for none of them, where they are
/// reached, or where the endpoint was not measured.
[[nodiscard]] std::optional<Shortfall> shortfall(Endpoint const& endpoint, Assessment const& assessment, Bar const& bar);

/// critical, high, medium, low, never. Throws UsageError.
[[nodiscard]] Gate parse_gate(std::string const& text);
/// The lowest severity that decides the code; empty: none does.
[[nodiscard]] std::optional<Severity> error_level(Gate const& gate);

}  // namespace tlsgauge::cli
