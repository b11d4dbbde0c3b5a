#include "base/causes.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include "base/text.hpp"

namespace tlsgauge {
namespace {

bool is_amount(Cause const& cause) { return cause.kind == Cause::Kind::amount || cause.kind == Cause::Kind::time_left; }

// Of a number its fact stands for the key. A subject ends in a host name, which may be spelled otherwise: "rsa for Example.com.".
using Name = std::tuple<Cause::Kind, std::string, std::string_view>;
Name name_of(Cause const& cause) {
  std::string subject = ascii_lower(cause.subject);
  if (subject.ends_with('.')) subject.pop_back();
  return {cause.kind, std::move(subject), is_amount(cause) ? cause.fact : cause.key};
}

/// What is known of a name: of numbers, which they were.
struct Known {
  std::set<double> amounts = {};
  double farthest = -1;  ///< most that one was off

  void add(Cause const& cause) {
    amounts.insert(cause.amount);
    farthest = std::max(farthest, cause.off);
  }
  [[nodiscard]] bool includes(Cause const& later) const {
    if (later.kind == Cause::Kind::amount) return amounts.contains(later.amount) || later.off < farthest;
    double const least = *amounts.begin();
    double const most = *amounts.rbegin();
    return (later.amount < 0 ? least < 0 : most >= 0) || later.amount > least;
  }
};

}  // namespace

std::vector<Cause const*> new_causes(std::vector<Cause> const& earlier, std::vector<Cause> const& later) {
  std::map<Name, Known> known;
  for (Cause const& cause : earlier) known[name_of(cause)].add(cause);
  std::vector<Cause const*> out;
  for (Cause const& cause : later) {
    auto const found = known.find(name_of(cause));
    if (found == known.end() || (is_amount(cause) && !found->second.includes(cause))) out.push_back(&cause);
  }
  return out;
}

}  // namespace tlsgauge
