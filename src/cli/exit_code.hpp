#pragma once
// Exit codes that scripts rely on, and the one line on standard error that says why the code is not 0.

#include <optional>
#include <stdexcept>
#include <string>

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
  bool never = false;  ///< --fail-on never: unmet requirements do not decide the code
};

struct Outcome {
  int code = kMeets;
  std::string reason;  ///< empty for 0
};

/// 1 wins over 3. An endpoint that was not reached, or a document without any, is missing evidence.
[[nodiscard]] Outcome judge(Document const& document, Gate const& gate);

/// critical, high, medium, low, never. Throws UsageError.
[[nodiscard]] Gate parse_gate(std::string const& text);

}  // namespace tlsgauge::cli
