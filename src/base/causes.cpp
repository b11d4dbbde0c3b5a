#include "base/causes.hpp"

#include <algorithm>

namespace tlsgauge {
namespace {

bool is_amount(Cause const& cause) { return cause.kind == Cause::Kind::amount || cause.kind == Cause::Kind::time_left; }

bool includes(Cause const& earlier, Cause const& later) {
  if (earlier.kind != later.kind) return false;
  if (!is_amount(later)) return earlier.key == later.key;
  if (earlier.fact != later.fact) return false;
  if (later.kind == Cause::Kind::time_left) return (earlier.amount < 0) == (later.amount < 0) || later.amount > earlier.amount;
  return later.amount == earlier.amount || later.off < earlier.off;
}

}  // namespace

std::vector<Cause const*> new_causes(std::vector<Cause> const& earlier, std::vector<Cause> const& later) {
  std::vector<Cause const*> out;
  for (Cause const& cause : later) {
    if (std::ranges::none_of(earlier, [&](Cause const& known) { return includes(known, cause); })) out.push_back(&cause);
  }
  return out;
}

}  // namespace tlsgauge
