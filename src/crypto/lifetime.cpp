#include "crypto/lifetime.hpp"

#include <algorithm>

namespace tlsgauge::crypto {
namespace {

using std::chrono::sys_days;
using std::chrono::year;

constexpr std::int64_t kDay = 86'400;

struct Step {
  Moment since;
  int days;
};

// Ballot 193, ballot SC31 with the browsers' rule of 2020, ballot SC-081v3.
constexpr Step kLimits[] = {
    {sys_days{year{2029} / 3 / 15}, 47}, {sys_days{year{2027} / 3 / 15}, 100}, {sys_days{year{2026} / 3 / 15}, 200},
    {sys_days{year{2020} / 9 / 1}, 398}, {sys_days{year{2018} / 3 / 1}, 825},
};
constexpr Step kShortLived[] = {{sys_days{year{2026} / 3 / 15}, 7}, {sys_days{year{2024} / 3 / 15}, 10}};

template <class Steps>
std::optional<int> step_at(Steps const& steps, Moment moment) {
  auto const found = std::ranges::find_if(steps, [moment](Step const& step) { return moment >= step.since; });
  return found == std::end(steps) ? std::nullopt : std::optional{found->days};
}

}  // namespace

Lifetime lifetime(Moment not_before, Moment not_after, Moment at) {
  Lifetime out;
  out.seconds = std::max<std::int64_t>((not_after - not_before).count() + 1, 0);
  out.days = (out.seconds + kDay - 1) / kDay;
  out.limit_days = step_at(kLimits, not_before);
  out.within_limit = !out.limit_days || out.seconds <= *out.limit_days * kDay;
  std::optional<int> const brief = step_at(kShortLived, not_before);
  out.short_lived = brief && out.seconds <= *brief * kDay;
  if (out.seconds > 0) {
    std::int64_t const left = std::clamp<std::int64_t>((not_after - at).count() + 1, 0, out.seconds);
    out.fraction_left = static_cast<double>(left) / static_cast<double>(out.seconds);
  }
  return out;
}

}  // namespace tlsgauge::crypto
